"""Saved requests and their folders, as they lie on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from refiner_desktop.services.requests.draft import EMPTY, RequestDraft
from refiner_desktop.services.requests.request_file import (
    SUFFIX,
    RequestUnreadable,
    draft_from_toml,
)

DEEPEST = 16
"""Folders in folders; what is deeper is not looked at."""

Stamps = dict[str, tuple[int, int]]
"""When each file was changed, and its size, by its path; of a folder nothing but that it is."""


@dataclass(frozen=True, slots=True)
class SavedRequest:
    """A saved request; `path` leads to it from the folder of all. `trouble` says why it is none."""

    path: str
    name: str
    draft: RequestDraft = EMPTY
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SavedFolder:
    """A folder with what is in it, from A to Z; the path of the folder of all is ""."""

    path: str
    name: str
    folders: tuple[SavedFolder, ...] = ()
    requests: tuple[SavedRequest, ...] = ()

    def walk(self) -> Iterator[SavedRequest]:
        """Yield the requests here and in all folders below."""
        for folder in self.folders:
            yield from folder.walk()
        yield from self.requests

    def walk_folders(self) -> Iterator[SavedFolder]:
        """Yield this folder and all below, each before those that are in it."""
        yield self
        for folder in self.folders:
            yield from folder.walk_folders()


def read_tree(root: Path, path: str = "") -> SavedFolder:
    """Return what is in a folder; one that is not there is empty. Raises `OSError`."""
    depth = len(PurePosixPath(path).parts)
    folders, requests = [], []
    for entry in _entries(root / path):
        inner = f"{path}/{entry.name}" if path else entry.name
        if entry.is_dir() and depth < DEEPEST:
            folders.append(read_tree(root, inner))
        elif entry.is_file() and entry.name.endswith(SUFFIX):
            requests.append(_request(Path(entry.path), inner))
    name = path.rpartition("/")[2]
    return SavedFolder(path, name, tuple(folders), tuple(requests))


def stamps(root: Path, path: str = "", depth: int = 0) -> Stamps:
    """Return what tells whether anything has changed below a folder. Raises `OSError`."""
    found: Stamps = {}
    for entry in _entries(root / path):
        inner = f"{path}/{entry.name}" if path else entry.name
        if entry.is_dir() and depth < DEEPEST:
            found |= {inner: (0, 0)} | stamps(root, inner, depth + 1)
        elif entry.name.endswith(SUFFIX):
            status = entry.stat()
            found[inner] = (status.st_mtime_ns, status.st_size)
    return found


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in a folder, without what is hidden; a link to a folder is not followed."""
    try:
        with os.scandir(folder) as entries:
            seen = [
                entry
                for entry in entries
                if not entry.name.startswith(".") and not (entry.is_symlink() and entry.is_dir())
            ]
    except FileNotFoundError:
        return []
    return sorted(seen, key=lambda entry: (entry.name.casefold(), entry.name))


def _request(file: Path, path: str) -> SavedRequest:
    name = file.name.removesuffix(SUFFIX)
    try:
        return SavedRequest(path, name, draft_from_toml(file.read_bytes()))
    except (RequestUnreadable, OSError) as exc:
        return SavedRequest(path, name, trouble=str(exc))
