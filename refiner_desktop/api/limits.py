"""Keeps calls below what the service allows, instead of being told off with a 429."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from aiolimiter import AsyncLimiter

if TYPE_CHECKING:
    from refiner_desktop.api.policy import Limits

WINDOW = 60.0

# The network squeezes calls together on their way: what left within 60.2 s may arrive within 60.
_MARGIN = 0.01


def limited_as(user: str) -> str:
    """Return whose limit a call about a user counts against: addresses are the same in any case."""
    return user.casefold() if "@" in user else user


class CallLimiter:
    """Admits calls so that no 60 seconds, wherever they begin, see more than `Limits` allow.

    A short burst passes at once, so a click never waits; a long run settles at 97 % of the limit.
    Belongs to one event loop, that of the first call.
    """

    def __init__(self, limits: Limits) -> None:
        self.per_minute = limits.per_key
        self._per_user = limits.per_user
        self._key = _bucket(limits.per_key, burst=0.02)
        self._users: OrderedDict[str, AsyncLimiter] = OrderedDict()
        self._admitted: deque[float] = deque()
        self._giving_way = asyncio.Lock()

    async def admit(self, user: str | None = None, *, giving_way: bool = False) -> None:
        """Return when a call, about `user` if given, may be sent.

        Of the calls that give way, one at a time stands in the line, however many are waiting: so
        any other call waits for one of them at most.
        """
        if user is not None:
            await self._bucket_of(user).acquire()
        if giving_way:
            async with self._giving_way:
                await self._key.acquire()
        else:
            await self._key.acquire()
        self._forget_old()
        self._admitted.append(time.monotonic())

    def rest_of(self, user: str) -> float:
        """Return for how many seconds no call about a user should begin; 0 if one may go now."""
        bucket = self._users.get(limited_as(user))
        return 0.0 if bucket is None or bucket.has_capacity() else WINDOW / self._per_user

    @property
    def last_minute(self) -> int:
        """How many calls were admitted in the last 60 seconds."""
        self._forget_old()
        return len(self._admitted)

    def _bucket_of(self, user: str) -> AsyncLimiter:
        name = limited_as(user)
        bucket = self._users.pop(name, None) or _bucket(self._per_user, burst=0.04)
        self._users[name] = bucket
        # No more users than calls fit into a minute, so the one dropped has been quiet for about as
        # long and its bucket is empty: dropping it loosens nothing.
        if len(self._users) > self.per_minute:
            self._users.popitem(last=False)
        return bucket

    def _forget_old(self) -> None:
        horizon = time.monotonic() - WINDOW
        while self._admitted and self._admitted[0] <= horizon:
            self._admitted.popleft()


def _bucket(limit: int, *, burst: float) -> AsyncLimiter:
    """Return a leaky bucket whose burst and refill of a whole minute together stay in `limit`.

    `AsyncLimiter(limit, 60)` would let twice as many through: a full burst plus a minute's refill.
    """
    capacity = max(1.0, limit * burst)
    refill = limit * (1 - _MARGIN) - capacity
    return AsyncLimiter(capacity, WINDOW * capacity / refill)
