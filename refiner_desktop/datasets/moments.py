"""The moments of many cells at once, as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets.local_time import here, in_utc, moment_of, offsets, wall_clock

Numbers = NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND


class Moments:
    """Microseconds since 1970, and for each whether it is a day without a time.

    Such a day is counted as if it began in UTC, and read as if it began where the person is.
    """

    def __init__(self, at: Numbers, plain: NDArray[np.bool_]) -> None:
        self._days, self._times = at[plain], at[~plain]

    def __len__(self) -> int:
        return len(self._days) + len(self._times)

    @property
    def first(self) -> datetime:
        """The earliest moment, as the clocks here show it."""
        return min(self._at(np.min))

    @property
    def last(self) -> datetime:
        """The latest moment, as the clocks here show it."""
        return max(self._at(np.max))

    def counts(self, bounds: Sequence[datetime]) -> Numbers:
        """Return how many lie between each two neighbours of the bounds, which hold them all."""
        times = _counts(self._times, [in_utc(bound) for bound in bounds])
        return times + _counts(
            self._days, [wall_clock(bound).replace(tzinfo=UTC) for bound in bounds]
        )

    def days(self) -> Numbers:
        """Return the day of each where the person is, counted from 1970."""
        until, ahead = zip(*offsets(self.first, self.last), strict=True)
        edges = np.array([(end - _EPOCH) // _MICROSECOND for end in until[:-1]], dtype=np.int64)
        moved = np.array([offset // _MICROSECOND for offset in ahead])
        walls = self._times + moved[np.searchsorted(edges, self._times, side="right")]
        return np.concatenate([walls, self._days]) // _DAY

    def _at(self, end: Callable[[Numbers], np.int64]) -> Iterator[datetime]:
        if len(self._times):
            yield here(moment_at(int(end(self._times))))
        if len(self._days):
            yield moment_of(moment_at(int(end(self._days))).replace(tzinfo=None))


def _counts(at: Numbers, bounds: Sequence[datetime]) -> Numbers:
    edges = np.array([(bound - _EPOCH) // _MICROSECOND for bound in bounds])
    last = len(edges) - 2
    places = np.clip(np.searchsorted(edges, at, side="right") - 1, 0, last)
    return np.bincount(places, minlength=last + 1)


def moment_at(microseconds: int) -> datetime:
    """Return the moment so long after 1970, or as near to it as the years 1 to 9999 reach."""
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:  # a zone leads beyond the years 1 to 9999
        return _LAST if microseconds > 0 else _FIRST


def iso_day(number: int) -> str:
    """Return the day so many days after 1970, or as near to it as the years 1 to 9999 reach."""
    ordinal = _EPOCH.toordinal() + number
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal())).isoformat()
