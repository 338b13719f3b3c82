"""Identify and track: one user, one call, and what that call caused."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from refiner_desktop.api.models import Acknowledged
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.user_calls import identify, track
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.reading import read

CAUSED_WITHIN_SECONDS = 60.0
"""What arrives later for the same user has probably another cause."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that worked. `answer` is what came back, as JSON; `users` are the ids of its user."""

    sentence: str
    answer: bytes
    started_at: datetime
    seconds: float
    users: frozenset[str]

    def caused(self, delivery: Delivery) -> Caused | None:
        """Return what this delivery tells, if it came after the call and is about its user."""
        later = (delivery.received_at - self.started_at).total_seconds()
        if not 0 <= later <= CAUSED_WITHIN_SECONDS:
            return None
        event = read(delivery.body)
        if self.users.isdisjoint({event.person.remote_id, event.person.email}):
            return None
        return Caused(event.sentence, later)


@dataclass(frozen=True, slots=True)
class Caused:
    """A delivery that followed a call."""

    sentence: str
    seconds_later: float

    def __str__(self) -> str:
        if self.seconds_later < 1:
            return f"{self.sentence}, {self.seconds_later * 1000:.0f} ms later"
        return f"{self.sentence}, {self.seconds_later:.1f} s later"


class TrackingService:
    """Sends drafts that have been checked."""

    def __init__(self, connection: ConnectionService) -> None:
        self._connection = connection

    async def identify(self, draft: IdentifyDraft) -> Sent:
        """Create or update the user. Raises `NotConnected` or `ApiError`."""
        call = identify(self._connection.client, draft.payload())
        return await _sent(call, "Identified", draft)

    async def track(self, draft: TrackDraft) -> Sent:
        """Record the event, once. Raises `NotConnected` or `ApiError`, perhaps `maybe_done`."""
        call = track(self._connection.client, draft.payload())
        return await _sent(call, f"Event “{draft.event}” tracked", draft)


async def _sent(
    call: Awaitable[Acknowledged], sentence: str, draft: IdentifyDraft | TrackDraft
) -> Sent:
    started_at, started = datetime.now(UTC), time.perf_counter()
    answer = await call
    return Sent(
        sentence,
        msgspec.json.encode(answer),
        started_at,
        time.perf_counter() - started,
        frozenset(filter(None, (draft.user_id, draft.email))),
    )
