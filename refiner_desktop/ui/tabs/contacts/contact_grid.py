"""The table of contacts: its rows lie in the dataset, and only a window of them is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.errors import Interrupted
from refiner_desktop.services.contacts import ContactsService
from refiner_desktop.ui.models.contact_table_model import ContactTableModel
from refiner_desktop.ui.tabs.contacts.contact_copy import contacts_as_text
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from refiner_desktop.datasets.contacts import RowOrder

EMPTY = "No contacts loaded. Choose what you want to see above and press “Load contacts”."
FILTERED = "No contact contains all of these words. Clear the filter to see all rows."
WIDTHS = {"text": 170, "number": 110, "boolean": 90, "date": 150}


class _Table(DataTable):
    """Leaves the copying to its owner. Signals: `copy_requested()`."""

    copy_requested = Signal()

    def copy_selection(self) -> None:
        """Ask for the rows: the model has only those that were looked at."""
        self.copy_requested.emit()


class ContactGrid(QWidget):
    """Shows the loaded contacts in the order and with the filter that a person asks for.

    Signals: `shown(count)` when rows of a new order are in place; `chosen(place)` with a row's
    place in the order, -1 for none; `copied(count)` when rows are on the clipboard.
    """

    shown = Signal(int)
    chosen = Signal(int)
    copied = Signal(int)

    def __init__(self, contacts: ContactsService, tasks: TaskRunner) -> None:
        super().__init__()
        self._contacts = contacts
        self._tasks = tasks
        self._generation = 0
        self._sort: tuple[SortKey, ...] = ()
        self._filter = ""
        self.order: RowOrder | None = None
        self.columns: tuple[Column, ...] = ()
        self._model = ContactTableModel(self._fetch, self)
        self.table = _Table("contacts.table", "Contacts", self._model)
        self.table.set_empty_text(EMPTY)
        header = self.table.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self._model.sort_requested.connect(self._on_sort_requested)
        self.table.row_chosen.connect(self.chosen)
        self.table.copy_requested.connect(self.copy)

    def set_filter(self, text: str) -> None:
        """Show only the rows in which all of these words occur."""
        self._filter = text
        self.refresh()

    def refresh(self) -> None:
        """Sort and filter what is there now; newer wishes replace older ones."""
        self._tasks.start("order", self.reorder())

    async def reorder(self) -> None:
        """Sort and filter what is there now, and show it."""
        columns = await self._contacts.columns()
        try:
            order = await self._contacts.order(self._sort, self._filter, columns)
        except Interrupted:
            return  # a newer wish is on its way
        self._generation += 1
        self._unchoose_unless_in_place(order)
        self.order = order
        if columns != self.columns:
            self._show_columns(columns)
        self._model.set_order(len(order), self._generation)
        self.table.set_empty_text(FILTERED if self._filter else EMPTY)
        self.shown.emit(len(order))

    def copy(self) -> None:
        """Copy the selected rows; most of them are not here and have to be fetched."""
        runs = self.table.selected_runs()
        if self.order is not None and runs:
            columns = [self.columns[place] for place in self.table.visible_columns()]
            work = self._copy(self.order, columns, runs)
            self._tasks.start("copy", work, label="Copying contacts")

    def clear(self) -> None:
        """Show no rows and no columns."""
        self._generation += 1
        self.order, self.columns, self._sort = None, (), ()
        self._model.set_order(0, self._generation)
        self._model.set_columns((), self._generation)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.set_empty_text(EMPTY)
        self.chosen.emit(-1)

    def _show_columns(self, columns: tuple[Column, ...]) -> None:
        known = {column.key for column in self.columns}
        self.columns = columns
        self._model.set_columns(columns, self._generation)
        for place, column in enumerate(columns):
            if column.key not in known:
                self.table.setColumnWidth(place, WIDTHS[column.kind])

    def _unchoose_unless_in_place(self, order: RowOrder) -> None:
        """Choose no row, unless the chosen place still holds the same contact."""
        place = self.table.currentIndex().row()
        if place < 0 or self.order is None:
            return
        if place >= len(order) or order.ids[place] != self.order.ids[place]:
            self.table.setCurrentIndex(QModelIndex())

    def _on_sort_requested(self, column: int, order: Qt.SortOrder) -> None:
        if 0 <= column < len(self.columns):
            key = SortKey(self.columns[column].key, order == Qt.SortOrder.DescendingOrder)
            self._sort = (key,)
        else:
            self._sort = ()
        self.refresh()

    async def _copy(
        self, order: RowOrder, columns: list[Column], runs: list[tuple[int, int]]
    ) -> None:
        text = await contacts_as_text(self._contacts, order, columns, runs)
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(sum(last + 1 - first for first, last in runs))

    def _fetch(self, first: int, count: int) -> None:
        if self.order is not None:
            # What the model shows now; by the time the task begins it may show something else.
            asked = (self.order, self._model.columns, self._model.generation)
            self._tasks.start(f"rows {first}", self._show_block(*asked, first, count))

    async def _show_block(
        self,
        order: RowOrder,
        columns: tuple[Column, ...],
        generation: int,
        first: int,
        count: int,
    ) -> None:
        try:
            rows = await self._contacts.window(order, first, count, columns)
        except BaseException:
            self._model.release(generation, first)
            raise
        self._model.put_block(generation, first, rows)
