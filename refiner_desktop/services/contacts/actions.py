"""What is done to single contacts and to several: looked up, deleted, put into segments."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from refiner_desktop.api.errors import ApiError, NotFound
from refiner_desktop.api.models import Response, SegmentChanged
from refiner_desktop.api.queries import ResponseQuery, UserReference
from refiner_desktop.datasets.errors import DatasetError, RowGone
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.mass_action import ActionResult, MassAction, OnProgress
from refiner_desktop.services.contacts.targets import TARGET_FIELDS, AnotherContact, Target
from refiner_desktop.services.environments.connection import AnotherEnvironment, ConnectionService
from refiner_desktop.services.environments.danger import asks_for_name
from refiner_desktop.services.threads import whole

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient
    from refiner_desktop.datasets.row_set import RowOrder


class ContactActions:
    """Acts on contacts that were loaded, in the environment that they were loaded from.

    Every coroutine that asks the service raises `NotConnected`, and `AnotherEnvironment` once
    another project is connected. Those on several contacts raise `ReadOnly` before anything is
    sent, and return an outcome for each; once the key is rejected, the rest is not tried. When
    cancelled, they start no further call, and `on_progress` has heard of every contact whose
    outcome is known.
    """

    def __init__(self, connection: ConnectionService, contacts: ContactsService) -> None:
        self._connection = connection
        self._contacts = contacts

    async def targets(self, order: RowOrder) -> tuple[Target, ...]:
        """Return whom an order's rows stand for, in their order, without those that are gone.

        Raises `RowGone` when none is left.
        """
        cells = await self._contacts.cells(order, TARGET_FIELDS)
        if not cells:
            raise RowGone("the selected rows are gone")
        return await asyncio.to_thread(lambda: tuple(map(Target.from_cells, cells)))

    async def segment_counts(self, order: RowOrder) -> dict[str, int]:
        """Return how many rows of an order are in each segment, as far as is known here.

        By the segment's UUID, or its name where the rows know no more.
        """
        return await self._contacts.segment_counts(order)

    async def raw(self, target: Target) -> bytes:
        """Return a contact exactly as the service sends it now. API reference, section 4.6.

        Raises `ApiError`.
        """
        page = await self._client().contact_page(UserReference(uuid=target.uuid))
        return page.contact

    async def responses(self, uuid: str) -> list[Response]:
        """Return all that a contact did with surveys, the newest first: mere views too.

        API reference, section 4.15.
        """
        query = ResponseQuery(search=uuid, include="all")
        found: list[Response] = []
        async with aclosing(self._client().response_pages(query)) as pages:
            async for page in pages:  # the search looks at names and ids as well
                found += (item for item in page.items if item.contact.uuid == uuid)
        return found

    async def look_up(self, user_id: str, email: str) -> dict[str, Any]:
        """Fetch a contact by its user id, or its address where it has none; renew its row.

        Raises `ApiError`, `NotFound` where Refiner does not know it.
        """
        page = await self._client().contact_page(UserReference(id=user_id, email=email))
        try:
            return await self._contacts.replace(page)
        except RowGone:
            found: dict[str, Any] = msgspec.json.decode(page.contact)
            return found

    async def refresh(self, target: Target) -> dict[str, Any] | None:
        """Fetch a contact anew into its row; None when it is gone, and then its row leaves too.

        Raises `ApiError`, and `RowGone` when the row left meanwhile.
        """
        client = self._client()
        try:
            return await self._renew(client, target)
        except NotFound:
            await self._contacts.remove([target.uuid])
            return None

    async def delete(self, targets: Sequence[Target], on_progress: OnProgress) -> ActionResult:
        """Delete contacts with their responses, for good; those that are gone count as deleted.

        Their rows leave. API reference, section 4.7.
        """
        client = self._client()
        deleted: list[str] = []

        async def delete_one(target: Target) -> None:
            with suppress(NotFound):
                await client.delete_contact(UserReference(uuid=target.uuid))
            deleted.append(target.uuid)

        try:
            return await MassAction(client, targets, delete_one, on_progress).run()
        finally:
            if deleted:
                await whole(self._contacts.remove(deleted))

    async def add_to_segment(
        self, targets: Sequence[Target], segment_uuid: str, on_progress: OnProgress
    ) -> ActionResult:
        """Put contacts into a manual segment, and fetch their rows anew.

        API reference, section 4.9.
        """
        client = self._client()

        async def add(target: Target) -> SegmentChanged:
            return await client.add_to_segment(target.reference, segment_uuid)

        return await self._change_segment(client, targets, add, on_progress)

    async def remove_from_segment(
        self, targets: Sequence[Target], segment_uuid: str, on_progress: OnProgress
    ) -> ActionResult:
        """Take contacts out of a manual segment, and fetch their rows anew."""
        client = self._client()

        async def remove(target: Target) -> SegmentChanged:
            return await client.remove_from_segment(target.reference, segment_uuid)

        return await self._change_segment(client, targets, remove, on_progress)

    @property
    def name_to_type(self) -> str:
        """The name of the environment where deleting asks for it; else empty."""
        environment = self._connection.environment
        return environment.name if asks_for_name(environment) else ""

    def _client(self) -> RefinerClient:
        client = self._connection.client
        if self._contacts.project not in (None, self._connection.environment.project):
            raise AnotherEnvironment
        return client

    async def _change_segment(
        self,
        client: RefinerClient,
        targets: Sequence[Target],
        change: Callable[[Target], Awaitable[SegmentChanged]],
        on_progress: OnProgress,
    ) -> ActionResult:
        async def change_one(target: Target) -> None:
            changed = await change(target)
            if changed.contact_uuid not in ("", target.uuid):
                raise AnotherContact(f"{changed.contact_uuid} instead of {target.uuid}")
            with suppress(ApiError, DatasetError):  # the change was made all the same
                await self._renew(client, target)

        return await MassAction(client, targets, change_one, on_progress).run()

    async def _renew(self, client: RefinerClient, target: Target) -> dict[str, Any]:
        page = await client.contact_page(UserReference(uuid=target.uuid))
        return await self._contacts.replace(page)
