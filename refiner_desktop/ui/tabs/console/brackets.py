"""The bracket beside a cursor in JSON, and the one that belongs to it."""

from __future__ import annotations

import re

from PySide6.QtGui import QTextBlock

OPENING = {"{": "}", "[": "]"}

_BRACKET = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[\[\]{}]')
_FARTHEST = 20_000


def brackets_at(block: QTextBlock, column: int) -> tuple[int, ...]:
    """Return the places in the document of a bracket beside a column and of its partner.

    There is none in a text, and a partner that is very far away is not looked for.
    """
    around = {column, column - 1}
    found = [m for m in _BRACKET.finditer(block.text()) if m.start() in around]
    bracket = next((m for m in reversed(found) if m[0] in "[]{}"), None)
    if bracket is None:
        return ()
    at = block.position() + bracket.start()
    partner = _partner(block, bracket.start(), forward=bracket[0] in OPENING)
    return (at,) if partner is None else (at, partner)


def _partner(block: QTextBlock, column: int, *, forward: bool) -> int | None:
    """Look for the other bracket, line after line."""
    opens = OPENING.keys() if forward else OPENING.values()
    depth = looked = 0
    while block.isValid() and looked < _FARTHEST:
        text = block.text()
        looked += len(text) + 1
        places = [m for m in _BRACKET.finditer(text) if m[0] in "[]{}"]
        for match in places if forward else reversed(places):
            ahead = match.start() >= column if forward else match.start() <= column
            if not ahead:
                continue
            depth += 1 if match[0] in opens else -1
            if depth == 0:
                return block.position() + match.start()
        block = block.next() if forward else block.previous()
        column = -1 if forward else len(block.text()) + 1
    return None
