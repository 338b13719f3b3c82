"""The items of a list as a table: of an answer, of all pages, or of what a query found."""

from __future__ import annotations

import asyncio
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.api.exchange import Body
from refiner_desktop.api.pages import items_in
from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.conditions import Condition
from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.services.threads import stoppable

if TYPE_CHECKING:
    from refiner_desktop.datasets.exports.writing import Written
    from refiner_desktop.datasets.items import ItemSet
    from refiner_desktop.datasets.row_set import RowOrder
    from refiner_desktop.datasets.summaries import Summary, Values

CELL_CUT = 2_000
"""Longer texts are shortened in the table; `item` has them whole."""

CHUNK_ITEMS = 1_000


class ItemsTable:
    """Rows that lie in DuckDB, of one body. Everything runs in worker threads."""

    def __init__(self, items: ItemSet) -> None:
        self._items = items

    @classmethod
    async def of(cls, body: Body) -> ItemsTable:
        """Read the items of a body; cancelling leaves nothing behind.

        They are what `items` holds, or a bare list; anything else is a single item. Raises
        `UnreadableAnswer` for what is no JSON, `DatasetError`.
        """
        return cls(await stoppable(partial(_read, body)))

    @property
    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    async def columns(self) -> tuple[Column, ...]:
        """Return a column for every key of the items, in the order in which they came."""
        return await asyncio.to_thread(self._items.columns)

    async def order(
        self,
        words: str = "",
        sort: Sequence[SortKey] = (),
        columns: Sequence[Column] | None = None,
        *,
        conditions: Sequence[Condition] = (),
    ) -> RowOrder:
        """Return the rows to show; a search that still runs for older wishes is stopped.

        Words are looked for in the columns, without any in all. Raises `FilterInvalid`,
        `Interrupted`, `OutOfMemory`.
        """
        self._items.interrupt()
        query = partial(self._items.query, conditions=conditions)
        return await asyncio.to_thread(query, sort, words, columns)

    async def window(
        self, order: RowOrder, first: int, count: int, columns: Sequence[Column]
    ) -> list[tuple[str | None, ...]]:
        """Return the cells of some rows of an order."""
        window = partial(self._items.window, cut=CELL_CUT)
        return await asyncio.to_thread(window, order, first, count, columns)

    async def item(self, order: RowOrder, place: int) -> bytes:
        """Return the JSON of the item at a place of an order, as it came."""
        return await asyncio.to_thread(self._items.item, order, place)

    async def values(self, order: RowOrder, key: str, limit: int = 100) -> Values:
        """Return the most frequent values that a column has in an order's rows."""
        return await asyncio.to_thread(self._items.values, order, key, limit)

    async def summary(self, order: RowOrder, key: str) -> Summary:
        """Return the figures that suit a column's kind, from all rows of an order."""
        return await asyncio.to_thread(self._items.summary, order, key)

    async def export(
        self,
        order: RowOrder,
        file_format: Format,
        columns: Sequence[Column] | None,
        path: Path,
        on_progress: Callable[[int, int], None],
    ) -> Written:
        """Write the rows of an order, all columns without `columns`; cancelling leaves no file.

        Raises `OSError`, `TooManyRows`, `OutOfMemory`.
        """
        loop = asyncio.get_running_loop()

        def report(done: int, total: int) -> None:
            loop.call_soon_threadsafe(on_progress, done, total)

        return await stoppable(
            partial(self._items.export, order, file_format, columns, path, report)
        )

    async def aclose(self) -> None:
        """Give the memory back."""
        await asyncio.to_thread(self._items.close)


def _read(body: Body, should_stop: Callable[[], bool]) -> ItemSet:
    from refiner_desktop.datasets.items import ItemSet

    rows = items_in(bytes(body).removeprefix(BOM_UTF8))
    items = ItemSet()
    try:
        for first in range(0, len(rows), CHUNK_ITEMS):
            if should_stop():
                break
            items.append(rows[first : first + CHUNK_ITEMS])
    except BaseException:
        items.close()
        raise
    if should_stop():
        items.close()  # nobody waits for it
    return items
