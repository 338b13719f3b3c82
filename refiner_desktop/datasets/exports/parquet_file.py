"""Rows written as Parquet, with typed columns.

The database that holds the rows can reach no file, and stays so. A second one, beside the file to
write and gone with the export, takes the rows chunk by chunk and may reach that one folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.exports.rows import CHUNK_ROWS, Rows
from refiner_desktop.datasets.sql_names import quoted
from refiner_desktop.datasets.values import UNIX_TIME

# What does not fit waits on disk, in the same folder; with less for each column, it is slow.
_MEMORY_MB, _COLUMN_MB = 400, 2


def write_parquet(path: Path, rows: Rows) -> None:
    """Write the columns by their titles, numbered where one comes twice.

    They are VARCHAR, BOOLEAN, TIMESTAMPTZ, and for numbers BIGINT or DOUBLE, or VARCHAR where
    neither keeps every digit.
    """
    try:
        with _passing_database(path.parent, len(rows.columns)) as database:
            _fill(database, rows)
            _copy(database, rows, path)
    except duckdb.IOException as exc:
        raise OSError(str(exc)) from exc


def _fill(database: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    names = [f"c{place}" for place in range(len(rows.columns))]
    database.execute(f"CREATE TABLE cell ({', '.join(f'{name} VARCHAR' for name in names)})")
    for batch in rows.texts(CHUNK_ROWS):
        cells = zip(names, zip(*batch, strict=True), strict=True)
        database.register("batch", {name: np.array(texts, dtype=object) for name, texts in cells})
        database.execute("INSERT INTO cell FROM batch")


def _copy(database: duckdb.DuckDBPyConnection, rows: Rows, path: Path) -> None:
    typed = (
        f"{_typed(database, f'c{place}', column)} AS {quoted(title)}"
        for place, (column, title) in enumerate(zip(rows.columns, rows.unique_titles, strict=True))
    )
    target = str(path.resolve()).replace("'", "''")
    database.execute(
        f"COPY (SELECT {', '.join(typed)} FROM cell) TO '{target}' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


@contextmanager
def _passing_database(folder: Path, columns: int) -> Iterator[duckdb.DuckDBPyConnection]:
    allowed = str(folder.resolve())
    config: dict[str, Any] = {
        "temp_directory": allowed,
        "memory_limit": f"{max(_MEMORY_MB, columns * _COLUMN_MB)}MB",
    }
    with duckdb.connect(folder / "rows.duckdb", config=config) as database:
        database.execute("SET GLOBAL TimeZone = 'UTC'")
        database.execute("SET allowed_directories = $1", [[allowed]])
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        yield database


def _typed(database: duckdb.DuckDBPyConnection, name: str, column: Column) -> str:
    match column.kind:
        case "boolean":
            return f"TRY_CAST({name} AS BOOLEAN)"
        case "date":
            seconds = f"CASE WHEN regexp_full_match({name}, '{UNIX_TIME}') THEN {name} END"
            moment = f"to_timestamp(TRY_CAST({seconds} AS DOUBLE))"
            return f"coalesce(TRY_CAST({name} AS TIMESTAMPTZ), {moment})"
        case "number":
            return f"TRY_CAST(nullif({name}, '') AS {_number_type(database, name)})"
        case "text":
            return name


def _number_type(database: duckdb.DuckDBPyConnection, name: str) -> str:
    whole, short = database.execute(
        f"""
        SELECT bool_and(regexp_full_match({name}, '-?[0-9]{{1,18}}')),
               bool_and(length(regexp_replace({name}, '[^0-9]', '', 'g')) <= 15)
        FROM cell WHERE {name} <> ''
        """
    ).fetchone() or (None, None)
    if whole:
        return "BIGINT"
    return "DOUBLE" if short else "VARCHAR"
