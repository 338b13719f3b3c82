"""Opens the menu of a column: by mouse on the header, or by keys from the table."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QToolButton

from refiner_desktop.ui.widgets.grid.grid_header import MENU, MENU_WIDTH

_KEYS = (Qt.Key.Key_Menu, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ColumnMenuOpener(QObject):
    """A small ▾ in the header, in the section under the mouse or else in the current column's.

    It opens by a click, or a right click anywhere on the header; by Alt+Down in the table; and
    once it has the focus (Tab from the table) by Enter, Space, Menu, Shift+F10 or Alt+Down, while
    Left and Right go from column to column.

    Signals: `requested(section, at)` with a point of the screen.
    """

    requested = Signal(int, QPoint)

    def __init__(self, table: QTableView) -> None:
        # The header's, so that no event comes after the header has gone.
        super().__init__(table.horizontalHeader())
        self._table = table
        self._header: QHeaderView = table.horizontalHeader()
        self._sections = self._header.viewport()
        self._section = -1
        self._hovered = -1
        self._button = QToolButton(self._sections)
        self._button.setText(MENU)
        self._button.setProperty("role", "column-menu")
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.hide()
        self._button.clicked.connect(lambda: self.open(self._section))
        self._sections.setMouseTracking(True)
        for watched in (self._sections, self._table, self._button):
            watched.installEventFilter(self)
        self._header.sectionResized.connect(self.settle)
        self._header.sectionMoved.connect(self.settle)
        table.horizontalScrollBar().valueChanged.connect(self.settle)
        table.selectionModel().currentColumnChanged.connect(self.settle)

    def open(self, section: int) -> None:
        """Ask for the menu below a section."""
        if section >= 0:
            self.requested.emit(section, self._below(section))

    def _below(self, section: int) -> QPoint:
        header = self._header
        left = max(header.sectionViewportPosition(section), 0)
        return header.viewport().mapToGlobal(QPoint(left, header.height()))

    def settle(self) -> None:
        """Show the button where it belongs, or hide it."""
        self._section = self._hovered if self._hovered >= 0 else self._focused_section()
        place = self._place(self._section)
        self._button.setVisible(not place.isEmpty())
        if place.isEmpty():
            return
        self._button.setGeometry(place)
        model = self._table.model()
        title = model.headerData(self._section, Qt.Orientation.Horizontal)
        self._button.setAccessibleName(f"Menu of the column {title}")
        self._button.setToolTip("Sort, filter, hide (Alt+Down)")

    def _focused_section(self) -> int:
        if self._button.window().focusWidget() is self._button:  # also while the menu is open
            return self._section
        return self._table.currentIndex().column() if self._table.hasFocus() else -1

    def _place(self, section: int) -> QRect:
        header = self._header
        if section < 0 or section >= header.count() or header.isSectionHidden(section):
            return QRect()
        right = header.sectionViewportPosition(section) + header.sectionSize(section)
        return QRect(right - MENU_WIDTH - 2, 3, MENU_WIDTH, header.height() - 6)

    def _step(self, step: int) -> None:
        """Go to the next column that is shown."""
        header = self._header
        visual = header.visualIndex(self._section) + step
        while 0 <= visual < header.count() and header.isSectionHidden(header.logicalIndex(visual)):
            visual += step
        if 0 <= visual < header.count():
            self._section, self._hovered = header.logicalIndex(visual), -1
            index = self._table.model().index(
                max(self._table.currentIndex().row(), 0), self._section
            )
            self._table.scrollTo(index)
            self.settle()

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            on_key = self._on_button_key if watched is self._button else self._on_table_key
            return on_key(event)
        if watched is self._sections:
            return self._on_header_event(event)
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.settle()
        return False

    def _on_header_event(self, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            section = self._header.logicalIndexAt(event.pos())
            if section >= 0:
                self.requested.emit(section, event.globalPos())
            return True
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            dragged = event.buttons() != Qt.MouseButton.NoButton
            self._hovered = (
                -1 if dragged else self._header.logicalIndexAt(event.position().toPoint())
            )
            self.settle()
        elif event.type() == QEvent.Type.Leave:
            self._hovered = -1
            self.settle()
        return False

    def _on_table_key(self, event: QKeyEvent) -> bool:
        if not _is_alt_down(event):
            return False
        current = self._table.currentIndex().column()
        shown = current >= 0 and not self._header.isSectionHidden(current)
        self.open(current if shown else self._first_section())
        return True

    def _on_button_key(self, event: QKeyEvent) -> bool:
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() in _KEYS or _is_alt_down(event) or (event.key() == Qt.Key.Key_F10 and shift):
            self.open(self._section)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            return False
        return True

    def _first_section(self) -> int:
        shown = (self._header.logicalIndex(visual) for visual in range(self._header.count()))
        return next((each for each in shown if not self._header.isSectionHidden(each)), -1)


def _is_alt_down(event: QKeyEvent) -> bool:
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    return event.key() == Qt.Key.Key_Down and bool(alt)
