"""One action on several contacts: a few calls at a time, and an outcome for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refiner_desktop.api.errors import ApiError, KeyRejected, ReadOnly
from refiner_desktop.services.contacts.targets import AnotherContact, Target

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

AT_ONCE = 8
"""Calls that are on their way at the same time."""

SETTLE_SECONDS = 3.0
"""So long a cancelled action waits for the calls under way, to know what became of them."""


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """How far an action has come: contacts it worked for, failed for, and in all."""

    done: int
    failed: int
    total: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one contact; without an `error` the action worked."""

    target: Target
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of every contact, in the order in which they were given."""

    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The contacts that the action did not work for."""
        return tuple(outcome for outcome in self.outcomes if outcome.error)


OnProgress = Callable[[ActionProgress], None]


class MassAction:
    """Does one thing to each contact. Once the key is rejected, the rest is not tried."""

    def __init__(
        self,
        client: RefinerClient,
        targets: Sequence[Target],
        act: Callable[[Target], Awaitable[object]],
        on_progress: OnProgress,
    ) -> None:
        self._client = client
        self._targets = targets
        self._act = act
        self._on_progress = on_progress
        self._waiting = iter(enumerate(targets))
        self._outcomes: dict[int, Outcome] = {}
        self._failed = 0
        self._rejection: KeyRejected | ReadOnly | None = None
        self._stopping = False

    async def run(self) -> ActionResult:
        """Act on all; when cancelled, let the calls under way end and start no more."""
        if self._client.read_only:
            raise ReadOnly("nothing was sent")
        workers = [asyncio.ensure_future(self._work()) for _ in self._targets[:AT_ONCE]]
        try:
            await asyncio.gather(*map(asyncio.shield, workers))
        except asyncio.CancelledError:
            self._stopping = True
            await asyncio.wait(workers, timeout=SETTLE_SECONDS)
            raise
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        return ActionResult(tuple(self._outcomes[place] for place in range(len(self._targets))))

    async def _work(self) -> None:
        for place, target in self._waiting:
            if self._stopping:
                return
            self._note(place, await self._outcome(target))

    async def _outcome(self, target: Target) -> Outcome:
        if self._rejection:
            return Outcome(target, self._rejection)
        try:
            await self._act(target)
        except (KeyRejected, ReadOnly) as exc:
            self._rejection = exc
            return Outcome(target, exc)
        except (ApiError, AnotherContact, ValueError) as exc:  # the last: nothing to name it by
            return Outcome(target, exc)
        return Outcome(target)

    def _note(self, place: int, outcome: Outcome) -> None:
        self._outcomes[place] = outcome
        self._failed += outcome.error is not None
        done = len(self._outcomes) - self._failed
        self._on_progress(ActionProgress(done, self._failed, len(self._targets)))
