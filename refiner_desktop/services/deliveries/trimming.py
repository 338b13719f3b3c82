"""Old deliveries, deleted soon after new ones take what was kept beyond the limits."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.storage.database import StorageUnavailable

PAUSE_SECONDS = 1.0
"""Those that arrive in this time are looked after together."""

_log = logging.getLogger(__name__)


class Trimming:
    """Trims after `soon` was called, however often; what hinders it is logged."""

    def __init__(self, deliveries: DeliveriesService, pause: float = PAUSE_SECONDS) -> None:
        self._deliveries = deliveries
        self._pause = pause
        self._due = False
        self._running: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Trim in a moment."""
        self._due = True
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())

    async def aclose(self) -> None:
        """Trim no more."""
        self._due = False
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running

    async def _run(self) -> None:
        while self._due:
            await asyncio.sleep(self._pause)
            self._due = False
            try:
                await self._deliveries.trim()
            except StorageUnavailable as exc:
                _log.warning("old deliveries could not be deleted: %s", exc)
