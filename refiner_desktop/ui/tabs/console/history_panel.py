"""Every call that was made, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.storage.exchange_rows import ExchangeRow
from refiner_desktop.storage.exchange_search import ExchangeSearch
from refiner_desktop.ui.focus import step_down
from refiner_desktop.ui.models.record_table_model import RecordTableModel
from refiner_desktop.ui.styling import button, label, name_field, tool
from refiner_desktop.ui.tabs.console.history_rows import CALL, COLUMNS, STATUS, TIME, StatusDelegate
from refiner_desktop.ui.tabs.console.method_delegate import MethodDelegate
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.calm_combo import CalmComboBox
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.flow_layout import FlowLayout
from refiner_desktop.ui.widgets.search_edit import SearchEdit

SEARCH_MS = 150
SHOWN = 500
NONE_YET = "Every call you make is kept here. Choose one from the catalogue, or type a path."
READING = "Reading the history…"
UNREAD = (
    "The history could not be read; the message above says why. "
    "Search for something, or make a call, to try again."
)
NONE_FOUND = "No call is like this. Change the search above to see more."
STATUSES = (
    ("Any status", ""), ("2xx", "2"), ("3xx", "3"), ("4xx", "4"), ("5xx", "5"),
    ("Failed", "failed"), ("Interrupted", "interrupted"),
)  # fmt: skip
TIMES = (
    ("Any time", None), ("Last hour", timedelta(hours=1)), ("Last day", timedelta(days=1)),
    ("Last week", timedelta(days=7)), ("Last month", timedelta(days=30)),
)  # fmt: skip


class HistoryPanel(QWidget):
    """A click shows a call's answer; Enter or a double click opens the call in a tab.

    Signals: `searched()` when other calls are wanted; `shown(id)`, `opened(id)`, `repeated(id)`,
    `curl_wanted(id)`, `save_wanted(id)`; `compared(ids)` with one or two; `pinned(ids, whether)`,
    `deleted(ids)`; `cleared()`.
    """

    searched = Signal()
    shown = Signal(int)
    opened = Signal(int)
    repeated = Signal(int)
    curl_wanted = Signal(int)
    save_wanted = Signal(int)
    compared = Signal(list)
    pinned = Signal(list, bool)
    deleted = Signal(list)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._comparable = False
        self._search = SearchEdit(
            "console.history.search", "Search the history", "Path, or text in bodies"
        )
        self._status = _combo("console.history.status", "Status", [each[0] for each in STATUSES])
        self._time = _combo("console.history.time", "Time", [each[0] for each in TIMES])
        self._pinned = tool(
            "★ Pinned", "console.history.pinned", "Only pinned calls", role="toggle"
        )
        self._pinned.setToolTip("Only pinned calls, which stay whatever the limits")
        self._rows = RecordTableModel[ExchangeRow](COLUMNS, limit=SHOWN, parent=self)
        self._table = DataTable("console.history", "History", self._rows)
        self._table.set_empty_text(READING)
        self._more_found = label(f"The newest {SHOWN}; search to see others.", "muted", elide=True)
        self._more_found.setObjectName("console.history.more_found")
        self._more_found.hide()
        self._open = button("Open", "console.history.open")
        self._open.setToolTip("Opens the call in a tab (Enter)")
        self._again = button("Resend", "console.history.again")
        self._compare = button("Compare", "console.history.compare")
        self._more = tool("⋯", "console.history.more", "More about the history", role="menu")
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._lay_out()
        self._make_menu()
        self._connect()
        self._follow_choice()

    def search(self) -> ExchangeSearch:
        """Return what is being looked for."""
        since = TIMES[self._time.currentIndex()][1]
        return ExchangeSearch(
            text=self._search.text(),
            status=STATUSES[self._status.currentIndex()][1],
            since=datetime.now(UTC) - since if since else None,
            pinned=self._pinned.isChecked(),
        )

    def show_rows(self, rows: Sequence[ExchangeRow]) -> None:
        """Show these calls, and say so where there are more; those that are chosen stay chosen."""
        chosen = set(self.chosen())
        idle = self.search() == ExchangeSearch()
        self._table.set_empty_text(NONE_YET if idle else NONE_FOUND)
        self._more_found.setVisible(len(rows) > SHOWN)
        rows = rows[:SHOWN]
        self._table.selectionModel().blockSignals(True)
        self._rows.set_rows(rows)
        selection, model = QItemSelection(), self._rows
        for place, row in enumerate(self._rows.records):
            if row.id in chosen:
                selection.select(model.index(place, 0), model.index(place, len(COLUMNS) - 1))
        self._table.selectionModel().select(
            selection, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self._table.selectionModel().blockSignals(False)
        self._follow_choice()

    def say(self, why: str) -> None:
        """Say why there are no calls, where none are shown."""
        self._table.set_empty_text(why)

    def chosen(self) -> list[int]:
        """Return the ids of the chosen calls, newest first."""
        runs = self._table.selected_runs()
        places = [place for first, last in runs for place in range(first, last + 1)]
        return [self._rows.record(place).id for place in places if place < self._rows.rowCount()]

    def set_comparable(self, comparable: bool) -> None:
        """Say whether the tab in front has an answer to compare a call with."""
        self._comparable = comparable
        self._follow_choice()

    def focus(self) -> None:
        """Bring the keyboard to the search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _lay_out(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(CALL, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(TIME, scaled(92))
        header.resizeSection(STATUS, scaled(66))
        self._table.setItemDelegateForColumn(CALL, MethodDelegate(self._table))
        self._table.setItemDelegateForColumn(STATUS, StatusDelegate(self._table))
        tools = QWidget()
        filters, buttons = QHBoxLayout(), FlowLayout(tools, SPACE // 2)
        for row, widgets in (
            (filters, (self._status, self._time, self._pinned)),
            (buttons, (self._open, self._again, self._compare, self._more)),
        ):
            row.setSpacing(SPACE // 2)
            for each in widgets:
                row.addWidget(each)
        filters.setStretch(0, 1)
        filters.setStretch(1, 1)
        for each in (self._open, self._again, self._compare):
            each.setProperty("size", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._search)
        layout.addLayout(filters)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._more_found)
        layout.addWidget(tools)

    def _make_menu(self) -> None:
        add = self._add_action
        self._single = (
            add("Open\tEnter", lambda: self._tell(self.opened)),
            add("Resend", lambda: self._tell(self.repeated)),
            add("Copy as cURL", lambda: self._tell(self.curl_wanted)),
            add("Save as a request…", lambda: self._tell(self.save_wanted)),
        )
        self._compare_action = add("Compare", self._compare.click)
        self._pin_action = add("Pin", self._pin)
        self._delete_action = add("Delete…", lambda: self.deleted.emit(self.chosen()))
        self._delete_action.setShortcut(QKeySequence.StandardKey.Delete)
        self._delete_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._clear_action = add("Clear the history…", self.cleared.emit)
        menu = QMenu(self._more)
        menu.addActions([*self._single[2:], self._pin_action, self._delete_action])
        menu.addAction(self._clear_action)
        self._more.setMenu(menu)

    def _add_action(self, text: str, work: Callable[[], object]) -> QAction:
        """Add to the menu of the rows."""
        action = QAction(text, self._table)
        action.triggered.connect(lambda: work())
        self._table.addAction(action)
        return action

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda _: self._pause.start())
        step_down(self._search, self._table)
        self._pause.timeout.connect(self.searched)
        for combo in (self._status, self._time):
            combo.currentIndexChanged.connect(lambda _: self.searched.emit())
        self._pinned.toggled.connect(lambda _: self.searched.emit())
        self._table.selectionModel().selectionChanged.connect(self._on_selected)
        self._table.clicked.connect(lambda _index: self._show_one())
        self._table.activated.connect(lambda _index: self._tell(self.opened))
        self._open.clicked.connect(lambda: self._tell(self.opened))
        self._again.clicked.connect(lambda: self._tell(self.repeated))
        self._compare.clicked.connect(lambda: self.compared.emit(self.chosen()))

    def _on_selected(self) -> None:
        self._follow_choice()
        self._show_one()

    def _show_one(self) -> None:
        if len(self.chosen()) == 1:
            self._tell(self.shown)

    def _tell(self, signal: SignalInstance) -> None:
        if chosen := self.chosen():
            signal.emit(chosen[0])

    def _pin(self) -> None:
        self.pinned.emit(self.chosen(), self._pin_action.text() == "Pin")

    def _follow_choice(self) -> None:
        chosen = set(self.chosen())
        for each in (self._open, self._again):
            each.setEnabled(len(chosen) == 1)
        self._compare.setEnabled(len(chosen) == 2 or (len(chosen) == 1 and self._comparable))
        tip = "Two chosen calls (Ctrl+click), or one with the answer of the tab in front"
        self._compare.setToolTip(tip)
        for action in (self._pin_action, self._delete_action):
            action.setEnabled(bool(chosen))
        for action in self._single:
            action.setEnabled(len(chosen) == 1)
        self._compare_action.setEnabled(self._compare.isEnabled())
        rows = [row for row in self._rows.records if row.id in chosen]
        all_pinned = bool(rows) and all(row.pinned for row in rows)
        self._pin_action.setText("Unpin" if all_pinned else "Pin")


def _combo(name: str, title: str, entries: Sequence[str]) -> CalmComboBox:
    combo = CalmComboBox()
    combo.setObjectName(name)
    name_field(combo, title)
    combo.addItems(list(entries))
    combo.setMinimumContentsLength(6)
    return combo
