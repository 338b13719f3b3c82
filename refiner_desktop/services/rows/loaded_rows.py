"""Rows that are here: read, sorted, filtered, counted and written without the network."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.datasets.cell_format import INTERNATIONAL
from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.datasets.sql_names import SqlName
from refiner_desktop.datasets.summaries import Summary, Values
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.services.threads import on_this_loop, stoppable

if TYPE_CHECKING:
    from refiner_desktop.datasets.exports.writing import Written
    from refiner_desktop.datasets.row_set import RowOrder, RowSet

CELL_CUT = 2_000
"""Longer texts are shortened in the table; whoever looks at one row has them whole."""


class LoadedRows(ABC):
    """What a table of rows asks for, whatever they are rows of.

    Everything runs in worker threads; the import of DuckDB too.
    """

    def __init__(self) -> None:
        self.cell_format = INTERNATIONAL
        """How the table writes cells, which is how words are looked for."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows are loaded."""

    async def columns(self) -> tuple[Column, ...]:
        """Return the columns that were found so far."""
        return await asyncio.to_thread((await self._rows()).columns)

    async def sql_names(self) -> tuple[SqlName, ...]:
        """Return what the columns are called in the expert filter."""
        return await asyncio.to_thread((await self._rows()).sql_names)

    async def check_expert(self, text: str) -> FilterInvalid | None:
        """Return what is wrong with an expert filter, or None; no row is looked at."""
        return await asyncio.to_thread((await self._rows()).check_expert, text)

    async def order(
        self,
        row_filter: RowFilter,
        sort: Sequence[SortKey],
        columns: Sequence[Column] | None = None,
    ) -> RowOrder:
        """Return the rows to show; a search that still runs for an older filter is stopped.

        Words are looked for in the columns, without any in all. Raises `FilterInvalid`,
        `Interrupted`, `OutOfMemory`.
        """
        rows = await self._rows()
        rows.interrupt()
        query = partial(
            rows.query,
            conditions=row_filter.conditions,
            expert=row_filter.expert,
            cell_format=self.cell_format,
        )
        return await asyncio.to_thread(query, sort, row_filter.words, columns)

    async def window(
        self, order: RowOrder, first: int, count: int, columns: Sequence[Column]
    ) -> list[tuple[str | None, ...]]:
        """Return the cells of some rows of an order."""
        rows = await self._rows()
        return await asyncio.to_thread(rows.window, order, first, count, columns, cut=CELL_CUT)

    async def texts(
        self, order: RowOrder, first: int, count: int, columns: Sequence[Column]
    ) -> list[tuple[str | None, ...]]:
        """Return the cells as `window` does, but whole."""
        return await asyncio.to_thread((await self._rows()).window, order, first, count, columns)

    async def presence(self, order: RowOrder) -> dict[str, int]:
        """Return how many rows of an order have each column, by the column's key."""
        return await asyncio.to_thread((await self._rows()).presence, order)

    async def values(self, order: RowOrder, key: str, limit: int = 100) -> Values:
        """Return the most frequent values that a column has in an order's rows."""
        return await asyncio.to_thread((await self._rows()).values, order, key, limit)

    async def summary(self, order: RowOrder, key: str) -> Summary:
        """Return the figures that suit a column's kind, from all rows of an order."""
        return await asyncio.to_thread((await self._rows()).summary, order, key)

    @abstractmethod
    def stop_counting(self) -> None:
        """Make a running `presence`, `values` or `summary` raise `Interrupted`."""

    async def export(
        self,
        order: RowOrder,
        file_format: Format,
        columns: Sequence[Column] | None,
        path: Path,
        on_progress: Callable[[int, int], None],
        *,
        separator: str = ",",
    ) -> Written:
        """Write the rows of an order, all columns without `columns`; cancelling leaves no file.

        `separator` stands between the columns of CSV for Excel, which takes the one of a person's
        locale. Raises `OSError`, `TooManyRows`, `OutOfMemory`, and `RowGone` when none is left.
        """
        rows, report = await self._rows(), on_this_loop(on_progress)
        return await stoppable(
            partial(rows.export, order, file_format, columns, path, report, separator=separator)
        )

    @abstractmethod
    async def _rows(self) -> RowSet:
        """Return the rows, opened if need be."""
