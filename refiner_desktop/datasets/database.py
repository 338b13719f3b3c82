"""An in-memory DuckDB that can reach neither files nor the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from refiner_desktop.datasets.errors import DatasetError, Interrupted, OutOfMemory


def open_database(*, errors_as_json: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a connection whose settings nobody can change any more, not even by SQL.

    With `errors_as_json`, this one connection says where in a statement a mistake is.
    """
    database = duckdb.connect(
        ":memory:",
        config={
            "threads": str(os.cpu_count() or 2),
            "memory_limit": "60%",
            "temp_directory": "",  # people's data never spills onto a disk
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",  # SQL cannot name our Python variables
        },
    )
    database.execute("SET GLOBAL TimeZone = 'UTC'")  # a time without a zone is UTC
    database.execute(f"SET errors_as_json = {errors_as_json}")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, or undo everything when the block raises."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def our_errors() -> Iterator[None]:
    """Raise DuckDB's errors as ours."""
    try:
        yield
    except duckdb.InterruptException as exc:
        raise Interrupted("stopped") from exc
    except duckdb.OutOfMemoryException as exc:
        raise OutOfMemory("the rows need more memory than there is") from exc
    except duckdb.Error as exc:
        raise DatasetError(str(exc)) from exc
