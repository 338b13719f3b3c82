"""What is looked for in a text, and what was found."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_MOST = 1_000_000
TOO_MANY = "Only the first million are counted."


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
