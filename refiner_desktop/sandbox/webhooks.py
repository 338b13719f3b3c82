"""Webhooks: who wants to hear of what, and the sending (API reference, section 7)."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from refiner_desktop.sandbox.happenings import Happening
from refiner_desktop.sandbox.rules import ALL_USERS
from refiner_desktop.sandbox.views import Views
from refiner_desktop.secret import Secret

if TYPE_CHECKING:
    import httpx

WebhookTrigger = Literal[
    "survey_completed", "survey_seen", "survey_dismissed", "segment_entered", "tag_added"
]
TIMEOUT = 10.0
KEPT_DELIVERIES = 10_000
AT_ONCE = 20


@dataclass(frozen=True, slots=True, eq=False)
class Webhook:
    """An address that hears of one trigger, of one survey or segment if that is set."""

    url: str
    trigger: WebhookTrigger
    secret: Secret
    form_uuid: str | None = None
    segment_uuid: str | None = None

    def wants(self, happening: Happening, *, partials_fire: bool) -> bool:
        """Return whether the webhook is to hear of a happening.

        Without a segment of its own it hears of all but the one that everybody enters at once.
        """
        trigger = happening.trigger
        if trigger == "survey_partial" and partials_fire:
            trigger = "survey_completed"
        if trigger != self.trigger:
            return False
        if happening.segment is not None:
            if self.segment_uuid is None:
                return happening.segment.name != ALL_USERS
            return happening.segment.uuid == self.segment_uuid
        survey = happening.response.survey if happening.response else None
        return self.form_uuid is None or (survey is not None and survey.uuid == self.form_uuid)


class SentDelivery(NamedTuple):
    """One attempt; `status` None means that nobody answered."""

    url: str
    trigger: str
    status: int | None


class Courier:
    """Sends deliveries in the background of the loop that it is used in."""

    def __init__(self, views: Views) -> None:
        self.webhooks: tuple[Webhook, ...] = ()
        self.sent: deque[SentDelivery] = deque(maxlen=KEPT_DELIVERIES)
        self._views = views
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def hear(self, happening: Happening) -> None:
        """Deliver a happening to whoever wants it. Returns at once; the payload is made now."""
        behaviour = self._views.behaviour
        wanting = [
            webhook
            for webhook in self.webhooks
            if webhook.wants(happening, partials_fire=behaviour.partials_fire)
        ]
        if not wanting:
            return
        body = msgspec.json.encode(self._views.payload(happening))
        for webhook in wanting:
            task = asyncio.get_running_loop().create_task(self._deliver(webhook, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Give up what is not delivered yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _deliver(self, webhook: Webhook, body: bytes) -> None:
        behaviour = self._views.behaviour
        retries, repeats = behaviour.webhook_retries, behaviour.webhook_repeats
        async with self._slots:
            while True:
                accepted = await self._post(webhook, body)
                if accepted and repeats:
                    repeats -= 1
                elif not accepted and retries:
                    retries -= 1
                else:
                    return

    async def _post(self, webhook: Webhook, body: bytes) -> bool:
        import httpx

        if self._client is None:
            # Receivers are mostly on this machine, where a proxy has no business.
            self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["Authorization"] = f"Bearer {webhook.secret.reveal()}"
        try:
            answer = await self._client.post(webhook.url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            self.sent.append(SentDelivery(webhook.url, webhook.trigger, None))
            return False
        self.sent.append(SentDelivery(webhook.url, webhook.trigger, answer.status_code))
        return answer.is_success
