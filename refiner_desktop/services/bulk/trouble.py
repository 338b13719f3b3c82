"""What failures in a row say about the service, beyond the rows that they hit."""

from __future__ import annotations

import asyncio
import random
import time

from refiner_desktop.services.bulk import pool
from refiner_desktop.services.bulk.pool import WORKERS

FIRST_PAUSE = 1.0
"""Seconds for which nothing is sent when no call works any more; each further pause doubles."""

PAUSES = 5
"""After so many pauses the service is given up."""

DOUBLINGS = 6
"""After so many, pauses that the service does not ask for get no longer."""


class Trouble:
    """Holds all rows back for a while when the service is down or says that it is too much.

    A single failed call says nothing, and one refusal may be about one user's limit. But when as
    many calls in a row fail as are on their way at the same time, or two users are refused, it is
    the service.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._refusals = 0
        self._held_until = 0.0
        self._refused_user = ""
        self._refused_until = 0.0

    @property
    def lasting(self) -> bool:
        """Whether no call works at the moment."""
        return self._failures >= WORKERS

    @property
    def hopeless(self) -> bool:
        """Whether no call has worked in spite of all pauses."""
        return self._failures > WORKERS * PAUSES

    @property
    def seconds_left(self) -> float:
        """For how long nothing is sent; 0 if calls may go."""
        return max(0.0, self._held_until - time.monotonic())

    def answered(self) -> None:
        """Note that a call was answered properly: it worked, or was declined for what it said."""
        self._failures = self._refusals = 0

    def failed(self) -> None:
        """Note that a call found the service failing, silent or gone."""
        self._failures += 1
        rounds, rest = divmod(self._failures, WORKERS)
        if rounds and not rest:
            self._hold(FIRST_PAUSE * 2.0 ** (rounds - 1))

    def refused(self, user: str, asked: float) -> float:
        """Note that the service asked to be left alone for some seconds, in a call about a user.

        Return for how long it is left alone: longer each time that the last pause has not helped,
        even where it asks for none.
        """
        now = time.monotonic()
        if now >= self._refused_until:
            self._refusals += 1
        seconds = max(asked, FIRST_PAUSE * 2.0 ** min(self._refusals - 1, DOUBLINGS))
        if now < self._refused_until and user != self._refused_user:
            self._hold(seconds)
        self._refused_user, self._refused_until = user, now + seconds
        return seconds

    async def over(self) -> None:
        """Return when calls may go."""
        if seconds := self.seconds_left:
            await asyncio.sleep(seconds + random.uniform(0, pool.RISE_SECONDS))
            await self.over()  # it may have been prolonged meanwhile

    def _hold(self, seconds: float) -> None:
        self._held_until = max(self._held_until, time.monotonic() + seconds)
