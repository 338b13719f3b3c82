"""What can be done with the findings of a check: each is shown in its file, all go into one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.datasets.exports.formats import CSV
from refiner_desktop.services.bulk.check import BulkCheck
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.sources.source import Source
from refiner_desktop.ui.amounts import counted
from refiner_desktop.ui.export_target import choose_file
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.checking import Checking
from refiner_desktop.ui.task_runner import TaskRunner

LOOK, ASK, WRITE = "bulk line", "bulk findings question", "bulk findings"
TITLE = "Save findings"


class FindingWork(QObject):
    """Signals: `seen(source, line, rows)` with the row of a finding and its neighbours;
    `filed(text, path)` when a file is there, `progressed(text)` while it is written.
    """

    seen = Signal(object, int, object)
    filed = Signal(str, object)
    progressed = Signal(str)

    def __init__(
        self, window: QWidget, bulk: BulkService, tasks: TaskRunner, checking: Checking
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bulk = bulk
        self._tasks = tasks
        self._checking = checking
        checking.step.line_wanted.connect(self.show_line)
        checking.step.save_requested.connect(self.save)

    def show_line(self, line: int) -> None:
        """Show a row where it is in the file."""
        if found := self._checking.found:
            self._tasks.start(LOOK, self._look(found.plan.source, line), label="Reading the file")

    def save(self) -> None:
        """Ask for a place and write all findings there."""
        if found := self._checking.found:
            self._tasks.start(ASK, self._ask(found.plan, found.check))

    async def _look(self, source: Source, line: int) -> None:
        self.seen.emit(source, line, await self._bulk.rows_around(source, line))

    async def _ask(self, plan: BulkPlan, check: BulkCheck) -> None:
        source = plan.source.path
        proposed = self._bulk.folder_for(source) / f"{source.stem}-findings"
        path = await choose_file(self._window.window(), TITLE, proposed, CSV)
        if path is not None:
            work = self._write(plan, check, path)
            self._tasks.start(WRITE, work, label="Writing the findings")

    async def _write(self, plan: BulkPlan, check: BulkCheck, path: Path) -> None:
        written = await self._bulk.write_findings(plan, check, path, self._on_read)
        are = "is" if written == 1 else "are"
        self.filed.emit(f"{counted(written, 'finding')} {are} in {path}.", path)

    def _on_read(self, rows: int) -> None:
        self.progressed.emit(words.read_sentence(rows, compared=False))
