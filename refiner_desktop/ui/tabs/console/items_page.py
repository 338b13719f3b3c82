"""The items of an answer as a table: sorted, filtered, arranged, summed up, copied, written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.exchange import Body
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.exports import formats
from refiner_desktop.datasets.exports.formats import FORMATS, Format
from refiner_desktop.services.requests.table import ItemsTable
from refiner_desktop.services.rows.loaded_rows import CELL_CUT
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.ui.amounts import counted, number
from refiner_desktop.ui.dialogs import choose_target, confirm
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import abbreviate, button, label
from refiner_desktop.ui.tabs.console.items_copy import tab_separated
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.grid.column_tools import ColumnTools
from refiner_desktop.ui.widgets.grid.filter_bar import FilterBar
from refiner_desktop.ui.widgets.grid.row_grid import GridWords, RowGrid
from refiner_desktop.ui.widgets.grid.selected_rows import Cell, SelectedRows
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

BUILD, EXPORT, ITEM, COPY = (
    "read the items", "export the items", "show the item", "copy the items",
)  # fmt: skip
READING = "Reading the items…"
NO_JSON = "This answer is no JSON, so there are no items in it. The page “Answer” shows it."
NO_ITEMS = (
    "There are no items in this answer, or in what a filter of the page “Answer” left of it. "
    "Clear that filter, or send a call whose answer has some."
)
UNREAD = "The items could not be read. The page “Answer” shows them as they came."
FILTERS = ";;".join(f"{each.name} (*{each.suffix})" for each in FORMATS if each.key != "csv_excel")
WORDS = GridWords(
    name="console.table",
    table="console.table",
    title="Items of the answer",
    empty="The items of an answer stand here as rows. Send a call whose answer is a list.",
    filtered="No item has these words and values. Change or clear the filters to see more.",
)


class ItemsPage(QWidget):
    """The items are read when they are seen; a chosen one is shown whole beside the table.

    Its `count` and its `tools` belong to whoever has room for them.

    Signals: `announced(text)`; `filed(text, path)` when a file was written.
    """

    announced = Signal(str)
    filed = Signal(str, object)

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self._tasks = tasks
        self._rows = ItemsTable()
        self._wanted: Callable[[], Awaitable[Body]] | None = None
        self._keys: tuple[str, ...] = ()
        self._shown = 0
        self._make()
        self._lay_out()
        self._connect()
        self.clear()

    def clear(self, reason: str = "") -> None:
        """Show no items and say why; a filter was meant for those that were there."""
        for name in (BUILD, ITEM, COPY):
            self._tasks.cancel(name)
        self._wanted = None
        self._bar.set_filter(RowFilter())
        self._grid.clear()
        self._grid.set_reason(reason)
        self._say_count(0)
        if self._rows.count:
            self._tasks.start(BUILD, self._rows.forget())

    def offer(self, body: Callable[[], Awaitable[Body]]) -> None:
        """Let this be where the items come from as soon as somebody looks."""
        self.clear(READING)
        self._wanted = body
        if self.isVisible():
            self._build()

    def focus_rows(self) -> None:
        """Bring the keyboard into the rows."""
        self._grid.table.setFocus()

    def focus_filter(self) -> None:
        """Go where words are looked for in all cells."""
        self._bar.focus_words()

    def abbreviate(self, short: bool) -> None:
        """Let the tools take less room."""
        for each, words in ((self._columns, "Columns…"), (self._export, "Export…")):
            abbreviate(each, words, short=short)

    async def put_away(self) -> None:
        """Give the memory back; nobody waits for items that are still read."""
        self._tasks.cancel(BUILD)
        await self._rows.aclose()

    def _make(self) -> None:
        self._bar = FilterBar(WORDS.name)
        self._grid = RowGrid(self._rows, self._tasks, WORDS)
        self._tools = ColumnTools(self._rows, self._bar, self._grid, self._tasks)
        self.count = label(role="muted", elide=True)
        self.count.setObjectName("console.table.count")
        self._columns = button("Columns…", "console.table.columns", icon="mdi6.view-column")
        self._export = button("Export…", "console.table.export", icon="mdi6.export")
        self._item = text_pane(
            "console.table.item", "The chosen item", "Choose a row to see all of it."
        )

    def _lay_out(self) -> None:
        self.tools = QWidget()
        line = QHBoxLayout(self.tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE)
        line.addStretch(1)
        line.addWidget(self._columns)
        line.addWidget(self._export)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 4)
        column.addWidget(self._grid, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.setObjectName("console.split.item")
        splitter.addWidget(rows)
        splitter.addWidget(self._item)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._bar)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        grid = self._grid
        self._bar.left_down.connect(grid.table.setFocus)
        self._columns.clicked.connect(self._tools.choose_columns)
        self._export.clicked.connect(self._export_items)
        grid.shown.connect(self._say_count)
        grid.rearranged.connect(self._say_what_is_shown)
        grid.chosen.connect(self._on_chosen)
        grid.copy_requested.connect(self._copy)
        grid.menu_requested.connect(self._open_menu)

    # Rows

    def _build(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._tasks.start(BUILD, self._read(wanted))

    async def _read(self, body: Callable[[], Awaitable[Body]]) -> None:
        try:
            await self._rows.read(await body())
            await self._forget_layout_of_others()
            await self._grid.reorder()
        except UnreadableAnswer:
            self._grid.set_reason(NO_JSON)
        except Exception:
            self._grid.set_reason(UNREAD)
            raise
        else:
            self._grid.set_reason(NO_ITEMS)

    async def _forget_layout_of_others(self) -> None:
        """What a person made of the columns of other items is for those."""
        keys = tuple(column.key for column in await self._rows.columns())
        if keys != self._keys:
            self._keys = keys
            self._grid.set_layout((), ())

    def _say_count(self, shown: int) -> None:
        self._shown = shown
        self._export.setEnabled(shown > 0)
        self._columns.setEnabled(bool(self._grid.columns))
        self._say_what_is_shown()

    def _say_what_is_shown(self) -> None:
        count = self._rows.count if self._grid.order is not None else 0
        items = counted(count, "item")
        parts = (
            [f"{number(self._shown)} of {items}" if self._shown < count else items] if count else []
        )
        if hidden := self._grid.hidden_count:
            parts.append(f"{counted(hidden, 'column')} hidden")
        self.count.setText(" · ".join(parts))

    def _on_chosen(self, place: int) -> None:
        self._tasks.cancel(ITEM)
        if place < 0:
            self._item.view.clear()
        else:
            self._tasks.start(ITEM, self._show_item(place))

    async def _show_item(self, place: int) -> None:
        if self._grid.order is None:
            return
        try:
            self._item.view.set_json(await self._rows.item(self._grid.order, place))
        except RowGone:
            self._item.view.clear()

    # The menu of rows

    def _open_menu(self, at: QPoint) -> None:
        rows = self._grid.selected_rows()
        if rows is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy rows\tCtrl+C", self._copy)
        if rows.cell is not None:
            menu.addAction("Copy cell", partial(self._copy_cell, rows, rows.cell))
            self._add_filters(menu, rows.cell)
        menu.popup(at)

    def _add_filters(self, menu: QMenu, cell: Cell) -> None:
        value = self._grid.text_of(cell)
        if len(value) >= CELL_CUT:
            return  # not all of it is here
        key = cell.column.key
        title, words = one_line(cell.column.title), f"“{one_line(value)[:30]}”"
        only, others = Condition(key, Operator.IS, (value,)), Operator.IS_NOT
        without = Condition(key, others, (value,))
        if not value:
            words = "no value"
            only, without = Condition(key, Operator.EMPTY), Condition(key, Operator.NOT_EMPTY)
        menu.addSeparator()
        menu.addAction(f"Only rows with {words} in {title}", partial(self._bar.take_value, only))
        add = partial(self._bar.take_conditions, (without,))
        menu.addAction(f"All but rows with {words} in {title}", add)

    # Copying and writing

    def _copy(self) -> None:
        rows = self._grid.selected_rows()
        if rows is not None and len(rows):
            self._tasks.start(COPY, self._copy_rows(rows), label="Copying the items")

    def _copy_cell(self, rows: SelectedRows, cell: Cell) -> None:
        self._tasks.start(COPY, self._copy_text(rows, cell))

    async def _copy_rows(self, rows: SelectedRows) -> None:
        text = await tab_separated(self._rows, rows)
        if text is None:
            self.announced.emit("That is too much for a clipboard: export the rows to a file.")
        else:
            QGuiApplication.clipboard().setText(text)

    async def _copy_text(self, rows: SelectedRows, cell: Cell) -> None:
        found = await self._rows.texts(rows.order, cell.place, 1, (cell.column,))
        QGuiApplication.clipboard().setText((found and found[0][0]) or "")

    def _export_items(self) -> None:
        self._tasks.start(EXPORT, self._write(), label="Exporting the items")

    async def _write(self) -> None:
        order = self._grid.order
        if order is None:
            return
        path = await choose_target(self, "Export the items", "items.csv", FILTERS)
        if path is None:
            return
        if not path.suffix:
            path = path.with_suffix(formats.CSV.suffix)
            exists = await asyncio.to_thread(path.exists)
            if exists and not await confirm(self, f"Replace {path.name}?", str(path), "Replace"):
                return
        columns, kind = self._grid.shown_columns, _format_of(path.suffix)
        try:
            written = await self._rows.export(order, kind, columns, path, self._show_progress)
        finally:
            self._say_what_is_shown()
        self.filed.emit(f"{number(written.rows)} items are in {path}.", path)

    def _show_progress(self, done: int, total: int) -> None:
        self.count.setText(f"{number(done)} of {number(total)} written")

    # Reimplemented Qt methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._build()


def _format_of(suffix: str) -> Format:
    known = (each for each in FORMATS if each.suffix == suffix.lower())
    return next(known, formats.CSV)
