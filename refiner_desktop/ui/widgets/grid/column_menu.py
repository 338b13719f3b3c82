"""The menu of a column: sort, filter, hide, look at what is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from refiner_desktop.datasets.columns import Column, Kind, SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.summaries import Values
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import shown

MOST_VALUES = 15
LONGEST_VALUE = 40

_DIRECTIONS: dict[Kind, tuple[str, str]] = {
    "text": ("A to Z", "Z to A"),
    "number": ("smallest first", "largest first"),
    "boolean": ("no first", "yes first"),
    "date": ("earliest first", "latest first"),
}
_TIMES = (("1", "Last day"), ("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"))


class ColumnMenu(QMenu):
    """What can be done with one column; its frequent values are counted when they are wanted.

    Signals: `sort_chosen(keys)` with all sort keys from now on; `value_chosen(condition)`;
    `filter_requested(column, preset)` to put a condition together, preset or None;
    `summary_requested(column)`, `hide_requested(key)`, `columns_requested()`;
    `values_requested(key)`, answered by `offer_values`.
    """

    sort_chosen = Signal(object)
    value_chosen = Signal(object)
    filter_requested = Signal(object, object)
    summary_requested = Signal(object)
    hide_requested = Signal(str)
    columns_requested = Signal()
    values_requested = Signal(str)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}.column_menu")
        self._column = Column("", "")
        self._counted = False
        self._values = QMenu(self)
        self._values.aboutToShow.connect(self._want_values)

    def open_for(self, column: Column, sort: Sequence[SortKey], at: QPoint) -> None:
        """Show the menu of a column at a point of the screen; `sort` is how the rows lie now."""
        self._column = column
        self._counted = False
        self.setAccessibleName(f"Column {column.title}")
        self.clear()
        self._add_sorting(tuple(sort))
        self.addSeparator()
        self._add_filtering()
        self.addSeparator()
        self._add("Summary…", lambda: self.summary_requested.emit(column))
        self.addSeparator()
        self._add("Hide this column", lambda: self.hide_requested.emit(column.key))
        self._add("Choose columns…", self.columns_requested.emit)
        self.popup(at)
        self.setActiveAction(self.actions()[0])

    def offer_values(self, key: str, values: Values) -> None:
        """List the frequent values, if the menu still is that column's."""
        if key != self._column.key or not self._counted:
            return
        self._values.clear()
        for value in values.frequent[:MOST_VALUES]:
            self._add_value(value.text, value.rows, Condition(key, Operator.IS, (value.text,)))
        if values.empty:
            self._add_value("", values.empty, Condition(key, Operator.EMPTY))
        self._values.addSeparator()
        several = Condition(key, Operator.ONE_OF)
        column = self._column
        more = self._values.addAction("Several or another…")
        more.triggered.connect(lambda: self.filter_requested.emit(column, several))

    def _add_sorting(self, sort: tuple[SortKey, ...]) -> None:
        key = self._column.key
        others = tuple(each for each in sort if each.key != key)
        for descending, order in enumerate(_DIRECTIONS[self._column.kind]):
            self._add_sort(f"Sort {order}", (SortKey(key, bool(descending)),), sort)
        if others:
            for descending, order in enumerate(_DIRECTIONS[self._column.kind]):
                keys = (*others, SortKey(key, bool(descending)))
                self._add_sort(f"Then sort {order}", keys, sort)
        if others != sort:
            self._add("Do not sort by this", lambda: self.sort_chosen.emit(others))

    def _add_sort(self, title: str, keys: tuple[SortKey, ...], now: tuple[SortKey, ...]) -> None:
        action = self.addAction(title)
        action.setCheckable(True)
        action.setChecked(keys == now)
        action.triggered.connect(lambda: self.sort_chosen.emit(keys))

    def _add_filtering(self) -> None:
        column = self._column
        self._add("Filter…", lambda: self.filter_requested.emit(column, None))
        self._values.clear()
        self._values.setTitle("Filter by time" if column.kind == "date" else "Filter by value")
        self.addMenu(self._values)
        if column.kind == "date":
            for days, title in _TIMES:
                condition = Condition(column.key, Operator.LAST_DAYS, (days,))
                self._add_choice(title, condition)
        else:
            self._values.addAction("Counting…").setEnabled(False)

    def _add_value(self, text: str, rows: int, condition: Condition) -> None:
        kind = "text" if self._column.kind == "number" else self._column.kind
        title = shown(text, kind) or "(empty)"
        short = title if len(title) <= LONGEST_VALUE else title[:LONGEST_VALUE] + "…"
        # What follows a tab stands at the right, where other menus have their shortcuts.
        self._add_choice(f"{short.replace('&', '&&')}\t{number(rows)}", condition)

    def _add_choice(self, title: str, condition: Condition) -> None:
        action = self._values.addAction(title)
        action.triggered.connect(lambda: self.value_chosen.emit(condition))

    def _add(self, title: str, run: Callable[[], object]) -> None:
        self.addAction(title).triggered.connect(lambda: run())

    def _want_values(self) -> None:
        if not self._counted and self._column.kind != "date":
            self._counted = True
            self.values_requested.emit(self._column.key)
