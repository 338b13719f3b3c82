"""Every place where a text or an expression occurs, over the bytes as they came."""

from __future__ import annotations

import re
from collections.abc import Callable

from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.matches import TOO_MANY, Matches, Mistake, Query

_CHUNK = 1 << 18


def _never() -> bool:
    return False


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
