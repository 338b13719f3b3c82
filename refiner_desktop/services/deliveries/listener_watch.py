"""Watches the listener: tests it now and then, and at once after a sleep or its own end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

BEAT_SECONDS = 2.0
TEST_SECONDS = 20.0
SLEPT_SECONDS = 5.0
"""The clock on the wall ran so much ahead of ours: this computer slept."""


class ListenerWatch:
    """Calls `test` every 20 seconds and after a sleep; every beat as long as it returns False.

    Also when the listener is no longer `alive`.
    """

    def __init__(
        self,
        test: Callable[[], Awaitable[bool]],
        alive: Callable[[], bool],
        *,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
        beat: float = BEAT_SECONDS,
        every: float = TEST_SECONDS,
    ) -> None:
        self._test = test
        self._alive = alive
        self._wall = wall
        self._clock = clock
        self._beat = beat
        self._every = every

    async def run(self) -> None:
        """Watch until cancelled."""
        due = 0.0
        ahead = self._wall() - self._clock()
        while True:
            drift, ahead = (now := self._wall() - self._clock()) - ahead, now
            if self._clock() >= due or abs(drift) > SLEPT_SECONDS or not self._alive():
                well = await self._test()
                due = self._clock() + self._every if well else 0.0
            await asyncio.sleep(self._beat)
