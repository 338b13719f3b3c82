"""Saved requests: plain files in folders, for a person to keep, compare and share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.requests.credentials import without_credentials
from refiner_desktop.services.requests.draft import RequestDraft
from refiner_desktop.services.requests.file_names import checked_name, checked_path
from refiner_desktop.services.requests.request_file import (
    SUFFIX,
    RequestUnreadable,
    draft_from_toml,
    draft_to_toml,
)
from refiner_desktop.services.requests.saved_tree import SavedFolder, read_tree, stamps
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.files import write_whole

T = TypeVar("T")

LOOK_SECONDS = 1.0
"""So often the folder is looked at for what other programs have changed."""


class RequestNameTaken(ValueError):
    """Another request or folder has this name already, in the same folder."""


class ChangedOnDisk(Exception):
    """Another program has changed or deleted a saved request since it was opened."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, to be put back: the contents of files by their paths, and folders."""

    files: dict[str, bytes]
    folders: tuple[str, ...] = ()


class SavedRequests:
    """Requests as TOML files below one folder, which need not exist; no credentials in them.

    A path is relative to that folder and has slashes on every system; a request's ends with
    `.toml`. All methods raise `OSError`, and `WrongName` for a name that no file can have. Signals:
    `changed()` when something was saved, moved or deleted, here or by another program; `moved(old,
    new)` when a request or folder has another path from now on.
    """

    changed = Signal()
    moved = Signal(str, str)

    def __init__(self, folder: Callable[[], Path], mask: Mask) -> None:
        """`folder` returns where the requests are now; settings may move it."""
        self._folder = folder
        self._mask = mask

    @property
    def folder(self) -> Path:
        """The folder that all saved requests are in."""
        return self._folder()

    async def tree(self) -> SavedFolder:
        """Return everything that is saved; what is no request is there with its trouble."""
        return await asyncio.to_thread(read_tree, self.folder)

    async def read(self, path: str) -> RequestDraft:
        """Return a saved request. Raises `RequestUnreadable`, `FileNotFoundError`."""
        content = await asyncio.to_thread(self._at(path).read_bytes)
        return draft_from_toml(content)

    def kept(self, draft: RequestDraft) -> RequestDraft:
        """Return a draft as a file holds it: without its credentials."""
        text = draft_to_toml(without_credentials(draft, self._mask))
        return draft_from_toml(text.encode())

    async def add(self, folder: str, name: str, draft: RequestDraft) -> str:
        """Save a draft under a new name and return its path. Raises `RequestNameTaken`."""
        path = _joined(folder, checked_name(name) + SUFFIX)
        await self._change(lambda: self._write_new(path, draft))
        return path

    async def save(self, path: str, draft: RequestDraft, *, over: RequestDraft | None) -> None:
        """Save a draft in place of the one that was opened, `over`; None replaces anything.

        Raises `ChangedOnDisk` where the file holds something else by now.
        """
        file = self._at(path)

        def write() -> None:
            if over is not None and not _holds(file, over):
                raise ChangedOnDisk(path)
            self._write(file, draft)

        await self._change(write)

    async def add_folder(self, parent: str, name: str) -> str:
        """Make a folder and return its path. Raises `RequestNameTaken`."""
        path = _joined(parent, checked_name(name))

        def make() -> None:
            self._at(path).parent.mkdir(parents=True, exist_ok=True)
            with _taken(path):
                self._at(path).mkdir()

        await self._change(make)
        return path

    async def place(self, path: str, folder: str, name: str) -> str:
        """Give a request or folder this name in this folder; return its new path.

        Raises `RequestNameTaken`.
        """
        suffix = SUFFIX if path.endswith(SUFFIX) else ""
        return await self._move(path, _joined(folder, checked_name(name) + suffix))

    async def move(self, path: str, folder: str) -> str:
        """Put a request or folder into another folder; return its new path.

        Raises `RequestNameTaken`.
        """
        return await self._move(path, _joined(folder, path.rpartition("/")[2]))

    async def delete(self, path: str) -> Deleted:
        """Delete a request, or a folder with the requests in it; return what puts it back.

        In a folder all that `tree` does not show as a request stays, and so does what it is in.
        """
        return await self._change(lambda: self._delete(self._at(path)))

    async def restore(self, deleted: Deleted) -> None:
        """Put back what was deleted. What has the same path by now stays as it is."""

        def write() -> None:
            for folder in deleted.folders:
                self._at(folder).mkdir(parents=True, exist_ok=True)
            for path, content in deleted.files.items():
                file = self._at(path)
                if not file.exists():
                    file.parent.mkdir(parents=True, exist_ok=True)
                    write_whole(file, content)

        await self._change(write)

    async def watch(self) -> None:
        """Emit `changed` whenever another program changes something, until cancelled."""
        seen = await self._stamps()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = await self._stamps()
            if now != seen:
                seen = now
                self.changed.emit()

    async def _stamps(self) -> object:
        folder = self.folder
        try:
            return folder, await asyncio.to_thread(stamps, folder)
        except OSError:  # said by `tree`, to somebody who asked
            return folder, None

    async def _change(self, work: Callable[[], T]) -> T:
        done = await whole(asyncio.to_thread(work))
        self.changed.emit()
        return done

    async def _move(self, old: str, new: str) -> str:
        if old != new:
            await whole(asyncio.to_thread(self._rename, old, new))
            self.moved.emit(old, new)
            self.changed.emit()
        return new

    def _rename(self, old: str, new: str) -> None:
        source, target = self._at(old), self._at(new)
        if target.exists() and not target.samefile(source):  # the same but for the case of letters
            raise RequestNameTaken(new)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)

    def _write_new(self, path: str, draft: RequestDraft) -> None:
        file = self._at(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        with _taken(path):
            file.touch(exist_ok=False)
        self._write(file, draft)

    def _write(self, file: Path, draft: RequestDraft) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = draft_to_toml(without_credentials(draft, self._mask))
        write_whole(file, text.encode())

    def _delete(self, target: Path) -> Deleted:
        if target.is_file():
            deleted = Deleted({self._path(target): target.read_bytes()})
            target.unlink()
            return deleted
        shown = read_tree(self.folder, self._path(target))
        requests = [each.path for each in shown.walk() if not each.trouble]
        folders = [each.path for each in shown.walk_folders()]
        deleted = Deleted(
            {path: (self.folder / path).read_bytes() for path in requests}, tuple(folders)
        )
        for path in requests:
            (self.folder / path).unlink()
        for path in reversed(folders):
            with contextlib.suppress(OSError):  # something else is in it
                (self.folder / path).rmdir()
        return deleted

    def _at(self, path: str) -> Path:
        return self.folder / checked_path(path)

    def _path(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _holds(file: Path, draft: RequestDraft) -> bool:
    try:
        return draft_from_toml(file.read_bytes()) == draft
    except (RequestUnreadable, FileNotFoundError):
        return False


@contextlib.contextmanager
def _taken(path: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError as exc:
        raise RequestNameTaken(path) from exc
