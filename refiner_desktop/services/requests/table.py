"""The items of a list as a table: of an answer, of all pages, or of what a query found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.exchange import Body
from refiner_desktop.api.item_pieces import pieces_of
from refiner_desktop.services.rows.loaded_rows import LoadedRows
from refiner_desktop.services.threads import stoppable

if TYPE_CHECKING:
    from refiner_desktop.datasets.items import ItemSet
    from refiner_desktop.datasets.row_set import RowOrder

CHUNK_ITEMS = 1_000


class ItemsTable(LoadedRows):
    """The items of one body at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._set: ItemSet | None = None
        self._opening = asyncio.Lock()
        self._reading = asyncio.Lock()

    @property
    def count(self) -> int:
        """How many items there are."""
        return 0 if self._set is None else len(self._set)

    async def read(self, body: Body) -> None:
        """Have the items of a body in place of those before; cancelling leaves only some.

        They are what `items` holds, or a bare list; anything else is a single item. Raises
        `UnreadableAnswer` for what is no JSON, `DatasetError`.
        """
        items = await self._rows()
        async with self._reading:
            await stoppable(partial(_read, items, body))

    async def forget(self) -> None:
        """Have no items: the answer that they came from is no longer looked at."""
        if self._set is not None and len(self._set):
            async with self._reading:
                await asyncio.to_thread(self._set.clear)

    async def item(self, order: RowOrder, place: int) -> bytes:
        """Return the JSON of the item at a place of an order, as it came. Raises `RowGone`."""
        return await asyncio.to_thread((await self._rows()).item, order, place)

    def stop_counting(self) -> None:
        if self._set is not None:
            self._set.interrupt_counts()

    async def aclose(self) -> None:
        """Give the memory back, once nothing is read into it any more."""
        async with self._reading:
            items, self._set = self._set, None
            if items is not None:
                await asyncio.to_thread(items.close)

    async def _rows(self) -> ItemSet:
        async with self._opening:
            if self._set is None:
                self._set = await asyncio.to_thread(_open_set)
            return self._set


def _open_set() -> ItemSet:
    from refiner_desktop.datasets.items import ItemSet

    return ItemSet()


def _read(items: ItemSet, body: Body, should_stop: Callable[[], bool]) -> None:
    items.clear()
    try:
        for piece in pieces_of(body):
            for first in range(0, len(piece), CHUNK_ITEMS):
                if should_stop():
                    return  # nobody waits for the others
                items.append(piece[first : first + CHUNK_ITEMS])
    except UnreadableAnswer:
        items.clear()
        raise
