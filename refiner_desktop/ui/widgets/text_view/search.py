"""Every place where a text occurs, over the bytes as they came."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_CHUNK = 1 << 18


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Matches:
    """Byte offsets of what was found, in order and without overlap."""

    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.starts)

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


def find_all(
    data: bytes, text: str, *, match_case: bool, cancelled: Callable[[], bool] = _never
) -> Matches:
    """Find `text` in `data`; stop early, with what was found until then, once `cancelled`.

    The work is done in chunks that take about a millisecond, so that other threads get their turn.
    """
    matches = Matches()
    if not text:
        return matches
    pattern = _pattern(text, match_case=match_case)
    longest = max(len(pattern.pattern), 1)
    position = 0
    for begin in range(0, len(data), _CHUNK):
        if cancelled():
            break
        end = begin + _CHUNK
        for match in pattern.finditer(data, max(begin, position), end + longest):
            if match.start() >= end:
                break
            matches.starts.append(match.start())
            matches.ends.append(match.end())
            position = match.end()
    return matches


def _pattern(text: str, *, match_case: bool) -> re.Pattern[bytes]:
    if match_case:
        return re.compile(re.escape(text.encode("utf-8", "surrogatepass")))
    return re.compile(b"".join(map(_either_case, text)), re.IGNORECASE)


def _either_case(character: str) -> bytes:
    """Return a pattern for both cases; those of ASCII are left to the regular expression."""
    forms = sorted({character, character.lower(), character.upper()})
    encoded = [re.escape(form.encode("utf-8", "surrogatepass")) for form in forms]
    return encoded[0] if character.isascii() else b"(?:" + b"|".join(encoded) + b")"
