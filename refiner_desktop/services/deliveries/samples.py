"""Sample events: made of real surveys, segments and contacts, changed at will, posted to a hook."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from refiner_desktop.api.models import Segment, Survey
from refiner_desktop.api.pages import raw_page
from refiner_desktop.api.queries import ContactQuery, ResponseQuery
from refiner_desktop.envelope import item_of
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.deliveries.bursts import Burst, BurstState, OnBurst, run_burst
from refiner_desktop.services.deliveries.dispatch import Dispatch
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.webhooks.delivery import Origin
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.marks import Mark
from refiner_desktop.webhooks.outgoing import Forwarded, Outgoing, token_header
from refiner_desktop.webhooks.samples import ANSWERS, Wish, refreshed, sample

CONTACTS_OFFERED = 50

_SAMPLE = Mark(Origin.SAMPLE)
_TYPE = ("Content-Type", "application/json")


class Samples:
    """Offers what samples can be made of, and posts them as Refiner would.

    What asks the service raises `NotConnected` and `ApiError`; the rest works without a connection.
    """

    def __init__(
        self, connection: ConnectionService, contacts: ContactsService, dispatch: Dispatch
    ) -> None:
        self._connection = connection
        self._contacts = contacts
        self._dispatch = dispatch

    async def surveys(self) -> Sequence[Survey]:
        """Return the environment's surveys."""
        return await self._contacts.surveys()

    async def segments(self) -> Sequence[Segment]:
        """Return the environment's segments."""
        return await self._contacts.segments()

    async def contacts(self, search: str = "") -> list[Mapping[str, Any]]:
        """Return up to 50 contacts, by id, e-mail or name, as the service sends them (5.1)."""
        query = ContactQuery(search=search or None, page_length=CONTACTS_OFFERED)
        page = await self._connection.client.contacts(query)
        return await asyncio.to_thread(_objects, page.body)

    async def answers(self, survey_uuid: str) -> Mapping[str, Any]:
        """Return the newest answers to a survey; made-up ones where there are none."""
        query = ResponseQuery(survey_uuids=(survey_uuid,), include="partials", page_length=1)
        page = await self._connection.client.responses(query)
        found = (response.data for response in page.items if response.data)
        return next(found, ANSWERS)

    def draft(self, wish: Wish) -> str:
        """Return a sample as JSON text, to be read and changed before it is posted."""
        if not wish.project:
            wish = replace(wish, project=self._connection.environment.project)
        return msgspec.json.format(msgspec.json.encode(sample(wish)), indent=2).decode()

    async def post(self, hook: Hook, text: str) -> Forwarded:
        """Post a text to a hook as it is, once. Raises `NotListening`."""
        return await self._post(self._dispatch.address(hook.path), hook, text.encode())

    async def burst(self, hook: Hook, text: str, burst: Burst, on_progress: OnBurst) -> BurstState:
        """Post so many samples a second for so long, each of them another response.

        Cancelling stops it; `on_progress` has heard of all that was posted. Raises `NotListening`.
        """
        url, body = self._dispatch.address(hook.path), text.encode()
        return await run_burst(burst, lambda: self._post(url, hook, refreshed(body)), on_progress)

    async def _post(self, url: str, hook: Hook, body: bytes) -> Forwarded:
        token = (token_header(hook),) if hook.token else ()
        return await self._dispatch.post(url, Outgoing("POST", (_TYPE, *token), body), _SAMPLE)


def _objects(body: bytes) -> list[Mapping[str, Any]]:
    items = (item_of(msgspec.Raw(item)) for item in raw_page(body).items)
    return [item for item in items if isinstance(item, dict)]
