"""Contacts: loaded page by page, then sorted, filtered and counted without the service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from refiner_desktop.api.models import Segment, Survey
from refiner_desktop.api.pages import ContactPage
from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.rows.loaded_rows import LoadedRows
from refiner_desktop.services.threads import whole

if TYPE_CHECKING:
    from refiner_desktop.datasets.contacts import ContactSet
    from refiner_desktop.datasets.row_set import RowOrder

T = TypeVar("T")

HEAD_START_SECONDS = 0.002
"""So long the request for the next page has Python's lock for itself, before storing wants it."""

CHUNK_ROWS = 1_000
"""So many contacts are read at once; between two chunks others may read, and a person cancel."""


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load has come: rows so far, rows wanted, and how many the service has.

    `unreadable` contacts were passed over: what came for them is no contact.
    """

    rows: int = 0
    wanted: int = 0
    total: int = 0
    seconds: float = 0.0
    unreadable: int = 0

    @property
    def rate(self) -> float:
        """Rows a second so far."""
        return self.rows / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at this rate; None while nobody can know."""
        return max(self.wanted - self.rows, 0) / self.rate if self.rate else None


@dataclass(slots=True)
class _Walk:
    """A way through the pages of a choice, and how far it was gone: `came` counts repeats too."""

    choice: ContactChoice
    project: str
    cursor: str | None = None
    came: int = 0
    total: int = 0
    seconds: float = 0.0

    @property
    def room(self) -> int | None:
        """How many contacts are still wanted, None for all."""
        return None if self.choice.limit is None else max(self.choice.limit - self.came, 0)

    @property
    def open(self) -> bool:
        """Whether more pages follow."""
        return bool(self.cursor) and self.room != 0

    def step(self, page: ContactPage) -> None:
        """Note that a page was stored."""
        self.came += len(page)
        self.total = page.pagination.items_count
        self.cursor = page.pagination.next_page_cursor if len(page) else None


class ContactsService(LoadedRows):
    """The rows of one load, and the choices that a load can be narrowed by."""

    def __init__(self, connection: ConnectionService) -> None:
        super().__init__()
        self._connection = connection
        self._set: ContactSet | None = None
        self._walk: _Walk | None = None
        self._project: str | None = None
        self._opening = asyncio.Lock()
        self._writing = asyncio.Lock()

    @property
    def count(self) -> int:
        """How many contacts are loaded."""
        return 0 if self._set is None else len(self._set)

    @property
    def project(self) -> str | None:
        """The UUID of the project that was loaded from last, None before the first load."""
        return self._project

    @property
    def choice(self) -> ContactChoice | None:
        """What was asked for when the rows that are here came, None without any load."""
        return self._walk.choice if self._walk else None

    @property
    def total(self) -> int:
        """How many contacts the service has of this choice, without those that left since."""
        return self._walk.total if self._walk else 0

    @property
    def resumable(self) -> bool:
        """Whether a load failed or was stopped, and can go on with the environment in use."""
        return self._walk is not None and self._walk.open and self._walk.project == self._here

    async def load(
        self, choice: ContactChoice, on_progress: Callable[[LoadProgress], None]
    ) -> None:
        """Replace the rows by what the service has; those that came stay when it fails midway.

        The old rows leave when the first page is there. `on_progress` is called after every page.
        Raises `NotConnected`, `ApiError`, `DatasetError`.
        """
        await self._go(_Walk(choice, self._here), on_progress)

    async def resume(self, on_progress: Callable[[LoadProgress], None]) -> None:
        """Go on where a load failed or was stopped; do nothing unless `resumable`.

        Raises what `load` does.
        """
        if self._walk is not None and self.resumable:
            await self._go(self._walk, on_progress)

    async def prepare(self) -> None:
        """Import and open DuckDB now, so that the first load need not wait for it."""
        await self._rows()

    async def clear(self) -> None:
        """Forget all rows: they belong to an environment that was left."""
        if self._set is not None:
            await self._write(partial(self._forget, self._set))

    async def surveys(self) -> list[Survey]:
        """Return the surveys to choose from."""
        return [survey async for survey in self._connection.client.every_survey()]

    async def segments(self) -> list[Segment]:
        """Return the segments to choose from."""
        return [segment async for segment in self._connection.client.every_segment()]

    def stop_counting(self) -> None:
        if self._set is not None:
            self._set.interrupt_counts()

    async def find(
        self, words: str, keys: Sequence[str], limit: int
    ) -> list[tuple[str | None, ...]]:
        """Return what the first loaded contacts with these words in some columns have there.

        Those without a value in the first column are left out. A search of the table goes first:
        this one ends as `Interrupted` for it.
        """
        if self._set is None:
            return []
        columns = [Column(key, key) for key in keys]
        filled = Condition(keys[0], Operator.NOT_EMPTY)
        query = partial(self._set.query, (), words, columns, conditions=(filled,))
        order = await asyncio.to_thread(query)
        return await self.window(order, 0, limit, columns)

    async def contact(self, order: RowOrder, place: int) -> dict[str, Any]:
        """Return everything about the contact at a place of an order. Raises `RowGone`."""
        rows = await self._rows()
        return await asyncio.to_thread(rows.row, int(order.ids[place]))

    async def contacts_at(self, order: RowOrder, places: Sequence[int]) -> list[dict[str, Any]]:
        """Return everything about the contacts at some places of an order, in their order.

        Those that are gone are left out.
        """
        rows = await self._rows()
        found: list[dict[str, Any]] = []
        for first in range(0, len(places), CHUNK_ROWS):
            chunk = order.at(places[first : first + CHUNK_ROWS])
            found += await asyncio.to_thread(rows.rows, chunk)
        return found

    async def cells(self, order: RowOrder, keys: Sequence[str]) -> list[tuple[str | None, ...]]:
        """Return the texts that all rows of an order have in some columns, whole.

        Those that are gone are left out.
        """
        return await asyncio.to_thread((await self._rows()).cells, order, keys)

    async def segment_counts(self, order: RowOrder) -> dict[str, int]:
        """Return how many rows of an order are in each segment, by its UUID, else its name."""
        return await asyncio.to_thread((await self._rows()).segment_counts, order)

    async def replace(self, page: ContactPage) -> dict[str, Any]:
        """Put a page's only contact in its row's place and return it. Raises `RowGone`."""
        rows = await self._rows()
        return await self._write(partial(asyncio.to_thread, rows.replace, page.body))

    async def remove(self, uuids: Sequence[str]) -> None:
        """Forget the contacts with these UUIDs: the service has them no longer."""
        await self._write(partial(self._remove, await self._rows(), uuids))

    async def aclose(self) -> None:
        """Give the memory back."""
        rows, self._set = self._set, None
        if rows is not None:
            await asyncio.to_thread(rows.close)

    @property
    def _here(self) -> str:
        return self._connection.environment.project

    async def _go(self, walk: _Walk, on_progress: Callable[[LoadProgress], None]) -> None:
        client = self._connection.client
        rows = await self._rows()
        began = time.perf_counter() - walk.seconds
        wanted = client.contact_pages(walk.choice.query(), cursor=walk.cursor, limit=walk.room)
        async with aclosing(wanted) as pages:
            async for page in pages:  # while it is stored, the next one is on its way
                await asyncio.sleep(HEAD_START_SECONDS)
                await self._write(partial(self._take, rows, walk, page))
                walk.seconds = time.perf_counter() - began
                on_progress(_progress(walk, rows))

    async def _take(self, rows: ContactSet, walk: _Walk, page: ContactPage) -> None:
        """Store a page and note it in one go: a load that is stopped here knows where it is."""
        if self._walk is not walk:
            await asyncio.to_thread(rows.clear, keep_ids=self._project == walk.project)
            self._walk, self._project = walk, walk.project
        if len(page):
            await asyncio.to_thread(rows.append, page.body, walk.room)
        walk.step(page)

    async def _forget(self, rows: ContactSet) -> None:
        await asyncio.to_thread(rows.clear)
        self._walk = None

    async def _remove(self, rows: ContactSet, uuids: Sequence[str]) -> None:
        removed = await asyncio.to_thread(rows.remove, uuids)
        if self._walk is not None:
            self._walk.total = max(self._walk.total - removed, len(rows))

    async def _write(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Change the rows, one change at a time; a cancelled one must not come in late."""
        async with self._writing:
            return await whole(work())

    async def _rows(self) -> ContactSet:
        async with self._opening:
            if self._set is None:
                self._set = await asyncio.to_thread(_open_set)
            return self._set


def _progress(walk: _Walk, rows: ContactSet) -> LoadProgress:
    wanted = min(walk.total, walk.choice.limit or walk.total)
    return LoadProgress(len(rows), wanted, walk.total, walk.seconds, rows.unreadable)


def _open_set() -> ContactSet:
    from refiner_desktop.datasets.contacts import ContactSet

    return ContactSet()
