"""Deliveries written to a file: which and how is asked first, then it is done with progress."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFormLayout, QRadioButton, QWidget

from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.services.deliveries.exports import FORMATS, DeliveryExports
from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.dialogs import ask
from refiner_desktop.ui.export_target import choose_export
from refiner_desktop.ui.styling import caption, label
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.asking_dialog import AskingDialog

ASK, EXPORT = "ask about export", "export"
"""Names of the tasks; a file is written while `EXPORT` runs."""

BUSY = Problem("A file is still being written.", "Wait for it, or cancel it in the status bar.")
HINT = "Tokens and keys are dotted out. Names, addresses and answers of users are not."


class ExportDialog(AskingDialog):
    """Asks for the format, and whether all that are listed are wanted or only the selected."""

    def __init__(self, parent: QWidget, listed: int, selected: int) -> None:
        super().__init__(parent, "Export deliveries", "Choose a file…")
        self._format = QComboBox()
        self._format.setObjectName("webhooks.export.format")
        for each in FORMATS:
            self._format.addItem(f"{each.name} (*{each.suffix})", each)
        self._all = QRadioButton(f"All in the list ({number(listed)})")
        self._selected = QRadioButton(f"Selected ({number(selected)})")
        self._selected.setEnabled(selected > 0)
        group = QButtonGroup(self)
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        form.addRow(caption("Format", self._format), self._format)
        for title, choice in (("Deliveries", self._all), ("", self._selected)):
            group.addButton(choice)
            form.addRow(title, choice)
        (self._selected if selected > 1 else self._all).setChecked(True)
        self.fields.addLayout(form)
        self.fields.addWidget(label(HINT, "muted", wrap=True))

    @property
    def file_format(self) -> Format:
        """The kind of file."""
        chosen: Format = self._format.currentData()
        return chosen

    @property
    def selected_only(self) -> bool:
        """Whether only the selected deliveries are wanted."""
        return self._selected.isChecked()


class ExportWork(QObject):
    """Signals: `filed(text, path)` when a file is there, `warned(problem)`."""

    filed = Signal(str, object)
    warned = Signal(object)

    def __init__(self, window: QWidget, exports: DeliveryExports, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window = window
        self._exports = exports
        self._tasks = tasks

    def begin(self, listed: Sequence[int], selected: Sequence[int]) -> None:
        """Ask, then write all that are listed or those that are selected."""
        if self._tasks.running(EXPORT):
            self.warned.emit(BUSY)
        else:
            self._tasks.start(ASK, self._ask(list(listed), list(selected)))

    async def _ask(self, listed: list[int], selected: list[int]) -> None:
        dialog = ExportDialog(self._window, len(listed), len(selected))
        if not await ask(dialog):
            return
        ids = selected if dialog.selected_only else listed
        target = await choose_export(self._window, "deliveries", dialog.file_format, FORMATS)
        if target is not None:
            path, file_format = target
            work = self._write(ids, file_format, path)
            self._tasks.start(EXPORT, work, label=f"Exporting {counted(len(ids))}")

    async def _write(self, ids: list[int], file_format: Format, path: Path) -> None:
        count = await self._exports.export(ids, file_format, path, self._on_progress)
        are = "is" if count == 1 else "are"
        gone = f" {number(len(ids) - count)} were deleted meanwhile." if count < len(ids) else ""
        self.filed.emit(f"{counted(count)} {are} in {path}.{gone}", path)

    def _on_progress(self, done: int, total: int) -> None:
        self._tasks.relabel(EXPORT, f"Exporting deliveries: {number(done)} of {number(total)}")
