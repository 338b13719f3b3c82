"""Points in time: whole seconds of Unix time inside, Refiner's three spellings outside."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

DAY = 86_400
MINUTE = 60
_OLDEST, _NEWEST = 0, 2**31 - 1
_EPOCH = date(1970, 1, 1)
_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
_SECONDS = tuple(f":{second:02}" for second in range(MINUTE))


def unix_now() -> int:
    """Return the current time in seconds."""
    return int(time.time())


def iso(seconds: int) -> str:
    """Spell it as contacts, surveys and webhooks do: 2026-03-04T09:15:02.000000Z."""
    # A page of contacts spells 8,000 times: put together from parts, six times as fast as datetime.
    day, second = divmod(seconds, DAY)
    minute, second = divmod(second, MINUTE)
    return f"{_date(day)}T{_MINUTES[minute]}{_SECONDS[second]}.000000Z"


def iso_or_none(seconds: int | None) -> str | None:
    """Spell it as `iso` does; None stays None."""
    return None if seconds is None else iso(seconds)


def plain(seconds: int) -> str:
    """Spell it as lists of responses and reports do: 2026-03-04 09:15:02."""
    return iso(seconds)[:19].replace("T", " ")


def plain_or_none(seconds: int | None) -> str | None:
    """Spell it as `plain` does; None stays None."""
    return None if seconds is None else plain(seconds)


def parse(text: str) -> int:
    """Read an ISO date or date and time, or a Unix timestamp. Raises ValueError.

    UTC is meant where no zone is given (API reference, section 2.4).
    """
    seconds = int(text) if text.isdigit() and len(text) > 8 else _parse_iso(text)
    if not _OLDEST <= seconds <= _NEWEST:
        raise ValueError(f"{text} is out of range")
    return seconds


@lru_cache(4_096)
def _date(day: int) -> str:
    return (_EPOCH + timedelta(day)).isoformat()


def _parse_iso(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def month_start(seconds: int) -> int:
    """Return the first second of the month that `seconds` lies in."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return int(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp())
