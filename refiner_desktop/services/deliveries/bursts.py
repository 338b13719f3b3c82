"""Many requests, so many a second for so many seconds."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from refiner_desktop.webhooks.outgoing import Forwarded

AT_ONCE = 16
PROGRESS_SECONDS = 0.1
MOST_A_SECOND = 500
MOST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Burst:
    """How much is sent: from 1 to 500 a second, for 1 to 600 seconds. Raises `ValueError`."""

    rate: int
    seconds: int

    def __post_init__(self) -> None:
        if not (1 <= self.rate <= MOST_A_SECOND and 1 <= self.seconds <= MOST_SECONDS):
            raise ValueError(
                f"a burst has 1 to {MOST_A_SECOND} samples a second for up to {MOST_SECONDS} s"
            )

    @property
    def total(self) -> int:
        """How many that is."""
        return self.rate * self.seconds


@dataclass(frozen=True, slots=True)
class BurstState:
    """How far a burst has come: how many were answered, and what; times in seconds."""

    total: int
    sent: int = 0
    taken: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    """How often each status came; 0 stands for no answer."""
    error: str = ""
    """Why an answer did not come, the last time."""
    seconds: float = 0.0
    median: float = 0.0
    """Of the newest 1,000 answers."""
    slowest: float = 0.0

    @property
    def rate(self) -> float:
        """How many were answered in a second."""
        return self.sent / self.seconds if self.seconds else 0.0


Post = Callable[[], Awaitable[Forwarded]]
OnBurst = Callable[[BurstState], None]


async def run_burst(burst: Burst, post: Post, on_progress: OnBurst) -> BurstState:
    """Call `post` at even intervals, and later where the answers do not keep up.

    `on_progress` is called ten times a second at most, and at the end, also when cancelled.
    """
    run = _Run(burst, post, on_progress)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(AT_ONCE, burst.total)):
                group.create_task(run.work())
    finally:
        state = run.state()
        on_progress(state)
    return state


class _Run:
    def __init__(self, burst: Burst, post: Post, on_progress: OnBurst) -> None:
        self._burst = burst
        self._post = post
        self._on_progress = on_progress
        self._turns: Iterator[int] = iter(range(burst.total))
        self._started = self._told = perf_counter()
        self._statuses: Counter[int] = Counter()
        self._times: deque[float] = deque(maxlen=1_000)
        self._sent = self._taken = 0
        self._slowest = 0.0
        self._error = ""

    async def work(self) -> None:
        for turn in self._turns:
            due = self._started + turn / self._burst.rate
            await asyncio.sleep(max(due - perf_counter(), 0))
            self._note(await self._post())

    def state(self) -> BurstState:
        return BurstState(
            self._burst.total,
            self._sent,
            self._taken,
            dict(self._statuses),
            self._error,
            perf_counter() - self._started,
            sorted(self._times)[len(self._times) // 2] if self._times else 0.0,
            self._slowest,
        )

    def _note(self, outcome: Forwarded) -> None:
        self._statuses[outcome.status or 0] += 1
        self._times.append(outcome.seconds)
        self._slowest = max(self._slowest, outcome.seconds)
        self._sent += 1
        self._taken += outcome.taken
        self._error = outcome.error or self._error
        if perf_counter() - self._told >= PROGRESS_SECONDS:
            self._told = perf_counter()
            self._on_progress(self.state())
