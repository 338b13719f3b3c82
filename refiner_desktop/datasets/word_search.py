"""The SQL of the quick filter, which looks at cells as the table writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import duckdb

from refiner_desktop.datasets.cell_format import CellFormat
from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.local_time import offsets
from refiner_desktop.datasets.moments import moment_at
from refiner_desktop.datasets.search import Bind, folded, is_plain_day, typed, without_accents
from refiner_desktop.datasets.values import parse_date

_SECOND = timedelta(seconds=1)
_MINUTE, _DAY = 60, 86_400
_FAR = 50_000  # days from 1970: nobody looks for a day in a year that is further away


class WordSearch:
    """Makes the conditions of one statement: that a word is in one of its fields."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, cell_format: CellFormat, bind: Bind
    ) -> None:
        self._connection = connection
        self._cell_format = cell_format
        self._bind = bind
        self._spans: dict[Field, tuple[int, int, str] | None] = {}

    def has_word(self, fields: Sequence[Field], word: str) -> str:
        """Return the condition for a folded word; NULL and false mean that it is nowhere."""
        texts = [text for field in fields for text in self._texts(field, word)]
        terms = [term for field in fields for term in self._in_date(field, word)]
        if texts:
            name = self._bind(word)
            terms = [*(f"contains({text}, {name})" for text in texts), *terms]
        return " OR ".join(terms) or "false"

    def _texts(self, field: Field, word: str) -> Iterator[str]:
        match field.profile.kind:
            case "boolean":
                yield self._answer(field)
            case "date":
                # A whole moment, as the service writes it.
                if isinstance(parse_date(word.upper()), datetime):
                    yield folded(field)
            case _:
                yield folded(field)

    def _answer(self, field: Field) -> str:
        words = self._cell_format.yes, self._cell_format.no
        yes, no = (without_accents(f"{self._bind(word)}::VARCHAR") for word in words)
        return f"CASE {typed(field)} WHEN true THEN {yes} WHEN false THEN {no} END"

    def _in_date(self, field: Field, word: str) -> Iterator[str]:
        """Yield conditions on numbers: to write every cell would take ten times as long."""
        if field.profile.kind != "date" or not any(map(str.isdigit, word)):
            return
        if field not in self._spans:
            self._spans[field] = self._span(field)
        span = self._spans[field]
        if span is None:
            return
        first, last, ahead = span
        there = f"(epoch_ms({typed(field)}) // 1000)"
        here = f"({there} + CASE WHEN {is_plain_day(field)} THEN 0 ELSE {ahead} END)"
        if days := self._matching(self._cell_format.day, _DAY, range(first, last + 1), word):
            yield f"{here} // {_DAY} IN (SELECT unnest({self._bind(days)}::BIGINT[]))"
        if minutes := self._matching(self._cell_format.time, _MINUTE, range(_DAY // _MINUTE), word):
            listed = f"(SELECT unnest({self._bind(minutes)}::BIGINT[]))"
            yield f"NOT {is_plain_day(field)} AND {here} % {_DAY} // {_MINUTE} IN {listed}"

    def _matching(self, form: str, seconds: int, places: range, word: str) -> list[int]:
        """Return which days since 1970, or minutes of a day, are written with the word in them."""
        written = without_accents("strftime(to_timestamp(place * $1), $2)")
        found = self._connection.execute(
            f"SELECT place FROM range($3, $4) AS r(place) WHERE contains({written}, $5)",
            [seconds, form, places.start, places.stop, word],
        )
        return [place for (place,) in found.fetchall()]

    def _span(self, field: Field) -> tuple[int, int, str] | None:
        """Return the first and last day of a field, and by how many seconds clocks are ahead."""
        at = typed(field)
        first, last = self._connection.execute(
            f"SELECT epoch_us(min(v)), epoch_us(max(v)) FROM (SELECT {at} AS v FROM contact)"
        ).fetchall()[0]
        if first is None:
            return None
        *changes, (_end, offset) = offsets(moment_at(first), moment_at(last))
        cases = " ".join(
            f"WHEN {at} < '{change.isoformat()}'::TIMESTAMPTZ THEN {before // _SECOND}"
            for change, before in changes
        )
        ahead = f"CASE {cases} ELSE {offset // _SECOND} END" if cases else f"{offset // _SECOND}"
        a_day = 1_000_000 * _DAY
        return max(first // a_day - 1, -_FAR), min(last // a_day + 1, _FAR), ahead
