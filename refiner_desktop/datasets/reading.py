"""Cells of a few rows, by the rows' ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from refiner_desktop.datasets.fields import Field

Cells = tuple[str | None, ...]


def select(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], ids: Sequence[int]
) -> list[Any]:
    """Return these columns of the rows that are here, in no order."""
    return connection.execute(
        f"SELECT {', '.join(names)} FROM contact WHERE n IN (SELECT unnest($1::INTEGER[]))", [ids]
    ).fetchall()


def window(
    connection: duckdb.DuckDBPyConnection,
    ids: Sequence[int],
    fields: Sequence[Field | None],
    cut: int | None,
) -> list[Cells]:
    """Return the cells of the rows in the order of their ids; what is not here reads as None."""
    names = ["n", *(_cell(field, cut) for field in fields)]
    by_id: dict[int, Cells] = {row[0]: row[1:] for row in select(connection, names, ids)}
    gone = (None,) * len(fields)
    return [by_id.get(row_id, gone) for row_id in ids]


def _cell(field: Field | None, cut: int | None) -> str:
    if field is None:
        return "NULL"
    return field.name if cut is None else f"left({field.name}, {cut:d})"
