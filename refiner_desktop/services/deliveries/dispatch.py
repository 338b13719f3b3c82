"""The way out for deliveries: what is sent again or passed on, and what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.listener_life import NotListening
from refiner_desktop.services.deliveries.receivers import WrongReceiver, place_of
from refiner_desktop.services.threads import whole
from refiner_desktop.storage.forwards import Errand, Forward, ForwardStore
from refiner_desktop.webhooks.delivery import Delivery, Origin
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.marks import Mark
from refiner_desktop.webhooks.outgoing import Forwarded, Outgoing

if TYPE_CHECKING:
    from refiner_desktop.webhooks.forwarder import Forwarder


_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


class DeliveryGone(Exception):
    """A delivery was deleted before it could be sent."""


class Dispatch:
    """Sends for replays, forwards and samples, over connections that they share.

    Signals: `sent(forward)` after every attempt to send a kept delivery.
    """

    sent = Signal(Forward)

    def __init__(
        self,
        deliveries: DeliveriesService,
        listener: ListenerService,
        hooks: HooksService,
        store: ForwardStore,
        mask: Mask,
    ) -> None:
        self._deliveries = deliveries
        self.listener = listener
        self.hooks = hooks
        self.store = store
        self._mask = mask
        self._opening = asyncio.Lock()
        self._forwarder: Forwarder | None = None

    def address(self, path: str) -> str:
        """Return the address of a path on our own listener. Raises `NotListening`."""
        if not self.listener.status.listening:
            raise NotListening(f"nothing listens for {path}")
        return self.listener.address(path)

    def is_ours(self, url: str) -> bool:
        """Whether an address is our own listener's, as it listens now."""
        try:
            return self.listener.status.is_reached_by(*place_of(url))
        except WrongReceiver:
            return False

    def leads_back(self, url: str) -> bool:
        """Whether what is sent there comes in here again, directly or by the tunnel."""
        try:
            host, _ = place_of(url)
        except WrongReceiver:
            return False
        return self.is_ours(url) or host == self.listener.tunnel_host

    async def delivery(self, delivery_id: int) -> Delivery:
        """Return a delivery with headers and body. Raises `DeliveryGone`."""
        delivery = await self._deliveries.get(delivery_id)
        if delivery is None:
            raise DeliveryGone(f"delivery {delivery_id} was deleted")
        return delivery

    async def attempts(self, delivery_id: int) -> list[Forward]:
        """Return every attempt to send a delivery, oldest first."""
        return await asyncio.to_thread(self.store.of, delivery_id)

    async def send(self, outgoing: Outgoing, hook: Hook | None, plan: Forward) -> Forward:
        """Send once, with a hook's token, where `plan` says; keep and return what became of it.

        `plan.attempts_left` follow, if the receiver did not take it and may yet. What was passed
        on before, or would come in here again, would be passed on for ever, and is not sent.
        """
        sent_at = datetime.now(UTC)
        marks, again = self.listener.marks, False
        if plan.errand is Errand.FORWARD and marks.was_here(outgoing.headers):
            outcome = Forwarded(None, 0.0, "It was passed on by Refiner Desktop already")
        elif plan.errand is Errand.FORWARD and self.leads_back(plan.url):
            outcome = Forwarded(None, 0.0, "It leads back to this listener")
        else:
            mark = Mark(Origin.REPLAY, plan.delivery, plan.edited)
            with_token = outgoing.with_token(hook) if hook else outgoing
            outcome = await self.post(plan.url, with_token, mark)
            again = outcome.status is None or outcome.status in _WORTH_ANOTHER_TRY
        done = self._done(plan, sent_at, outcome, again)
        await whole(asyncio.to_thread(self.store.add, done))
        self.sent.emit(done)
        return done

    def _done(self, plan: Forward, sent_at: datetime, outcome: Forwarded, again: bool) -> Forward:
        """Return an attempt with its outcome, and dots for secrets that the receiver echoed."""
        text = self._mask.text
        return replace(
            plan,
            sent_at=sent_at,
            attempts_left=plan.attempts_left if again else 0,
            status=outcome.status,
            seconds=outcome.seconds,
            error=text(outcome.error),
            headers=tuple((text(name), text(value)) for name, value in outcome.headers),
            body=self._mask.data(outcome.body),
        )

    async def post(self, url: str, outgoing: Outgoing, mark: Mark) -> Forwarded:
        """Send a request once, marked as ours: for our own listener, or as passed on by us."""
        marks = self.listener.marks
        header = marks.header(mark) if self.is_ours(url) else marks.hop
        outgoing = outgoing.with_header(*header)
        return await (await self._opened()).send(url, outgoing)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._forwarder is not None:
            await self._forwarder.aclose()
            self._forwarder = None

    async def _opened(self) -> Forwarder:
        async with self._opening:
            if self._forwarder is None:
                self._forwarder = await asyncio.to_thread(_forwarder)
            return self._forwarder


def _forwarder() -> Forwarder:
    from refiner_desktop.webhooks.forwarder import Forwarder  # httpx takes a while to import

    return Forwarder()
