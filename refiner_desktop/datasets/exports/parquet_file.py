"""Rows written as Parquet, with typed columns.

The database that holds the rows can reach no file, and stays so. A second one, beside the file to
write and gone with the export, takes the rows chunk by chunk and may reach that one folder.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from refiner_desktop.datasets.exports.rows import CHUNK_ROWS, Rows
from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.search import typed
from refiner_desktop.datasets.sql_names import quoted

# What does not fit waits on disk, in the same folder; with less for each column, it is slow.
_MEMORY_MB, _COLUMN_MB = 400, 2
_LOOK_SECONDS = 0.1


def write_parquet(path: Path, rows: Rows) -> None:
    """Write the columns by their titles, numbered where one comes twice.

    They are VARCHAR, BOOLEAN, TIMESTAMPTZ, and for numbers BIGINT or DOUBLE, or VARCHAR where
    neither keeps every digit.
    """
    try:
        with _passing_database(path.parent, len(rows.columns)) as database:
            _fill(database, rows)
            with _stopped_with(rows, database):
                _copy(database, rows, path)
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as exc:  # a full disk has several, one of them for a commit
        raise OSError(str(exc)) from exc


def _fill(database: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    names = [field.name for field in _fields(rows)]
    database.execute(f"CREATE TABLE cell ({', '.join(f'{name} VARCHAR' for name in names)})")
    for batch in rows.texts(CHUNK_ROWS):
        cells = zip(names, zip(*batch, strict=True), strict=True)
        database.register("batch", {name: np.array(texts, dtype=object) for name, texts in cells})
        database.execute("INSERT INTO cell FROM batch")


def _copy(database: duckdb.DuckDBPyConnection, rows: Rows, path: Path) -> None:
    columns = (
        f"{_typed(database, field)} AS {quoted(title)}"
        for field, title in zip(_fields(rows), rows.unique_titles, strict=True)
    )
    target = str(path.resolve()).replace("'", "''")
    database.execute(
        f"COPY (SELECT {', '.join(columns)} FROM cell) TO '{target}' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


def _fields(rows: Rows) -> list[Field]:
    return [replace(field, name=f"c{place}") for place, field in enumerate(rows.fields)]


@contextmanager
def _stopped_with(rows: Rows, database: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt the one long statement of the block once the export is asked to stop."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_LOOK_SECONDS):
            if rows.should_stop():
                database.interrupt()

    watcher = threading.Thread(target=watch, name="export watch")
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


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


def _typed(database: duckdb.DuckDBPyConnection, field: Field) -> str:
    if field.profile.kind == "number":
        return f"TRY_CAST(nullif({field.name}, '') AS {_number_type(database, field.name)})"
    return typed(field)


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
