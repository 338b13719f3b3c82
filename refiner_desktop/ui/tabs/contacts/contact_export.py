"""Contacts written to a file: what and where is asked first, then it is done with progress."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.exports.formats import FORMATS, Format
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.dialogs import ask
from refiner_desktop.ui.export_target import choose_export
from refiner_desktop.ui.tabs.contacts import contact_words as words
from refiner_desktop.ui.tabs.contacts.export_dialog import ExportChoice, ExportDialog, ExportOffer
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.grid.selected_rows import SelectedRows

if TYPE_CHECKING:
    from refiner_desktop.datasets.exports.writing import Written
    from refiner_desktop.datasets.row_set import RowOrder

ASK, EXPORT = "ask about export", "export"
"""Names of the tasks; a file is written while `EXPORT` runs."""

BUSY = Problem("A file is still being written.", "Wait for it, or cancel it in the status bar.")


class ContactExport(QObject):
    """Exports rows, and remembers for the next time how it was wanted.

    Signals: `progressed(text)` while rows are written, `ended()` after it however it ended,
    `rest_requested()` to load first what is missing, `filed(text, path)` and `warned(problem)` for
    the message bar.
    """

    progressed = Signal(str)
    ended = Signal()
    rest_requested = Signal()
    filed = Signal(str, object)
    warned = Signal(object)

    def __init__(self, window: QWidget, contacts: ContactsService, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window = window
        self._contacts = contacts
        self._tasks = tasks
        self._choice = ExportChoice()

    def begin(
        self, shown: SelectedRows, selected: SelectedRows | None, missing: int, *, prefer: bool
    ) -> None:
        """Ask, then write all rows that are `shown` or those that are `selected`.

        `prefer` the selected ones where a person came from their menu. So many are `missing`:
        Refiner has them, and they are not loaded.
        """
        if self._tasks.running(EXPORT):
            self.warned.emit(BUSY)
        else:
            self._choice = replace(self._choice, selected_only=prefer)
            self._tasks.start(ASK, self._ask(shown, selected, missing))

    async def _ask(self, shown: SelectedRows, selected: SelectedRows | None, missing: int) -> None:
        every = await self._contacts.columns()
        count = len(selected) if selected is not None else 0
        offer = ExportOffer(len(shown), count, len(shown.columns), len(every), missing)
        dialog = ExportDialog(self._window, offer, self._choice)
        dialog.rest_requested.connect(self.rest_requested)
        if not await ask(dialog):
            return
        self._choice = choice = dialog.choice()
        target = await choose_export(self._window, "contacts", choice.file_format, FORMATS)
        if target is None:
            return
        path, file_format = target
        rows = selected if choice.selected_only and selected is not None else shown
        columns = None if choice.all_columns else rows.columns
        label = f"Exporting {words.contacts(len(rows))}"
        work = self._write(rows, file_format, columns, path)
        self._tasks.start(EXPORT, work, label=label)

    async def _write(
        self,
        rows: SelectedRows,
        file_format: Format,
        columns: tuple[Column, ...] | None,
        path: Path,
    ) -> None:
        try:
            order = await asyncio.to_thread(rows.as_order)
            written = await self._contacts.export(
                order, file_format, columns, path, self._on_progress, separator=_separator()
            )
        finally:
            self.ended.emit()
        self.filed.emit(_sentence(written, order, path), path)

    def _on_progress(self, done: int, total: int) -> None:
        self.progressed.emit(f"{number(done)} of {number(total)} written")


def _separator() -> str:
    """Return what a spreadsheet of this locale expects between the columns of CSV."""
    return ";" if QLocale().decimalPoint() == "," else ","


def _sentence(written: Written, order: RowOrder, path: Path) -> str:
    are = "is" if written.rows == 1 else "are"
    sentence = f"{words.contacts(written.rows)} {are} in {path}."
    gone = len(order) - written.rows
    if gone:
        sentence += f" {number(gone)} had left the table meanwhile."
    if written.cut_cells:
        cells = (
            "1 cell was" if written.cut_cells == 1 else f"{number(written.cut_cells)} cells were"
        )
        sentence += f" {cells} too long for this format and cut."
    return sentence
