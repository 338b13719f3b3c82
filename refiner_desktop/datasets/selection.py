"""Rows that a person chose in an order, however long ago, all of them in one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.reading import Cells

Ids = NDArray[np.int32]


def current(connection: duckdb.DuckDBPyConnection, ids: Ids, uuid: str) -> Ids:
    """Return the ids by which the same contacts are here now, in their order.

    An id leads on to the newest version of its contact, in the load after its own too. The ids of
    those that are gone stay as they are. `uuid` is the name of the column that holds it.
    """
    with _wanted(connection, ids) as wanted:
        left = f"SELECT 1 FROM {wanted} ANTI JOIN contact ON n = id LIMIT 1"
        if not connection.execute(left).fetchall():
            return ids
        found: Ids = connection.execute(
            f"""
            SELECT coalesce(contact.n, id) AS n FROM {wanted}
            LEFT JOIN earlier ON earlier.n = id
            LEFT JOIN contact ON contact.{uuid} = earlier.uuid
            ORDER BY place
            """
        ).fetchnumpy()["n"]
    return found


def cells(connection: duckdb.DuckDBPyConnection, ids: Ids, fields: Sequence[Field]) -> list[Cells]:
    """Return the whole texts of the rows' fields, in the order of the ids."""
    names = ", ".join(field.name for field in fields)
    with _wanted(connection, ids) as wanted:
        statement = f"SELECT {names} FROM contact JOIN {wanted} ON n = id ORDER BY place"
        return connection.execute(statement).fetchall()


def segment_counts(connection: duckdb.DuckDBPyConnection, ids: Ids) -> dict[str, int]:
    """Return how many of the rows are in each segment, by its UUID, or else by its name."""
    with _wanted(connection, ids) as wanted:
        found = connection.execute(
            f"""
            WITH inside AS (
                SELECT n, unnest(json_extract(segment_list, '$[*]')) AS segment
                FROM contact SEMI JOIN {wanted} ON n = id
            )
            SELECT coalesce(nullif(segment ->> '$.uuid', ''), segment ->> '$.name', segment ->> '$')
                AS name, count(DISTINCT n)
            FROM inside GROUP BY name
            """
        )
        return {name: count for name, count in found.fetchall() if name}


@contextmanager
def _wanted(connection: duckdb.DuckDBPyConnection, ids: Ids) -> Iterator[str]:
    places = np.arange(len(ids), dtype=np.int32)
    connection.register("selected", {"id": ids, "place": places})
    try:
        yield "selected"
    finally:
        connection.unregister("selected")
