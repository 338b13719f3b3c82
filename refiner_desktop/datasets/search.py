"""The SQL of sorting and of what a cell reads as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.profile import Fold
from refiner_desktop.datasets.values import ISO_DATE, NUMBER, UNIX_TIME

SEGMENT_NAMES = (
    "list_transform(json_extract(segment_list, '$[*]'), lambda segment: coalesce("
    "nullif(segment ->> '$.name', ''), nullif(segment ->> '$.uuid', ''), segment ->> '$'))"
)
"""What a row's segments are called, as a list."""

_WITH_STROKE, _WITHOUT_STROKE = "øđłıðħŧ", "odlidht"
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}

Bind = Callable[[object], str]
"""Takes a value into a statement's parameters and returns the parameter's name."""


class Parameters(list[Any]):
    """The values of one statement, whose text names them and never holds them."""

    def bind(self, value: object) -> str:
        """Add a value and return the parameter's name."""
        self.append(value)
        return f"${len(self)}"


def order_by(keys: Iterable[tuple[Field, bool]]) -> str:
    """Return an ORDER BY clause for fields and whether each descends; ties stay as they came."""
    terms = [
        f"{term} {'DESC' if down else 'ASC'} NULLS LAST"
        for field, down in keys
        for term in sortable(field)
    ]
    return "ORDER BY " + ", ".join([*terms, "n"])


def where(terms: Sequence[str]) -> str:
    """Return a WHERE clause in which all terms must hold."""
    return "WHERE " + " AND ".join(f"({term})" for term in terms) if terms else ""


def sortable(field: Field) -> list[str]:
    """Return the expressions that sort a field as people expect; empty texts become NULL."""
    if field.profile.kind == "text":
        return [f"nullif({folded(field)}, '')"]
    if field.profile.kind == "number" and field.profile.long_digits:
        return [typed(field), exact(field.name)]
    return [typed(field)]


def typed(field: Field) -> str:
    """Return the value in the type of its kind: VARCHAR, DOUBLE, BOOLEAN or TIMESTAMPTZ."""
    match field.profile.kind:
        case "number":
            return number(field)
        case "boolean":
            return f"TRY_CAST({field.name} AS BOOLEAN)"
        case "date":
            return moment(field)
        case "text":
            return field.name


def number(field: Field) -> str:
    """Return the cell as DOUBLE, NULL where it is no number."""
    return f"TRY_CAST({_only(field, 'number', NUMBER)} AS DOUBLE)"


def exact(text: str) -> str:
    """Return a number with digits that a DOUBLE would lose; NULL where there are still more."""
    return f"TRY_CAST({text} AS DECIMAL(38, 8))"


def moment(field: Field) -> str:
    """Return the cell as TIMESTAMPTZ, NULL where it is no date."""
    found = f"TRY_CAST({_only(field, 'date', ISO_DATE)} AS TIMESTAMPTZ)"
    if not field.profile.date_like:
        return found
    seconds = _only(field, "date", UNIX_TIME)
    return f"coalesce({found}, to_timestamp(TRY_CAST({seconds} AS DOUBLE)))"


def is_plain_day(field: Field) -> str:
    """Return the condition that a cell, if it is a date, is a day without a time."""
    return f"(length({field.name}) = 10 AND contains({field.name}, '-'))"


def folded(field: Field) -> str:
    """Return the text without case and accents, by the cheapest way that its values allow."""
    return field.twin or folded_text(field.name, field.profile.fold)


def folded_text(text: str, needed: Fold) -> str:
    """Return the expression for a text without case and accents, where so much is needed."""
    match needed:
        case Fold.NOTHING:
            return text
        case Fold.CASE:
            return f"lower({text})"
        case Fold.ACCENTS:
            return without_accents(text)


def without_accents(text: str) -> str:
    """Return the expression for a text without case and accents."""
    # strip_accents ends at a NUL character, and takes a stroke for no accent.
    plain = f"strip_accents(lower(replace({text}, chr(0), chr(1))))"
    for letter, letters in _LETTERS.items():
        plain = f"replace({plain}, '{letter}', '{letters}')"
    return f"translate({plain}, '{_WITH_STROKE}', '{_WITHOUT_STROKE}')"


def fold(connection: duckdb.DuckDBPyConnection, words: Sequence[str]) -> list[str]:
    """Return the words without case and accents, by the same functions as the texts."""
    rows = connection.execute(
        f"SELECT {without_accents('word')} FROM (SELECT unnest(?::VARCHAR[]) AS word)", [words]
    )
    return [word for (word,) in rows.fetchall()]


def _only(field: Field, kind: Kind, pattern: str) -> str:
    # DuckDB reads more as a number or a date than we do ("inf", "1_000"); what a column of that
    # kind holds was looked at while it came.
    if field.profile.kind == kind:
        return field.name
    return f"CASE WHEN regexp_full_match({field.name}, '{pattern}') THEN {field.name} END"
