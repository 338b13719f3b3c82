"""The figures of a column in words, and the rows behind each bar as conditions."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.summaries import Bin, Dates, Numbers, Period, Summary, Values
from refiner_desktop.ui.amounts import number, rounded
from refiner_desktop.ui.models.cell_text import shown
from refiner_desktop.ui.widgets.grid.counted_item import rows_in_words

Figures = tuple[tuple[str, str], ...]
"""Pairs of a title and a value."""


def figures(summary: Summary) -> Figures:
    """Return what is worth knowing at a glance."""
    total = summary.filled + summary.empty
    filled = ("With a value", number(summary.filled))
    empty = ("Empty", _with_share(summary.empty, total))
    match summary:
        case Values():
            return filled, empty, ("Different values", number(summary.distinct))
        case Numbers():
            return (
                *(("Minimum", figure(summary.minimum)), ("Median", figure(summary.median))),
                *(("Mean", figure(summary.mean)), ("Maximum", figure(summary.maximum))),
                *(filled, empty),
            )
        case Dates():
            earliest, latest = _moment(summary.earliest), _moment(summary.latest)
            return ("Earliest", earliest), ("Latest", latest), filled, empty


def figure(value: float) -> str:
    """Return a number as short as it can be told apart."""
    if value == 0 or 0.001 <= abs(value) < 1e15:
        return rounded(value, 3)
    return f"{value:.6g}"


def share(rows: int, total: int) -> str:
    """Return a part of all rows in per cent, never 0 % for some or 100 % for not all."""
    part = 100 * rows / total if total else 0.0
    if 0 < part < 0.1:
        return f"< {number(0.1, 1)} %"
    if 99.9 < part < 100:
        return f"> {number(99.9, 1)} %"
    return f"{rounded(part, 1)} %"


def bar_in_words(bar: Bin | Period, total: int) -> str:
    """Return which rows a bar stands for, and how many they are."""
    if isinstance(bar, Bin):
        place = f"{figure(bar.start)} to {figure(bar.end)}"
    else:
        place = f"{_start(bar)} to {_start(Period(bar.end, bar.end, 0))}"
    return f"{place}: {rows_in_words(bar.rows)} ({share(bar.rows, total)})"


def bin_conditions(key: str, bar: Bin, *, last: bool) -> tuple[Condition, ...]:
    """Return what holds for exactly the rows of a bar; only the last one includes its end."""
    start, end = _plain(bar.start), _plain(bar.end)
    if last:
        return (Condition(key, Operator.BETWEEN, (start, end)),)
    return (
        Condition(key, Operator.AT_LEAST, (start,)),
        Condition(key, Operator.LESS, (end,)),
    )


def period_conditions(key: str, bar: Period) -> tuple[Condition, ...]:
    """Return what holds for exactly the rows of a bar: whole days where it is made of them."""
    if bar.start.time() == bar.end.time() == time():
        days = (bar.start.date(), (bar.end - timedelta(days=1)).date())
        values = tuple(day.isoformat() for day in days)
    else:
        last = bar.end - timedelta(microseconds=1)
        values = (bar.start.isoformat(), last.isoformat())
    return (Condition(key, Operator.BETWEEN, values),)


def ends(summary: Numbers | Dates) -> tuple[str, str]:
    """Return what stands at the left and right end below the bars."""
    if isinstance(summary, Numbers):
        return figure(summary.bins[0].start), figure(summary.bins[-1].end)
    last = summary.periods[-1]
    return _start(summary.periods[0]), _start(Period(last.end, last.end, 0))


def _start(bar: Period) -> str:
    day = bar.start.time() == time()
    return shown(bar.start.date().isoformat(), "date") if day else _moment(bar.start)


def _moment(at: datetime) -> str:
    return shown(at.isoformat(), "date")


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _with_share(rows: int, total: int) -> str:
    return f"{number(rows)} ({share(rows, total)})" if rows else "0"
