"""Bulk runs: rows go out a few at a time, and the journal knows the state of each one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from refiner_desktop.api.errors import ApiError, KeyRejected, ReadOnly
from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk_plan import BulkAction, BulkCheck, BulkPlan, Stopped
from refiner_desktop.services.bulk_source import Source, open_source
from refiner_desktop.services.connection import AnotherEnvironment, ConnectionService
from refiner_desktop.services.problems import describe
from refiner_desktop.services.threads import stoppable, whole
from refiner_desktop.services.user_calls import identify, track
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.bulk import (
    BulkJournal,
    BulkRow,
    BulkRun,
    RowOutcome,
    RowState,
    RunState,
)

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

AT_ONCE = 16
"""Rows that are on their way at the same time; a kill leaves no more outcomes unknown."""

HOLDS_KEY = "This row holds an API key; it is neither kept nor sent."

Call = Callable[[dict[str, Any]], Awaitable[object]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """How far a run has come."""

    run: int
    counts: dict[RowState, int]

    @property
    def total(self) -> int:
        """Rows in all."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Rows that nothing more happens to."""
        return self.total - self.counts[RowState.WAITING] - self.counts[RowState.SENT]


class BulkService:
    """Checks files, runs them, and takes up runs that were interrupted.

    `pause` lets the calls under way end, so that every row is settled or still waiting. Cancelling
    the task that awaits a run does not: a call that was on its way stays `sent`, outcome unknown.
    """

    def __init__(self, connection: ConnectionService, journal: BulkJournal, mask: Mask) -> None:
        self._connection = connection
        self._mask = mask
        self._journal = journal
        self._pausing = False

    @property
    def environment(self) -> Environment:
        """The environment that a run would go to now."""
        return self._connection.environment

    async def open(self, path: str) -> Source:
        """Look at a file. Raises `SourceUnreadable` or `OSError`."""
        return await asyncio.to_thread(open_source, Path(path))

    async def check(self, plan: BulkPlan) -> BulkCheck:
        """Read every row and send nothing. Raises `SourceUnreadable`."""
        return await stoppable(plan.check)

    async def begin(self, plan: BulkPlan, environment: Environment) -> int:
        """Write all rows into the journal and return the new run's number; all or none.

        The run goes to that environment and to no other, whatever is connected later. Raises
        `ReadOnly` where nothing may be sent.
        """
        self.require_writing(environment)
        return await stoppable(partial(self._begin, plan, environment))

    def require_writing(self, environment: Environment) -> None:
        """Raise `ReadOnly` where a run would be refused."""
        if environment.read_only:
            raise ReadOnly("the run was not started")

    async def go_on(self, run: int, on_progress: Callable[[BulkProgress], None]) -> bool:
        """Send the rows that wait; return whether all are settled, or False when paused.

        Rows whose outcome is unknown are sent again where that is safe, and left alone where it
        is not: an event would be recorded twice. Raises `NotConnected`, `AnotherEnvironment`,
        `ReadOnly`, and `KeyRejected` when the key stops working; the run can be taken up again.
        """
        self._pausing = False
        client = self._connection.client
        action = BulkAction((await self._run_here(run)).action)
        if client.read_only:
            raise ReadOnly("the run was not taken up")
        await asyncio.to_thread(self._take_up, run, action)
        call = identify if action is BulkAction.IDENTIFY else track
        state = RunState.PAUSED
        try:
            while not self._pausing and self._connection.uses(client):
                batch = await asyncio.to_thread(self._journal.waiting, run, AT_ONCE)
                if not batch:
                    state = RunState.DONE
                    break
                await asyncio.to_thread(self._journal.mark_sent, run, [each.row for each in batch])
                await self._send(run, batch, client, partial(call, client))
                on_progress(await self.progress(run))
        finally:
            await whole(asyncio.to_thread(self._journal.set_run_state, run, state))
        return state is RunState.DONE

    def pause(self) -> None:
        """Let the run stop when the calls under way have ended."""
        self._pausing = True

    async def cancel(self, run: int) -> None:
        """End a run for good; rows that wait are skipped."""
        await asyncio.to_thread(self._cancel, run)

    async def progress(self, run: int) -> BulkProgress:
        """Return how far a run has come."""
        return BulkProgress(run, await asyncio.to_thread(self._journal.counts, run))

    async def unfinished(self) -> BulkRun | None:
        """Return the newest run of this environment that can be taken up again."""
        runs = await asyncio.to_thread(self._journal.unfinished_runs)
        here = _place(self._connection.environment)
        return next((run for run in runs if run.environment == here), None)

    async def rows(self, run: int, limit: int) -> list[BulkRow]:
        """Return the first rows of a run, those that failed before the others."""
        failed = await asyncio.to_thread(self._journal.rows, run, RowState.FAILED, limit=limit)
        if len(failed) >= limit:
            return failed
        rest = await asyncio.to_thread(self._journal.rows, run, limit=limit)
        return failed + [row for row in rest if row.state is not RowState.FAILED]

    async def _send(
        self, run: int, batch: list[BulkRow], client: RefinerClient, call: Call
    ) -> None:
        """Send some rows at once and write down every outcome, also when stopped midway."""
        outcomes: list[RowOutcome] = []
        rejections: list[KeyRejected | ReadOnly] = []

        async def send_one(row: BulkRow) -> None:
            try:
                outcome = await _outcome(row, call)
            except (KeyRejected, ReadOnly) as exc:
                outcome = RowOutcome(row.row, RowState.WAITING)
                rejections.append(exc)
            if outcome.state is RowState.FAILED and not self._connection.uses(client):
                outcome = RowOutcome(row.row, RowState.WAITING)  # disconnected before it went out
            outcomes.append(outcome)

        try:
            async with asyncio.TaskGroup() as group:
                for row in batch:
                    group.create_task(send_one(row))
        finally:
            await whole(asyncio.to_thread(self._journal.finish_many, run, outcomes))
        if rejections:
            raise rejections[0]

    async def _run_here(self, run: int) -> BulkRun:
        found = await asyncio.to_thread(self._journal.run, run)
        if found is None:
            raise LookupError(f"there is no run {run}")
        if found.environment != _place(self._connection.environment):
            raise AnotherEnvironment
        return found

    def _begin(
        self, plan: BulkPlan, environment: Environment, should_stop: Callable[[], bool]
    ) -> int:
        run = self._journal.begin_run(
            plan.action.value,
            source=str(plan.source.path),
            source_hash=plan.source.fingerprint(),
            mapping=dict(zip(plan.source.columns, plan.meanings, strict=True)),
            environment=_place(environment),
        )
        try:
            self._journal.add_rows(run, self._journal_rows(plan, should_stop))
            if should_stop():
                raise Stopped
        except BaseException:
            self._journal.delete_run(run)
            raise
        self._journal.set_run_state(run, RunState.RUNNING)
        return run

    def _journal_rows(self, plan: BulkPlan, should_stop: Callable[[], bool]) -> Iterator[BulkRow]:
        for planned in plan.rows(should_stop):
            payload = msgspec.json.encode(planned.payload).decode()
            masked = self._mask.text(payload)
            problem = planned.problem or (HOLDS_KEY if masked != payload else "")
            if problem:
                yield BulkRow(planned.row, masked, RowState.SKIPPED, error=problem)
            else:
                yield BulkRow(planned.row, payload)

    def _take_up(self, run: int, action: BulkAction) -> None:
        if action is BulkAction.IDENTIFY:
            self._journal.requeue(run, RowState.SENT)
        self._journal.set_run_state(run, RunState.RUNNING)

    def _cancel(self, run: int) -> None:
        self._journal.skip_waiting(run, "Cancelled")
        self._journal.set_run_state(run, RunState.CANCELLED)


def _place(environment: Environment) -> str:
    """Return where a run goes: an environment may come to open another project."""
    return f"{environment.id}/{environment.project}"


async def _outcome(row: BulkRow, call: Call) -> RowOutcome:
    try:
        await call(msgspec.json.decode(row.payload))
    except KeyRejected:
        raise
    except ApiError as exc:
        _log.info("row %d failed: %s", row.row, type(exc).__name__)
        if exc.maybe_done:
            return RowOutcome(row.row, RowState.SENT, exc.status, describe(exc).title)
        return RowOutcome(row.row, RowState.FAILED, exc.status, f"{describe(exc).title} {exc}")
    except ValueError as exc:
        return RowOutcome(row.row, RowState.FAILED, error=str(exc))
    return RowOutcome(row.row, RowState.DONE, 200)
