"""Every webhook delivery, in table `delivery`."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.encoding import (
    like_pattern,
    moment_from_text,
    moment_to_text,
    pairs_from_text,
    pairs_to_text,
)
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow, Gist, Kind, Verdict

_ADDED_AT_ONCE = 500
_CLEARED_AT_ONCE = 500

_INSERT = """
    INSERT INTO delivery (
        hook, received_at, method, path, headers, kind, verdict, answer, reason, peer, seconds,
        subject, user, score, sentence, body, project
    ) VALUES
"""
_VALUES = f"({', '.join('?' * 17)})"
_ROW = """
    id, hook, received_at, method, path, kind, verdict, answer, length(body),
    subject, user, score, sentence
"""
_WHOLE = """
    hook, received_at, method, path, headers, body, kind, verdict, id, answer, reason, peer,
    seconds, project, subject, user, score, sentence
"""
_TESTS = {
    "before_id": "id < :before_id",
    "kind": "kind = :kind",
    "hook": "hook = :hook",
    "verdict": "verdict = :verdict",
    "text": r"""
        (subject LIKE :text ESCAPE '\' OR user LIKE :text ESCAPE '\' OR path LIKE :text ESCAPE '\'
        OR headers LIKE :text ESCAPE '\' OR CAST(body AS TEXT) LIKE :text ESCAPE '\')
    """,
    "without_projects": """
        id NOT IN (
            SELECT id FROM delivery
            WHERE project IN (SELECT value FROM json_each(:without_projects))
        )
    """,
}


class DeliveryStore:
    """Keeps deliveries; from any thread. Writing raises `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, delivery: Delivery) -> int:
        """Commit one delivery and return its id."""
        return self.add_many([delivery])[0]

    def add_many(self, deliveries: Sequence[Delivery]) -> list[int]:
        """Commit deliveries in one transaction, all or none; return their ids in order."""
        ids: list[int] = []
        with self._database.transaction() as connection:
            for start in range(0, len(deliveries), _ADDED_AT_ONCE):
                ids += _insert(connection, deliveries[start : start + _ADDED_AT_ONCE])
        return ids

    def get(self, delivery_id: int) -> Delivery | None:
        """Return a delivery with its headers and body, or None when it was deleted."""
        found = self._database.connection().execute(
            f"SELECT {_WHOLE} FROM delivery WHERE id = ?", (delivery_id,)
        )
        row = found.fetchone()
        return _to_delivery(row) if row else None

    def newest(
        self,
        limit: int,
        before_id: int | None = None,
        *,
        text: str = "",
        kind: Kind | None = None,
        hook: str | None = None,
        verdict: Verdict | None = None,
        without_projects: Collection[str] = (),
    ) -> list[DeliveryRow]:
        """Return list lines, newest first; the last one's id as `before_id` gives the next page.

        `text` is looked for in headers, body, path, user and subject, ASCII letters in any case.
        Deliveries that name one of `without_projects` are left out.
        """
        values = {
            "before_id": before_id,
            "kind": kind,
            "hook": hook,
            "verdict": verdict,
            "text": like_pattern(text) if text else None,
            "without_projects": _json(without_projects) if without_projects else None,
        }
        tests = [test for name, test in _TESTS.items() if values[name] is not None]
        found = self._database.connection().execute(
            f"SELECT {_ROW} FROM delivery WHERE {' AND '.join(tests) or 'TRUE'}"
            " ORDER BY id DESC LIMIT :limit",
            {**values, "limit": limit},
        )
        return [_to_delivery_row(row) for row in found]

    def count(self) -> int:
        """Return how many deliveries are kept."""
        count: int = (
            self._database.connection().execute("SELECT count(*) FROM delivery").fetchone()[0]
        )
        return count

    def count_of(self, projects: Collection[str]) -> int:
        """Return how many of the kept deliveries name one of these projects."""
        found = self._database.connection().execute(
            "SELECT count(*) FROM delivery WHERE project IN (SELECT value FROM json_each(?))",
            (_json(projects),),
        )
        count: int = found.fetchone()[0]
        return count

    def clear(self) -> None:
        """Delete what is there now and give its space back to the disk.

        It goes in steps, so that the listener gets its turn between them; what arrives meanwhile
        stays.
        """
        connection = self._database.connection()
        newest = connection.execute("SELECT max(id) FROM delivery").fetchone()[0]
        deleted = 1
        while deleted:
            with self._database.transaction():
                deleted = connection.execute(
                    "DELETE FROM delivery WHERE id IN"
                    " (SELECT id FROM delivery WHERE id <= ? ORDER BY id LIMIT ?)",
                    (newest, _CLEARED_AT_ONCE),
                ).rowcount
            # It frees one page a step, and `execute` would take but one step.
            connection.executescript("PRAGMA incremental_vacuum")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _json(texts: Collection[str]) -> str:
    return msgspec.json.encode(sorted(texts)).decode()


def _insert(connection: sqlite3.Connection, deliveries: Sequence[Delivery]) -> range:
    # One statement for all: Python's lock changes hands once instead of once for each row, for
    # which the listener's thread would have to wait.
    statement = f"{_INSERT} {', '.join([_VALUES] * len(deliveries))}"
    values = [value for delivery in deliveries for value in _to_row(delivery)]
    newest = connection.execute(statement, values).lastrowid or 0
    return range(newest - len(deliveries) + 1, newest + 1)


def _to_row(delivery: Delivery) -> tuple[Any, ...]:
    gist = delivery.gist
    return (
        delivery.hook,
        moment_to_text(delivery.received_at),
        delivery.method,
        delivery.path,
        pairs_to_text(delivery.headers),
        delivery.kind.value,
        delivery.verdict.value,
        delivery.answer,
        delivery.reason,
        delivery.peer,
        delivery.seconds,
        gist.subject,
        gist.user,
        gist.score,
        gist.sentence,
        delivery.body,
        delivery.project,
    )


def _to_delivery(row: tuple[Any, ...]) -> Delivery:
    hook, received_at, method, path, headers, body, kind, verdict, *ours = row
    number, answer, reason, peer, seconds, project, *gist = ours
    return Delivery(
        hook,
        moment_from_text(received_at),
        method,
        path,
        pairs_from_text(headers),
        body,
        Kind(kind),
        Verdict(verdict),
        number,
        answer,
        reason,
        peer,
        seconds,
        Gist(*gist),
        project,
    )


def _to_delivery_row(row: tuple[Any, ...]) -> DeliveryRow:
    number, hook, received_at, method, path, kind, verdict, answer, size, *gist = row
    return DeliveryRow(
        number,
        hook,
        moment_from_text(received_at),
        method,
        path,
        Kind(kind),
        Verdict(verdict),
        answer,
        size,
        Gist(*gist),
    )
