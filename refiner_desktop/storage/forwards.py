"""What became of deliveries that were sent on or again, in table `forward`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.delivery_search import NOT_TAKEN
from refiner_desktop.storage.encoding import (
    moment_from_text,
    moment_to_text,
    pairs_from_text,
    pairs_to_text,
)
from refiner_desktop.webhooks.delivery import Headers

_COLUMNS = (
    "delivery, url, sent_at, errand, attempt, attempts_left, edited, status, seconds, error,"
    " headers, body"
)


class Errand(StrEnum):
    """Why a delivery was sent."""

    FORWARD = "forward"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Forward:
    """One attempt to send a kept delivery somewhere; `status` None means that no answer came."""

    delivery: int
    url: str
    sent_at: datetime
    errand: Errand = Errand.FORWARD
    attempt: int = 1
    attempts_left: int = 0
    """How many follow by themselves."""
    edited: bool = False
    status: int | None = None
    seconds: float = 0.0
    error: str = ""
    headers: Headers = ()
    """Those of the answer."""
    body: bytes = b""
    """How the answer began: no more than 64 KB of it."""
    id: int | None = None
    """None until it is kept."""

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gave_up(self) -> bool:
        """Whether it was passed on in vain, and no attempt follows by itself."""
        return self.errand is Errand.FORWARD and not self.taken and not self.attempts_left


class ForwardStore:
    """Keeps attempts as long as their deliveries, and which deliveries wait to be passed on.

    It serves any thread. Raises `StorageUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, forward: Forward) -> int | None:
        """Commit an attempt and return its id; None when its delivery was deleted meanwhile."""
        values = (
            forward.delivery,
            forward.url,
            moment_to_text(forward.sent_at),
            forward.errand.value,
            forward.attempt,
            forward.attempts_left,
            forward.edited,
            forward.status,
            forward.seconds,
            forward.error,
            pairs_to_text(forward.headers),
            forward.body,
        )
        with self._database.transaction() as connection:
            if forward.errand is Errand.FORWARD:
                connection.execute(
                    "UPDATE delivery SET passed_on = ?, waits = waits AND ? WHERE id = ?",
                    (forward.status or 0, forward.attempts_left > 0, forward.delivery),
                )
            inserted = connection.execute(
                f"INSERT INTO forward ({_COLUMNS}) SELECT {', '.join('?' * len(values))}"
                " WHERE EXISTS (SELECT 1 FROM delivery WHERE id = ?)",
                (*values, forward.delivery),
            )
            return inserted.lastrowid if inserted.rowcount else None

    def of(self, delivery_id: int) -> list[Forward]:
        """Return the attempts of a delivery, oldest first."""
        found = self._database.connection().execute(
            f"SELECT {_COLUMNS}, id FROM forward WHERE delivery = ? ORDER BY id", (delivery_id,)
        )
        return [_forward(row) for row in found]

    def waiting(self) -> list[tuple[int, str]]:
        """Return id and hook id of the deliveries that are to be passed on, oldest first."""
        return (
            self._database.connection()
            .execute("SELECT id, hook_id FROM delivery WHERE waits ORDER BY id")
            .fetchall()
        )

    def drop(self, hook_id: str = "") -> int:
        """Let no delivery wait any more, or none of a hook; return how many did."""
        return self._update("waits = 0 WHERE waits", hook_id)

    def renew(self, hook_id: str = "") -> int:
        """Let wait again what was passed on in vain, or that of a hook; return how many."""
        return self._update(f"waits = 1 WHERE {NOT_TAKEN}", hook_id)

    def _update(self, change: str, hook_id: str) -> int:
        with self._database.transaction() as connection:
            changed = connection.execute(
                f"UPDATE delivery SET {change} AND (? = '' OR hook_id = ?)", (hook_id, hook_id)
            )
        return changed.rowcount


def _forward(row: tuple[Any, ...]) -> Forward:
    delivery, url, sent_at, errand, attempt, left, edited, status, seconds, *answer, number = row
    error, headers, body = answer
    return Forward(
        delivery,
        url,
        moment_from_text(sent_at),
        Errand(errand),
        attempt,
        left,
        bool(edited),
        status,
        seconds,
        error,
        pairs_from_text(headers),
        body,
        number,
    )
