"""The SQL of sorting and of the quick filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.profile import Fold


def order_by(keys: Iterable[tuple[Field, bool]]) -> str:
    """Return an ORDER BY clause for fields and whether each descends; ties stay as they came."""
    terms = [f"{sortable(field)} {'DESC' if down else 'ASC'} NULLS LAST" for field, down in keys]
    return "ORDER BY " + ", ".join([*terms, "n"])


def where(fields: Sequence[Field], words: Sequence[str]) -> str:
    """Return a WHERE clause: each folded word, bound as $1, $2…, occurs in one of the fields."""
    texts = [folded(field) for field in fields] or ["''"]
    terms = (
        " OR ".join(f"contains({text}, ${number})" for text in texts)
        for number, _ in enumerate(words, start=1)
    )
    return "WHERE " + " AND ".join(f"({term})" for term in terms) if words else ""


def sortable(field: Field) -> str:
    """Return the expression that sorts a field as people expect; empty texts become NULL."""
    match field.profile.kind:
        case "number":
            return f"TRY_CAST({field.name} AS DOUBLE)"
        case "boolean":
            return f"TRY_CAST({field.name} AS BOOLEAN)"
        case "date":
            return _moment(field)
        case "text":
            return f"nullif({folded(field)}, '')"


def folded(field: Field) -> str:
    """Return the text without case and accents, by the cheapest way that its values allow."""
    if field.twin:
        return field.twin
    match field.profile.fold:
        case Fold.NOTHING:
            return field.name
        case Fold.CASE:
            return f"lower({field.name})"
        case Fold.ACCENTS:
            return without_accents(field.name)


def without_accents(text: str) -> str:
    """Return the expression for a text without case and accents."""
    # strip_accents ends at a NUL character.
    return f"strip_accents(lower(replace({text}, chr(0), chr(1))))"


def _moment(field: Field) -> str:
    moment = f"TRY_CAST({field.name} AS TIMESTAMPTZ)"
    if not field.profile.date_like:
        return moment
    return f"coalesce({moment}, to_timestamp(TRY_CAST({field.name} AS DOUBLE)))"


def fold(connection: duckdb.DuckDBPyConnection, words: Sequence[str]) -> list[str]:
    """Return the words without case and accents, by the same functions as the texts."""
    rows = connection.execute(
        f"SELECT {without_accents('word')} FROM (SELECT unnest(?::VARCHAR[]) AS word)", [words]
    )
    return [word for (word,) in rows.fetchall()]
