"""What can be done with the selected contacts: one list for buttons, menus and the palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.tabs.contacts.contact_copy import CSV, JSON, MARKDOWN, TABS, Layout
from refiner_desktop.ui.tabs.contacts.row_work import RowWork
from refiner_desktop.ui.widgets.grid.selected_rows import SelectedRows

MENU = "Selected contacts"
ONE = "Choose one contact in the table first."
ANY = "Choose contacts in the table first."

Verb = Callable[[SelectedRows], None]


class RowActions(QObject):
    """Actions on the rows that `selected` returns; those that do not fit them are greyed.

    Call `show_selection` whenever other rows are selected. Signals: `export_requested()` for the
    selected rows; `wanted()` when the rows should come to the front.
    """

    export_requested = Signal()
    wanted = Signal()

    def __init__(self, work: RowWork, selected: Callable[[], SelectedRows | None]) -> None:
        super().__init__(work)
        self._selected = selected
        self._single: list[QAction] = []
        self._any: list[QAction] = []
        self.identify = self._one("Identify…", work.identify)
        self.track = self._one("Track…", work.track)
        self.add_to_segment = self._several("Add to a segment…", work.add_to_segment)
        self.remove_from_segment = self._several("Remove from a segment…", work.remove_from_segment)
        self.copy_cell = self._one("Copy the cell", work.copy_cell)
        self.copy_rows = tuple(
            self._several(f"Copy as {layout.name}", _copying(work, layout))
            for layout in (TABS, CSV, MARKDOWN, JSON)
        )
        self.export = self._several("Export selected…", lambda _rows: self.export_requested.emit())
        self.send_to_bulk = self._several("Send to a bulk run…", work.send_to_bulk)
        self.refresh = self._one("Refresh from Refiner", work.refresh)
        self.open_in_console = self._one("Open in the console", work.open_in_console)
        self.delete = self._several("Delete…", work.delete)
        self.delete.setShortcut(QKeySequence.StandardKey.Delete)
        self.delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.show_selection()

    def show_selection(self) -> None:
        """Let those actions be chosen that fit the rows that are selected now."""
        rows = self._selected()
        count = len(rows) if rows is not None else 0
        for action in self._any:
            action.setEnabled(count > 0)
        for action in self._single:
            action.setEnabled(count == 1)
        self.copy_cell.setEnabled(rows is not None and rows.cell is not None)

    def copy_as_table(self) -> None:
        """Copy the selected rows as a spreadsheet takes them: Ctrl+C in the table."""
        self.copy_rows[0].trigger()

    def menu(self, parent: QWidget, *, brief: bool = False) -> QMenu:
        """Return a menu of all actions; a `brief` one leaves out those that have a button."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        if not brief:
            menu.addActions([self.identify, self.track])
            menu.addSeparator()
        menu.addActions([self.add_to_segment, self.remove_from_segment])
        menu.addSeparator()
        menu.addActions([*([] if brief else [self.copy_cell]), *self.copy_rows])
        menu.addSeparator()
        menu.addActions([self.export, self.send_to_bulk])
        menu.addSeparator()
        menu.addActions([self.refresh, self.open_in_console])
        if not brief:
            menu.addSeparator()
            menu.addAction(self.delete)
        return menu

    def register(self, registry: ActionRegistry, table: QWidget) -> None:
        """Add all actions to a menu of their own and to the palette."""
        for action in self._actions():
            registry.adopt(MENU, action, ONE if action in self._single else ANY, within=table)

    def _actions(self) -> list[QAction]:
        return [
            self.identify,
            self.track,
            self.add_to_segment,
            self.remove_from_segment,
            self.copy_cell,
            *self.copy_rows,
            self.export,
            self.send_to_bulk,
            self.refresh,
            self.open_in_console,
            self.delete,
        ]

    def _one(self, title: str, run: Verb) -> QAction:
        return self._add(self._single, title, run)

    def _several(self, title: str, run: Verb) -> QAction:
        return self._add(self._any, title, run)

    def _add(self, kind: list[QAction], title: str, run: Verb) -> QAction:
        action = QAction(title, self)
        action.triggered.connect(lambda: self._run(run))
        kind.append(action)
        return action

    def _run(self, verb: Verb) -> None:
        """Do it, and show what is acted on: from another tab the selection can't be seen."""
        rows = self._selected()
        if rows is not None and len(rows):
            self.wanted.emit()
            verb(rows)


def button_of(action: QAction, name: str = "", *, role: str = "", icon: str = "") -> QPushButton:
    """Return a push button that does what the action does, when it can be done."""
    made = button(action.text(), name, role=role, icon=icon)
    made.clicked.connect(action.trigger)
    follow = partial(_follow, made, action)
    action.changed.connect(follow)
    follow()
    return made


def _follow(follower: QPushButton, action: QAction) -> None:
    follower.setEnabled(action.isEnabled())


def _copying(work: RowWork, layout: Layout) -> Verb:
    return lambda rows: work.copy(rows, layout)
