"""A table of rows that lie in a dataset; only a window of them is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.errors import FilterInvalid, Interrupted
from refiner_desktop.services.rows.loaded_rows import LoadedRows
from refiner_desktop.services.rows.view import ColumnLook, RowFilter
from refiner_desktop.ui.models.row_table_model import RowTableModel
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.grid.column_layout import Looks, absorbed, arranged
from refiner_desktop.ui.widgets.grid.column_widths import SAMPLE_ROWS, widths_by_content
from refiner_desktop.ui.widgets.grid.grid_header import clicked_sort, sort_marks, sort_words
from refiner_desktop.ui.widgets.grid.grid_table import GridTable
from refiner_desktop.ui.widgets.grid.header_layout import HeaderLayout
from refiner_desktop.ui.widgets.grid.row_choice import ChosenRow, choose, new_runs
from refiner_desktop.ui.widgets.grid.selected_rows import Cell, SelectedRows

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder

UNSEARCHED = "Words are not looked for in hidden columns."
NO_COLUMNS = "All columns are hidden. Press “Columns” to choose what to see."

ALWAYS, MOST_OF_TABLE = 230, 0.7
"""What a column may take in any case, and of a wide table: the next one is to be seen, too."""

ORDER = "order"
"""The name of the task that sorts and filters."""


@dataclass(frozen=True, slots=True)
class GridWords:
    """What a grid is called, and what it says: `name` for its parts, `table` for its table.

    `empty` where nothing is loaded, `filtered` where no row passes the filters.
    """

    name: str
    table: str
    title: str
    empty: str
    filtered: str


class RowGrid(QWidget):
    """Shows the loaded rows in the order, with the filter and columns that a person asks for.

    A filter that cannot be used leaves the last one that could in force. The chosen row stays
    chosen wherever it moves, also when it is loaded anew.

    Signals: `shown(count)` when rows of a new order are in place; `chosen(place)` with the place
    in the order of another row, -1 for none; `opened()` when a person wants to see all of it;
    `selected()` when other rows are selected; `copy_requested()` for these; `refused(error)` with
    the `FilterInvalid` that stops a filter, None when it works; `rearranged()` when a person sorted
    or changed columns, `columns_changed()` when others were found; `menu_requested(place)` with a
    place on the screen.
    """

    shown = Signal(int)
    chosen = Signal(int)
    opened = Signal()
    selected = Signal()
    copy_requested = Signal()
    refused = Signal(object)
    rearranged = Signal()
    columns_changed = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, rows: LoadedRows, tasks: TaskRunner, words: GridWords) -> None:
        super().__init__()
        self._rows = rows
        self._words = words
        self._tasks = tasks
        self._generation = 0
        self._sort: tuple[SortKey, ...] = ()
        self._filter = self._good_filter = self._shown_filter = RowFilter()
        self._searched_without: frozenset[str] = frozenset()
        self._reason = words.empty
        self._settling = False
        self._widths: dict[str, int] = {}
        self._measured = 0
        self.loading = False
        self.order: RowOrder | None = None
        self.columns: tuple[Column, ...] = ()
        self._model = RowTableModel(self._fetch, self)
        self.table = GridTable(words.table, words.title, self._model)
        self.layout_of_columns = HeaderLayout(self.table.header)
        self._chosen = ChosenRow(rows, self._uuid_of_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.setFocusProxy(self.table)
        self._connect()

    # What a person asks for

    @property
    def name(self) -> str:
        """What the names of its parts begin with."""
        return self._words.name

    @property
    def sort(self) -> tuple[SortKey, ...]:
        """The columns that sort, the most important first."""
        return self._sort

    @property
    def looks(self) -> Looks:
        """How the columns stand, those included that the rows of now do not have."""
        return self.layout_of_columns.looks

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """The columns that are on the screen, from left to right."""
        return tuple(self.columns[place] for place in self.table.visible_columns())

    @property
    def hidden_count(self) -> int:
        """How many columns of these rows are hidden."""
        hidden = self._hidden
        return sum(column.key in hidden for column in self.columns)

    @property
    def hidden_sort(self) -> str:
        """The title of the first hidden column that sorts, "" where none does."""
        titles = {column.key: column.title for column in self.columns}
        hidden = self._hidden
        return next((titles.get(by.key, "") for by in self._sort if by.key in hidden), "")

    @property
    def filtered(self) -> bool:
        """Whether a filter is in force that may keep rows from being shown."""
        return self._good_filter.active

    @property
    def busy(self) -> bool:
        """Whether rows are being sorted and filtered."""
        return self._tasks.running(ORDER)

    def set_filter(self, row_filter: RowFilter) -> None:
        """Show only the rows that pass."""
        self._filter = row_filter
        self.refresh_if_loaded()

    def set_sort(self, sort: Sequence[SortKey]) -> None:
        """Sort by these columns, the first most of all."""
        self._sort = tuple(sort)
        self._mark_sort()
        self.refresh_if_loaded()

    def set_layout(self, looks: Sequence[ColumnLook], sort: Sequence[SortKey]) -> None:
        """Arrange, hide and size the columns like this, and sort by these."""
        self.layout_of_columns.set_looks(looks, self.columns)
        self.set_sort(sort)

    def rearrange(self, looks: Sequence[ColumnLook]) -> None:
        """Let the columns of these rows stand as a person wants them."""
        self.layout_of_columns.set_looks(absorbed(self.looks, looks) if looks else (), self.columns)
        self._on_rearranged()

    def hide_column(self, key: str) -> None:
        """Hide a column."""
        looks = arranged(self.columns, self.looks)
        self.rearrange([replace(look, shown=False) if look.key == key else look for look in looks])

    def set_reason(self, reason: str = "") -> None:
        """Say why there are no rows, and what to do about it, while nothing is filtered."""
        self._reason = reason or self._words.empty
        self._say_if_empty()

    # Rows

    def refresh(self) -> None:
        """Sort and filter what is there now; newer wishes replace older ones."""
        self._tasks.start(ORDER, self.reorder())

    def refresh_if_loaded(self) -> None:
        """Sort and filter again, unless there is nothing yet."""
        if self.order is not None:
            self.refresh()

    async def reorder(self) -> None:
        """Sort and filter what is there now, and show it."""
        columns = self._with_those_before(await self._rows.columns())
        try:
            order = await self._passing(columns)
            await self._fit(order, columns)
            found = await self._chosen.place_in(order)
        except Interrupted:
            return  # a newer wish is on its way
        self._show(order, columns, found)

    def selected_rows(self) -> SelectedRows | None:
        """Return the rows that are selected now, None when nothing is loaded."""
        if self.order is None:
            return None
        runs = tuple(self.table.selected_runs())
        return SelectedRows(self.order, runs, self.shown_columns, self._current_cell())

    def all_rows(self) -> SelectedRows | None:
        """Return all rows that pass the filter, None when there is none."""
        if self.order is None or not len(self.order):
            return None
        return SelectedRows(self.order, ((0, len(self.order) - 1),), self.shown_columns)

    def text_of(self, cell: Cell) -> str:
        """Return what is here of a cell's text."""
        return self._model.text(cell.place, cell.column.key) or ""

    def clear(self) -> None:
        """Show no rows and no columns: they belong to an environment that was left."""
        self._tasks.cancel(ORDER)
        self.loading = False
        self._generation += 1
        self._widths, self._measured = {}, 0
        self.layout_of_columns.set_usual(self._widths)
        self.order, self.columns = None, ()
        self._filter = self._good_filter = RowFilter()
        self._settling = True
        self._model.set_order(0, self._generation)
        self._model.set_columns((), self._generation)
        self._settling = False
        self.layout_of_columns.apply(())
        self.set_reason()
        self._choose(-1)

    @property
    def _hidden(self) -> frozenset[str]:
        return frozenset(look.key for look in self.looks if not look.shown)

    async def _passing(self, columns: Sequence[Column]) -> RowOrder:
        """Return the rows that pass the filter, or the last one that could be used."""
        hidden = self._hidden
        searched = [column for column in columns if column.key not in hidden]
        wanted, self._searched_without = self._filter, hidden
        for row_filter in (wanted, self._good_filter):
            try:
                order = await self._rows.order(row_filter, self._sort, searched)
            except FilterInvalid as exc:
                self.refused.emit(exc)
                continue
            self._good_filter = row_filter
            if row_filter is wanted:
                self.refused.emit(None)
            return order
        self._good_filter = RowFilter()
        return await self._rows.order(self._good_filter, self._sort, searched)

    async def _fit(self, order: RowOrder, columns: Sequence[Column]) -> None:
        """Let columns that nobody sized be as wide as what is in them.

        Each is measured once, so that none changes later: again only while few rows were there.
        """
        few = self._measured < min(len(order), SAMPLE_ROWS)
        new = [column for column in columns if few or column.key not in self._widths]
        if not new or not len(order):
            return
        rows = await self._rows.window(order, 0, SAMPLE_ROWS, new)
        widths = widths_by_content(new, rows, self.table.fontMetrics())
        most = max(scaled(ALWAYS), round(self.table.viewport().width() * MOST_OF_TABLE))
        self._widths |= {key: min(width, most) for key, width in widths.items()}
        self._measured = max(self._measured, len(rows))
        self.layout_of_columns.set_usual(dict(self._widths))
        if few and self.columns:
            self.layout_of_columns.apply(self.columns)

    def _with_those_before(self, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        """Keep the columns of the rows before while the new ones come: most of them come back."""
        new = {column.key: column for column in columns}
        if not self.loading or new.keys() == {column.key for column in self.columns}:
            return columns
        before = {column.key: column for column in self.columns}
        if new.keys() <= before.keys():  # each at its place, so that nothing is laid out anew
            return tuple((before | new).values())
        return (*columns, *(column for key, column in before.items() if key not in new))

    def _show(self, order: RowOrder, columns: tuple[Column, ...], chosen: int) -> None:
        self._generation += 1
        runs = self.table.selected_runs()
        kept = new_runs(runs, self.order, order) if runs and self.order is not None else []
        self._settling = True
        self.order = order
        if columns != self.columns:
            self.layout_of_columns.read()  # before the sections of the header are others
            self.columns = columns
            self._model.set_columns(columns, self._generation)
            self.layout_of_columns.apply(columns)
            self._mark_sort()
            self.columns_changed.emit()
        self._model.set_order(len(order), self._generation)
        choose(self.table, chosen, kept or ([(chosen, chosen)] if chosen >= 0 and runs else []))
        self._begin_at_top_if_filtered_otherwise()
        self._settling = False
        self._say_if_empty()
        self._choose(chosen)
        self.selected.emit()
        self.shown.emit(len(order))

    def _begin_at_top_if_filtered_otherwise(self) -> None:
        """Show the first of other rows: Qt would stay as far down as there are any."""
        if self._shown_filter != self._good_filter:
            self._shown_filter = self._good_filter
            self.table.scrollToTop()

    def _say_if_empty(self) -> None:
        if self.columns and self.hidden_count == len(self.columns):
            self.table.set_empty_text(NO_COLUMNS)
        elif not self._good_filter.active:
            self.table.set_empty_text(self._reason)
        elif self._good_filter.words.strip() and self.hidden_count:
            self.table.set_empty_text(f"{self._words.filtered} {UNSEARCHED}")
        else:
            self.table.set_empty_text(self._words.filtered)

    # Choosing

    def _choose(self, place: int) -> None:
        """Tell which row is chosen, if it is another one or was loaded anew."""
        if self._chosen.change(self.order, place, may_come=self.loading):
            self.chosen.emit(place)

    def _current_cell(self) -> Cell | None:
        current = self.table.currentIndex()
        return Cell(current.row(), self.columns[current.column()]) if current.isValid() else None

    def _uuid_of_current(self) -> str:
        return self._model.text(self.table.currentIndex().row(), "uuid") or ""

    def _on_selection_changed(self) -> None:
        if not self._settling:
            self._chosen.let_go()
            self._choose(self.chosen_place)
            self.selected.emit()

    @property
    def chosen_place(self) -> int:
        """The current row where it is selected, else the first that is; -1 for none.

        With Ctrl the keyboard walks away from the selection, and what is done is done to that.
        """
        current, runs = self.table.currentIndex().row(), self.table.selected_runs()
        if any(first <= current <= last for first, last in runs):
            return current
        return runs[0][0] if runs else -1

    # Sorting and columns

    def _connect(self) -> None:
        self.table.activated.connect(lambda _index: self.opened.emit())
        self.table.copy_requested.connect(self.copy_requested)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.table.menu_requested.connect(self.menu_requested)
        self.table.header.sort_clicked.connect(self._on_sort_clicked)
        self.layout_of_columns.changed.connect(self._on_rearranged)

    def _on_sort_clicked(self, section: int, add: bool) -> None:
        self.set_sort(clicked_sort(self._sort, self.columns[section].key, add=add))
        self.rearranged.emit()

    def _on_rearranged(self) -> None:
        self._say_if_empty()
        if self._filter.words.strip() and self._hidden != self._searched_without:
            self.refresh_if_loaded()
        self.rearranged.emit()

    def _mark_sort(self) -> None:
        places = {column.key: place for place, column in enumerate(self.columns)}
        self.table.header.show_marks(sort_marks(self._sort, places))
        self._model.show_sort(sort_words(self._sort))

    # Cells

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
            rows = await self._rows.window(order, first, count, columns)
        except BaseException:
            self._model.release(generation, first)
            raise
        self._model.put_block(generation, first, rows)
