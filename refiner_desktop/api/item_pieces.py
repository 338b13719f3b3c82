"""The items of a body of any size, some at a time: other threads get their turn in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.exchange import Body
from refiner_desktop.api.pages import items_in
from refiner_desktop.api.reading import parse

PIECE = 4 * 2**20
"""Bytes that are read in one go: msgspec lets no other thread run meanwhile, here 5 to 10 ms."""

_TRIES = 20
_BEGIN = re.compile(rb'(?:\xef\xbb\xbf)?(\s*(?:\{\s*"items"\s*:\s*)?\[)')
_SEAM = re.compile(rb"\}\s*(,)\s*\{")
_SPACE = re.compile(rb"(?:\xef\xbb\xbf)?\s*")


def pieces_of(body: Body) -> Iterator[tuple[bytes, ...]]:
    """Yield the items that a body lists, as `items_in` has them, piece by piece.

    Raises `UnreadableAnswer`, maybe only after some.
    """
    begin = _BEGIN.match(body)
    if begin is None:
        yield items_in(bytes(body[_after_mark(body) :]))
        return
    place = begin.end()
    while len(body) - place > 2 * PIECE and (piece := _piece(body, place)) is not None:
        items, place = piece
        yield items
    yield items_in(begin[1] + bytes(body[place:]))


def _piece(body: Body, start: int) -> tuple[tuple[bytes, ...], int] | None:
    """Return items from a place on, and the place behind them; None where no seam is found.

    What looks like a seam may lie inside an item. Then what stands before it is not whole, and is
    no list; where it is one, there is no other way to read it.
    """
    for seam in islice(_SEAM.finditer(body, start + PIECE), _TRIES):
        try:
            rows: list[msgspec.Raw] = parse(
                b"[" + bytes(body[start : seam.start(1)]) + b"]", list[msgspec.Raw]
            )
        except UnreadableAnswer:
            continue
        return tuple(bytes(row) for row in rows), seam.end(1)
    return None


def _after_mark(body: Body) -> int:
    found = _SPACE.match(body)
    return found.end() if found else 0
