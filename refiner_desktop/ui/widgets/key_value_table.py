"""A table in which a person types keys and values, row after row, without leaving the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.models.key_value_model import KEY, KeyValue, KeyValueModel
from refiner_desktop.ui.theme import FIELD_HEIGHT, scaled
from refiner_desktop.ui.widgets.key_value_cells import KeyDelegate, TypeDelegate, ValueDelegate

KEY_WIDTH, TYPE_WIDTH = 170, 100
FEWEST_ROWS, MOST_ROWS = 1, 8
CHECK_BOX_WIDTH = 26

_Key, _Modifier = Qt.Key, Qt.KeyboardModifier
_Hint = QAbstractItemDelegate.EndEditHint
_STEPS = {_Hint.EditNextItem: 1, _Hint.EditPreviousItem: -1}

ReadPasted = Callable[[str], Sequence[KeyValue] | None]
"""Reads a text as rows; None where it is only text."""


class KeyValueTable(QTableView):
    """Key-value rows with an optional type; typing in the last row makes a new one.

    Tab and Shift+Tab go from cell to cell and leave the table after the last or first one; Esc
    leaves it once no cell is edited, Ctrl+Tab at once where it does not turn pages. Delete removes
    the chosen rows, Ctrl+Delete also from within a cell; Alt+Up and Alt+Down move the row. In an
    `arrangeable` table Ctrl+/ or the check box switches a row off, a number can be dragged, a cross
    removes its row, and what `read_pasted` reads in the clipboard fills rows. Signals: `edited()`
    after every change; `pasted(count)` when rows were pasted; `stepped(place)` with the place of
    the cell that a person goes to.
    """

    edited = Signal()
    pasted = Signal(int)
    stepped = Signal(QRect)

    def __init__(
        self,
        name: str,
        label: str,
        types: Sequence[str] = (),
        *,
        arrangeable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.read_pasted: ReadPasted = lambda _text: None
        self._arrangeable = arrangeable
        self._fits = False
        self._model = KeyValueModel(types, switchable=arrangeable, parent=self)
        self.setModel(self._model)
        self._value_column = self._model.columnCount() - 1
        self._value_cells = ValueDelegate(self._model, self._act_on_key, self, removes=arrangeable)
        self._set_up()
        self._model.edited.connect(self.edited)

    def rows(self) -> tuple[KeyValue, ...]:
        """Return the rows in which something was typed, those switched off included."""
        return self._model.rows()

    def set_rows(self, rows: Sequence[KeyValue]) -> None:
        """Replace all rows; a person who is in one of them stays at that place."""
        row, column = self.currentIndex().row(), self.currentIndex().column()
        self.setCurrentIndex(QModelIndex())
        self._model.set_rows(rows)
        if row >= 0:
            last = self._model.rowCount() - 1
            self.setCurrentIndex(self._model.index(min(row, last), column))

    def set_known(self, known: Mapping[str, str]) -> None:
        """Offer these keys, each with its type."""
        self._model.known = known

    def set_problems(self, problems: Mapping[int, str]) -> None:
        """Mark rows, counted as in `rows()`, with what is wrong with them."""
        self._model.set_problems(problems)

    def line_of(self, row: int) -> int:
        """Return the line number, from 1, of a row counted as in `rows()`."""
        return self._model.line_of(row)

    def go_to(self, row: int) -> None:
        """Edit the key of a row counted as in `rows()`."""
        self._edit(self._model.index(self.line_of(row) - 1, KEY))

    def fit_to_rows(self) -> None:
        """Be as high as the rows need, within reason, now and whenever rows come or go."""
        self._fits = True
        for change in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            change.connect(self._fit)
        self._fit()

    def commit(self) -> None:
        """Take over what is still being typed into a cell."""
        if self._is_editing():
            self.setCurrentIndex(QModelIndex())

    def paste(self) -> bool:
        """Fill rows from the clipboard; say whether there were rows in it."""
        rows = self.read_pasted(QGuiApplication.clipboard().text())
        if rows is None:
            return False
        place = max(self.currentIndex().row(), 0)
        self.setCurrentIndex(QModelIndex())
        self._model.fill(place, rows)
        self._edit(self._model.index(self._model.rowCount() - 1, KEY))
        self.pasted.emit(len(rows))
        return True

    def _set_up(self) -> None:
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setTabKeyNavigation(False)  # it never leaves the table
        self.setItemDelegateForColumn(KEY, KeyDelegate(self._model, self._act_on_key, self))
        self.setItemDelegateForColumn(self._value_column, self._value_cells)
        header = self.horizontalHeader()
        header.setSectionResizeMode(self._value_column, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setColumnWidth(KEY, scaled(KEY_WIDTH))
        if self._model.types:
            self.setColumnWidth(1, scaled(TYPE_WIDTH))
            types = TypeDelegate(self._model.types, self._act_on_key, self)
            self.setItemDelegateForColumn(1, types)
        self._set_up_lines()

    def _set_up_lines(self) -> None:
        lines = self.verticalHeader()
        lines.setVisible(self._arrangeable)
        lines.setDefaultSectionSize(scaled(FIELD_HEIGHT))
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setHighlightSections(False)
        lines.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        lines.setSectionsMovable(self._arrangeable)
        lines.setToolTip("Drag to move a row; click to choose it, then Delete removes it")
        lines.sectionMoved.connect(self._on_line_dragged)

    def _fit(self) -> None:
        rows = min(max(self._model.rowCount(), FEWEST_ROWS), MOST_ROWS)
        header = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(header + rows * scaled(FIELD_HEIGHT) + 2 * self.frameWidth() + 1)

    # Rows

    def _act_on_key(self, event: QKeyEvent) -> bool:
        """Do what a key means for the rows, whether or not a cell is being edited."""
        match event.key(), event.modifiers() & ~_Modifier.KeypadModifier:
            case (_Key.Key_Up, _Modifier.AltModifier):
                self._move(-1)
            case (_Key.Key_Down, _Modifier.AltModifier):
                self._move(1)
            case (_Key.Key_Slash, modifiers) if modifiers & _Modifier.ControlModifier:
                self._model.switch(self.currentIndex().row())
            case (_Key.Key_Delete, _Modifier.ControlModifier):
                self._remove()
            case (_Key.Key_Tab, _Modifier.ControlModifier):
                self._leave(forward=True)
            case _:
                return event.matches(QKeySequence.StandardKey.Paste) and self._paste_rows()
        return True

    def _paste_rows(self) -> bool:
        """Paste rows, but into a value that is being edited only text."""
        editing_value = self._is_editing() and self.currentIndex().column() != KEY
        return not editing_value and self.paste()

    def _move(self, by: int) -> None:
        self._model.move(self.currentIndex().row(), self.currentIndex().row() + by)

    def _remove(self) -> None:
        """Remove the rows that are selected, or the one that is edited."""
        chosen = {index.row() for index in self.selectionModel().selectedIndexes()}
        rows = chosen or {self.currentIndex().row()}
        column = self.currentIndex().column()
        self.setCurrentIndex(QModelIndex())
        for row in sorted(rows, reverse=True):
            self._model.remove(row)
        place = min(min(rows), self._model.rowCount() - 1)
        self.setCurrentIndex(self._model.index(place, max(column, KEY)))

    def _on_line_dragged(self, line: int, old: int, new: int) -> None:
        """Move the row in the model, where the numbers stay in order."""
        header = self.verticalHeader()
        header.blockSignals(True)
        header.moveSection(new, old)
        header.blockSignals(False)
        self._model.move(line, min(new, self._model.rowCount() - 2))
        self.viewport().update()

    # Cells

    def _is_editing(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    def _can_stop_at(self, index: Index) -> bool:
        """Whether Tab stops here: a row that has no key yet needs no type."""
        is_value_or_key = index.column() in (KEY, self._value_column)
        editable = bool(self._model.flags(index) & Qt.ItemFlag.ItemIsEditable)
        return editable and (is_value_or_key or not self._model.is_new(index.row()))

    def _step(self, by: int) -> bool:
        """Edit the next or last cell in reading order; say whether there is one."""
        columns, rows = self._model.columnCount(), self._model.rowCount()
        current = self.currentIndex()
        place = current.row() * columns + current.column() + by
        while 0 <= place < rows * columns:
            index = self._model.index(place // columns, place % columns)
            if self._can_stop_at(index):
                self._edit(index)
                return True
            place += by
        return False

    def _edit(self, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        self.edit(index)

    def _leave(self, *, forward: bool) -> None:
        self.commit()
        self.setCurrentIndex(QModelIndex())
        super().focusNextPrevChild(forward)

    def _is_on_control(self, index: Index, x: int) -> bool:
        """Whether a point is on a check box or a cross."""
        place = self.visualRect(index)
        if index.column() == KEY and self._arrangeable and not self._model.is_new(index.row()):
            return x < place.left() + CHECK_BOX_WIDTH
        on_value = index.column() == self._value_column
        return on_value and self._value_cells.is_on_cross(index, place, x)

    # Reimplemented Qt methods

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            place = self.visualRect(current)
            self.stepped.emit(place.translated(self.viewport().pos()))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        if hint not in _STEPS:
            super().closeEditor(editor, hint)
            return
        super().closeEditor(editor, _Hint.NoHint)
        if not self._step(_STEPS[hint]):
            self._leave(forward=_STEPS[hint] > 0)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.currentIndex().isValid():
            if self._is_editing():  # the list of keys has passed Tab on
                by = 1 if forward else -1
                self.closeEditor(self.indexWidget(self.currentIndex()), _Hint.NoHint)
                return self._step(by) or super().focusNextPrevChild(forward)
            if self._step(1 if forward else -1):
                return True
            self.setCurrentIndex(QModelIndex())
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        match event.reason():
            case Qt.FocusReason.TabFocusReason:
                self._edit(self._model.index(0, KEY))
            case Qt.FocusReason.BacktabFocusReason:
                self._edit(self._model.index(self._model.rowCount() - 1, self._value_column))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        editable = self._model.flags(index) & Qt.ItemFlag.ItemIsEditable
        if editable and not self._is_on_control(index, place.x()) and not self._is_editing():
            self.edit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        editor = self.focusWidget() if self._is_editing() else None
        combo = QGuiApplication.focusObject()
        if editor is not None and isinstance(combo, QComboBox) and self.isAncestorOf(combo):
            combo.showPopup()  # one click is enough

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._arrangeable:
            super().contextMenuEvent(event)
            return
        index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        if index.isValid():
            self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu, index.row())
        menu.popup(event.globalPos())

    def _fill_menu(self, menu: QMenu, row: int) -> None:
        last = self._model.rowCount() - 2
        on = row < 0 or self._model.row(row).on
        for text, keys, run, possible in (
            ("Switch off" if on else "Switch on", "Ctrl+/", lambda: self._model.switch(row), 0),
            ("Move up", "Alt+Up", lambda: self._move(-1), 1),
            ("Move down", "Alt+Down", lambda: self._move(1), 2),
            ("Remove", "Ctrl+Del", self._remove, 0),
        ):
            action = menu.addAction(f"{text}\t{keys}", run)
            fits = (True, row > 0, row < last)[possible]
            action.setEnabled(0 <= row <= last and fits)
        menu.addSeparator()
        menu.addAction("Paste rows", self.paste)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fits:  # only now is the header as high as the style sheet makes it
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._act_on_key(event):
            return
        if event.key() == Qt.Key.Key_Escape:
            self._leave(forward=True)
        elif event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self._remove()
        else:
            super().keyPressEvent(event)
