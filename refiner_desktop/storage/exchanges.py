"""The API console's history, in table `exchange`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.encoding import (
    Pairs,
    like_pattern,
    moment_from_text,
    moment_to_text,
    pairs_from_text,
    pairs_to_text,
)


class ExchangeState(StrEnum):
    """How far a call came."""

    IN_FLIGHT = "in_flight"
    ANSWERED = "answered"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The application ended while it waited: whether the call arrived is unknown."""


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One call as a line of the history."""

    id: int
    sent_at: datetime
    method: str
    path: str
    state: ExchangeState
    status: int | None
    seconds: float | None
    error: str | None
    answer_size: int


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One call with everything that was sent and what came back."""

    id: int
    sent_at: datetime
    method: str
    path: str
    query: Pairs
    headers: Pairs
    body: bytes
    state: ExchangeState
    status: int | None
    answer_headers: Pairs
    answer_body: bytes
    seconds: float | None
    error: str | None


class ExchangeStore:
    """Keeps calls from before they go out; from any thread. Writing raises `StorageUnavailable`.

    Calls that an earlier run of the application left in flight become interrupted. The API key is
    no part of a record: callers leave the Authorization header out.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            connection.execute(
                "UPDATE exchange SET state = 'interrupted' WHERE state = 'in_flight'"
            )

    def begin(
        self,
        method: str,
        path: str,
        *,
        environment: str = "",
        query: Iterable[tuple[str, str]] = (),
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> int:
        """Commit a call that is about to go out from an environment; return the call's id."""
        with self._database.transaction() as connection:
            inserted = connection.execute(
                "INSERT INTO exchange"
                " (environment, sent_at, method, path, query, headers, body, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'in_flight')",
                (
                    environment,
                    moment_to_text(datetime.now(UTC)),
                    method,
                    path,
                    pairs_to_text(query),
                    pairs_to_text(headers),
                    body,
                ),
            )
        return inserted.lastrowid or 0

    def finish(
        self,
        exchange_id: int,
        *,
        status: int,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        seconds: float,
    ) -> None:
        """Add the answer to a call."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE exchange SET state = 'answered', status = ?, answer_headers = ?,"
                " answer_body = ?, seconds = ? WHERE id = ?",
                (status, pairs_to_text(headers), body, seconds, exchange_id),
            )

    def fail(self, exchange_id: int, error: str, seconds: float) -> None:
        """Say why a call got no answer."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE exchange SET state = 'failed', error = ?, seconds = ? WHERE id = ?",
                (error, seconds, exchange_id),
            )

    def get(self, exchange_id: int) -> ExchangeRecord | None:
        """Return a call with its bodies, or None when it was deleted."""
        found = self._database.connection().execute(
            "SELECT id, sent_at, method, path, query, headers, body, state, status,"
            " answer_headers, answer_body, seconds, error FROM exchange WHERE id = ?",
            (exchange_id,),
        )
        row = found.fetchone()
        return _to_record(row) if row else None

    def recent(self, limit: int, text: str = "", *, environment: str = "") -> list[ExchangeRow]:
        """Return an environment's history, newest first.

        `text` is looked for in method, path and query. Calls from before environments were noted
        have none.
        """
        rows = self._database.connection().execute(
            "SELECT id, sent_at, method, path, state, status, seconds, error, length(answer_body)"
            " FROM exchange WHERE environment = ?"
            r" AND method || ' ' || path || ' ' || query LIKE ? ESCAPE '\'"
            " ORDER BY id DESC LIMIT ?",
            (environment, like_pattern(text), limit),
        )
        return [
            ExchangeRow(
                number, moment_from_text(sent_at), method, path, ExchangeState(state), *rest
            )
            for number, sent_at, method, path, state, *rest in rows
        ]

    def delete(self, exchange_id: int) -> None:
        """Forget one call."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM exchange WHERE id = ?", (exchange_id,))

    def trim(self, keep: int) -> int:
        """Forget all but the newest `keep` calls; return how many were forgotten."""
        with self._database.transaction() as connection:
            return connection.execute(
                "DELETE FROM exchange WHERE id <="
                " (SELECT id FROM exchange ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (keep,),
            ).rowcount


def _to_record(row: tuple[Any, ...]) -> ExchangeRecord:
    number, sent_at, method, path, query, headers, body, state, status, *answer = row
    answer_headers, answer_body, seconds, error = answer
    return ExchangeRecord(
        number,
        moment_from_text(sent_at),
        method,
        path,
        pairs_from_text(query),
        pairs_from_text(headers),
        body,
        ExchangeState(state),
        status,
        pairs_from_text(answer_headers),
        answer_body,
        seconds,
        error,
    )
