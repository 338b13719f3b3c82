"""Days and clocks where the person is: the system's zone, with its summer times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

_STEP = timedelta(days=21)  # no zone changes its clocks twice in so short a time
_KNOWN = datetime(1970, 1, 2, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def day_start(day: date) -> datetime:
    """Return the moment at which a day begins here; in UTC where no clock reaches."""
    return moment_of(datetime.combine(day, time()))


def moment_of(wall: datetime) -> datetime:
    """Return the moment at which the clocks here show this time, which has no zone."""
    try:
        return wall.astimezone()
    except (OverflowError, ValueError, OSError):
        return wall.replace(tzinfo=UTC)


def here(moment: datetime) -> datetime:
    """Return the same moment in the zone here."""
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        return moment


def wall_clock(moment: datetime) -> datetime:
    """Return what the clocks here show at a moment, without a zone."""
    return here(moment).replace(tzinfo=None)


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC, or as near to it as the years 1 to 9999 reach."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def offsets(first: datetime, last: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Yield until when clocks here were ahead of UTC by how much, from one moment to another.

    Outside of the years that clocks are known for, they count as they were at their ends.
    """
    first, last = max(first, _KNOWN[0]), min(last, _KNOWN[1])
    start, offset = first, _offset(first)
    while start < last:
        end = min(_later(start, _STEP), last)
        if _offset(end) != offset:
            change = _change(start, end)
            yield change, offset
            offset = _offset(end)
        start = end
    yield _later(last, _STEP), offset


def _change(before: datetime, after: datetime) -> datetime:
    offset = _offset(before)
    while after - before > _MINUTE:
        middle = before + (after - before) / 2
        before, after = (middle, after) if _offset(middle) == offset else (before, middle)
    return after.replace(second=0, microsecond=0)


def _offset(moment: datetime) -> timedelta:
    return wall_clock(moment) - in_utc(moment).replace(tzinfo=None)


def _later(moment: datetime, step: timedelta) -> datetime:
    try:
        return moment + step
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
