"""What the parts of a line of JSON are, for colouring. Any text will do, valid or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """What a part of a line is."""

    KEY = auto()
    STRING = auto()
    NUMBER = auto()
    LITERAL = auto()
    PUNCTUATION = auto()
    OTHER = auto()


class Span(NamedTuple):
    """The characters from `start` to before `end` are of one kind."""

    start: int
    end: int
    kind: Kind


_REST_OF_STRING = r'(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_TOKEN = re.compile(
    rf"""(?P<STRING>"{_REST_OF_STRING})(?P<KEY>(?=\s*:))?
    |(?P<NUMBER>-?\d[\d.eE+-]*)
    |(?P<LITERAL>true|false|null)\b
    |(?P<PUNCTUATION>[][{{}},:]+)
    |(?P<OTHER>\s+|\w+|[^][{{}},:"\s\w-]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_CONTINUED = re.compile(rf"(?P<STRING>{_REST_OF_STRING})(?P<KEY>(?=\s*:))?", re.DOTALL)


def spans(text: str, *, in_string: bool = False) -> Iterator[Span]:
    """Yield the parts of `text` in order: they cover all of it and never overlap.

    `in_string` says that a string began before `text`.
    """
    position = 0
    while position < len(text):
        match = (_CONTINUED if in_string else _TOKEN).match(text, position)
        assert match is not None
        in_string = False
        # An empty look-ahead is the last group to match: a string with a colon after it is a key.
        kind = Kind[match.lastgroup or "OTHER"]
        if match.end() > position:
            yield Span(position, match.end(), kind)
        position = match.end()
