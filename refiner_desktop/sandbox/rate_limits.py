"""The two limits of the API: per key and per user (API reference, section 2.3)."""

from __future__ import annotations

import time
from collections import deque

from refiner_desktop.sandbox.behaviour import Limits
from refiner_desktop.sandbox.refusals import Refusal


class RateLimits:
    """Counts the calls that were let through in the last `window` seconds."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._calls: deque[float] = deque()
        self._calls_of: dict[str, deque[float]] = {}
        self._cleaned = time.monotonic()

    def let_through(self, user: str) -> None:
        """Count a call for a user, "" for none. Raises the `Refusal` of a 429."""
        now = time.monotonic()
        limits = self._limits
        mine = self._calls_of.setdefault(user, deque()) if user else deque[float]()
        self._clean(now)
        full = _is_full(self._calls, limits.per_key, now - limits.window)
        if full or _is_full(mine, limits.per_user, now - limits.window):
            raise Refusal(
                429,
                {"error": "You are doing this too often."},
                {"Retry-After": str(limits.retry_after)},
            )
        if limits.per_key is not None:
            self._calls.append(now)
        if limits.per_user is not None:
            mine.append(now)

    def _clean(self, now: float) -> None:
        if now - self._cleaned < self._limits.window:
            return
        self._cleaned = now
        oldest = now - self._limits.window
        self._calls_of = {u: c for u, c in self._calls_of.items() if c and c[-1] > oldest}


def _is_full(calls: deque[float], limit: int | None, oldest: float) -> bool:
    while calls and calls[0] <= oldest:
        calls.popleft()
    return limit is not None and len(calls) >= limit
