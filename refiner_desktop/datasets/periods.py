"""A span of time in units of the calendar, as people count them where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from refiner_desktop.datasets.local_time import moment_of, wall_clock

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the calendar and about how many seconds it takes.

    Its length is a `step` of the clock, or a number of `months`.
    """

    name: str
    seconds: int
    step: timedelta = timedelta()
    months: int = 0


_DAY = 86_400
_UNITS = (
    Unit("minute", 60, step=timedelta(minutes=1)),
    Unit("hour", 3_600, step=timedelta(hours=1)),
    Unit("day", _DAY, step=timedelta(days=1)),
    Unit("week", 7 * _DAY, step=timedelta(days=7)),
    Unit("month", 30 * _DAY, months=1),
    Unit("quarter", 91 * _DAY, months=3),
    Unit("year", 365 * _DAY, months=12),
    Unit("decade", 3_652 * _DAY, months=120),
    Unit("century", 36_524 * _DAY, months=1_200),
    Unit("millennium", 365_242 * _DAY, months=12_000),
)


def unit_for(seconds: float, most: int) -> Unit:
    """Return the smallest unit of which such a span has about as many, or else the largest."""
    return next((unit for unit in _UNITS if seconds / unit.seconds <= most), _UNITS[-1])


def bounds(first: datetime, last: datetime, unit: Unit) -> list[datetime]:
    """Return where the units begin and end that reach from one moment to another."""
    start = _truncated(wall_clock(first), unit)
    if unit.seconds < _DAY:
        steps = _steps(moment_of(start), lambda moment: moment + unit.step)
    else:
        steps = map(moment_of, _steps(start, lambda wall: _next(wall, unit)))
    found = [next(steps)]
    for bound in steps:
        found.append(bound)
        if bound > last:
            break
    return found


def _steps(start: datetime, step: Callable[[datetime], datetime]) -> Iterator[datetime]:
    while True:
        yield start
        try:
            start = step(start)
        except (OverflowError, ValueError):  # beyond the year 9999
            yield datetime.max.replace(tzinfo=start.tzinfo)
            return


def _truncated(wall: datetime, unit: Unit) -> datetime:
    if unit.months:
        month = wall.year * _MONTHS_A_YEAR + wall.month - 1
        return _month(month - month % unit.months)
    if unit.name == "week":
        wall -= timedelta(days=min(wall.weekday(), wall.toordinal() - 1))
    if unit.seconds >= _DAY:
        return datetime.combine(wall, time())
    return wall.replace(minute=wall.minute if unit.name == "minute" else 0, second=0, microsecond=0)


def _next(wall: datetime, unit: Unit) -> datetime:
    if unit.months:
        return _month(wall.year * _MONTHS_A_YEAR + wall.month - 1 + unit.months)
    return wall + unit.step


def _month(number: int) -> datetime:
    year, month = divmod(max(number, _MONTHS_A_YEAR), _MONTHS_A_YEAR)
    return datetime(year, month + 1, 1)  # noqa: DTZ001
