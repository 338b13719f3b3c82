"""What the values of a column look like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What all values of a column look like."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"
    DATE_TIME = "date-time"


YES_NO = {"true": True, "yes": True, "false": False, "no": False}
"""Words that say yes or no, in small letters, and hardly anything else."""

_NORWAY = frozenset({"no"})
# No leading zeros: “007” and “01234” are codes.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def kind_of(values: Iterable[str]) -> Kind:
    """Return what all these values look like; empty ones do not count."""
    texts = {text for value in values if (text := value.strip())}
    kinds = set(map(_kind, texts))
    if {text.casefold() for text in texts} == _NORWAY:
        return Kind.TEXT  # as likely the country, or the language, as an answer
    if kinds == {Kind.DATE, Kind.DATE_TIME}:
        return Kind.DATE_TIME
    return kinds.pop() if len(kinds) == 1 else Kind.TEXT


def _kind(text: str) -> Kind:
    if _NUMBER.fullmatch(text):
        return Kind.NUMBER
    if text.casefold() in YES_NO:
        return Kind.YES_NO
    return _date_kind(text) if _DATE.match(text) else Kind.TEXT


def _date_kind(text: str) -> Kind:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return Kind.TEXT
    return Kind.DATE if _DATE.fullmatch(text) else Kind.DATE_TIME
