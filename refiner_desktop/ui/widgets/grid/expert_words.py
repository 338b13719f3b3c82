"""Which word of an SQL condition a person is typing, and which columns it may become."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from refiner_desktop.datasets.sql_names import SqlName

MOST_NAMES = 200

# Texts, quoted names, comments, numbers and words; a quote may still be open at the end.
_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*(?:'|\Z))"""
    r"""|(?P<quoted>"(?:[^"]|"")*(?:"|\Z))"""
    r"""|(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(?P<number>[0-9][\w.]*)"""
    r"""|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<other>.)""",
    re.DOTALL,
)
_SQL_WORDS = {"and", "or", "not", "in", "is", "null", "like", "ilike", "between", "true", "false"}
_SQL_WORDS |= {"case", "when", "then", "else", "end", "as"}
_WORD_START = re.compile(r"(?:^|[\W_])(\w)")


class Word(NamedTuple):
    """A name that is being typed: where it begins and ends in the text, and its letters so far."""

    start: int
    end: int
    letters: str


def word_at(text: str, cursor: int) -> Word | None:
    """Return the name that the cursor stands in or behind; None inside texts and elsewhere."""
    for token in _TOKEN.finditer(text):
        if not token.start() < cursor <= token.end():
            continue
        if token.lastgroup == "word":
            return Word(*token.span(), text[token.start() : cursor])
        if token.lastgroup == "quoted" and not _is_closed(text[token.start() : cursor]):
            letters = text[token.start() + 1 : cursor].replace('""', '"')
            return Word(*token.span(), letters)
        return None
    return None


def is_complete(word: Word, text: str) -> bool:
    """Whether the word belongs to SQL itself, so that no column is meant."""
    return text[word.start : word.end].lower() in _SQL_WORDS


def matching(names: Iterable[SqlName], letters: str) -> list[SqlName]:
    """Return the names in which a word begins with the letters, those that do so first on top."""
    wanted = letters.casefold()
    found = [name for name in names if _begins_somewhere(name.name.casefold(), wanted)]
    found.sort(key=lambda name: not name.name.casefold().startswith(wanted))
    return found[:MOST_NAMES]


def _begins_somewhere(name: str, wanted: str) -> bool:
    if not wanted or name.startswith(wanted):
        return True
    return any(name.startswith(wanted, start.start(1)) for start in _WORD_START.finditer(name))


def _is_closed(typed: str) -> bool:
    return len(typed) > 1 and typed.count('"') % 2 == 0
