"""The table of a grid: its keys, its menu places, its header."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent

from refiner_desktop.ui.theme import ROW_HEIGHT
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.grid.grid_header import GridHeader

_MENU_KEYS = ((Qt.Key.Key_Menu, False), (Qt.Key.Key_F10, True))
"""Keys that ask for a menu, and whether they do so with Shift."""

_BY_KEY = (
    Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.OtherFocusReason,
)  # fmt: skip
"""Who comes by keys sees at once where the keys are."""


class GridTable(DataTable):
    """Leaves the copying and the menus to its owner: the model has only rows that were looked at.

    Signals: `copy_requested()`; `menu_requested(place)` with a place on the screen.
    """

    copy_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, name: str, title: str, model: QAbstractItemModel) -> None:
        super().__init__(name, title, model)
        self.header = GridHeader(self)
        self.header.setDefaultSectionSize(self.horizontalHeader().defaultSectionSize())
        self.setHorizontalHeader(self.header)
        self._unburden(self.header)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)

    def copy_selection(self) -> None:
        """Ask for the rows."""
        self.copy_requested.emit()

    def shows_nothing(self) -> bool:
        """Whether there are no rows, or all columns of them are hidden."""
        return super().shows_nothing() or not self.visible_columns()

    # Reimplemented Qt methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _BY_KEY and not self.selectionModel().hasSelection():
            self.selectRow(max(self.currentIndex().row(), 0))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_requested.emit(self._beside_current())
        else:
            self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if (event.key(), shifted) in _MENU_KEYS:
            self.menu_requested.emit(self._beside_current())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Do nothing: Qt would look at every row, and every row would have to be fetched."""

    def _beside_current(self) -> QPoint:
        cell = self.visualRect(self.currentIndex())
        shown = cell.intersected(self.viewport().rect())
        place = shown.bottomLeft() if shown.isValid() else QPoint(ROW_HEIGHT, ROW_HEIGHT)
        return self.viewport().mapToGlobal(place)
