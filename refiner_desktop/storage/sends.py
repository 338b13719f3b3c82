"""What was sent by the forms and what came back, in table `send`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.encoding import moment_from_text, moment_to_text
from refiner_desktop.storage.text_search import learn_to_fold, needle, needle_in_json

_COLUMNS = "id, sent_at, form, state, subject, draft, payload, seconds, answer, error"


class SendState(StrEnum):
    """How far a call came."""

    IN_FLIGHT = "in_flight"
    ANSWERED = "answered"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The application ended while it waited: whether the call arrived is unknown."""


@dataclass(frozen=True, slots=True)
class SendRecord:
    """One call of a form. `draft` is the form as it was, `payload` and `answer` are JSON."""

    id: int
    sent_at: datetime
    form: str
    state: SendState
    subject: str
    draft: str
    payload: str
    seconds: float | None
    answer: str
    error: str


class SendStore:
    """Keeps calls from before they go out; from any thread. Writing raises `StorageUnavailable`.

    Calls that an earlier run of the application left in flight become interrupted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            connection.execute(
                "UPDATE send SET state = 'interrupted' WHERE state = 'in_flight'",
            )

    def begin(self, environment: str, form: str, subject: str, draft: str, payload: str) -> int:
        """Commit a call that is about to go out from an environment; return the call's id.

        `subject` is what the call does in a few words: the name of the event.
        """
        sent_at = moment_to_text(datetime.now(UTC))
        with self._database.transaction() as connection:
            inserted = connection.execute(
                "INSERT INTO send (environment, form, sent_at, state, subject, draft, payload)"
                " VALUES (?, ?, ?, 'in_flight', ?, ?, ?)",
                (environment, form, sent_at, subject, draft, payload),
            )
        return inserted.lastrowid or 0

    def finish(self, send_id: int, answer: str, seconds: float) -> None:
        """Add the answer to a call."""
        self._end(send_id, SendState.ANSWERED, seconds, answer, "")

    def fail(self, send_id: int, error: str, seconds: float) -> None:
        """Say why a call got no answer."""
        self._end(send_id, SendState.FAILED, seconds, "", error)

    def get(self, send_id: int) -> SendRecord | None:
        """Return a call, or None when it was deleted."""
        found = self._database.connection().execute(
            f"SELECT {_COLUMNS} FROM send WHERE id = ?", (send_id,)
        )
        row = found.fetchone()
        return _record(row) if row else None

    def recent(self, environment: str, form: str, limit: int, text: str = "") -> list[SendRecord]:
        """Return what a form sent from an environment, newest first.

        `text` is looked for in what was sent, in the answer and in the error.
        """
        connection = self._database.connection()
        learn_to_fold(connection)
        in_json = needle_in_json(text)
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM send WHERE environment = ? AND form = ?"
            " AND (instr(folded(payload), ?) OR instr(folded(answer), ?)"
            " OR instr(folded(error), ?))"
            " ORDER BY id DESC LIMIT ?",
            (environment, form, in_json, in_json, needle(text), limit),
        )
        return [_record(row) for row in rows]

    def subjects(self, environment: str, form: str) -> list[str]:
        """Return the different subjects of a form's calls, the one used last first."""
        rows = self._database.connection().execute(
            "SELECT subject FROM send WHERE environment = ? AND form = ? AND subject <> ''"
            " GROUP BY subject ORDER BY max(id) DESC",
            (environment, form),
        )
        return [subject for (subject,) in rows]

    def trim(self, environment: str, form: str, keep: int) -> None:
        """Forget all but the newest `keep` calls of a form in an environment."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM send WHERE environment = ? AND form = ? AND id <="
                " (SELECT id FROM send WHERE environment = ? AND form = ?"
                " ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (environment, form, environment, form, keep),
            )

    def _end(self, send_id: int, state: SendState, seconds: float, answer: str, error: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE send SET state = ?, seconds = ?, answer = ?, error = ? WHERE id = ?",
                (state.value, seconds, answer, error, send_id),
            )


def _record(row: tuple[Any, ...]) -> SendRecord:
    number, sent_at, form, state, *rest = row
    return SendRecord(number, moment_from_text(sent_at), form, SendState(state), *rest)
