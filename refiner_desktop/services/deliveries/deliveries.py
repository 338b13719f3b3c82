"""The deliveries that are kept: found, read, pinned, deleted, and trimmed to the limits."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
from psygnal import Signal

from refiner_desktop.services.deliveries.hidden_projects import HiddenProjects
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.language_fields import KnownHook
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.settings import Retention, SettingsStore
from refiner_desktop.storage.deliveries import DeliveryStore, Kept
from refiner_desktop.storage.delivery_search import EVERYTHING, Search
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow

Named = TypeVar("Named", Delivery, DeliveryRow)

_MEGABYTE = 1024 * 1024


class DeliveriesService:
    """Reads and deletes what was kept; what is `hidden` is in no list.

    Signals: `trimmed(ids)` when old ones were deleted to stay within the limits.
    """

    trimmed = Signal(list)

    def __init__(self, store: DeliveryStore, hooks: HooksService, settings: SettingsStore) -> None:
        self._store = store
        self._hooks = hooks
        self._settings = settings
        self.hidden = HiddenProjects()

    async def newest(
        self,
        search: Search = EVERYTHING,
        limit: int = 200,
        *,
        before_id: int | None = None,
        after_id: int | None = None,
    ) -> list[DeliveryRow]:
        """Return what is found, newest first, of an id below or above those that are given."""
        shown = self.hidden.left_out_of(search)
        return self._named(
            await asyncio.to_thread(self._store.search, shown, limit, before_id, after_id)
        )

    async def ids(self, search: Search = EVERYTHING) -> array[int]:
        """Return the ids of all that is found, newest first."""
        return await asyncio.to_thread(self._store.ids, self.hidden.left_out_of(search))

    async def rows(self, ids: Iterable[int]) -> list[DeliveryRow]:
        """Return the list lines of deliveries, newest first, but of those that were deleted."""
        return self._named(await asyncio.to_thread(self._store.rows, list(ids)))

    async def count(self, search: Search = EVERYTHING) -> int:
        """Return how many are found."""
        return await asyncio.to_thread(self._store.count, self.hidden.left_out_of(search))

    async def count_hidden(self) -> int:
        """Return how many deliveries are kept and not shown."""
        hidden = self.hidden.search
        return await asyncio.to_thread(self._store.count, hidden) if hidden else 0

    async def get(self, delivery_id: int) -> Delivery | None:
        """Return one delivery with headers and body."""
        delivery = await asyncio.to_thread(self._store.get, delivery_id)
        return self._named([delivery])[0] if delivery else None

    async def known_hooks(self) -> tuple[KnownHook, ...]:
        """Return the hooks there are, and those that are gone but have deliveries."""
        there = [KnownHook(hook.id, hook.name) for hook in self._hooks.hooks]
        found = await asyncio.to_thread(self._store.hooks)
        gone = (KnownHook(*each) for each in found if self._hooks.hook(each[0]) is None)
        return (*there, *sorted(gone, key=lambda each: each.name.casefold()))

    async def amount(self) -> Kept:
        """Return how much is kept."""
        return await asyncio.to_thread(self._store.kept)

    async def pin(self, ids: Sequence[int], pinned: bool) -> None:
        """Keep deliveries whatever the limits, or no longer. Raises `StorageUnavailable`."""
        await whole(asyncio.to_thread(self._store.pin, ids, pinned))

    async def delete(self, ids: Sequence[int]) -> None:
        """Delete deliveries for good. Raises `StorageUnavailable`."""
        await whole(asyncio.to_thread(self._store.delete, ids))

    async def trim(self) -> None:
        """Delete what is beyond the limits. Raises `StorageUnavailable`."""
        limits = _in_bytes(self._settings.current.listener.retention)
        if gone := await whole(asyncio.to_thread(self._store.trim, *limits)):
            self.trimmed.emit(gone)

    async def count_beyond(self, limits: Retention) -> int:
        """Return how many a trim would delete if these were the limits."""
        return len(await asyncio.to_thread(self._store.beyond, *_in_bytes(limits)))

    def _named(self, found: list[Named]) -> list[Named]:
        """Return deliveries with the names that their hooks bear now."""
        names = {hook.id: hook.name for hook in self._hooks.hooks}
        return [
            msgspec.structs.replace(each, hook=name)
            if (name := names.get(each.hook_id, each.hook)) != each.hook
            else each
            for each in found
        ]


def _in_bytes(limits: Retention) -> tuple[int, int, datetime | None]:
    """Return how many may stay, how many bytes, and since when they may have come."""
    since = datetime.now(UTC) - timedelta(days=limits.days) if limits.days else None
    return limits.deliveries, limits.megabytes * _MEGABYTE, since
