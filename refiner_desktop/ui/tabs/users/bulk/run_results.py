"""The results of a run as a file, and the end of a run that nobody needs any more."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton

from refiner_desktop.datasets.exports.formats import CSV
from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.storage.bulk_rows import RowState
from refiner_desktop.ui.amounts import counted, number
from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.export_target import choose_file
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.task_runner import TaskRunner

ASK, WRITE = "bulk results question", "bulk results"
TITLE = "Save results"


class RunResults(QToolButton):
    """A menu of the files that a run can be saved as. `chosen` and `states` say what is shown.

    Signals: `filed(text, path)` when a file is there, `progressed(text)` while it is written,
    `deleted()` when a run is gone.
    """

    filed = Signal(str, object)
    progressed = Signal(str)
    deleted = Signal()

    def __init__(
        self,
        bulk: BulkService,
        tasks: TaskRunner,
        chosen: Callable[[], RunSummary | None],
        states: Callable[[], Collection[RowState]],
    ) -> None:
        super().__init__()
        self._bulk = bulk
        self._tasks = tasks
        self._chosen = chosen
        self._states = states
        self.setText(TITLE)
        self.setObjectName("bulk.results")
        self.setAccessibleName(TITLE)
        self.setProperty("role", "menu")
        self.setProperty("icon_name", "mdi6.content-save")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._failed = menu.addAction("Failed rows…", lambda: self.save((RowState.FAILED,)))
        self._skipped = menu.addAction("Skipped rows…", lambda: self.save((RowState.SKIPPED,)))
        self._shown = menu.addAction("Rows in the chosen states…", lambda: self.save(states()))
        menu.addAction("All rows…", lambda: self.save(()))
        menu.aboutToShow.connect(self._show_choices)
        self.setMenu(menu)

    def save(self, states: Collection[RowState]) -> None:
        """Ask for a place and write the rows in these states there, or all rows."""
        if run := self._chosen():
            self._tasks.start(ASK, self._ask(run, states))

    def delete(self) -> None:
        """Forget the run that is shown, after a question."""
        if run := self._chosen():
            self._tasks.start(ASK, self._delete(run))

    def _show_choices(self) -> None:
        run = self._chosen()
        for each, state in ((self._failed, RowState.FAILED), (self._skipped, RowState.SKIPPED)):
            each.setEnabled(run is not None and bool(run.counts[state]))
        self._shown.setEnabled(bool(self._states()))

    async def _ask(self, run: RunSummary, states: Collection[RowState]) -> None:
        what = "-".join(state.value for state in states) or "results"
        source = Path(run.source)
        proposed = self._bulk.folder_for(source) / f"{source.stem}-{what}"
        path = await choose_file(self.window(), TITLE, proposed, CSV)
        if path is not None:
            self._tasks.start(WRITE, self._write(run, path, states), label="Writing the results")

    async def _write(self, run: RunSummary, path: Path, states: Collection[RowState]) -> None:
        written = await self._bulk.write_results(run.id, path, states, self._on_progress)
        are = "is" if written == 1 else "are"
        self.filed.emit(f"{counted(written, 'row')} {are} in {path}.", path)

    def _on_progress(self, done: int, total: int) -> None:
        self.progressed.emit(f"{number(done)} of {number(total)} written")

    async def _delete(self, run: RunSummary) -> None:
        explanation = (
            f"{words.run_title(run)}. Its rows and results leave this computer; what was sent "
            "stays in Refiner."
        )
        if await confirm(self.window(), "Delete this run?", explanation, "Delete"):
            await self._bulk.delete_run(run.id)
            self.deleted.emit()
