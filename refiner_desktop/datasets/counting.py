"""Counts and summaries over some rows of the table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets.fields import SEGMENTS, Field
from refiner_desktop.datasets.search import folded_text, typed
from refiner_desktop.datasets.summaries import (
    Bin,
    Dates,
    Numbers,
    Period,
    Summary,
    ValueCount,
    Values,
)

MAX_BINS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
# Units of the calendar, about how many seconds each takes, and its length for SQL.
_UNITS = (
    ("minute", 60, "1 minute"),
    ("hour", 3_600, "1 hour"),
    ("day", 86_400, "1 day"),
    ("week", 7 * 86_400, "7 days"),
    ("month", 30 * 86_400, "1 month"),
    ("quarter", 91 * 86_400, "3 months"),
    ("year", 365 * 86_400, "1 year"),
    ("decade", 3_652 * 86_400, "10 years"),
    ("century", 36_524 * 86_400, "100 years"),
    ("millennium", 365_242 * 86_400, "1000 years"),
)


class Counting:
    """Counts over the rows with some ids, on one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, ids: NDArray[np.int32]) -> None:
        self._connection = connection
        self._ids = ids

    def presence(self, fields: Sequence[Field]) -> list[int]:
        """Return how many rows have each field."""
        counts = ", ".join(f"count(nullif({field.name}, ''))" for field in fields)
        with self._rows() as rows:
            return list(self._one(f"SELECT {counts} FROM {rows}"))

    def values(self, field: Field, limit: int) -> Values:
        """Return the most frequent values of a field, ties by their text."""
        with self._rows() as rows:
            return self._values(field, limit, rows)

    def summary(self, field: Field, limit: int) -> Summary:
        """Return the figures that suit the field's kind."""
        with self._rows() as rows:
            if field.profile.kind == "number":
                return self._numbers(field, rows) or self._values(field, limit, rows)
            if field.profile.kind == "date":
                return self._dates(field, rows) or self._values(field, limit, rows)
            return self._values(field, limit, rows)

    @contextmanager
    def _rows(self) -> Iterator[str]:
        self._connection.register("wanted", {"id": self._ids})
        try:
            yield "contact SEMI JOIN wanted ON contact.n = wanted.id"
        finally:
            self._connection.unregister("wanted")

    def _one(self, statement: str) -> tuple[Any, ...]:
        # To its end: DuckDB lets go of `wanted` only when nothing more can come.
        row: tuple[Any, ...] = self._connection.execute(statement).fetchall()[0]
        return row

    def _values(self, field: Field, limit: int, rows: str) -> Values:
        # Each text is counted first, so that only distinct texts are folded.
        found = self._connection.execute(
            f"""
            WITH cell AS (SELECT {_values_of(field)} AS text FROM {rows}),
            text AS (SELECT text, count(*) AS rows FROM cell WHERE text <> '' GROUP BY text),
            value AS (
                SELECT arg_max(text, (rows, text)) AS text, sum(rows)::BIGINT AS rows
                FROM text GROUP BY {_same(field)}
            )
            SELECT text, rows, count(*) OVER () FROM value ORDER BY rows DESC, text LIMIT $1
            """,
            [limit],
        ).fetchall()
        filled, empty = self._filled(f"nullif({field.name}, '')", rows)
        distinct = found[0][2] if found else 0
        return Values(filled, empty, distinct, tuple(ValueCount(*row[:2]) for row in found))

    def _filled(self, cell: str, rows: str) -> tuple[int, int]:
        filled, total = self._one(f"SELECT count({cell}), count(*) FROM {rows}")
        return filled, total - filled

    def _numbers(self, field: Field, rows: str) -> Numbers | None:
        filled, total, low, middle, mean, high, whole = self._one(
            f"""
            SELECT count(v), count(*), min(v), median(v), avg(v), max(v), bool_and(v = trunc(v))
            FROM (SELECT {typed(field)} AS v FROM {rows})
            """
        )
        if not filled:
            return None
        width = _width(low, high, whole=whole)
        edges = _edges(low, high, width)
        counted = self._connection.execute(
            f"""
            SELECT least(greatest(floor((v - $1) / $2), 0), $3)::INTEGER AS place, count(*)
            FROM (SELECT {typed(field)} AS v FROM {rows}) WHERE v IS NOT NULL GROUP BY place
            """,
            [edges[0], width, len(edges) - 2],
        ).fetchall()
        by_place = dict(counted)
        bins = tuple(
            Bin(start, end, by_place.get(place, 0))
            for place, (start, end) in enumerate(pairwise(edges))
        )
        return Numbers(filled, total - filled, low, middle, mean, high, bins)

    def _dates(self, field: Field, rows: str) -> Dates | None:
        moments = f"(SELECT {typed(field)} AS v FROM {rows})"
        filled, total, first, last = self._one(
            f"SELECT count(v), count(*), epoch_us(min(v)), epoch_us(max(v)) FROM {moments}"
        )
        if not filled:
            return None
        unit, step = _unit((last - first) / 1_000_000)
        periods = self._connection.execute(
            f"""
            WITH counted AS (
                SELECT date_trunc('{unit}', v) AS start, count(*) AS rows
                FROM {moments} WHERE v IS NOT NULL GROUP BY start
            ),
            every AS (
                SELECT unnest(generate_series(min(start), max(start), INTERVAL '{step}')) AS start
                FROM counted
            )
            SELECT epoch_us(start), epoch_us(start + INTERVAL '{step}'), coalesce(rows, 0)
            FROM every LEFT JOIN counted USING (start) ORDER BY start
            """
        ).fetchall()
        bars = tuple(Period(_moment(start), _moment(end), rows) for start, end, rows in periods)
        return Dates(filled, total - filled, _moment(first), _moment(last), unit, bars)


def _values_of(field: Field) -> str:
    if field.path != SEGMENTS:
        return field.name
    return "unnest(json_extract_string(segment_list, '$[*].name'))"


def _same(field: Field) -> str:
    """Return what is equal for the texts that an IS condition does not tell apart."""
    if field.profile.kind == "boolean":
        return "TRY_CAST(text AS BOOLEAN)"
    return folded_text("text", field.profile.fold)


def _width(low: float, high: float, *, whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten, so that about `MAX_BINS` bins are enough."""
    least = (high - low) / MAX_BINS
    if whole or least == 0:
        least = max(least, 1.0)
    power = 10.0 ** math.floor(math.log10(least))
    return next((step * power for step in (1, 2, 5) if step * power >= least), 10 * power)


def _edges(low: float, high: float, width: float) -> list[float]:
    """Return the bounds of bins at multiples of the width, from the lowest to the highest."""
    first = math.floor(low / width)
    bins = max(math.ceil(high / width) - first, 1)
    return [(first + place) * width for place in range(bins + 1)]


def _unit(seconds: float) -> tuple[str, str]:
    fitting = ((unit, step) for unit, length, step in _UNITS if seconds / length <= 2 * MAX_BINS)
    return next(fitting, (_UNITS[-1][0], _UNITS[-1][2]))


def _moment(microseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:  # a zone, or the end of a period, leads beyond the years 1 to 9999
        return _LAST if microseconds > 0 else _FIRST
