"""What became of deliveries that were sent on or again, in table `forward`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.encoding import moment_from_text, moment_to_text


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
    edited: bool = False
    status: int | None = None
    seconds: float = 0.0
    error: str = ""
    id: int | None = None
    """None until it is kept."""

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.status is not None and 200 <= self.status < 300


class ForwardStore:
    """Keeps attempts as long as their deliveries; from any thread. Raises `StorageUnavailable`."""

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
            forward.edited,
            forward.status,
            forward.seconds,
            forward.error,
        )
        with self._database.transaction() as connection:
            if forward.errand is Errand.FORWARD:
                connection.execute(
                    "UPDATE delivery SET passed_on = ? WHERE id = ?",
                    (forward.status or 0, forward.delivery),
                )
            inserted = connection.execute(
                "INSERT INTO forward"
                " (delivery, url, sent_at, errand, attempt, edited, status, seconds, error)"
                " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM delivery WHERE id = ?)",
                (*values, forward.delivery),
            )
            return inserted.lastrowid if inserted.rowcount else None

    def of(self, delivery_id: int) -> list[Forward]:
        """Return the attempts of a delivery, oldest first."""
        found = self._database.connection().execute(
            "SELECT delivery, url, sent_at, errand, attempt, edited, status, seconds, error, id"
            " FROM forward WHERE delivery = ? ORDER BY id",
            (delivery_id,),
        )
        return [
            Forward(
                delivery,
                url,
                moment_from_text(sent_at),
                Errand(errand),
                attempt,
                bool(edited),
                *rest,
            )
            for delivery, url, sent_at, errand, attempt, edited, *rest in found
        ]
