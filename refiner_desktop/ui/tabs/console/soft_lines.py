"""Lines cut for the eye alone: a field lays a line out whole, and a long one would take seconds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from refiner_desktop.ui.widgets.text_view.tokens import COMMA, LINE, Tokens, read

LONGEST_LINE = 4_000
"""Bytes of UTF-8. A longer line is shown as several, which looks as if it were wrapped."""

PIECE = 1 << 15

CUT = "\x1f\n"
"""Stands between the parts of a line. The first of it is in no JSON, and hardly in any text."""

MARK = CUT[0]

_CUT = CUT.encode()


def has_long_line(text: str) -> bool:
    """Whether a line of a short text has to be cut, or looks as if it were."""
    lines = text.split("\n")
    return MARK in text or any(
        len(line.encode("utf-8", "replace")) > LONGEST_LINE for line in lines
    )


def cut(text: str) -> Iterator[str]:
    """Yield a text that has no `MARK` in pieces of about `PIECE` characters, its long lines cut.

    They are cut behind commas of JSON and not in its texts, but for a text that is itself too long.
    """
    start = column = 0
    in_string = False
    while start < len(text):
        piece = text[start : start + PIECE]
        backslashes = len(piece) - len(piece.rstrip("\\"))
        if backslashes % 2 and len(piece) > 1:  # what it escapes belongs to it
            piece = piece[:-1]
        start += len(piece)
        data = piece.encode("utf-8", "surrogatepass")
        tokens = read(data, 0, in_string=in_string)
        in_string = tokens.in_string
        places, column = _places(data, tokens, column)
        yield _CUT.join(_split(data, places)).decode("utf-8", "surrogatepass") if places else piece


def joined(shown: str) -> str:
    """Return the text of lines that may be cut."""
    return shown.replace(CUT, "").replace(MARK, "") if MARK in shown else shown


def _places(data: bytes, tokens: Tokens, column: int) -> tuple[list[int], int]:
    """Return where to cut, and how much of a line is before the end.

    `column` is how much of a line is before the beginning.
    """
    commas = tokens.offsets[tokens.kinds == COMMA]
    ends = tokens.offsets[tokens.kinds == LINE]
    bounds = np.concatenate(([-column], ends + 1, [len(data)]))
    places = []
    at = int(bounds[-2])
    for line in np.flatnonzero(np.diff(bounds) > LONGEST_LINE):
        at, end = int(bounds[line]), int(bounds[line + 1])
        while end - at > LONGEST_LINE:
            before = int(np.searchsorted(commas, at + LONGEST_LINE))
            comma = int(commas[before - 1]) + 1 if before else 0
            at = comma if comma > max(at, 0) else _between(data, at + LONGEST_LINE)
            places.append(at)
    return places, len(data) - max(at, int(bounds[-2]))


def _between(data: bytes, at: int) -> int:
    """Return a place at or before another that is in the middle of no character."""
    while 0 < at < len(data) and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


def _split(data: bytes, places: list[int]) -> Iterator[bytes]:
    for first, last in zip([0, *places], [*places, len(data)], strict=True):
        yield data[first:last]
