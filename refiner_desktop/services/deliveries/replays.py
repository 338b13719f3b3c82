"""Kept deliveries, sent again: where they came in, to another hook, or to any address."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from refiner_desktop.services.deliveries.dispatch import Dispatch
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.deliveries.receivers import receiver
from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.outgoing import Outgoing


class NoRequest(Exception):
    """What is kept are the first bytes of what was no request: nothing that could be sent."""


class Replays:
    """Sends deliveries again when a person asks for it, as they came or edited first.

    What is sent to our own listener arrives as a new delivery, marked as a replay of the old one.
    """

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def replay(
        self, delivery_id: int, url: str = "", edited: Outgoing | None = None
    ) -> Forward:
        """Send a delivery to an address, by default where it came in; keep what became of it.

        Where it holds a dotted token, the one of the hook at that address is sent, else that of
        its own hook. A receiver that refuses, or does not answer, is an outcome too. Raises
        `DeliveryGone`, `NoRequest`, `NotListening`, `WrongReceiver` and `StorageUnavailable`.
        """
        delivery = await self._dispatch.delivery(delivery_id)
        if not delivery.is_request:
            raise NoRequest(f"delivery {delivery_id} was no request")
        outgoing = edited or Outgoing.of(delivery)
        plan = Forward(
            delivery_id,
            receiver(url) if url else self._dispatch.address(delivery.path),
            datetime.now(UTC),
            Errand.REPLAY,
            edited=outgoing != Outgoing.of(delivery),
        )
        await self._open_tokens()
        return await self._dispatch.send(outgoing, self._hook(delivery, plan.url), plan)

    async def _open_tokens(self) -> None:
        """Have the tokens that were kept, as the listener does when it starts."""
        if not self._dispatch.listener.status.listening:
            with suppress(TokensNotKept):  # those of this session hold, and the start will say so
                await self._dispatch.hooks.open_tokens()

    def _hook(self, delivery: Delivery, url: str) -> Hook | None:
        hooks = self._dispatch.hooks
        if self._dispatch.is_ours(url):
            path = urlsplit(url).path
            return next((hook for hook in hooks.hooks if hook.path == path), None)
        return hooks.of(delivery)
