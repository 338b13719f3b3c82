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
from refiner_desktop.services.deliveries.listener_status import ListenerStatus
from refiner_desktop.services.threads import whole
from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.outgoing import Outgoing

AT_ONCE = 8
"""Deliveries of one hook that are on their way at the same time."""

ATTEMPTS = 4
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 10.0

_log = logging.getLogger(__name__)


class NotForwarded(Exception):
    """A delivery has no hook, or its hook names no receiver."""


class _NotTaken(Exception):
    """The receiver did not take a delivery, and may yet."""


class _Lane:
    """What waits for one hook's receiver, by number alone, and the tasks that work on it."""

    def __init__(self) -> None:
        self.queue: deque[int] = deque()
        self.waiting: set[int] = set()
        """Those of the queue, and those that are on their way."""
        self.dropped: set[int] = set()
        """Those on their way that are not sent again."""
        self.tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self.waiting) - len(self.dropped)


class Forwards:
    """Passes on the genuine deliveries of every hook that names a receiver.

    One that is not taken is sent again after a while, three times; then a person may. A slow
    receiver holds up nobody but itself. The file knows what waits: when the application has ended,
    the rest is passed on once it listens again, and what was just on its way perhaps twice.

    Signals: `changed()` when other deliveries wait.
    """

    changed = Signal()

    def __init__(
        self, dispatch: Dispatch, arrivals: Arrivals, first_wait: float = FIRST_WAIT_SECONDS
    ) -> None:
        self._dispatch = dispatch
        self._arrivals = arrivals
        self._first_wait = first_wait
        self._lanes: dict[str, _Lane] = {}
        self._taking_up: asyncio.Task[None] | None = None
        self._listens = False
        arrivals.kept.connect(self.take)
        dispatch.listener.changed.connect(self._on_listener_changed)

    @property
    def waiting(self) -> int:
        """How many deliveries are not passed on yet, with those that are on their way."""
        return sum(map(len, self._lanes.values()))

    def take(self, rows: Iterable[DeliveryRow]) -> None:
        """Pass on what is to be passed on of these."""
        self._enqueue((row.id, row.hook_id) for row in rows if row.waits)

    async def take_up(self) -> None:
        """Pass on everything that waits in the file."""
        self._enqueue(await asyncio.to_thread(self._dispatch.store.waiting))

    async def drop(self, hook_id: str = "") -> int:
        """Pass on nothing that waits, or nothing of a hook; return how many that were.

        What is on its way right now may still arrive. Raises `StorageUnavailable`.
        """
        count = await whole(asyncio.to_thread(self._dispatch.store.drop, hook_id))
        for each, lane in self._lanes.items():
            if hook_id in ("", each):
                lane.waiting.difference_update(lane.queue)
                lane.queue.clear()
                lane.dropped = set(lane.waiting)
        self.changed.emit()
        return count

    async def again(self, delivery_id: int) -> Forward:
        """Pass a delivery on now, once, whatever became of it before.

        Raises `DeliveryGone`, `NotForwarded` and `StorageUnavailable`.
        """
        delivery = await self._dispatch.delivery(delivery_id)
        hook = self._dispatch.hooks.of(delivery)
        if hook is None or not hook.forward_to:
            raise NotForwarded(f"nothing is passed on for {delivery.hook or delivery.path}")
        return await self._send(delivery, hook, 0)

    async def again_all(self, hook_id: str = "") -> int:
        """Pass on everything once more that was passed on in vain, or all such of a hook.

        Returns how many wait now that did not. Raises `StorageUnavailable`.
        """
        count = await whole(asyncio.to_thread(self._dispatch.store.renew, hook_id))
        await self.take_up()
        return count

    async def aclose(self) -> None:
        """Stop passing on."""
        self._arrivals.kept.disconnect(self.take, missing_ok=True)
        self._dispatch.listener.changed.disconnect(self._on_listener_changed, missing_ok=True)
        tasks = [task for lane in self._lanes.values() for task in lane.tasks]
        if self._taking_up is not None:
            tasks.append(self._taking_up)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_listener_changed(self, status: ListenerStatus) -> None:
        begins, self._listens = status.listening and not self._listens, status.listening
        if begins and (self._taking_up is None or self._taking_up.done()):
            self._taking_up = asyncio.create_task(self.take_up(), name="take up what waits")

    def _enqueue(self, waiting: Iterable[tuple[int, str]]) -> None:
        for delivery_id, hook_id in waiting:
            lane = self._lanes.setdefault(hook_id, _Lane())
            lane.dropped.discard(delivery_id)
            if delivery_id not in lane.waiting:
                lane.waiting.add(delivery_id)
                lane.queue.append(delivery_id)
                self._employ(lane, hook_id)
        self.changed.emit()

    def _employ(self, lane: _Lane, hook_id: str) -> None:
        if len(lane.tasks) < AT_ONCE:
            task = asyncio.create_task(self._work(lane, hook_id), name="pass on deliveries")
            lane.tasks.add(task)
            task.add_done_callback(lane.tasks.discard)

    async def _work(self, lane: _Lane, hook_id: str) -> None:
        while lane.queue:
            delivery_id = lane.queue.popleft()
            try:
                await self._until_taken(delivery_id, hook_id)
            except Exception:  # the next ones are to be passed on all the same
                _log.exception("a delivery could not be passed on")
            finally:
                lane.waiting.discard(delivery_id)
                lane.dropped.discard(delivery_id)
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
        with suppress(_NotTaken, DeliveryGone):  # each attempt is on file; what is gone waits not
            async for attempt in attempts:
                with attempt:
                    await self._attempt(delivery_id, hook_id, ATTEMPTS - attempt.num)

    async def _attempt(self, delivery_id: int, hook_id: str, left: int) -> None:
        """Send to where the hook says by now. Raises `_NotTaken` when a later try may help."""
        hook = self._dispatch.hooks.hook(hook_id)
        if hook is None or not hook.forward_to:
            await self.drop(hook_id)
            return
        delivery = await self._dispatch.delivery(delivery_id)
        if not delivery.waits:  # dropped, or sent by a person meanwhile
            return
        forward = await self._send(delivery, hook, left)
        if forward.attempts_left:
            raise _NotTaken

    async def _send(self, delivery: Delivery, hook: Hook, left: int) -> Forward:
        assert delivery.id is not None, "it was read from the file"
        earlier = await self._dispatch.attempts(delivery.id)
        number = sum(each.errand is Errand.FORWARD for each in earlier) + 1
        now = datetime.now(UTC)
        plan = Forward(delivery.id, hook.forward_to, now, attempt=number, attempts_left=left)
        return await self._dispatch.send(Outgoing.of(delivery), hook, plan)
