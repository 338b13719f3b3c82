"""Identify and track: one user, one call, and what that call caused."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from refiner_desktop.api.errors import ApiError, NotFound
from refiner_desktop.api.models import Acknowledged, Contact
from refiner_desktop.api.queries import UserReference
from refiner_desktop.services.contacts.changes import Comparison, compare
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.problems import describe
from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.users.form_drafts import Draft, form_of
from refiner_desktop.services.users.sends import SendHistory
from refiner_desktop.services.users.user_calls import identify, track
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.reading import Event, read

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

CAUSED_WITHIN_SECONDS = 60.0
"""What arrives later for the same user has probably another cause."""

REMEMBERED_CALLS = 50
"""So many calls are asked which of them a delivery came from; a person makes no more by hand."""

Send = Callable[["RefinerClient", Mapping[str, Any]], Coroutine[Any, Any, Acknowledged]]


@dataclass(frozen=True, kw_only=True)
class UserCall:
    """A call about a user, begun at `started_at`, in UTC."""

    started_at: datetime
    user_id: str
    email: str

    def may_have_caused(self, delivery: Delivery, event: Event) -> bool:
        """Whether a delivery came soon after the call began and is about its user."""
        if not 0 <= self.seconds_to(delivery) <= CAUSED_WITHIN_SECONDS:
            return False
        same_id = bool(self.user_id) and self.user_id == event.person.remote_id
        same_email = self.email.casefold() == event.person.email.casefold()
        return same_id or (bool(self.email) and same_email)

    def seconds_to(self, delivery: Delivery) -> float:
        """Return how long after the call began a delivery came."""
        return (delivery.received_at - self.started_at).total_seconds()


@dataclass(frozen=True, kw_only=True)
class Sent(UserCall):
    """A call that worked. `answer` is what came back, as JSON.

    `calls` are those of both forms, this one and later ones included.
    """

    sentence: str
    answer: bytes
    seconds: float
    calls: Iterable[UserCall] = ()

    def caused(self, delivery: Delivery) -> Caused | None:
        """Return what a delivery tells, if this is the newest call that may have caused it."""
        event = read(delivery.body)
        if not self.may_have_caused(delivery, event):
            return None
        newer = (call for call in self.calls if call.started_at > self.started_at)
        if any(call.may_have_caused(delivery, event) for call in newer):
            return None
        return Caused(event.sentence, self.seconds_to(delivery))


@dataclass(frozen=True, slots=True)
class Caused:
    """A delivery that followed a call."""

    sentence: str
    seconds_later: float


class TrackingService:
    """Sends drafts that have been checked, and keeps what was sent and what came back.

    Every coroutine raises `NotConnected` or `ApiError`.
    """

    def __init__(self, connection: ConnectionService, history: SendHistory) -> None:
        self._connection = connection
        self._history = history
        self._calls: deque[UserCall] = deque(maxlen=REMEMBERED_CALLS)

    async def identify(self, draft: IdentifyDraft) -> Sent:
        """Create or update the user."""
        return await self._send(draft, identify, "Identified")

    async def track(self, draft: TrackDraft) -> Sent:
        """Record the event, once. An error that has `maybe_done` leaves open whether it was."""
        return await self._send(draft, track, f"Event “{draft.event}” tracked")

    async def compare(self, draft: IdentifyDraft) -> Comparison:
        """Fetch the contact that an identify call would meet, and compare."""
        client = self._connection.client
        return compare(draft.payload(), await _contact(client, draft.user_id, draft.email))

    async def _send(self, draft: Draft, send: Send, sentence: str) -> Sent:
        client, form = self._connection.client, form_of(draft)
        kept = await self._history.begin(draft)
        call = UserCall(started_at=datetime.now(UTC), user_id=draft.user_id, email=draft.email)
        self._calls.append(call)  # now: what it causes may arrive before its answer
        started = time.perf_counter()
        try:
            answer = msgspec.json.encode(await send(client, draft.payload()))
        except BaseException as exc:
            if not getattr(exc, "maybe_done", True):
                self._calls.remove(call)
            await self._history.fail(kept, form, _words(exc), time.perf_counter() - started)
            raise
        seconds = time.perf_counter() - started
        await self._history.finish(kept, form, answer, seconds)
        return Sent(
            **asdict(call), sentence=sentence, answer=answer, seconds=seconds, calls=self._calls
        )


async def _contact(client: RefinerClient, user_id: str, email: str) -> Contact | None:
    """Return the contact by its id, or by its address where the id is not known."""
    references = [UserReference(id=user_id)] if user_id else []
    references += [UserReference(email=email)] if email else []
    for reference in references:
        try:
            return await client.contact(reference)
        except NotFound:
            continue
    return None


def _words(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError):
        return "Cancelled: it may have reached Refiner all the same."
    said = error.said if isinstance(error, ApiError) else ""
    return f"{describe(error)} {said}".strip()
