"""Every place where a text or an expression occurs, over the bytes as they came."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from refiner_desktop.ui.widgets.text_view.content import Content

_CHUNK = 1 << 18
_MOST = 1_000_000
TOO_MANY = f"Only the first {_MOST:,} are counted."


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: a text, or a regular expression that matches inside of lines."""

    text: str
    match_case: bool = False
    is_regex: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """Byte offsets of what was found, in order and without overlap.

    `why_partial` says why there may be more, and is empty when these are all.
    """

    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    why_partial: str = ""

    def __len__(self) -> int:
        return len(self.starts)

    def add(self, start: int, end: int) -> bool:
        """Add the next match; return whether there is room for more."""
        self.starts.append(start)
        self.ends.append(end)
        return len(self.starts) < _MOST

    def only(self, why: str) -> Matches:
        """Return these as a part of all matches."""
        return replace(self, why_partial=why)

    def at_or_after(self, offset: int) -> int:
        """Return the number of the first match from `offset` on, or of the first of all."""
        found = bisect_left(self.starts, offset)
        return found if found < len(self) else 0

    def between(self, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of the matches that touch the bytes from first to last."""
        number = bisect_left(self.ends, first + 1)
        while number < len(self) and self.starts[number] < last:
            yield number, self.starts[number], self.ends[number]
            number += 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an expression."""

    sentence: str


def find(data: Content, query: Query, cancelled: Callable[[], bool] = _never) -> Matches | Mistake:
    """Find what `query` asks for; stop early, with what was found until then, once `cancelled`."""
    if not query.text:
        return Matches()
    if query.is_regex:
        # Not with this module: it takes its time, and few searches need it.
        from refiner_desktop.ui.widgets.text_view.expressions import find_expression

        return find_expression(data, query, cancelled)
    return _find_text(data, query, cancelled)


def _find_text(data: Content, query: Query, cancelled: Callable[[], bool]) -> Matches:
    """Work in chunks that take about a millisecond, so that other threads get their turn."""
    matches = Matches()
    pattern = _pattern(query)
    longest = len(pattern.pattern)
    position = 0
    for begin in range(0, len(data), _CHUNK):
        if cancelled():
            break
        start, end = max(begin, position), begin + _CHUNK
        chunk = data[start : end + longest]
        for match in pattern.finditer(chunk if query.match_case else chunk.lower()):
            if start + match.start() >= end:
                break
            position = start + match.end()
            if not matches.add(start + match.start(), position):
                return matches.only(TOO_MANY)
    return matches


def _pattern(query: Query) -> re.Pattern[bytes]:
    """Return what to look for; letters of ASCII are small in the text, too, if case is ignored."""
    if query.match_case:
        return re.compile(re.escape(query.text.encode("utf-8", "surrogatepass")))
    return re.compile(b"".join(map(_either_case, query.text)))


def _either_case(character: str) -> bytes:
    """Return a pattern for both cases, of which ASCII needs the small letter alone."""
    if character.isascii():
        return re.escape(character.lower().encode())
    forms = sorted({character, character.lower(), character.upper()})
    encoded = [re.escape(form.encode("utf-8", "surrogatepass").lower()) for form in forms]
    return b"(?:" + b"|".join(encoded) + b")"
