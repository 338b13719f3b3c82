"""The journal of bulk runs, in tables `bulk_run` and `bulk_row`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice

from refiner_desktop.storage.bulk_rows import (
    INSERT_ROW,
    INSERT_RUN,
    ROW,
    RUN,
    BulkRow,
    BulkRun,
    Counts,
    RowOutcome,
    RowState,
    RunState,
    from_row,
    from_run,
    to_json,
    to_row,
    to_run,
)
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.text_search import learn_to_fold, needle, needle_in_json

_ADDED_AT_ONCE = 5_000


class BulkJournal:
    """Knows each row's state before its call and after its answer, so that none is sent twice.

    It may be used from any thread. Writing raises `StorageUnavailable`. Each commit waits for the
    disk, to outlive a power cut, and costs about the same for one row as for a hundred: write
    outcomes together where the order of things allows it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            connection.execute("DELETE FROM bulk_run WHERE state = 'preparing'")

    def begin_run(self, run: BulkRun) -> int:
        """Commit a new run that is being prepared, without rows yet, and return its id."""
        with self._database.transaction(to_disk=True) as connection:
            preparing = replace(run, state=RunState.PREPARING)
            inserted = connection.execute(INSERT_RUN, from_run(preparing))
        return inserted.lastrowid or 0

    def set_run_state(self, run: int, state: RunState, reason: str = "") -> None:
        """Say that a run pauses, goes on or has ended, and why."""
        with self._database.transaction(to_disk=True) as connection:
            connection.execute(
                "UPDATE bulk_run SET state = ?, reason = ? WHERE id = ?", (state.value, reason, run)
            )

    def delete_run(self, run: int) -> None:
        """Forget a run and its rows, and give the disk their room back."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM bulk_run WHERE id = ?", (run,))
        self._database.free_disk()

    def run(self, run: int) -> BulkRun | None:
        """Return a run, or None when there is none of that id."""
        return next(iter(self._runs("id = ?", run)), None)

    def runs(self, environment: str) -> list[BulkRun]:
        """Return the runs in an environment, newest first; not those that are being prepared."""
        return self._runs("environment = ? AND state != 'preparing'", environment)

    def add_rows(self, run: int, rows: Iterable[BulkRow]) -> None:
        """Commit rows in portions, so that a source of any length needs little memory."""
        remaining = iter(rows)
        while portion := list(islice(remaining, _ADDED_AT_ONCE)):
            with self._database.transaction(to_disk=True) as connection:
                connection.executemany(INSERT_ROW, [from_row(run, row) for row in portion])

    def rows(
        self,
        run: int,
        states: Collection[RowState] = (),
        *,
        after: int = 0,
        offset: int = 0,
        limit: int = -1,
        search: str = "",
    ) -> list[BulkRow]:
        """Return rows in their order: those in some states (all without any), behind row `after`,
        with `search` in their data, in their error or as their line. A negative limit means all.
        """
        where, values = _filtered(run, states, after, search)
        connection = self._database.connection()
        learn_to_fold(connection)
        found = connection.execute(
            f"SELECT {ROW} FROM bulk_row WHERE {where} ORDER BY row LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [to_row(row) for row in found]

    def payload(self, run: int, row: int) -> str:
        """Return the JSON to be sent for a row. Raises `LookupError`."""
        found = self._database.connection().execute(
            "SELECT payload FROM bulk_row WHERE run = ? AND row = ?", (run, row)
        )
        for (payload,) in found.fetchall():
            return str(payload)
        raise LookupError(f"there is no row {row} in run {run}")

    def waiting(self, run: int, *, after: int = 0, limit: int) -> list[tuple[int, str]]:
        """Return number and user of the next rows to send behind row `after`."""
        found = self._database.connection().execute(
            "SELECT row, coalesce(json_extract(payload, '$.id'), json_extract(payload, '$.email'))"
            " FROM bulk_row"
            " WHERE run = ? AND state = 'waiting' AND row > ? ORDER BY row LIMIT ?",
            (run, after, limit),
        )
        return [(row, str(user)) for row, user in found]

    def note(self, run: int, outcomes: Iterable[RowOutcome]) -> None:
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

    def counts(self, runs: Collection[int]) -> dict[int, Counts]:
        """Return how many rows of each run are in each state; states without rows count 0."""
        found = self._database.connection().execute(
            "SELECT run, state, count(*) FROM bulk_row"
            " WHERE run IN (SELECT value FROM json_each(?)) GROUP BY run, state",
            (to_json(runs),),
        )
        counts = {run: dict.fromkeys(RowState, 0) for run in runs}
        for run, state, count in found:
            counts[run][RowState(state)] = count
        return counts

    def _runs(self, where: str, *values: int | str) -> list[BulkRun]:
        found = self._database.connection().execute(
            f"SELECT {RUN} FROM bulk_run WHERE {where} ORDER BY id DESC", values
        )
        return [to_run(row) for row in found]


def _filtered(
    run: int, states: Collection[RowState], after: int, search: str
) -> tuple[str, list[int | str]]:
    conditions = ["run = ?", "row > ?"]
    values: list[int | str] = [run, after]
    if states:
        conditions.append("state IN (SELECT value FROM json_each(?))")
        values.append(to_json(states))
    if search:
        conditions.append(
            "(line = ? OR instr(folded(payload), ?) OR instr(folded(cells), ?)"
            " OR instr(folded(error), ?))"
        )
        in_json = needle_in_json(search)
        values += [search, in_json, in_json, needle(search)]
    return " AND ".join(conditions), values
