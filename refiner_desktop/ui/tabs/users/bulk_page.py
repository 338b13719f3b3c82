"""The bulk page: a file, what its columns mean, a check, and a run that can be taken up again."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.bulk import BulkProgress, BulkService
from refiner_desktop.services.bulk_plan import BulkAction, BulkCheck, BulkPlan, guess_meanings
from refiner_desktop.services.bulk_source import Source
from refiner_desktop.services.guard import danger_of_run
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.bulk import BulkRow, RowState
from refiner_desktop.ui.dialogs import choose_file, confirm, confirm_danger
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.users.bulk_words import (
    check_sentence,
    counts_sentence,
    source_sentence,
    unfinished_sentence,
)
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.mapping_table import MappingTable

SHOWN_ROWS = 1_000
CSV_FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"
INTRODUCTION = "Sends one call for each line of a CSV file. Nothing is sent before you press Start."
ACTIONS = {"Identify each user": BulkAction.IDENTIFY, "Track an event for each": BulkAction.TRACK}

COLUMNS = (
    Column[BulkRow]("Row", lambda row: f"{row.row:,}"),
    Column[BulkRow]("State", lambda row: row.state.value),
    Column[BulkRow]("Status", lambda row: str(row.status or "")),
    Column[BulkRow]("Reason", lambda row: row.error or ""),
    Column[BulkRow]("Data", lambda row: row.payload),
)


class BulkPage(QWidget):
    """Identifies or tracks many users from a file, within the service's limits.

    Signals: `announced(text)` when a run has ended.
    """

    announced = Signal(str)

    def __init__(self, bulk: BulkService, tasks: TaskRunner) -> None:
        super().__init__()
        self._bulk = bulk
        self._tasks = tasks
        self._source: Source | None = None
        self._run: int | None = None
        self._cancelling = False
        self._make()
        self._lay_out()
        self._connect()
        self._show_busy()

    def open_file(self) -> None:
        """Read the beginning of the file whose path stands in the field."""
        path = self._file.text().strip()
        if path:
            self._start("bulk", self._open(path), "Reading the file")

    def check(self) -> None:
        """Read the whole file and say what would happen, without sending anything."""
        if plan := self._plan():
            self._start("bulk", self._check(plan), "Checking the file")

    def start(self) -> None:
        """Start a run, or go on with the one that was paused."""
        if self._run is not None:
            self._start("bulk", self._take_up(self._run), "Bulk run")
        elif plan := self._plan():
            self._start("bulk", self._begin(plan), "Bulk run")

    def pause(self) -> None:
        """Stop when the calls under way have ended; the run can be taken up again, also later."""
        self._bulk.pause()
        self._say("Pausing: the calls under way are ending…", "muted")

    def cancel(self) -> None:
        """End the run for good; what was sent stays sent."""
        if self._tasks.running("bulk"):
            self._cancelling = True
            self.pause()
        elif self._run is not None:
            self._start("bulk", self._cancel(self._run), "")

    def offer_unfinished(self) -> None:
        """Show the environment's unfinished run, if there is one, and offer to go on with it."""
        self._start("offer", self._offer_unfinished(), "")

    def leave_environment(self) -> None:
        """Pause what runs: its rows belong to the environment that is being left."""
        self._bulk.pause()
        self._forget_run()
        self._rows.set_rows(())
        self._progress.setValue(0)
        self._say(INTRODUCTION, "muted")

    def _make(self) -> None:
        self._file = QLineEdit(placeholderText="Path of a CSV file with a line of column names")
        self._file.setObjectName("bulk.file")
        self._browse_button = button("Choose file…", icon="mdi6.folder-open")
        self._action = QComboBox()
        self._action.setObjectName("bulk.action")
        for title, action in ACTIONS.items():
            self._action.addItem(title, action)
        self._mapping = MappingTable("bulk.mapping", "What each column means")
        self._check_button = button("Check", "bulk.check", icon="mdi6.clipboard-check")
        self._start_button = button("Start", "bulk.start", role="primary", icon="mdi6.play")
        self._pause_button = button("Pause", "bulk.pause", icon="mdi6.pause")
        self._cancel_button = button("Cancel run", "bulk.cancel", icon="mdi6.stop")
        self._progress = QProgressBar(textVisible=False, maximum=1)
        self._progress.setObjectName("bulk.progress")
        self._progress.setAccessibleName("Progress")
        self._status = label(INTRODUCTION, "muted", wrap=True)
        self._rows = RecordTableModel[BulkRow](COLUMNS, parent=self)
        self._table = DataTable("bulk.rows", "Rows of the run", self._rows)
        self._table.set_empty_text("The rows of a check or a run appear here.")
        self._table.horizontalHeader().setStretchLastSection(True)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE)
        for row, (title, field) in enumerate((("File", self._file), ("Action", self._action))):
            caption = QLabel(title)
            caption.setBuddy(field)
            field.setAccessibleName(title)
            grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self._browse_button, 0, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for each in (
            self._check_button, self._start_button, self._pause_button, self._cancel_button
        ):  # fmt: skip
            buttons.addWidget(each)
        buttons.addStretch(1)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(self._mapping)
        splitter.addWidget(self._table)
        splitter.setSizes([420, 620])
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addLayout(grid)
        layout.addLayout(buttons)
        layout.addWidget(self._progress)
        layout.addWidget(self._status)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self._file.editingFinished.connect(self._on_path_entered)
        self._browse_button.clicked.connect(lambda: self._start("browse", self._browse(), ""))
        self._action.currentIndexChanged.connect(self._on_action_changed)
        self._mapping.edited.connect(self._forget_run)
        self._check_button.clicked.connect(self.check)
        self._start_button.clicked.connect(self.start)
        self._pause_button.clicked.connect(self.pause)
        self._cancel_button.clicked.connect(self.cancel)
        self._tasks.changed.connect(self._show_busy)

    def _start(self, name: str, work: Coroutine[Any, Any, None], title: str) -> None:
        self._tasks.start(name, work, label=title)

    def _plan(self) -> BulkPlan | None:
        if self._source is None:
            self._say("Choose a file first.", "danger")
            return None
        plan = BulkPlan(self._source, self._chosen_action(), self._mapping.meanings())
        if problems := plan.problems():
            self._say(" ".join(problems), "danger")
            return None
        return plan

    async def _browse(self) -> None:
        if path := await choose_file(self, "Choose a file of users", CSV_FILTER):
            self._file.setText(str(path))
            self.open_file()

    async def _open(self, path: str) -> None:
        self._source = None
        self._forget_run()
        source = await self._bulk.open(path)
        self._source = source
        self._show_mapping(source)
        self._say(
            f"{source_sentence(source)} Say what each column means, then press Check.",
            "muted",
        )

    async def _check(self, plan: BulkPlan) -> None:
        check = await self._bulk.check(plan)
        self._rows.set_rows(
            BulkRow(
                p.row, msgspec.json.encode(p.payload).decode(), RowState.SKIPPED, error=p.problem
            )
            for p in check.problems
        )
        self._say(check_sentence(check), "warning" if check.skipped else "success")

    async def _begin(self, plan: BulkPlan) -> None:
        self._bulk.require_writing(self._bulk.environment)
        check = await self._bulk.check(plan)
        what = self._action.currentText().lower()
        environment = self._bulk.environment
        question = f"{check.calls:,} calls to “{environment.name}”: {what}?"
        if not await self._agreed(environment, question, check):
            return
        run = await self._bulk.begin(plan, environment)
        if self._bulk.environment.id != environment.id:
            return  # it waits there until the person comes back
        self._run = run
        self._show_busy()
        await self._go_on(run)

    async def _take_up(self, run: int) -> None:
        environment = self._bulk.environment
        self._bulk.require_writing(environment)
        progress = await self._bulk.progress(run)
        danger = danger_of_run(environment, progress.total - progress.settled, "")
        if danger is None or await confirm_danger(self, danger):
            await self._go_on(run)

    async def _agreed(self, environment: Environment, question: str, check: BulkCheck) -> bool:
        danger = danger_of_run(environment, check.calls, check_sentence(check))
        if danger is None:
            return await confirm(self, question, check_sentence(check), "Start the run")
        return await confirm_danger(self, danger)

    async def _go_on(self, run: int) -> None:
        self._cancelling = False
        try:
            finished = await self._bulk.go_on(run, self._show_progress)
        finally:
            progress = await self._bulk.progress(run)
            self._show_progress(progress)
            await self._show_rows(run)
        if self._run != run:
            return  # another environment took over
        if finished:
            self._show_finished(progress)
        elif self._cancelling:
            await self._cancel(run)
        else:
            self._say(f"Paused. {counts_sentence(progress)}", "warning")

    def _show_finished(self, progress: BulkProgress) -> None:
        self._run = None
        unknown = progress.counts[RowState.SENT]
        doubt = f" {unknown:,} may or may not have arrived." if unknown else ""
        self._say(f"Done. {counts_sentence(progress)}{doubt}", "warning" if unknown else "success")
        self.announced.emit("The bulk run has ended.")

    async def _cancel(self, run: int) -> None:
        await self._bulk.cancel(run)
        progress = await self._bulk.progress(run)
        self._show_progress(progress)
        self._run = None
        self._say(f"Cancelled. {counts_sentence(progress)}", "warning")
        self._rows.set_rows(await self._bulk.rows(run, SHOWN_ROWS))

    async def _show_rows(self, run: int) -> None:
        rows = await self._bulk.rows(run, SHOWN_ROWS)
        if self._run == run:
            self._rows.set_rows(rows)

    async def _offer_unfinished(self) -> None:
        unfinished = await self._bulk.unfinished()
        if unfinished is None or self._tasks.running("bulk"):
            return
        self._run = unfinished.id
        self._show_busy()
        progress = await self._bulk.progress(unfinished.id)
        self._show_progress(progress)
        self._rows.set_rows(await self._bulk.rows(unfinished.id, SHOWN_ROWS))
        self._say(unfinished_sentence(unfinished, progress), "warning")

    def _on_path_entered(self) -> None:
        if self._source is None or str(self._source.path) != self._file.text().strip():
            self.open_file()

    def _on_action_changed(self) -> None:
        self._forget_run()
        if self._source is not None:
            self._show_mapping(self._source)

    def _show_mapping(self, source: Source) -> None:
        guessed = guess_meanings(source.columns, self._chosen_action())
        self._mapping.show_source(source, guessed)

    def _chosen_action(self) -> BulkAction:
        return BulkAction(self._action.currentData())  # Qt hands an enumeration back as text

    def _forget_run(self) -> None:
        """Let *Start* begin anew; the old run stays in the journal and is offered again later."""
        self._run = None
        self._show_busy()

    def _show_progress(self, progress: BulkProgress) -> None:
        if progress.run != self._run:
            return
        self._progress.setMaximum(max(1, progress.total))
        self._progress.setValue(progress.settled)
        self._say(counts_sentence(progress), "muted")

    def _show_busy(self) -> None:
        running = self._tasks.running("bulk")
        resumable = self._run is not None
        for each in (self._file, self._browse_button, self._action, self._mapping):
            each.setEnabled(not running)
        self._check_button.setEnabled(not running)
        self._start_button.setEnabled(not running)
        self._start_button.setText("Go on" if resumable and not running else "Start")
        self._pause_button.setEnabled(running and resumable)
        self._cancel_button.setEnabled(resumable)

    def _say(self, text: str, role: str) -> None:
        self._status.setText(text)
        restyle(self._status, "role", role)
