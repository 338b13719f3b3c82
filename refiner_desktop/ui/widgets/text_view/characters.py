"""How bytes become characters, and how many cells of a fixed-pitch grid a character takes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from refiner_desktop.ui.widgets.text_view.content import Content

TAB_CELLS = 4
FIRST_COMBINING = 0x300


def decode(data: bytes) -> str:
    """Decode UTF-8; a byte that belongs to no character becomes one lone surrogate.

    One character per bad byte keeps every byte offset reachable, which one replacement character
    for several bytes would not.
    """
    return data.decode("utf-8", "surrogateescape")


def boundary(data: Content, offset: int) -> int:
    """Return `offset`, or the start of the character that spans it."""
    for begin in range(offset - 1, max(offset - 4, -1), -1):
        if data[begin] & 0xC0 != 0x80:
            length = _sequence_length(data[begin : begin + 4])
            return begin if begin + length > offset else offset
    return offset


@lru_cache(maxsize=1 << 16)
def cell_width(character: str) -> int:
    """Return 0 for a mark on the character before, 2 for a wide one, 1 for most others."""
    if character == "\t":
        return TAB_CELLS
    if ord(character) < FIRST_COMBINING:
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


@lru_cache(maxsize=1 << 16)
def byte_length(character: str) -> int:
    """Return how many bytes a decoded character came from."""
    return len(character.encode("utf-8", "surrogateescape"))


def _sequence_length(start: bytes) -> int:
    """Return the length of the character at the beginning of `start`, 1 if it is none."""
    for length in range(len(start), 1, -1):
        try:
            if len(start[:length].decode("utf-8")) == 1:
                return length
        except UnicodeDecodeError:
            continue
    return 1
