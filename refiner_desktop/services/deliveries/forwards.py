"""Deliveries passed on: every one of a hook, to the program that its `forward_to` names."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from psygnal import Signal

from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.dispatch import DeliveryGone, Dispatch
from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow, Verdict
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.outgoing import Outgoing

AT_ONCE = 8
"""Deliveries of one hook that are on their way at the same time."""

ATTEMPTS = 4
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 10.0

_log = logging.getLogger(__name__)

_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


class NotForwarded(Exception):
    """A delivery has no hook, or its hook names no receiver."""


class _NotTaken(Exception):
    """The receiver did not take a delivery, and may yet."""


class _Lane:
    """What waits for one hook's receiver, by number alone, and the tasks that work on it."""

    def __init__(self) -> None:
        self.waiting: deque[int] = deque()
        self.tasks: set[asyncio.Task[None]] = set()


class Forwards:
    """Passes on the genuine deliveries of every hook that names a receiver.

    One that is not taken is sent again after a while, three times; then a person may. A slow
    receiver holds up nobody but itself. What still waits when the application ends is not sent.

    Signals: `changed()` when other deliveries wait.
    """

    changed = Signal()

    def __init__(
        self, dispatch: Dispatch, arrivals: Arrivals, first_wait: float = FIRST_WAIT_SECONDS
    ) -> None:
        self._arrivals = arrivals
        self._dispatch = dispatch
        self._first_wait = first_wait
        self._lanes: dict[str, _Lane] = {}
        arrivals.kept.connect(self.take)

    @property
    def waiting(self) -> int:
        """How many deliveries are not passed on yet, with those that are on their way."""
        return sum(len(lane.waiting) + len(lane.tasks) for lane in self._lanes.values())

    def take(self, rows: Iterable[DeliveryRow]) -> None:
        """Pass on what is to be passed on of these."""
        for row in rows:
            hook = self._dispatch.hooks.named(row.hook)
            if hook is not None and hook.forward_to and row.verdict is Verdict.ACCEPTED:
                self._enqueue(hook, row.id)

    async def again(self, delivery_id: int) -> Forward:
        """Pass a delivery on now, once, whatever became of it before.

        Raises `DeliveryGone`, `NotForwarded` and `StorageUnavailable`.
        """
        delivery = await self._dispatch.delivery(delivery_id)
        hook = self._dispatch.hooks.named(delivery.hook)
        if hook is None or not hook.forward_to:
            raise NotForwarded(f"nothing is passed on for {delivery.hook or delivery.path}")
        earlier = await self._dispatch.attempts(delivery_id)
        number = sum(each.errand is Errand.FORWARD for each in earlier) + 1
        return await self._send(delivery, hook, number)

    async def aclose(self) -> None:
        """Stop passing on."""
        self._arrivals.kept.disconnect(self.take, missing_ok=True)
        tasks = [task for lane in self._lanes.values() for task in lane.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _enqueue(self, hook: Hook, delivery_id: int) -> None:
        lane = self._lanes.setdefault(hook.id, _Lane())
        lane.waiting.append(delivery_id)
        if len(lane.tasks) < AT_ONCE:
            task = asyncio.create_task(self._work(lane, hook.id), name="pass on deliveries")
            lane.tasks.add(task)
            task.add_done_callback(lane.tasks.discard)
        self.changed.emit()

    async def _work(self, lane: _Lane, hook_id: str) -> None:
        while lane.waiting:
            try:
                await self._until_taken(lane.waiting.popleft(), hook_id)
            except Exception:  # the next ones are to be passed on all the same
                _log.exception("a delivery could not be passed on")
            self.changed.emit()

    async def _until_taken(self, delivery_id: int, hook_id: str) -> None:
        import stamina

        attempts = stamina.retry_context(
            on=_NotTaken,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=self._first_wait,
            wait_max=LONGEST_WAIT_SECONDS,
            wait_jitter=self._first_wait / 2,
        )
        with suppress(_NotTaken, DeliveryGone):
            async for attempt in attempts:
                with attempt:
                    await self._attempt(delivery_id, hook_id, attempt.num)

    async def _attempt(self, delivery_id: int, hook_id: str, number: int) -> None:
        """Send to where the hook says by now. Raises `_NotTaken` when a later try may help."""
        hook = self._dispatch.hooks.hook(hook_id)
        if hook is None or not hook.forward_to:
            return
        forward = await self._send(await self._dispatch.delivery(delivery_id), hook, number)
        if self._may_yet_be_taken(forward):
            raise _NotTaken

    def _may_yet_be_taken(self, forward: Forward) -> bool:
        if forward.status is None:
            return not self._dispatch.is_ours(forward.url)
        return forward.status in _WORTH_ANOTHER_TRY

    async def _send(self, delivery: Delivery, hook: Hook, number: int) -> Forward:
        assert delivery.id is not None, "it was read from the file"
        plan = Forward(delivery.id, hook.forward_to, datetime.now(UTC), attempt=number)
        return await self._dispatch.send(Outgoing.of(delivery), hook, plan)
