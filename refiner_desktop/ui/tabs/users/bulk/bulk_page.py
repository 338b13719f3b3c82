"""The bulk page: four steps from a file to its last row, and every run with its results."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from refiner_desktop.services.bulk.runs import BulkProgress, RunSummary
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.footer import Footer, Readiness
from refiner_desktop.ui.tabs.users.bulk.preparation import Preparation
from refiner_desktop.ui.tabs.users.bulk.run_step import RunStep
from refiner_desktop.ui.tabs.users.bulk.run_work import RunWork
from refiner_desktop.ui.tabs.users.bulk.step_bar import Step, StepBar, StepState
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.message_bar import Offer

OFFER, END = "bulk offer", "bulk end"


class BulkPage(QWidget):
    """Does one thing with each user of a file, within the service's limits.

    Header and footer are in sight at every step, so that none has to be gone through. *Start*
    begins a new run, or goes on with the one that is shown in the last step.

    Signals: `announced(text)` when something that was asked for has ended; `filed(text, path)` when
    a file was written; `offered(problem, offer)` when a run waits for a person, and `wanted()` when
    that person takes the offer; `contact_wanted(user_id, email)` and `form_wanted(draft)` when a
    person wants to see the user of a row, or to mend it in the identify form.
    """

    announced = Signal(str)
    filed = Signal(str, object)
    offered = Signal(object, object)
    wanted = Signal()
    contact_wanted = Signal(str, str)
    form_wanted = Signal(object)

    def __init__(self, bulk: BulkService, tasks: TaskRunner) -> None:
        super().__init__()
        self._bulk = bulk
        self._tasks = tasks
        self._steps = StepBar()
        self._preparation = Preparation(self, bulk, tasks, self._steps)
        self._run_step = RunStep(bulk, tasks)
        self._work = RunWork(self, bulk, tasks)
        self._pages = QStackedWidget()
        self._footer = Footer()
        self._newest: int | None = None
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._show_run()

    def take_file(self, path: Path | str, title: str) -> None:
        """Show a file that another part has written; `title` says what it is."""
        self._preparation.take_file(path, title)

    def start(self) -> None:
        """Start a run, or go on with the one that is in front."""
        run = self._resumable()
        if run is not None:
            self._work.take_up(run)
        else:
            self._work.begin(self._preparation)

    def offer_unfinished(self) -> None:
        """Show what the environment has: its runs, and first the one that was interrupted."""
        self._preparation.enter_environment()
        self._tasks.start(OFFER, self._offer_unfinished())

    def leave_environment(self) -> None:
        """Pause what runs: its rows belong to the environment that is being left."""
        self._work.leave()
        self._preparation.leave_environment()
        self._run_step.forget()
        self._steps.show_state(Step.RUN, StepState.OPEN, "")
        self._footer.show_progress(0, 0)
        self._footer.say(words.INTRODUCTION)

    def at_stake(self) -> str:
        """Say what leaving does to the run that is under way, or asked about."""
        return words.STARTING if self._work.under_way is None else words.STOPS

    async def put_away(self) -> None:
        """Write down the file that is prepared, and how."""
        await self._preparation.put_away()

    def show_step(self, step: Step) -> None:
        """Bring a step to the front."""
        self._steps.show_step(step)
        self._pages.setCurrentIndex(step)
        self._preparation.look_at(step)
        if step is Step.RUN and not self._work.running:
            # A run that waits would turn the *Start* of a chosen file into its *Go on*.
            self._run_step.choose_newest(finished=self._preparation.has_chosen_file)
        self._show_run()
        if not self._work.running:
            self._footer.say(self._hint(step))

    async def _offer_unfinished(self) -> None:
        runs = await self._run_step.read_runs()
        unfinished = next((run for run in runs if run.resumable), None)
        if self._work.running:
            return
        if unfinished is not None:
            show = Offer("Show the run", partial(self._show_unfinished, unfinished.id))
            self.offered.emit(words.unfinished(unfinished), show)
        if self._preparation.has_chosen_file:
            return
        if unfinished is not None:
            self._bring_run(unfinished.id)
        self._preparation.bring_back(runs, quietly=unfinished is not None)

    def _show_unfinished(self, run: int) -> None:
        self.wanted.emit()
        self._bring_run(run)

    def _bring_run(self, run: int) -> None:
        self._run_step.choose(run)
        self.show_step(Step.RUN)

    def _resumable(self) -> RunSummary | None:
        """Return the run that *Go on* is about, None where *Start* begins a new one."""
        run = self._run_in_front()
        return run if run is not None and run.resumable else None

    def _run_in_front(self) -> RunSummary | None:
        in_front = self._pages.currentIndex() == Step.RUN
        return self._run_step.chosen() if in_front else None

    def _show_run(self) -> None:
        """Let the buttons fit what is under way, or else what is shown."""
        self._run_step.allow_sending(not self._work.running)
        self._footer.show_run(
            running=self._work.running,
            pausable=self._work.pausable,
            endable=self._work.endable,
            resumable=self._resumable() is not None,
            file=self._preparation.readiness,
        )
        if self._work.under_way is None:
            run = self._run_in_front()
            self._footer.show_progress(words.reached(run) if run else 0, run.total if run else 0)

    def _hint(self, step: Step) -> str:
        if step is Step.RUN:
            run = self._run_step.chosen()
            return self._result(run) if run else ""
        match self._preparation.readiness:
            case Readiness.NONE:
                return words.INTRODUCTION
            case Readiness.UNCHECKED:
                return words.STEPS[step]
        return self._preparation.verdict

    def _result(self, run: RunSummary) -> str:
        """Say what a run has come to, and that it is not the one of now where it is not."""
        return words.run_result(run) if run.id == self._newest else words.earlier_run(run)

    def _on_run_chosen(self) -> None:
        self._show_run()
        if not self._work.running and (run := self._run_in_front()):
            self._tell(run)

    def _tell(self, run: RunSummary, *, ended: bool = False) -> None:
        wrong = words.needs_a_look(run)
        role = "warning" if wrong else "success"
        self._footer.say(self._result(run), role, asked=ended and wrong)
        state = StepState.WARNING if wrong else StepState.DONE
        self._steps.show_state(Step.RUN, state, words.run_note(run, now=run.id == self._newest))

    def _forget_run(self) -> None:
        """Show nothing of a run of before: another file is to be sent."""
        if not self._work.running:
            self._newest = None
            self._run_step.choose(None)
            self._steps.show_state(Step.RUN, StepState.OPEN, "")

    def _on_under_way_changed(self) -> None:
        run = self._work.under_way
        self._run_step.follow(run)
        if run is not None:
            self._newest = run
            self.show_step(Step.RUN)
        self._show_run()

    def _on_progress(self, progress: BulkProgress) -> None:
        self._run_step.show_progress(progress)
        self._footer.show_progress(progress.settled, progress.total)
        sentence = words.progress_sentence(progress)
        self._footer.follow(sentence)
        self._steps.show_state(Step.RUN, StepState.OPEN, sentence)

    def _on_ended(self, run: int) -> None:
        self._preparation.settle_check()
        self._tasks.start(END, self._show_end(run))

    async def _show_end(self, run: int) -> None:
        await self._run_step.read_runs()
        self._run_step.refresh()
        summary = self._run_step.chosen()
        if summary is None or summary.id != run:
            return
        if not words.needs_a_look(summary):
            self.announced.emit(words.ended(summary))
        self._tell(summary, ended=True)

    def _connect(self) -> None:
        self._steps.chosen.connect(self.show_step)
        self._preparation.changed.connect(self._show_run)
        self._preparation.step_wanted.connect(self.show_step)
        self._preparation.opened.connect(self._forget_run)
        self._preparation.said.connect(self._footer.say)
        self._preparation.saved.announced.connect(self.announced)
        self._preparation.findings.filed.connect(self.filed)
        self._preparation.findings.progressed.connect(self._footer.follow)
        self._run_step.run_chosen.connect(self._on_run_chosen)
        self._run_step.contact_wanted.connect(self.contact_wanted)
        self._run_step.form_wanted.connect(self.form_wanted)
        self._run_step.retry_requested.connect(self._work.retry_failed)
        self._run_step.unknown_requested.connect(self._work.requeue_unknown)
        self._run_step.results.filed.connect(self.filed)
        self._run_step.results.progressed.connect(self._footer.follow)
        self._work.changed.connect(self._on_under_way_changed)
        self._work.progressed.connect(self._on_progress)
        self._work.ended.connect(self._on_ended)
        self._work.outdated.connect(self._preparation.forget_check)
        self._work.said.connect(self._footer.say)
        self._footer.check_requested.connect(self._preparation.check)
        self._footer.start_requested.connect(self.start)
        self._footer.pause_requested.connect(self._work.pause)
        self._footer.cancel_requested.connect(lambda: self._work.cancel(self._resumable()))
        self._tasks.changed.connect(self._show_run)

    def _lay_out(self) -> None:
        preparation = self._preparation
        for page in (*preparation.pages, self._run_step):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(preparation.header)
        layout.addWidget(self._steps)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._footer)

    # Reimplemented Qt methods

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self._preparation.open_file(files[0])
