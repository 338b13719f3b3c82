"""What is done to single contacts and to several: looked up, deleted, put into segments."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec

from refiner_desktop.api.errors import ApiError, KeyRejected, NotFound, ReadOnly
from refiner_desktop.api.models import Response, SegmentChanged
from refiner_desktop.api.queries import ResponseQuery, UserReference
from refiner_desktop.datasets.errors import DatasetError, RowGone
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.environments.connection import AnotherEnvironment, ConnectionService
from refiner_desktop.services.environments.danger import Danger
from refiner_desktop.services.threads import whole

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient
    from refiner_desktop.datasets.row_set import RowOrder

AT_ONCE = 8
"""Calls that are on their way at the same time."""

SETTLE_SECONDS = 3.0
"""So long a cancelled action waits for the calls under way, to know what became of them."""


_TARGET_FIELDS = ("uuid", "remote_id", "email", "display_name")


class NoReference(ValueError):
    """A contact without user id and e-mail address, which segments take contacts by."""


class AnotherContact(Exception):
    """The service took another contact than the one meant: an e-mail address can be shared."""


@dataclass(frozen=True, slots=True)
class Target:
    """A contact to do something to. Anonymous ones have a UUID alone; `name` is for people."""

    uuid: str
    user_id: str = ""
    email: str = ""
    name: str = ""

    @classmethod
    def of(cls, contact: Mapping[str, Any]) -> Self:
        """Return the target for a contact as in the API reference, section 5.1."""
        return cls(*(_text(contact.get(field)) for field in _TARGET_FIELDS))

    @property
    def reference(self) -> UserReference:
        """How calls that take no UUID name this contact. Raises `NoReference`.

        By one of the two alone: an address sent beside an id could become that user's own.
        """
        if not (self.user_id or self.email):
            raise NoReference(f"{self.uuid} has neither a user id nor an e-mail address")
        return UserReference(id=self.user_id) if self.user_id else UserReference(email=self.email)


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
        cells = await self._contacts.cells(order, _TARGET_FIELDS)
        if not cells:
            raise RowGone("the selected rows are gone")
        return await asyncio.to_thread(_targets, cells)

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

        async def delete_one(target: Target) -> None:
            with suppress(NotFound):
                await client.delete_contact(UserReference(uuid=target.uuid))
            deleted.append(target.uuid)

        deleted: list[str] = []
        try:
            return await _Errand(client, targets, delete_one, on_progress).run()
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

    def danger_of_deleting(self, targets: Sequence[Target]) -> Danger | None:
        """Return what a production environment asks its name for; the caller has the question.

        What is read-only refuses without one.
        """
        environment = self._connection.environment
        if environment.read_only or not environment.production:
            return None
        count = len(targets)
        action = f"Delete {count} {'contact' if count == 1 else 'contacts'}"
        return Danger(environment.name, "", "", action)

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

        return await _Errand(client, targets, change_one, on_progress).run()

    async def _renew(self, client: RefinerClient, target: Target) -> dict[str, Any]:
        page = await client.contact_page(UserReference(uuid=target.uuid))
        return await self._contacts.replace(page)


class _Errand:
    """One action on several contacts, a few at a time."""

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
        lines = [asyncio.ensure_future(self._line()) for _ in self._targets[:AT_ONCE]]
        try:
            await asyncio.gather(*map(asyncio.shield, lines))
        except asyncio.CancelledError:
            self._stopping = True
            await asyncio.wait(lines, timeout=SETTLE_SECONDS)
            raise
        finally:
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, return_exceptions=True)
        return ActionResult(tuple(self._outcomes[place] for place in range(len(self._targets))))

    async def _line(self) -> None:
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


def _targets(cells: Sequence[Sequence[str | None]]) -> tuple[Target, ...]:
    return tuple(Target(*map(_text, row)) for row in cells)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
