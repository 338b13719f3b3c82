"""Counts and summaries over some rows of the table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets.fields import SEGMENTS, Field
from refiner_desktop.datasets.moments import Moments, iso_day
from refiner_desktop.datasets.periods import bounds, unit_for
from refiner_desktop.datasets.search import SEGMENT_NAMES, exact, folded_text, is_plain_day, typed
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
        """Return the most frequent values of a field, ties by their text; of dates, the days."""
        with self._rows() as rows:
            if field.profile.kind == "date":
                return self._days(field, limit, rows)
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
        moments, empty = self._moments(field, rows)
        if not len(moments):
            return None
        unit = unit_for((moments.last - moments.first).total_seconds(), 2 * MAX_BINS)
        edges = bounds(moments.first, moments.last, unit)
        bars = tuple(
            Period(start, end, int(count))
            for (start, end), count in zip(pairwise(edges), moments.counts(edges), strict=True)
        )
        return Dates(len(moments), empty, moments.first, moments.last, unit.name, bars)

    def _days(self, field: Field, limit: int, rows: str) -> Values:
        moments, empty = self._moments(field, rows)
        if not len(moments):
            return Values(0, empty, 0, ())
        days, counts = np.unique(moments.days(), return_counts=True)
        most = np.argsort(-counts, kind="stable")[:limit]
        frequent = (ValueCount(iso_day(int(days[place])), int(counts[place])) for place in most)
        return Values(len(moments), empty, len(days), tuple(frequent))

    def _moments(self, field: Field, rows: str) -> tuple[Moments, int]:
        """Return the moments of a field, and how many rows have none."""
        found = self._connection.execute(
            f"SELECT epoch_us({typed(field)}) AS at, {is_plain_day(field)} AS plain FROM {rows}"
        ).fetchnumpy()
        at, plain = found["at"], np.ma.getdata(found["plain"])
        filled = ~np.ma.getmaskarray(at)
        return Moments(np.ma.getdata(at)[filled], plain[filled]), int((~filled).sum())


def _values_of(field: Field) -> str:
    if field.path != SEGMENTS:
        return field.name
    return f"unnest({SEGMENT_NAMES})"


def _same(field: Field) -> str:
    """Return what is equal for the texts that an IS condition does not tell apart."""
    if field.profile.kind == "boolean":
        return "TRY_CAST(text AS BOOLEAN)"
    if field.profile.kind == "number":
        same = "TRY_CAST(text AS DOUBLE)"
        return f"{same}, {exact('text')}" if field.profile.long_digits else same
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
