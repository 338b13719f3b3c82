"""The SQL of sorting, of the quick filter and of what a cell reads as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.profile import Fold
from refiner_desktop.datasets.values import ISO_DATE, NUMBER, UNIX_TIME

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
    terms = [f"{sortable(field)} {'DESC' if down else 'ASC'} NULLS LAST" for field, down in keys]
    return "ORDER BY " + ", ".join([*terms, "n"])


def has_word(fields: Sequence[Field], word: str) -> str:
    """Return the condition that a folded word, a parameter, occurs in one of the fields."""
    texts = [folded(field) for field in fields] or ["''"]
    return " OR ".join(f"contains({text}, {word})" for text in texts)


def where(terms: Sequence[str]) -> str:
    """Return a WHERE clause in which all terms must hold."""
    return "WHERE " + " AND ".join(f"({term})" for term in terms) if terms else ""


def sortable(field: Field) -> str:
    """Return the expression that sorts a field as people expect; empty texts become NULL."""
    return f"nullif({folded(field)}, '')" if field.profile.kind == "text" else typed(field)


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


def moment(field: Field) -> str:
    """Return the cell as TIMESTAMPTZ, NULL where it is no date."""
    found = f"TRY_CAST({_only(field, 'date', ISO_DATE)} AS TIMESTAMPTZ)"
    if not field.profile.date_like:
        return found
    seconds = _only(field, "date", UNIX_TIME)
    return f"coalesce({found}, to_timestamp(TRY_CAST({seconds} AS DOUBLE)))"


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
    # strip_accents ends at a NUL character.
    return f"strip_accents(lower(replace({text}, chr(0), chr(1))))"


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
