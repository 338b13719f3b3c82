"""Takes in the body of an answer: up to a cap, in memory or, when it is long, in a file."""

from __future__ import annotations

import asyncio
import contextlib
import mmap
import os
import tempfile
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import cast

from refiner_desktop.api.exchange import Body
from refiner_desktop.masking import Mask

MEGABYTE = 1024 * 1024
_BATCH = 4 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes of a body are taken, how many of them in memory, and where the others go.

    A longer body lies in a file in `folder`, or in the system's own for such files. The file has no
    name, so that it is gone with the body.
    """

    most: int = 512 * MEGABYTE
    in_memory: int = 64 * MEGABYTE
    folder: Path | None = None


class Intake:
    """The body of one answer while it comes. Raises `OSError` where the disk takes no more."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._parts: list[bytes] = []
        self._waiting = 0
        self._file: RawIOBase | None = None
        self._filed = 0

    @property
    def size(self) -> int:
        """How many bytes came so far."""
        return self._filed + self._waiting

    async def take(self, piece: bytes) -> bool:
        """Add a piece; return False where the cap left no room for all of it."""
        taken = piece[: self._room.most - self.size]
        self._parts.append(taken)
        self._waiting += len(taken)
        if self.size > self._room.in_memory and self._waiting >= _BATCH:
            await asyncio.to_thread(self._spill)
        return len(taken) == len(piece)

    async def body(self) -> Body:
        """Return what came."""
        if self._file is None:
            return b"".join(self._parts)
        return await asyncio.to_thread(self._finished, self._file)

    def _spill(self) -> None:
        self._file = self._file or _unnamed(self._room.folder)
        for part in self._parts:
            _write(self._file, part)
        self._filed, self._waiting = self.size, 0
        self._parts.clear()

    def _finished(self, file: RawIOBase) -> Body:
        with file:
            with contextlib.suppress(OSError):  # of a full disk; the other end has been told
                self._spill()
            file.truncate(self._filed)
            return _mapped(file)


def without_secrets(body: Body, mask: Mask, room: Room) -> Body:
    """Return a body with dots for every secret, in a file if it lay in one. Raises `OSError`."""
    if isinstance(body, bytes):
        return mask.data(body)
    pieces = mask.pieces(body)
    if pieces is None:
        return body
    with _unnamed(room.folder) as file:
        for piece in pieces:
            _write(file, piece)
        return _mapped(file)


def _mapped(file: RawIOBase) -> Body:
    if not file.seek(0, os.SEEK_END):
        return b""  # nothing can't be mapped
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _unnamed(folder: Path | None) -> RawIOBase:
    return cast("RawIOBase", tempfile.TemporaryFile(buffering=0, dir=folder))


def _write(file: RawIOBase, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) or 0 :]
