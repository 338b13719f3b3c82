"""Content of any size: in memory, or mapped from a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from mmap import ACCESS_READ, mmap
from typing import Protocol

CHUNK = 1 << 19
"""What one call should be given: a call that keeps the interpreter keeps the window waiting."""

_IN_MEMORY = 64 << 20

Content = bytes | mmap


class Sliceable(Protocol):
    """Bytes that are read a slice at a time, and may be made up while they are."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


def chunks(data: Content, size: int = CHUNK) -> Iterator[bytes]:
    """Yield `data` in pieces of at most `size`."""
    return (data[begin : begin + size] for begin in range(0, len(data), size))


def contains(data: Content, byte: bytes) -> bool:
    """Return whether a byte occurs in `data`."""
    return any(byte in chunk for chunk in chunks(data))


def gathered(parts: Iterable[bytes], most: int = _IN_MEMORY) -> Content:
    """Put parts together; more than `most` go into a file without a name that is mapped."""
    held, size, rest = list[bytes](), 0, iter(parts)
    for part in rest:
        held.append(part)
        size += len(part)
        if size > most:
            return _on_disk(chain(held, rest))
    return b"".join(held)


def _on_disk(parts: Iterable[bytes]) -> mmap:
    with tempfile.TemporaryFile() as file:
        file.writelines(parts)
        file.flush()
        return mmap(file.fileno(), 0, access=ACCESS_READ)
