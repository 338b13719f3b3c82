"""Runs: begun, taken up, paused and ended, one at a time, each after the question it needs."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.bulk.beginning import SourceChanged
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.bulk.runs import BulkProgress, RunSummary
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.environments.guard import danger_of_run
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.bulk_rows import RowState
from refiner_desktop.ui.amounts import counted
from refiner_desktop.ui.dialogs import confirm, confirm_danger
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.checking import Found
from refiner_desktop.ui.tabs.users.bulk.preparation import Preparation
from refiner_desktop.ui.task_runner import TaskRunner, Work

RUN = "bulk"
"""Name of the task; rows may be on their way while it runs."""

CANCEL = "bulk cancel"
START, END = "Start the run", "End the run"
CHECKING, PREPARING, UNDER_WAY = "Checking the file", "Preparing the run", "Bulk run"
"""What the status bar says, and nothing while a question is open: then nothing happens."""

DRAWN_SECONDS = 0.1
"""Progress that comes faster than this is not drawn."""


class RunWork(QObject):
    """Sends rows, in a task of the tab; while one run is under way, or asked about, no other is.

    Signals: `changed()` when another run is under way, or none any more, or a question is open;
    `progressed(progress)`;
    `ended(run)` with its number, however it ended; `outdated()` when the file is not the one that
    was checked; `said(text, role)`.
    """

    changed = Signal()
    progressed = Signal(object)
    ended = Signal(int)
    outdated = Signal()
    said = Signal(str, str)

    def __init__(self, window: QWidget, bulk: BulkService, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window = window
        self._bulk = bulk
        self._tasks = tasks
        self._cancelling = False
        self._pausing = False
        self._asking = False
        self._drawn = 0.0
        self.under_way: int | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way, or being asked about."""
        return self._tasks.running(RUN)

    @property
    def pausable(self) -> bool:
        """Whether rows go out that a pause would stop."""
        return self.under_way is not None and not self._pausing

    @property
    def endable(self) -> bool:
        """Whether something is under way that can be ended; a question ends itself."""
        return self.running and not self._asking

    def begin(self, preparation: Preparation) -> None:
        """Start a run of what is prepared, after a check of its rows and a question."""
        if plan := preparation.plan():
            self._start(self._begin(plan, preparation), label=CHECKING)

    def take_up(self, run: RunSummary) -> None:
        """Go on with a run that was paused or interrupted."""
        self._start(self._take_up(run))

    def retry_failed(self, run: RunSummary) -> None:
        """Send the rows again that Refiner has refused, and no others."""
        self._start(self._retry(run))

    def requeue_unknown(self, run: RunSummary) -> None:
        """Send the rows again whose outcome is unknown; asks where that may do something twice."""
        self._start(self._requeue(run))

    def pause(self) -> None:
        """Stop when the calls under way have ended; the run can be taken up again, also later."""
        if self.under_way is not None:
            self._pausing = True
            self._bulk.pause()
            self.said.emit("Pausing: the calls under way are ending…", "muted")
            self.changed.emit()

    def cancel(self, shown: RunSummary | None) -> None:
        """Ask, then end the run under way, or the one that is shown, for good."""
        if self.running and self.under_way is None:
            self._tasks.cancel(RUN)
            return
        run = self.under_way or (shown.id if shown is not None else None)
        if run is not None:
            self._tasks.start(CANCEL, self._ask_to_cancel(run))

    def leave(self) -> None:
        """Pause what runs and drop what is only asked: both belong to the environment left."""
        self._tasks.cancel(RUN)

    def _start(self, work: Work, *, label: str = "") -> None:
        if self.running:
            work.close()
            self.said.emit(words.BUSY, "warning")
        else:
            self._tasks.start(RUN, work, label=label, give_way=self._give_way)

    def _give_way(self) -> bool:
        """Pause instead of breaking off: a call that is cut loose may have worked or not."""
        self.pause()
        return self.under_way is not None

    async def _begin(self, plan: BulkPlan, preparation: Preparation) -> None:
        environment = self._bulk.environment
        self._bulk.require_writing(environment)
        found = await preparation.checked(plan)
        if found is None:
            return
        if not await self._agrees(found, environment, preparation.what):
            self.said.emit(f"{words.TURNED_AWAY} {preparation.verdict}", "muted")
            return
        if preparation.plan() != plan:
            self.said.emit(words.EDITED, "warning")
            return
        self._tasks.relabel(RUN, PREPARING)
        self.said.emit(words.preparing(found.check), "muted")
        try:
            run = await self._bulk.begin(plan, environment, found.check)
        except Exception as exc:
            self.said.emit(words.NOT_BEGUN, "danger")
            if isinstance(exc, SourceChanged):
                self.outdated.emit()
            raise
        await self._go_on(run)

    async def _agrees(self, found: Found, environment: Environment, what: str) -> bool:
        check, before = found.check, found.before
        said = words.check_sentence(check)
        if before is not None:
            said = f"{words.sent_before(before)} {said}"
        said = f"{what}. {said}"
        calls = counted(check.calls, "call")
        danger = danger_of_run(environment, calls, said, check.action)
        if danger is not None:
            return await self._answer(confirm_danger(self._window, danger))
        question = f"Send {calls} to “{environment.name}”?"
        # Who pressed Start expects Enter to start, but hardly the same file once more.
        asked = confirm(self._window, question, said, START, by_enter=before is None)
        return await self._answer(asked)

    async def _answer(self, question: Coroutine[Any, Any, bool]) -> bool:
        """Return what a person answers; meanwhile nothing is under way."""
        self._asking = True
        self._tasks.relabel(RUN, "")
        self.changed.emit()
        try:
            return await question
        finally:
            self._asking = False
            self.changed.emit()

    async def _take_up(self, run: RunSummary) -> None:
        if await self._may_send(run.total - run.settled, run.action):
            await self._go_on(run.id)

    async def _retry(self, run: RunSummary) -> None:
        if await self._may_send(run.counts[RowState.FAILED], run.action):
            await whole(self._bulk.retry_failed(run.id))
            await self._go_on(run.id)

    async def _requeue(self, run: RunSummary) -> None:
        count = run.counts[RowState.SENT]
        if run.action is BulkAction.TRACK and not await self._may_repeat(count):
            return
        if await self._may_send(count, run.action):
            await whole(self._bulk.requeue_unknown(run.id))
            await self._go_on(run.id)

    async def _may_repeat(self, count: int) -> bool:
        events = counted(count, "event")
        explanation = (
            "No answer came for them: Refiner may have recorded them already. Those that it has "
            "are recorded twice then, and nothing takes them back."
        )
        question = f"Send {events} again?"
        return await self._answer(confirm(self._window, question, explanation, "Send again"))

    async def _may_send(self, calls: int, action: BulkAction) -> bool:
        environment = self._bulk.environment
        self._bulk.require_writing(environment)
        danger = danger_of_run(environment, counted(calls, "call"), "", action)
        return danger is None or await self._answer(confirm_danger(self._window, danger))

    async def _go_on(self, run: int) -> None:
        self._cancelling = self._pausing = False
        self._follow(run)
        try:
            finished = await self._bulk.go_on(run, self._on_progress)
            if self._cancelling and not finished:
                await self._bulk.cancel(run)
        finally:
            self._follow(None)
            self.ended.emit(run)

    async def _ask_to_cancel(self, run: int) -> None:
        progress = await self._bulk.progress(run)
        left = counted(progress.total - progress.settled, "row")
        if not await confirm(self._window, f"End this run with {left} left?", words.ENDS, END):
            return
        if self.under_way == run:
            self._cancelling = True
            self.pause()
        elif any(each.id == run and each.resumable for each in await self._bulk.runs()):
            self._start(self._cancel(run))

    async def _cancel(self, run: int) -> None:
        await self._bulk.cancel(run)
        self.ended.emit(run)

    def _follow(self, run: int | None) -> None:
        self.under_way = run
        self._tasks.relabel(RUN, UNDER_WAY if run is not None else "")
        self.changed.emit()

    def _on_progress(self, progress: BulkProgress) -> None:
        if self._pausing:
            self._bulk.pause()  # again: the first may have come before anything was under way
        now = time.monotonic()
        if now - self._drawn >= DRAWN_SECONDS:
            self._drawn = now
            self.progressed.emit(progress)
