"""The items of an answer as a table: sorted, filtered, copied and written to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.exchange import Body
from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import Interrupted
from refiner_desktop.datasets.exports import formats
from refiner_desktop.datasets.exports.formats import FORMATS, Format
from refiner_desktop.services.requests.table import ItemsTable
from refiner_desktop.ui.dialogs import choose_target, confirm
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.models.contact_table_model import ContactTableModel
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.console.items_table import ItemsView
from refiner_desktop.ui.tabs.contacts.grid_header import clicked_sort, sort_marks, sort_words
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder

FILTER_MS = 150
BUILD, ORDER, EXPORT, ITEM, COPY = (
    "read the items", "sort the items", "export the items", "show the item", "copy the items",
)  # fmt: skip
NONE = "The items of an answer stand here as rows. Send a call whose answer is a list."
READING = "Reading the items…"
NO_ITEMS = "This answer is a list without items."
FILTERED = "No item has these words and values. Clear the filter to see all."
FILTERS = ";;".join(f"{each.name} (*{each.suffix})" for each in FORMATS if each.key != "csv_excel")


class ItemsPage(QWidget):
    """The rows lie in DuckDB, and only a window of them is here; they are read when they are seen.

    Signals: `announced(text)` when a file was written.
    """

    announced = Signal(str)

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self._tasks = tasks
        self._wanted: Callable[[], Awaitable[Body]] | None = None
        self._items: ItemsTable | None = None
        self._order: RowOrder | None = None
        self._columns: tuple[Column, ...] = ()
        self._sort: tuple[SortKey, ...] = ()
        self._conditions: tuple[Condition, ...] = ()
        self._generation = 0
        self._model = ContactTableModel(self._fetch, self)
        self._make()
        self._lay_out()
        self._connect()
        self.clear()

    def clear(self, reason: str = NONE) -> None:
        """Show no items and say why; a filter was meant for those that were there."""
        self._tasks.cancel(BUILD)
        self._filter.clear()
        self._pause.stop()
        self._wanted = None
        self._forget()
        self._table.set_empty_text(reason)

    def offer(self, body: Callable[[], Awaitable[Body]]) -> None:
        """Let this be where the items come from as soon as somebody looks."""
        self.clear(READING)
        self._wanted = body
        if self.isVisible():
            self._build()

    async def put_away(self) -> None:
        """Give the memory back."""
        items, self._items, self._order = self._items, None, None
        if items is not None:
            await items.aclose()

    def _make(self) -> None:
        self._filter = QLineEdit(placeholderText="Filter rows", clearButtonEnabled=True)
        self._filter.setObjectName("console.table.filter")
        self._filter.setAccessibleName("Filter the rows")
        self._unset = button("", "console.table.conditions", role="quiet")
        self._unset.setToolTip("Shows the rows that were left out by their values again")
        self._count = label(role="muted")
        self._count.setObjectName("console.table.count")
        self._export = button("Export…", "console.table.export", icon="mdi6.export")
        self._table = ItemsView(self._model)
        self._item = text_pane(
            "console.table.item", "The chosen item", "Choose a row to see all of it."
        )
        self._pause = QTimer(self, singleShot=True, interval=FILTER_MS)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._filter, 1)
        line.addWidget(self._unset)
        line.addWidget(self._count)
        line.addWidget(self._export)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.setObjectName("console.split.item")
        splitter.addWidget(self._table)
        splitter.addWidget(self._item)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(line)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self._filter.textChanged.connect(lambda _: self._pause.start())
        self._pause.timeout.connect(self._refresh)
        self._unset.clicked.connect(lambda: self._set_conditions(()))
        self._export.clicked.connect(self._export_items)
        self._table.header.sort_clicked.connect(self._on_sort_clicked)
        self._table.row_chosen.connect(self._on_row_chosen)
        self._table.copy_requested.connect(lambda: self._tasks.start(COPY, self._copy()))
        self._table.menu_requested.connect(self._open_menu)

    # Rows

    def _build(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._tasks.start(BUILD, self._read(wanted))

    async def _read(self, body: Callable[[], Awaitable[Body]]) -> None:
        try:
            items = await ItemsTable.of(await body())
        except UnreadableAnswer:
            self._table.set_empty_text("This answer is no JSON, so there are no items in it.")
            return
        self._items = items
        self._table.set_empty_text(NO_ITEMS)
        await self._reorder(items, await items.columns())

    def _refresh(self) -> None:
        if self._items is not None:
            self._tasks.start(ORDER, self._reorder(self._items, self._columns))

    async def _reorder(self, items: ItemsTable, columns: tuple[Column, ...]) -> None:
        words = self._filter.text()
        try:
            order = await items.order(words, self._sort, columns, conditions=self._conditions)
        except Interrupted:
            return  # a newer wish is on its way
        if items is self._items:
            self._show(items, order, columns)

    def _show(self, items: ItemsTable, order: RowOrder, columns: tuple[Column, ...]) -> None:
        self._generation += 1
        self._order, self._columns = order, columns
        self._model.set_columns(columns, self._generation)
        self._model.set_order(len(order), self._generation)
        self._mark_sort()
        filtered = len(order) < items.count
        self._table.set_empty_text(FILTERED if filtered else NO_ITEMS)
        all_items = "1 item" if items.count == 1 else f"{items.count:,} items"
        self._count.setText(f"{len(order):,} of {all_items}" if filtered else all_items)
        self._export.setEnabled(len(order) > 0)
        self._on_row_chosen(self._table.currentIndex().row())

    def _forget(self) -> None:
        for name in (ORDER, ITEM, COPY):
            self._tasks.cancel(name)
        items, self._items, self._order = self._items, None, None
        if items is not None:
            self._tasks.start(f"close items {id(items)}", items.aclose())
        self._columns, self._sort, self._conditions = (), (), ()
        self._generation += 1
        self._model.set_order(0, self._generation)
        self._model.set_columns((), self._generation)
        self._mark_sort()
        self._show_conditions()
        self._count.clear()
        self._export.setEnabled(False)
        self._item.view.clear()

    def _fetch(self, first: int, count: int) -> None:
        if self._items is not None and self._order is not None:
            asked = (self._items, self._order, self._model.columns, self._model.generation)
            self._tasks.start(f"items {first}", self._show_block(*asked, first, count))

    async def _show_block(
        self,
        items: ItemsTable,
        order: RowOrder,
        columns: tuple[Column, ...],
        generation: int,
        first: int,
        count: int,
    ) -> None:
        try:
            rows = await items.window(order, first, count, columns)
        except BaseException:
            self._model.release(generation, first)
            raise
        self._model.put_block(generation, first, rows)

    def _on_row_chosen(self, row: int) -> None:
        if self._items is None or self._order is None or not 0 <= row < len(self._order):
            self._item.view.clear()
            return
        self._tasks.start(ITEM, self._show_item(self._items, self._order, row))

    async def _show_item(self, items: ItemsTable, order: RowOrder, row: int) -> None:
        self._item.view.set_json(await items.item(order, row))

    # Sorting and filtering

    def _on_sort_clicked(self, section: int, add: bool) -> None:
        self._sort = clicked_sort(self._sort, self._columns[section].key, add=add)
        self._refresh()

    def _mark_sort(self) -> None:
        places = {column.key: place for place, column in enumerate(self._columns)}
        self._table.header.show_marks(sort_marks(self._sort, places))
        self._model.show_sort(sort_words(self._sort))

    def _add_condition(self, condition: Condition) -> None:
        self._set_conditions((*self._conditions, condition))

    def _set_conditions(self, conditions: tuple[Condition, ...]) -> None:
        self._conditions = conditions
        self._show_conditions()
        self._refresh()

    def _show_conditions(self) -> None:
        count = len(self._conditions)
        self._unset.setVisible(count > 0)
        self._unset.setText(f"✕ {count} value filter{'' if count == 1 else 's'}")

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy rows\tCtrl+C", self._table.copy_selection)
        index = self._table.currentIndex()
        if index.isValid() and index.column() < len(self._columns):
            column = self._columns[index.column()]
            value = self._model.text(index.row(), column.key) or ""
            self._add_value_actions(menu, column, value)
        menu.popup(at)

    def _add_value_actions(self, menu: QMenu, column: Column, value: str) -> None:
        shown = f"“{one_line(value)[:30]}”" if value else "no value"
        clipboard = QGuiApplication.clipboard()
        menu.addAction("Copy cell", lambda: clipboard.setText(value))
        menu.addSeparator()
        for words, operator in (("Only", Operator.IS), ("All but", Operator.IS_NOT)):
            condition = Condition(column.key, operator, (value,))
            title = f"{words} rows with {shown} in {one_line(column.title)}"
            menu.addAction(title, partial(self._add_condition, condition))

    # Copying and writing

    def _export_items(self) -> None:
        self._tasks.start(EXPORT, self._write(), label="Exporting the items")

    async def _copy(self) -> None:
        if self._items is None or self._order is None:
            return
        columns = [self._columns[place] for place in self._table.visible_columns()]
        lines = []
        for first, last in self._table.selected_runs():
            rows = await self._items.window(self._order, first, last + 1 - first, columns)
            lines += ["\t".join(one_line(cell or "") for cell in row) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    async def _write(self) -> None:
        items, order = self._items, self._order
        if items is None or order is None:
            return
        path = await choose_target(self, "Export the items", "items.csv", FILTERS)
        if path is None:
            return
        if not path.suffix:
            path = path.with_suffix(formats.CSV.suffix)
            exists = await asyncio.to_thread(path.exists)
            if exists and not await confirm(self, f"Replace {path.name}?", str(path), "Replace"):
                return
        said, kind = self._count.text(), _format_of(path.suffix)
        try:
            written = await items.export(order, kind, None, path, self._show_progress)
        finally:
            self._count.setText(said)
        self.announced.emit(f"{written.rows:,} items are in {path}.")

    def _show_progress(self, done: int, total: int) -> None:
        self._count.setText(f"{done:,} of {total:,} written")

    # Reimplemented Qt methods

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._build()


def _format_of(suffix: str) -> Format:
    known = (each for each in FORMATS if each.suffix == suffix.lower())
    return next(known, formats.CSV)
