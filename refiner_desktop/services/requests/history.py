"""The console's history: every call as sent and as received, without any secret."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from psygnal import Signal

from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.api.intake import MEGABYTE
from refiner_desktop.masking import Mask
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.requests.credentials import (
    answer_without_credentials,
    call_without_credentials,
)
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.exchange_rows import ExchangeRecord, ExchangeRow, FetchedPages
from refiner_desktop.storage.exchange_search import ExchangeSearch
from refiner_desktop.storage.exchanges import FILED_FROM, ExchangeStore

T = TypeVar("T")

QUIET_SECONDS = 0.5
"""So long nothing was sent before texts are indexed: no call is to wait for that."""

_EVERYTHING = ExchangeSearch()


class ConsoleHistory:
    """Each environment has a history of its own; the limits hold for all of them together.

    Signals: `troubled(exception)` when something could not be kept.
    """

    troubled = Signal(Exception)

    def __init__(
        self,
        connection: ConnectionService,
        store: ExchangeStore,
        mask: Mask,
        settings: SettingsStore,
    ) -> None:
        self._connection = connection
        self._store = store
        self._mask = mask
        self._settings = settings
        self._keeping: set[asyncio.Task[None]] = set()
        self._indexing: asyncio.Task[None] | None = None
        self._trimmed_to: tuple[int, int] | None = None

    @property
    def folder(self) -> Path:
        """Where long answers are."""
        return self._store.folder

    async def recent(self, limit: int, search: ExchangeSearch = _EVERYTHING) -> list[ExchangeRow]:
        """Return what is found among the calls of the environment in use, newest first."""
        await self._all_kept()
        if self._indexing is None:
            self._index_soon()  # what an earlier run left to do
        find = partial(self._store.recent, environment=self._here)
        return await asyncio.to_thread(find, limit, search)

    async def exchange(self, exchange_id: int) -> ExchangeRecord | None:
        """Return one call with its bodies."""
        await self._all_kept()
        return await asyncio.to_thread(self._store.get, exchange_id)

    async def pin(self, exchange_id: int, *, pinned: bool = True) -> None:
        """Keep a call whatever the limits, or no longer."""
        await whole(asyncio.to_thread(self._store.pin, exchange_id, pinned))

    async def delete(self, exchange_id: int) -> None:
        """Forget one call."""
        await self._all_kept()
        await whole(asyncio.to_thread(self._store.delete, exchange_id))

    async def clear(self) -> None:
        """Forget all calls of the environment in use but those that are pinned."""
        await self._all_kept()
        await whole(asyncio.to_thread(self._store.clear, self._here))

    async def begin(self, request: CallRequest, environment: str) -> int | None:
        """Keep a request that is about to go out; return the call's id, None if that failed.

        When cancelled the call is kept as one that was.
        """
        beginning = asyncio.ensure_future(self._written(partial(self._begin, request, environment)))
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError as exc:
            await self.fail(await beginning, exc, 0)
            raise

    def finish(self, exchange_id: int | None, answer: Answer) -> None:
        """Add what came back, while it is looked at already; whoever asks for it waits for it."""
        if exchange_id is not None:
            keeping = asyncio.create_task(self._keep(exchange_id, answer), name="keep an answer")
            self._keeping.add(keeping)
            keeping.add_done_callback(self._keeping.discard)

    async def note_pages(self, exchange_id: int | None, fetched: FetchedPages) -> None:
        """Note how much was fetched of a list that begins with a call."""
        if exchange_id is not None:
            await self._all_kept()
            await self._written(partial(self._store.note_pages, exchange_id, fetched))

    async def fail(self, exchange_id: int | None, error: BaseException, seconds: float) -> None:
        """Say why nothing came back."""
        if exchange_id is not None:
            words = "Cancelled" if isinstance(error, asyncio.CancelledError) else _words(error)
            fail = partial(self._store.fail, exchange_id, self._mask.text(words), seconds)
            await self._written(fail)
            self._index_soon()

    async def aclose(self) -> None:
        """Wait until all that came is kept. What is not indexed yet will be in the next run."""
        await self._all_kept()
        if self._indexing is not None:
            self._indexing.cancel()
            await asyncio.gather(self._indexing, return_exceptions=True)

    @property
    def _here(self) -> str:
        return self._connection.environment.id

    async def _all_kept(self) -> None:
        if self._keeping:
            await asyncio.wait(self._keeping)

    async def _keep(self, exchange_id: int, answer: Answer) -> None:
        kept = answer_without_credentials(answer)
        await self._written(partial(self._store.finish, exchange_id, kept))
        console = self._settings.current.console
        limits = console.history_entries, console.history_megabytes
        # Looking costs milliseconds: so it is done once in a hundredth of what is kept.
        due = exchange_id % max(limits[0] // 100, 1) == 0 or len(answer.body) > FILED_FROM
        if due or limits != self._trimmed_to:
            await self._written(partial(self._trim, *limits))
        self._index_soon()

    async def _written(self, write: Callable[[], T]) -> T | None:
        try:
            return await whole(asyncio.to_thread(write))
        except (StorageUnavailable, sqlite3.Error) as exc:
            self.troubled.emit(exc)
            return None

    def _begin(self, request: CallRequest, environment: str) -> int:
        kept = call_without_credentials(request, self._mask)
        return self._store.begin(kept, environment=environment)

    def _trim(self, entries: int, megabytes: int) -> None:
        self._store.trim(entries, megabytes * MEGABYTE)
        self._trimmed_to = entries, megabytes

    def _index_soon(self) -> None:
        if self._indexing is not None:
            self._indexing.cancel()
        self._indexing = asyncio.create_task(self._index(), name="index the console's history")

    async def _index(self) -> None:
        await asyncio.sleep(QUIET_SECONDS)
        while await self._written(self._store.index):
            pass


def _words(error: BaseException) -> str:
    said = f": {error}" if isinstance(error, ApiError) and error.said else ""
    return f"{type(error).__name__}{said}"
