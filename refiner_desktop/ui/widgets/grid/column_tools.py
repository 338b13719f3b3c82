"""Filters, menus, summary and choice of columns: what they ask of the rows, what they change."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.errors import FilterInvalid, Interrupted
from refiner_desktop.services.rows.loaded_rows import LoadedRows
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.grid.column_chooser import ColumnChooser
from refiner_desktop.ui.widgets.grid.column_menu import ColumnMenu
from refiner_desktop.ui.widgets.grid.column_menu_opener import ColumnMenuOpener
from refiner_desktop.ui.widgets.grid.column_summary import ColumnSummary
from refiner_desktop.ui.widgets.grid.filter_bar import FilterBar
from refiner_desktop.ui.widgets.grid.row_grid import RowGrid

VALUES, MENU_VALUES, SUMMARY, PRESENCE = "values", "menu values", "summary", "presence"
"""Names of the tasks that count; a newer one stops the one before."""

GONE = "Nothing is loaded any more. Load rows, then open this again."
UNCOUNTED = (
    "The column could not be counted; the message above says why. Open this again to try again."
)


class ColumnTools(QObject):
    """Lets the grid follow the filter bar, the menus of its columns and the column chooser."""

    def __init__(self, rows: LoadedRows, bar: FilterBar, grid: RowGrid, tasks: TaskRunner) -> None:
        super().__init__(grid)
        self._rows = rows
        self._bar = bar
        self._grid = grid
        self._tasks = tasks
        self._menu = ColumnMenu(grid, grid.name)
        self._summary = ColumnSummary(grid, grid.name)
        self._chooser = ColumnChooser(grid.name, grid)
        self._opener = ColumnMenuOpener(grid.table)
        self._menu_at = QPoint()
        self._connect_bar()
        self._connect_menu()
        self._chooser.changed.connect(grid.rearrange)
        self._chooser.usual_wanted.connect(lambda: grid.rearrange(()))

    def choose_columns(self) -> None:
        """Let a person choose which columns are shown, and in which order."""
        self._chooser.show_columns(self._grid.columns, self._grid.looks)
        self._chooser.open()
        self._rows.stop_counting()
        self._tasks.start(PRESENCE, self._show_presence())

    def _connect_bar(self) -> None:
        bar, grid = self._bar, self._grid
        bar.changed.connect(lambda: grid.set_filter(bar.filter()))
        bar.values_requested.connect(lambda key: self._start(VALUES, key))
        bar.check_requested.connect(lambda text: self._tasks.start("check", self._check(text)))
        grid.refused.connect(bar.show_problem)
        grid.columns_changed.connect(self._on_columns_changed)

    def _connect_menu(self) -> None:
        menu, summary, bar = self._menu, self._summary, self._bar
        self._opener.requested.connect(self._open_menu)
        menu.sort_chosen.connect(self._sort)
        menu.value_chosen.connect(bar.take_value)
        menu.filter_requested.connect(
            lambda column, preset: bar.edit_condition(column, self._menu_at, preset)
        )
        menu.summary_requested.connect(self._open_summary)
        menu.hide_requested.connect(self._grid.hide_column)
        menu.columns_requested.connect(self.choose_columns)
        menu.values_requested.connect(lambda key: self._start(MENU_VALUES, key))
        summary.conditions_chosen.connect(bar.take_conditions)
        summary.closed.connect(lambda: self._tasks.cancel(SUMMARY))

    def _open_menu(self, section: int, at: QPoint) -> None:
        if section < len(self._grid.columns):
            self._menu_at = at
            self._menu.open_for(self._grid.columns[section], self._grid.sort, at)

    def _open_summary(self, column: Column) -> None:
        self._summary.open_for(column, self._menu_at)
        self._start(SUMMARY, column.key)

    def _sort(self, keys: tuple[SortKey, ...]) -> None:
        self._grid.set_sort(keys)
        self._grid.rearranged.emit()

    def _start(self, name: str, key: str) -> None:
        self._rows.stop_counting()
        work = {
            VALUES: self._offer_values,
            MENU_VALUES: self._offer_menu_values,
            SUMMARY: self._summarise,
        }[name]
        self._tasks.start(name, work(key))

    async def _offer_values(self, key: str) -> None:
        """Count the values in all rows that the other filters let through."""
        others = self._bar.filter_without(key)
        order = self._grid.order
        try:
            if others != self._bar.filter() and not self._grid.busy:
                order = await self._rows.order(others, (), self._grid.shown_columns)
            if order is not None:
                self._bar.offer_values(key, await self._rows.values(order, key))
        except (Interrupted, FilterInvalid):
            return  # something newer is being asked for, or there is nothing to count in

    async def _offer_menu_values(self, key: str) -> None:
        if self._grid.order is None:
            return
        try:
            self._menu.offer_values(key, await self._rows.values(self._grid.order, key))
        except Interrupted:
            return  # another column is being counted

    async def _summarise(self, key: str) -> None:
        if self._grid.order is None:
            self._summary.show_failure(key, GONE)
            return
        try:
            summary = await self._rows.summary(self._grid.order, key)
        except Interrupted:
            return
        except BaseException:
            self._summary.show_failure(key, UNCOUNTED)
            raise
        self._summary.show_summary(key, summary)

    async def _show_presence(self) -> None:
        order = self._grid.order
        if order is None:
            return
        try:
            self._chooser.show_presence(await self._rows.presence(order), len(order))
        except Interrupted:
            return  # something else is being counted

    async def _check(self, text: str) -> None:
        self._bar.show_check(text, await self._rows.check_expert(text))

    async def _name_columns(self) -> None:
        self._bar.set_sql_names(await self._rows.sql_names())

    def _on_columns_changed(self) -> None:
        self._bar.set_columns(self._grid.columns)
        self._tasks.start("sql names", self._name_columns())
