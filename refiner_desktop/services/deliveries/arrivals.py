"""What was just kept, handed over in batches from the listener's thread."""

from __future__ import annotations

import asyncio
from collections import deque

from psygnal import Signal

from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.webhooks.delivery import DeliveryRow

BATCH_SECONDS = 0.05
"""Deliveries are handed to the window together, this far apart."""


class Arrivals:
    """Hands over what is kept.

    Signals: `kept(rows)` with all deliveries of the last 50 ms, oldest first; `arrived(rows)` with
    those of them that are shown; `withheld()` when some are not; `counted()` after each batch.
    """

    kept = Signal(tuple)
    arrived = Signal(tuple)
    withheld = Signal()
    counted = Signal()

    def __init__(self, deliveries: DeliveriesService) -> None:
        self._deliveries = deliveries
        self._fresh: deque[int] = deque()
        self._flush_due = False
        self._flushing: asyncio.Task[None] | None = None
        self.shown = self.hidden = self.gone = 0
        """How many were handed over to be shown; how many not; how many were deleted before."""

    def begin(self) -> None:
        """Take deliveries from now on, for the loop that runs, and count anew."""
        self._loop = asyncio.get_running_loop()
        self.shown = self.hidden = self.gone = 0

    def take(self, number: int) -> None:
        """Take over a delivery; called in the listener's thread."""
        self._fresh.append(number)
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon_threadsafe(self._loop.call_later, BATCH_SECONDS, self._flush_soon)

    async def end(self) -> None:
        """Hand over what is still on its way; nothing may come any more."""
        if self._flushing is not None:
            await self._flushing
        await self._flush()

    def _flush_soon(self) -> None:
        self._flush_due = False
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        """Hand over what was kept, as the file has it."""
        while self._fresh:
            ids = [self._fresh.popleft() for _ in range(len(self._fresh))]
            rows = await self._deliveries.rows(ids)
            self.gone += len(ids) - len(rows)
            if rows:
                self._hand_over(tuple(reversed(rows)))
            self.counted.emit()
            if self._fresh:  # under heavy load the window needs its turn
                await asyncio.sleep(BATCH_SECONDS)

    def _hand_over(self, rows: tuple[DeliveryRow, ...]) -> None:
        self.kept.emit(rows)
        shown = tuple(row for row in rows if self._deliveries.hidden.shows(row))
        self.shown += len(shown)
        self.hidden += len(rows) - len(shown)
        if shown:
            self.arrived.emit(shown)
        if len(shown) < len(rows):
            self.withheld.emit()
