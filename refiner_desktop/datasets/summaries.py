"""What a column holds, in a few figures: the values that counting returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value as it is written most often, and how many rows have it."""

    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many rows lie from `start` up to `end`; the last bin of a histogram includes its end."""

    start: float
    end: float
    rows: int


@dataclass(frozen=True, slots=True)
class Period:
    """How many rows lie from the moment `start` up to, but without, `end`."""

    start: datetime
    end: datetime
    rows: int


@dataclass(frozen=True, slots=True)
class Values:
    """The distinct values of a column: the most frequent first, and how many there are in all.

    What an IS condition takes for the same is one value: texts that differ in case or accents
    only, 1 and 1.0, all moments of a day. A contact in two segments counts for both.
    """

    filled: int
    empty: int
    distinct: int
    frequent: tuple[ValueCount, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a column and their histogram in bins of one width, a round number."""

    filled: int
    empty: int
    minimum: float
    median: float
    mean: float
    maximum: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """The moments of a column and their histogram in `unit`s of the calendar, all where one is.

    A day without a time counts as its beginning.
    """

    filled: int
    empty: int
    earliest: datetime
    latest: datetime
    unit: str
    periods: tuple[Period, ...]


Summary = Values | Numbers | Dates
