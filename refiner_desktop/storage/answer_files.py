"""Answers that are too long for the database: a file each."""

from __future__ import annotations

import contextlib
import mmap
import re
import tempfile
from collections.abc import Container, Iterator
from pathlib import Path

from refiner_desktop.api.exchange import Body
from refiner_desktop.settings.files import move_aside
from refiner_desktop.storage.database import StorageUnavailable

_PIECE = 1024 * 1024
_OURS = re.compile(r"[0-9]+|tmp[a-z0-9_]+")
"""The answer of an exchange, or one that is being written."""


class AnswerFiles:
    """Bodies in a folder, named by the exchange that they belong to; from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, exchange_ids: Container[int]) -> None:
        """Make the folder. A file of ours that belongs to no exchange was left by a crash and goes.

        Whatever else lies there is left alone. Raises `StorageUnavailable`.
        """
        with self._refusals():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in list(self.folder.iterdir()):
                if _OURS.fullmatch(path.name) and not _belongs(path, exchange_ids):
                    with contextlib.suppress(OSError):  # a folder, or open in another program
                        path.unlink()

    def write(self, exchange_id: int, body: Body) -> None:
        """Keep a body; its file is there whole or not at all. Raises `StorageUnavailable`."""
        with self._refusals():
            self._write(exchange_id, body)

    def read(self, exchange_id: int, in_memory: int) -> Body:
        """Return a body; one of more bytes than `in_memory` stays in its file. Raises `OSError`."""
        with self._path(exchange_id).open("rb") as file:
            if self._path(exchange_id).stat().st_size <= in_memory:
                return file.read()
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def beginning(self, exchange_id: int, count: int) -> bytes:
        """Return the first bytes of a body, none if its file is gone."""
        with contextlib.suppress(OSError), self._path(exchange_id).open("rb") as file:
            return file.read(count)
        return b""

    def delete(self, exchange_id: int) -> None:
        """Delete a body. Where it is being looked at, some systems keep it until the next start."""
        with contextlib.suppress(OSError):
            self._path(exchange_id).unlink()

    def move_aside(self) -> None:
        """Give way to a new database: the answers belong to the one that was moved aside."""
        if self.folder.is_dir():
            move_aside(self.folder)

    def _path(self, exchange_id: int) -> Path:
        return self.folder / str(exchange_id)

    def _write(self, exchange_id: int, body: Body) -> None:
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            unfinished = Path(file.name)
            try:
                for start in range(0, len(body), _PIECE):
                    file.write(body[start : start + _PIECE])
                file.close()
                unfinished.replace(self._path(exchange_id))
            except BaseException:
                file.close()
                unfinished.unlink()
                raise

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise StorageUnavailable(self.folder, exc.strerror or str(exc)) from exc


def _belongs(path: Path, exchange_ids: Container[int]) -> bool:
    return path.name.isdecimal() and int(path.name) in exchange_ids
