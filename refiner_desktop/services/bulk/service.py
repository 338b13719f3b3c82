"""Bulk runs: files are opened and checked, runs begun, taken up again and looked back on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from refiner_desktop.api.errors import ApiError, ReadOnly
from refiner_desktop.api.models import Segment
from refiner_desktop.api.policy import Limits
from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.beginning import begin, has_changed
from refiner_desktop.services.bulk.check import BulkCheck, Compared, check
from refiner_desktop.services.bulk.comparison import compare_rows
from refiner_desktop.services.bulk.finding_file import write_findings
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.bulk.recorder import Recorder
from refiner_desktop.services.bulk.results import write_results
from refiner_desktop.services.bulk.run import OnProgress, Run
from refiner_desktop.services.bulk.runs import BulkProgress, RunSummary
from refiner_desktop.services.bulk.saved_mappings import SavedMappings
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.environments.connection import AnotherEnvironment, ConnectionService
from refiner_desktop.services.problems import describe
from refiner_desktop.services.threads import on_this_loop, stoppable, whole
from refiner_desktop.services.users.known_traits import Known, known_traits
from refiner_desktop.settings.settings import Environment
from refiner_desktop.sources.opening import open_source
from refiner_desktop.sources.source import Row, Source, SourceOptions, SourceUnreadable
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import BulkRow, BulkRun, RowOutcome, RowState, RunState
from refiner_desktop.storage.database import StorageUnavailable

CANCELLED = "Cancelled"


class BulkService:
    """Checks files, runs them, and takes up runs that were interrupted.

    One run goes on at a time. `pause` lets the calls under way end, so that every row is settled
    or still waiting; cancelling the task that awaits a run gives them only a moment, and a call
    that takes longer stays `sent`, outcome unknown. What writes raises `StorageUnavailable`.

    `mappings` are the saved ones. In `handover` lie files from other parts of the application,
    until it ends.
    """

    def __init__(
        self,
        connection: ConnectionService,
        contacts: ContactsService,
        journal: BulkJournal,
        mappings: SavedMappings,
        mask: Mask,
        handover: Path,
    ) -> None:
        self._connection = connection
        self._contacts = contacts
        self._journal = journal
        self.mappings = mappings
        self._mask = mask
        self._handover = handover
        self._going: Run | None = None
        self._one_at_a_time = asyncio.Lock()
        self._unwritten: dict[int, tuple[RowOutcome, ...]] = {}

    # What a run is made of

    @property
    def environment(self) -> Environment:
        """The environment that a run would go to now."""
        return self._connection.environment

    async def segments(self) -> list[Segment]:
        """Return the segments that users can be put into. Raises `NotConnected`, `ApiError`."""
        return [segment for segment in await self._contacts.segments() if segment.is_manual]

    async def known_traits(self) -> Known:
        """Return the keys and types of traits that the loaded contacts of this environment have."""
        if not self._contacts.count or self._contacts.project != self.environment.project:
            return {}
        return known_traits(await self._contacts.columns())

    def folder_for(self, source: Path) -> Path:
        """Return where a person keeps files like this one, which may be the application's own."""
        return Path.home() if source.parent == self._handover else source.parent

    # From a file to a run

    async def open(self, path: str, options: SourceOptions | None = None) -> Source:
        """Look at a file. Raises `SourceUnreadable` or `OSError`."""
        return await asyncio.to_thread(open_source, Path(path), options)

    async def check(
        self,
        plan: BulkPlan,
        compare: bool = False,
        on_progress: Callable[[int], None] = lambda rows: None,
    ) -> BulkCheck:
        """Read every row and send nothing; `on_progress` hears the rows read so far.

        To `compare`, the environment's contacts are fetched first, and `on_progress` hears of them;
        rows that would change nothing are not sent then. Raises `OSError`, and to compare also
        `NotConnected` and `ApiError`.
        """
        compared: Compared | None = None
        if compare and not plan.problems():
            with suppress(SourceUnreadable):  # which the check finds again, and says
                compared = await compare_rows(plan, self._connection.client, on_progress)
        report, calls = on_this_loop(on_progress), self._connection.calls
        limits = Limits(per_key=calls[1]) if calls else Limits()
        unchanged = compared.unchanged if compared else frozenset()
        found = await stoppable(
            lambda stop: check(plan, stop, report, unchanged, limits, self._mask)
        )
        return replace(found, compared=compared)

    async def write_findings(
        self,
        plan: BulkPlan,
        check: BulkCheck,
        path: Path,
        on_progress: Callable[[int], None] = lambda rows: None,
    ) -> int:
        """Write all that a check of the plan finds as CSV, and return how many findings.

        `on_progress` hears the rows read so far. Cancelling leaves no file. Raises `OSError`.
        """
        report, unchanged = on_this_loop(on_progress), check.unchanged
        return await stoppable(
            lambda stop: write_findings(plan, path, unchanged, self._mask, stop, report)
        )

    async def rows_around(self, source: Source, line: int) -> tuple[Row, ...]:
        """Return the row in this line of a file among its neighbours. Raises `OSError`."""
        return await stoppable(partial(source.around, line))

    async def begin(self, plan: BulkPlan, environment: Environment, check: BulkCheck) -> int:
        """Write all rows into the journal and return the new run's number; all or none.

        The run goes to that environment and to no other, whatever is connected later. Raises
        `ReadOnly` where nothing may be sent, and `SourceChanged` when the file is not the one that
        was checked.
        """
        self.require_writing(environment)
        place, journal, mask = _place(environment), self._journal, self._mask
        return await stoppable(partial(begin, plan, check, place, journal, mask))

    def require_writing(self, environment: Environment) -> None:
        """Raise `ReadOnly` where a run would be refused."""
        if environment.read_only:
            raise ReadOnly("the run was not started")

    # A run on its way

    async def go_on(self, run: int, on_progress: OnProgress) -> bool:
        """Send the rows that wait; return whether all are settled, or False when paused.

        Rows whose outcome is unknown are sent again where that is safe, and left alone where it
        is not: an event would be recorded twice. Raises `NotConnected`, `AnotherEnvironment`,
        `ReadOnly`, `KeyRejected` when the key stops working, and another `ApiError` when Refiner
        does. The run can be taken up again then, and its summary says why it stopped.
        """
        async with self._one_at_a_time:
            client = self._connection.client
            found = await self._run_here(run)
            if client.read_only:
                raise ReadOnly("the run was not taken up")
            recorder = Recorder(self._journal, run, self._unwritten.pop(run, ()))
            in_use = partial(self._connection.uses, client)
            going = Run(found, client, self._journal, recorder, in_use, on_progress)
            self._going = going
            try:
                await self._take_up(found, recorder)
                return await self._to_its_end(going)
            finally:
                self._unwritten[run] = recorder.pending
                self._going = None
                going.ended.set()

    def pause(self) -> None:
        """Let the run stop when the calls under way have ended."""
        if self._going:
            self._going.pause()

    async def cancel(self, run: int) -> None:
        """End a run for good; rows that wait are skipped."""
        await self._at_rest(run)
        await asyncio.to_thread(self._journal.skip_waiting, run, CANCELLED)
        await asyncio.to_thread(self._journal.set_run_state, run, RunState.CANCELLED)

    async def retry_failed(self, run: int) -> int:
        """Let the rows that failed wait again, and return how many; `go_on` sends them."""
        return await self._requeue(run, RowState.FAILED)

    async def requeue_unknown(self, run: int) -> int:
        """Let rows wait again whose outcome is unknown: what they say may then arrive twice."""
        return await self._requeue(run, RowState.SENT)

    # Looking back

    async def runs(self) -> list[RunSummary]:
        """Return the runs of the environment in use, newest first."""
        runs = await asyncio.to_thread(self._journal.runs, _place(self.environment))
        counts = await asyncio.to_thread(self._journal.counts, [run.id for run in runs])
        return [RunSummary.of(run, counts[run.id]) for run in runs]

    async def sent_before(self, plan: BulkPlan, fingerprint: str) -> RunSummary | None:
        """Return the newest run that did the same with this very file, wherever it was then."""
        wanted = (fingerprint, plan.action, plan.segment_uuid)
        for run in await self.runs():
            alike = (run.fingerprint, run.action, run.segment_uuid) == wanted
            if alike and run.counts[RowState.DONE]:
                return run
        return None

    async def progress(self, run: int) -> BulkProgress:
        """Return how far a run has come."""
        found = await self._run(run)
        counts = await asyncio.to_thread(self._journal.counts, [run])
        return BulkProgress(run, found.state, counts[run])

    async def rows(
        self,
        run: int,
        states: Collection[RowState] = (),
        *,
        offset: int = 0,
        limit: int = 1_000,
        search: str = "",
    ) -> list[BulkRow]:
        """Return some rows of a run in their order: those in some states, or all without any.

        Words are searched in what the rows hold and in their errors; a number finds that row too.
        """
        find = partial(self._journal.rows, offset=offset, limit=limit, search=search)
        return await asyncio.to_thread(find, run, states)

    async def write_results(
        self,
        run: int,
        path: Path,
        states: Collection[RowState] = (),
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> int:
        """Write rows as CSV, with what became of them, and return how many.

        `on_progress` hears the rows written and the rows in all. Cancelling leaves no file.
        Raises `OSError`.
        """
        found = await self._run(run)
        report = on_this_loop(on_progress)
        return await stoppable(partial(write_results, self._journal, found, path, states, report))

    async def source_changed(self, run: int) -> bool:
        """Return whether the file that a run's rows came from is there and has changed since."""
        found = await self._run(run)
        return await asyncio.to_thread(has_changed, Path(found.source), found.source_hash)

    async def delete_run(self, run: int) -> None:
        """Forget a run, its rows and its results."""
        await self._at_rest(run)
        await asyncio.to_thread(self._journal.delete_run, run)

    async def _take_up(self, run: BulkRun, recorder: Recorder) -> None:
        await recorder.written()  # what an earlier attempt could not
        if BulkAction(run.action) is not BulkAction.TRACK:
            await asyncio.to_thread(self._journal.requeue, run.id, RowState.SENT)
        await asyncio.to_thread(self._journal.set_run_state, run.id, RunState.RUNNING)

    async def _to_its_end(self, run: Run) -> bool:
        state, reason = RunState.PAUSED, ""
        try:
            finished = await run.go()
            state = RunState.DONE if finished else RunState.PAUSED
        except (ApiError, ReadOnly, StorageUnavailable) as exc:
            reason = str(describe(exc))
            raise
        finally:
            await whole(asyncio.to_thread(self._journal.set_run_state, run.id, state, reason))
        return finished

    async def _requeue(self, run: int, state: RowState) -> int:
        await self._at_rest(run)
        count = await asyncio.to_thread(self._journal.requeue, run, state)
        if count:
            await asyncio.to_thread(self._journal.set_run_state, run, RunState.PAUSED)
        return count

    async def _at_rest(self, run: int) -> None:
        """Return when a run is not going on; pause it if it is."""
        while (going := self._going) is not None and going.id == run:
            going.pause()
            await going.ended.wait()

    async def _run(self, run: int) -> BulkRun:
        found = await asyncio.to_thread(self._journal.run, run)
        if found is None:
            raise LookupError(f"there is no run {run}")
        return found

    async def _run_here(self, run: int) -> BulkRun:
        found = await self._run(run)
        if found.environment != _place(self.environment):
            raise AnotherEnvironment
        return found


def _place(environment: Environment) -> str:
    """Return where a run goes: an environment may come to open another project."""
    return f"{environment.id}/{environment.project}"
