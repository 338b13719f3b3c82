"""Searching with regular expressions, without waiting for those that never end.

Python's own module keeps the interpreter, and the window with it, until it is done; the one used
here can be given an end, and lets other threads run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import regex

from refiner_desktop.ui.widgets.text_view.characters import boundary, decode
from refiner_desktop.ui.widgets.text_view.columns import byte_lengths
from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.matches import TOO_MANY, Matches, Mistake, Query

_BLOCK = 1 << 18
_AROUND = 1 << 12
_SECONDS = 1.0
TOO_SLOW = "Stopped: this expression takes too long here."


def find_expression(
    data: Content, query: Query, cancelled: Callable[[], bool]
) -> Matches | Mistake:
    """Find a regular expression in the lines of a text; an empty match is none.

    In a line of megabytes a match longer than 4 KB may be found cut off.
    """
    try:
        flags = regex.MULTILINE | (0 if query.match_case else regex.IGNORECASE)
        pattern = regex.compile(query.text, flags)
    except (regex.error, RecursionError, OverflowError, MemoryError) as exc:
        return Mistake(_sentence(exc))
    matches = Matches()
    for begin, end in _blocks(data):
        if cancelled():
            break
        try:
            for match in _found(pattern, data, begin, end, matches):
                if not matches.add(*match):
                    return matches.only(TOO_MANY)
        except TimeoutError:
            return matches.only(TOO_SLOW)
    return matches


def _found(
    pattern: regex.Pattern[str], data: Content, begin: int, end: int, before: Matches
) -> Iterator[tuple[int, int]]:
    """Yield the matches that begin between two offsets and after the last one `before`."""
    start = boundary(data, max(begin - _AROUND, 0))
    text = decode(data[start : boundary(data, min(end + _AROUND, len(data)))])
    offsets = _offsets(text, start)
    first = max(begin, before.ends[-1] if len(before) else 0)
    position = int(np.searchsorted(offsets, first))
    found = pattern.finditer(text, position, timeout=_SECONDS, concurrent=True)
    for match in found:
        at, stop = int(offsets[match.start()]), int(offsets[match.end()])
        if at >= end:
            return
        if stop > at:
            yield at, stop


def _offsets(text: str, start: int) -> npt.NDArray[np.int64]:
    """Return the offset of every character and of the end."""
    return np.cumsum(np.concatenate([[start], byte_lengths(text)]), dtype=np.int64)


def _blocks(data: Content) -> Iterator[tuple[int, int]]:
    """Cut after line ends where there are any, else between characters."""
    begin = 0
    while begin < len(data):
        end = begin + _BLOCK
        if end < len(data):
            line_end = data.rfind(b"\n", begin, end)
            end = line_end + 1 if line_end >= 0 else boundary(data, end)
        yield begin, end
        begin = end


def _sentence(exc: Exception) -> str:
    if isinstance(exc, regex.error):
        place = "" if exc.pos is None else f" at character {exc.pos + 1}"
        return f"{exc.msg[:1].upper()}{exc.msg[1:]}{place}."
    return "This expression is too large."
