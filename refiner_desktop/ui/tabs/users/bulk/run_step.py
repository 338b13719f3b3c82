"""The runs of an environment, and the rows of the one that is chosen."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.services.bulk.runs import BulkProgress, RunSummary
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.storage.bulk_rows import BulkRow, RowState
from refiner_desktop.ui.models.cell_text import tool_tip
from refiner_desktop.ui.moments import exact
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.count_chips import CountChips
from refiner_desktop.ui.tabs.users.bulk.row_dialog import RowDialog
from refiner_desktop.ui.tabs.users.bulk.run_list import RunList
from refiner_desktop.ui.tabs.users.bulk.run_results import RunResults
from refiner_desktop.ui.tabs.users.bulk.run_rows import PORTION, RunRows
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SEARCH_WIDTH, SPACE, scaled
from refiner_desktop.ui.widgets.flow_layout import FlowLayout
from refiner_desktop.ui.widgets.search_edit import SearchEdit

TYPING_MS = 200
RENEW_MS = 1_000
MOST_RENEWED = 5 * PORTION
"""Whoever has scrolled further sees the rows as they were when they were read."""

RUNS, ROWS = "bulk runs", "bulk rows"
LIST_SIZES = (320, 680)


class RunStep(QWidget):
    """A list of runs beside the rows of one of them.

    Signals: `run_chosen()` when another run, or a newer version of it, is shown;
    `retry_requested(run)` and `unknown_requested(run)` to send failed rows again, or those whose
    outcome is unknown; `contact_wanted(user_id, email)` and `form_wanted(draft)` to see or mend
    the user of a row.
    """

    run_chosen = Signal()
    retry_requested = Signal(object)
    unknown_requested = Signal(object)
    contact_wanted = Signal(str, str)
    form_wanted = Signal(object)

    def __init__(self, bulk: BulkService, tasks: TaskRunner) -> None:
        super().__init__()
        self._bulk = bulk
        self._tasks = tasks
        self._under_way: int | None = None
        self._may_send = True
        self._is_unread = False
        self._list = RunList()
        self._title = label("", "heading", elide=True)
        self._said = label("", "muted", wrap=True)
        self._states = CountChips("bulk.states", "States of the rows", words.STATES)
        self._search = SearchEdit("bulk.search", "Search rows")
        self._rows = RunRows(self._read_more)
        self._retry_button = button("Retry failed only", "bulk.retry", icon="mdi6.refresh")
        self._unknown_button = button(
            "Send unknown again…", "bulk.unknown", icon="mdi6.help-circle"
        )
        self._skipped_button = button(
            "Save skipped rows…", "bulk.skipped", icon="mdi6.content-save-edit"
        )
        self._skipped_button.setToolTip("A file to correct and to choose again, with the reasons")
        self._retry_button.setToolTip("Sends the rows again that Refiner refused")
        self._unknown_button.setToolTip("Sends the rows again for which no answer came")
        self.results = RunResults(bulk, tasks, self.chosen, self._chosen_states)
        self._delete_button = button("Delete run…", "bulk.delete", icon="mdi6.delete")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._renewing = QTimer(self, interval=RENEW_MS)
        self._lay_out()
        self._connect()
        self._show_run()

    def chosen(self) -> RunSummary | None:
        """Return the run that is shown."""
        return self._list.chosen()

    async def read_runs(self) -> list[RunSummary]:
        """Read the runs of the environment in use, and return them."""
        try:
            runs = await self._bulk.runs()
        except Exception:
            self._is_unread = True
            self._list.set_empty_text(words.UNREAD_RUNS)
            raise
        self._is_unread = False
        self._list.show_runs(runs)
        self._show_run()
        return runs

    def refresh(self) -> None:
        """Read runs and rows again."""
        self._tasks.start(RUNS, self._refresh())

    def choose(self, run: int | None) -> None:
        """Show a run, or none."""
        self._list.choose(run)

    def choose_newest(self, *, finished: bool) -> None:
        """Show the newest run where none is shown; with `finished`, only one that has ended."""
        newest = next(iter(self._list.runs()), None)
        if self.chosen() is None and newest is not None and not (finished and newest.resumable):
            self.choose(newest.id)

    def forget(self) -> None:
        """Show no runs: they belong to an environment that was left."""
        self._tasks.cancel(RUNS)
        self._tasks.cancel(ROWS)
        self._list.forget()
        self._rows.rows.show_first(())
        self._show_run()

    def follow(self, run: int | None) -> None:
        """Keep the rows of the run that is under way up to date; None when it has ended."""
        self._under_way = run
        self._list.show_under_way(run)
        if run is None:
            self._renewing.stop()
        else:
            self._renewing.start()
            self._tasks.start(RUNS, self._begin_to_follow(run))

    def allow_sending(self, allowed: bool) -> None:
        """Offer to send rows again, or not: one run goes on at a time."""
        self._may_send = allowed
        self._show_sendable()

    def show_progress(self, progress: BulkProgress) -> None:
        """Count the states of the run that is under way."""
        run = self.chosen()
        if run is not None and run.id == progress.run:
            self._states.show_counts(progress.counts)

    async def _begin_to_follow(self, run: int) -> None:
        await self.read_runs()
        self._list.choose(run)

    async def _refresh(self) -> None:
        await self.read_runs()
        self._read_rows()

    def _read_rows(self) -> None:
        if run := self.chosen():
            self._tasks.start(ROWS, self._read_first(run))
        else:
            self._rows.rows.show_first(())

    async def _read_first(self, run: RunSummary) -> None:
        self._rows.set_empty_text(words.READING_ROWS)
        try:
            rows = await self._bulk.rows(
                run.id, self._chosen_states(), limit=PORTION, search=self._searched()
            )
        except Exception:
            self._rows.set_empty_text(words.UNREAD_ROWS)
            raise
        if self._shows(run):
            self._rows.rows.show_first(rows)
            self._rows.set_empty_text(words.NO_SUCH_ROW if self._filtered() else words.NO_ROWS)
        if run.resumable and self._under_way != run.id:
            changed = await self._bulk.source_changed(run.id)
            if self._shows(run):
                self._said.setText(words.run_sentence(run, source_changed=changed))

    def _read_more(self, offset: int) -> None:
        if run := self.chosen():
            self._tasks.start(ROWS, self._read_portion(run, offset))

    async def _read_portion(self, run: RunSummary, offset: int) -> None:
        rows = await self._bulk.rows(
            run.id, self._chosen_states(), offset=offset, limit=PORTION, search=self._searched()
        )
        if self._shows(run) and self._rows.shown() == offset:
            self._rows.rows.add_portion(rows)

    def _renew(self) -> None:
        run = self.chosen()
        wanted = run is not None and run.id == self._under_way and self.isVisible()
        if wanted and run is not None and not self._tasks.running(ROWS):
            self._tasks.start(ROWS, self._renew_rows(run))

    async def _renew_rows(self, run: RunSummary) -> None:
        shown = max(self._rows.shown(), PORTION)
        if shown > MOST_RENEWED:
            return
        rows = await self._bulk.rows(
            run.id, self._chosen_states(), limit=shown, search=self._searched()
        )
        if self._shows(run):
            self._rows.rows.renew(rows)

    def _on_run_chosen(self) -> None:
        self._states.choose(())
        self._search.clear()
        self._rows.rows.show_first(())
        self._show_run()
        self._read_rows()

    def _show_run(self) -> None:
        run = self.chosen()
        idle = run is not None and run.id != self._under_way
        title = words.run_title(run) if run else ""
        self._title.setText(title)
        self._title.setToolTip(tool_tip(f"{title}\n{exact(run.started_at)}") if run else "")
        self._title.setVisible(run is not None)
        self._say(run)
        under_way = run is not None and not idle
        self._states.name(RowState.SENT, words.ON_THEIR_WAY if under_way else words.UNKNOWN)
        self._states.show_counts(run.counts if run else {})
        self._show_sendable()
        self._show_offers(run)
        self._delete_button.setEnabled(idle)
        self.results.setEnabled(run is not None)
        self._search.setEnabled(run is not None)
        if run is None:
            self._rows.set_empty_text(words.NO_RUN)
        self.run_chosen.emit()

    def _show_sendable(self) -> None:
        run = self.chosen() if self._may_send else None
        for each, state in (
            (self._retry_button, RowState.FAILED),
            (self._unknown_button, RowState.SENT),
        ):
            each.setEnabled(run is not None and run.counts[state] > 0)

    def _show_offers(self, run: RunSummary | None) -> None:
        """Offer what there are rows for; *Retry failed only* has its place at all times."""
        counts = run.counts if run is not None else {}
        self._unknown_button.setVisible(counts.get(RowState.SENT, 0) > 0)
        self._skipped_button.setVisible(counts.get(RowState.SKIPPED, 0) > 0)

    def _say(self, run: RunSummary | None) -> None:
        self._said.setVisible(run is not None)  # without one, the place of the rows says so
        if run is None:
            return
        if run.id == self._under_way:
            text, role = words.UNDER_WAY_SENTENCE, "muted"
        else:
            text = words.run_sentence(run, source_changed=False)
            role = "warning" if words.needs_a_look(run) else "muted"
        self._said.setText(text)
        restyle(self._said, "role", role)

    def _open_row(self, row: BulkRow) -> None:
        if run := self.chosen():
            dialog = RowDialog(self.window(), run, row)
            dialog.contact_wanted.connect(self.contact_wanted)
            dialog.form_wanted.connect(self.form_wanted)
            dialog.open()

    def _chosen_states(self) -> Collection[RowState]:
        return tuple(state for state in RowState if state in self._states.chosen())

    def _searched(self) -> str:
        return self._search.text().strip()

    def _filtered(self) -> bool:
        return bool(self._chosen_states() or self._searched())

    def _shows(self, run: RunSummary) -> bool:
        chosen = self.chosen()
        return chosen is not None and chosen.id == run.id

    def _connect(self) -> None:
        self._list.run_chosen.connect(self._on_run_chosen)
        self._states.changed.connect(self._read_rows)
        self._rows.row_opened.connect(self._open_row)
        self._search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._read_rows)
        self._renewing.timeout.connect(self._renew)
        self._retry_button.clicked.connect(lambda: self.retry_requested.emit(self.chosen()))
        self._unknown_button.clicked.connect(lambda: self.unknown_requested.emit(self.chosen()))
        self._skipped_button.clicked.connect(lambda: self.results.save((RowState.SKIPPED,)))
        self._delete_button.clicked.connect(self.results.delete)
        self.results.deleted.connect(self.refresh)

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(SPACE)
        filters.addWidget(self._states, 1)
        self._search.setFixedWidth(scaled(SEARCH_WIDTH))
        filters.addWidget(self._search, 0, Qt.AlignmentFlag.AlignTop)
        tools = QWidget()
        flow = FlowLayout(tools, SPACE)
        for each in (
            self._retry_button, self._unknown_button, self._skipped_button, self.results,
            self._delete_button,
        ):  # fmt: skip
            flow.addWidget(each)
        detail = QWidget()
        column = QVBoxLayout(detail)
        column.setContentsMargins(SPACE, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._title)
        column.addWidget(self._said)
        column.addLayout(filters)
        column.addWidget(self._rows, 1)
        column.addWidget(tools)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.setObjectName("bulk.split.runs")
        splitter.addWidget(self._list)
        splitter.addWidget(detail)
        splitter.setSizes(LIST_SIZES)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    # Reimplemented Qt methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_unread:
            self.refresh()
