"""Contacts: loaded page by page, then sorted, filtered and exported without the service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from refiner_desktop.api.models import Segment, Survey
from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.contact_view import ContactChoice
from refiner_desktop.services.threads import stoppable, whole

if TYPE_CHECKING:
    from refiner_desktop.datasets.contacts import ContactSet, RowOrder

T = TypeVar("T")

CELL_CUT = 2_000
"""Longer texts are shortened in the table; the detail pane shows them whole."""


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load has come: rows so far, rows wanted, and how many the service has."""

    rows: int = 0
    wanted: int = 0
    total: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Rows a second so far."""
        return self.rows / self.seconds if self.seconds else 0.0


class ContactsService:
    """The rows of one load, and the choices that a load can be narrowed by.

    Everything that reads or writes rows runs in worker threads; the import of DuckDB too.
    """

    def __init__(self, connection: ConnectionService) -> None:
        self._connection = connection
        self._set: ContactSet | None = None
        self._opening = asyncio.Lock()
        self._writing = asyncio.Lock()

    async def load(
        self, choice: ContactChoice, on_progress: Callable[[LoadProgress], None]
    ) -> None:
        """Replace the rows by what the service has; those that came stay when it fails midway.

        The old rows leave when the first page is there. `on_progress` is called after every page.
        Raises `NotConnected`, `ApiError`, `NotAPage`.
        """
        client = self._connection.client
        rows = await self._rows()
        started = time.perf_counter()
        loaded = None
        async with aclosing(client.contact_pages(choice.query(), limit=choice.limit)) as pages:
            async for page in pages:
                if loaded is None:
                    await self._write(rows.clear)
                room = None if choice.limit is None else choice.limit - (loaded or 0)
                taken = await self._write(partial(rows.append, page.body, room))
                loaded = (loaded or 0) + taken
                total = page.pagination.items_count
                wanted = min(total, choice.limit or total)
                on_progress(LoadProgress(loaded, wanted, total, time.perf_counter() - started))

    async def prepare(self) -> None:
        """Import and open DuckDB now, so that the first load need not wait for it."""
        await self._rows()

    async def clear(self) -> None:
        """Forget all rows: they belong to an environment that was left."""
        if self._set is not None:
            await self._write(self._set.clear)

    async def surveys(self) -> list[Survey]:
        """Return the surveys to choose from."""
        return [survey async for survey in self._connection.client.every_survey()]

    async def segments(self) -> list[Segment]:
        """Return the segments to choose from."""
        return [segment async for segment in self._connection.client.every_segment()]

    async def columns(self) -> tuple[Column, ...]:
        """Return the columns that were found so far."""
        return await asyncio.to_thread((await self._rows()).columns)

    async def order(
        self, sort: Sequence[SortKey], filter_text: str, columns: Sequence[Column]
    ) -> RowOrder:
        """Return the rows to show; a search that still runs for older wishes is stopped."""
        rows = await self._rows()
        rows.interrupt()
        return await asyncio.to_thread(rows.query, sort, filter_text, columns)

    async def window(
        self, order: RowOrder, first: int, count: int, columns: Sequence[Column]
    ) -> list[tuple[str | None, ...]]:
        """Return the cells of some rows of an order."""
        rows = await self._rows()
        return await asyncio.to_thread(rows.window, order, first, count, columns, cut=CELL_CUT)

    async def contact(self, order: RowOrder, place: int) -> dict[str, Any]:
        """Return everything about the contact at a place of an order. Raises `RowGone`."""
        rows = await self._rows()
        return await asyncio.to_thread(rows.row, int(order.ids[place]))

    async def export(
        self,
        order: RowOrder,
        columns: Sequence[Column],
        path: Path,
        on_progress: Callable[[int, int], None],
    ) -> None:
        """Write the rows as CSV; cancelling leaves no file. Raises `OSError`."""
        rows = await self._rows()
        loop = asyncio.get_running_loop()

        def report(done: int, total: int) -> None:
            loop.call_soon_threadsafe(on_progress, done, total)

        await stoppable(partial(rows.export_csv, order, columns, path, report))

    async def aclose(self) -> None:
        """Give the memory back."""
        rows, self._set = self._set, None
        if rows is not None:
            await asyncio.to_thread(rows.close)

    async def _write(self, work: Callable[[], T]) -> T:
        """Change the rows, one change at a time; a cancelled one must not come in late."""
        async with self._writing:
            return await whole(asyncio.to_thread(work))

    async def _rows(self) -> ContactSet:
        async with self._opening:
            if self._set is None:
                self._set = await asyncio.to_thread(_open_set)
            return self._set


def _open_set() -> ContactSet:
    from refiner_desktop.datasets.contacts import ContactSet

    return ContactSet()
