"""How the text of a cell is read as a number, a yes or no, or a date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

# No leading zeros: "007" and "01234" are codes that would lose their zeros as numbers. The lengths
# keep every number finite as a double.
NUMBER = r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?"
_NUMBER = re.compile(NUMBER)
DOUBLE_DIGITS = 15  # so many digits a double keeps

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
_ZONE = r"Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
ISO_DATE = rf"{_DAY}(?:[T ]{_TIME}(?:{_ZONE})?)?"
_ISO_DATE = re.compile(ISO_DATE)
UNIX_TIME = "[0-9]{9,10}"  # seconds, from 1973 to 2286
_UNIX_TIME = re.compile(UNIX_TIME)

# Refiner may keep booleans as short strings (API reference, section 6).
_BOOLEANS = {"true": True, "false": False, "T": True, "F": False}


def is_number(text: str) -> bool:
    """Tell whether the text is a plain decimal number."""
    return _NUMBER.fullmatch(text) is not None


def has_long_digits(text: str) -> bool:
    """Tell whether a double would lose digits of this number: ids are often that long."""
    return sum(map(str.isdigit, text)) > DOUBLE_DIGITS


def parse_boolean(text: str) -> bool | None:
    """Read `true`, `false`, `T` or `F`; None for anything else."""
    return _BOOLEANS.get(text)


def parse_iso_date(text: str) -> date | datetime | None:
    """Read both forms of the API reference, section 2.4; a time without a zone is UTC.

    A date without a time stays a `date`, so that no time zone moves it to another day.
    """
    if _ISO_DATE.fullmatch(text) is None:
        return None
    try:
        if len(text) == len("2026-03-04"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:  # 30 February
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_date(text: str) -> date | datetime | None:
    """Read an ISO date or, as date traits may also hold (section 6), a Unix timestamp."""
    if _UNIX_TIME.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    return parse_iso_date(text)


def is_date_like(name: str) -> bool:
    """Tell whether Refiner takes an attribute of this name for a date (section 6)."""
    return name.endswith(("_at", "_date"))
