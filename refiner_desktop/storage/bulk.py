"""The journal of bulk runs, in tables `bulk_run` and `bulk_row`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.encoding import moment_from_text, moment_to_text

_ADDED_AT_ONCE = 5_000


class RunState(StrEnum):
    """How far a run came."""

    PREPARING = "preparing"
    """Its rows are still being written; what a kill leaves of it is deleted at the next start."""
    RUNNING = "running"
    """Also what a killed run is left in."""
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class RowState(StrEnum):
    """How far one row came."""

    WAITING = "waiting"
    SENT = "sent"
    """Its call went out; the outcome is unknown until an answer is written down."""
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class BulkRun:
    """One run over one source."""

    id: int
    started_at: datetime
    action: str
    source: str
    """Path of the file the rows came from."""
    source_hash: str
    mapping: Mapping[str, Any]
    environment: str
    state: RunState


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One line of data of a run, numbered from 1."""

    row: int
    payload: str
    """The JSON to be sent, so that a run goes on without its file."""
    state: RowState = RowState.WAITING
    status: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row."""

    row: int
    state: RowState
    status: int | None = None
    error: str | None = None


class BulkJournal:
    """Knows each row's state before its call and after its answer, so that none is sent twice.

    It may be used from any thread. Writing raises `StorageUnavailable`. Each commit waits for the
    disk, to outlive a power cut, and costs about the same for one row as for a hundred: mark and
    finish rows together where the order of things allows it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            connection.execute("DELETE FROM bulk_run WHERE state = 'preparing'")

    def begin_run(
        self,
        action: str,
        *,
        source: str,
        source_hash: str,
        mapping: Mapping[str, Any],
        environment: str,
    ) -> int:
        """Commit a new run that is being prepared, without rows yet, and return its id.

        `mapping` is kept as JSON, `environment` by its id.
        """
        with self._database.transaction(to_disk=True) as connection:
            inserted = connection.execute(
                "INSERT INTO bulk_run"
                " (started_at, action, source, source_hash, mapping, environment, state)"
                " VALUES (?, ?, ?, ?, ?, ?, 'preparing')",
                (
                    moment_to_text(datetime.now(UTC)),
                    action,
                    source,
                    source_hash,
                    json.dumps(mapping),
                    environment,
                ),
            )
        return inserted.lastrowid or 0

    def set_run_state(self, run: int, state: RunState) -> None:
        """Say that a run pauses, goes on or has ended."""
        with self._database.transaction(to_disk=True) as connection:
            connection.execute("UPDATE bulk_run SET state = ? WHERE id = ?", (state.value, run))

    def delete_run(self, run: int) -> None:
        """Forget a run and its rows."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM bulk_run WHERE id = ?", (run,))

    def run(self, run: int) -> BulkRun | None:
        """Return a run, or None when there is none of that id."""
        return next(iter(self._runs("id = ?", run)), None)

    def runs(self) -> list[BulkRun]:
        """Return all runs, newest first."""
        return self._runs("TRUE")

    def unfinished_runs(self) -> list[BulkRun]:
        """Return the runs that can be taken up again, newest first."""
        return self._runs("state IN ('running', 'paused')")

    def add_rows(self, run: int, rows: Iterable[BulkRow]) -> None:
        """Commit rows in portions, so that a source of any length needs little memory."""
        remaining = iter(rows)
        while portion := list(islice(remaining, _ADDED_AT_ONCE)):
            with self._database.transaction(to_disk=True) as connection:
                connection.executemany(
                    "INSERT INTO bulk_row (run, row, state, status, error, payload)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    [(run, r.row, r.state.value, r.status, r.error, r.payload) for r in portion],
                )

    def rows(
        self, run: int, state: RowState | None = None, *, offset: int = 0, limit: int = -1
    ) -> list[BulkRow]:
        """Return rows in their order, all or those in one state; a negative limit means all."""
        found = self._database.connection().execute(
            "SELECT row, payload, state, status, error FROM bulk_row"
            f" WHERE run = ? {'' if state is None else 'AND state = ?'}"
            " ORDER BY row LIMIT ? OFFSET ?",
            (run, limit, offset) if state is None else (run, state.value, limit, offset),
        )
        return [
            BulkRow(row, payload, RowState(of_row), status, error)
            for row, payload, of_row, status, error in found
        ]

    def waiting(self, run: int, limit: int) -> list[BulkRow]:
        """Return the next rows to send."""
        return self.rows(run, RowState.WAITING, limit=limit)

    def mark_sent(self, run: int, rows: Iterable[int]) -> None:
        """Commit that the calls of these rows are about to go out."""
        self.finish_many(run, [RowOutcome(row, RowState.SENT) for row in rows])

    def finish(
        self,
        run: int,
        row: int,
        state: RowState,
        status: int | None = None,
        error: str | None = None,
    ) -> None:
        """Commit what became of one row."""
        self.finish_many(run, [RowOutcome(row, state, status, error)])

    def finish_many(self, run: int, outcomes: Iterable[RowOutcome]) -> None:
        """Commit what became of several rows, all or none."""
        with self._database.transaction(to_disk=True) as connection:
            connection.executemany(
                "UPDATE bulk_row SET state = ?, status = ?, error = ? WHERE run = ? AND row = ?",
                [(o.state.value, o.status, o.error, run, o.row) for o in outcomes],
            )

    def requeue(self, run: int, state: RowState) -> int:
        """Let all rows in a state wait again (failed ones, or sent ones); return how many."""
        with self._database.transaction(to_disk=True) as connection:
            return connection.execute(
                "UPDATE bulk_row SET state = 'waiting', status = NULL, error = NULL"
                " WHERE run = ? AND state = ?",
                (run, state.value),
            ).rowcount

    def skip_waiting(self, run: int, reason: str) -> None:
        """Let no row wait any more."""
        with self._database.transaction(to_disk=True) as connection:
            connection.execute(
                "UPDATE bulk_row SET state = 'skipped', error = ?"
                " WHERE run = ? AND state = 'waiting'",
                (reason, run),
            )

    def counts(self, run: int) -> dict[RowState, int]:
        """Return how many rows are in each state; states without rows count 0."""
        found = self._database.connection().execute(
            "SELECT state, count(*) FROM bulk_row WHERE run = ? GROUP BY state", (run,)
        )
        return dict.fromkeys(RowState, 0) | {RowState(state): count for state, count in found}

    def _runs(self, where: str, *values: int) -> list[BulkRun]:
        found = self._database.connection().execute(
            "SELECT id, started_at, action, source, source_hash, mapping, environment, state"
            f" FROM bulk_run WHERE {where} ORDER BY id DESC",
            values,
        )
        return [_to_run(row) for row in found]


def _to_run(row: tuple[Any, ...]) -> BulkRun:
    number, started_at, action, source, source_hash, mapping, environment, state = row
    return BulkRun(
        number,
        moment_from_text(started_at),
        action,
        source,
        source_hash,
        json.loads(mapping),
        environment,
        RunState(state),
    )
