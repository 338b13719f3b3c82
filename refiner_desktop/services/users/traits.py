"""Traits: pieces of extra data about a user or an account, as typed and as sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import lru_cache

from refiner_desktop.datasets.values import parse_iso_date
from refiner_desktop.sources.kinds import YES_NO

INTEGER_LIMIT = 2_147_483_647
COMPUTED = frozenset(
    {
        "first_seen_at",
        "last_seen_at",
        "form_views_count",
        "form_submissions_count",
        "last_form_view_at",
        "last_form_submission_at",
    }
)
"""Attributes that Refiner works out itself (API reference, section 6)."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^0-9A-Za-z]+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}(?:\.0{1,40})?")
_ANSWERS = YES_NO | {"1": True, "y": True, "t": True, "0": False, "n": False, "f": False}

JsonValue = str | int | bool | None


class TraitType(StrEnum):
    """How a trait's value is sent."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"
    DATE_TIME = "date-time"
    EMPTY = "empty"


class NotThatType(ValueError):
    """The text can't be read as the chosen type; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One piece of extra data as it was typed; one that is not `on` is kept and not sent."""

    key: str
    type: TraitType
    value: str
    on: bool = True

    @property
    def unfilled(self) -> bool:
        """Whether it is a text of which nothing is typed; `EMPTY` says that a trait is to blank."""
        return self.type == TraitType.TEXT and not self.value.strip()

    def sent(self) -> JsonValue:
        """Return the JSON value that is sent. Raises `NotThatType`."""
        match self.type:
            case TraitType.TEXT:
                return self.value
            case TraitType.NUMBER:
                return _number(self.value)
            case TraitType.YES_NO:
                return _yes_no(self.value)
            case TraitType.DATE:
                return _day(self.value)
            case TraitType.DATE_TIME:
                return _moment(self.value)
            case TraitType.EMPTY:
                return ""


@lru_cache(4_096)  # a file of users asks for the same few keys again and again
def slug(key: str) -> str:
    """Return what Refiner is seen to make of a key: `firstName` and `First name` both become
    `first_name` (API reference, section 6). It is empty where nothing of the key is left.
    """
    return _NOT_WORD.sub("_", _HUMP.sub("_", key)).strip("_").lower()


def _number(text: str) -> int:
    text = text.strip()
    if not _WHOLE.fullmatch(text):
        raise NotThatType("Write a whole number, such as 12: Refiner keeps no others.")
    number = int(text.partition(".")[0])
    if abs(number) > INTEGER_LIMIT:
        raise NotThatType(f"Refiner keeps whole numbers up to {INTEGER_LIMIT}.")
    return number


def _yes_no(text: str) -> bool:
    answer = _ANSWERS.get(text.strip().casefold())
    if answer is None:
        raise NotThatType("Write yes or no.")
    return answer


def _day(text: str) -> str:
    found = parse_iso_date(text.strip())
    if found is None or isinstance(found, datetime):
        raise NotThatType("Write a day, such as 2026-03-04; with a time it is a date-time.")
    return found.isoformat()


def _moment(text: str) -> str:
    """Return the moment in UTC, which is also what a time without a zone and a bare day mean."""
    found = parse_iso_date(text.strip())
    if found is None:
        raise NotThatType("Write a date and time, such as 2026-03-04 09:15 (UTC).")
    if not isinstance(found, datetime):
        found = datetime.combine(found, time(), UTC)
    try:
        return found.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise NotThatType("This is before the year 1 or after 9999.") from None
