"""Rows of names and values, as a table or as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QUndoCommand, QUndoStack
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.requests.credentials import with_dots, without_dots
from refiner_desktop.services.requests.draft import Row
from refiner_desktop.services.requests.rows import rows_from_text, rows_to_text
from refiner_desktop.ui.styling import code_font, tool
from refiner_desktop.ui.tabs.console.parameter_table import ParameterTable
from refiner_desktop.ui.theme import SPACE

TEXT_HINT = "name: value\n# a line that begins with # is switched off"


Rows = tuple[Row, ...]


class RowsEditor(QWidget):
    """A table whose rows can be edited all at once as text, once `as_text` is pressed.

    Ctrl+Z brings back a row that was removed, and whatever else was changed in the table. Secrets
    are dots until `reveal` is pressed. The buttons belong to whoever has room for them. Signals:
    `edited()` when a person changed a row.
    """

    edited = Signal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.table = ParameterTable(name, title)
        self.table.setMinimumHeight(SPACE * 8)
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"{name}.text")
        self._text.setAccessibleName(f"{title} as text")
        self._text.setPlaceholderText(TEXT_HINT)
        self._text.setFont(code_font())
        self._text.setTabChangesFocus(True)
        self.as_text = tool(
            "Edit as text", f"{name}.as_text", f"Edit {title.lower()} as text", role="toggle"
        )
        self.as_text.setToolTip("All rows at once, one a line: to copy, paste and rearrange")
        self.reveal = tool(
            "Show secrets", f"{name}.reveal", f"Show secrets in {title.lower()}", role="toggle"
        )
        self.reveal.setToolTip("Keys and tokens are dots until this is pressed; none is kept")
        self._stack = QStackedWidget()
        self._showing = False
        self._rows: Rows = ()
        self._undone = QUndoStack(self)
        self._offer_undo()
        self._lay_out()
        self.table.edited.connect(self._on_edited)
        self._text.textChanged.connect(self._on_edited)
        self.as_text.toggled.connect(self._on_toggled)
        self.reveal.toggled.connect(self.table.set_revealed)

    def rows(self) -> tuple[Row, ...]:
        """Return the rows, those switched off included."""
        if self.as_text.isChecked():
            return self._written()
        return self.table.request_rows()

    @property
    def has_secrets(self) -> bool:
        """Whether there is a secret among the rows that are shown as a table."""
        return not self.as_text.isChecked() and self.table.has_secrets

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead; nobody is told, and there is no way back to those before."""
        self.reveal.setChecked(False)
        self._put(tuple(rows))
        if self.table.has_secrets:  # as text they would stand there for all to read
            with QSignalBlocker(self.as_text):
                self.as_text.setChecked(False)
            self._stack.setCurrentWidget(self.table)
        self._undone.clear()

    def _written(self) -> Rows:
        """Return what stands there as text."""
        return without_dots(rows_from_text(self._text.toPlainText()), self._rows)

    def _put(self, rows: Rows) -> None:
        self._rows = rows
        self._showing = True
        self.table.show_rows(rows)
        shown = rows if self.reveal.isChecked() else with_dots(rows)
        self._text.setPlainText(rows_to_text(shown))
        self._showing = False

    def replace_rows(self, rows: Rows) -> None:
        """Let others take the place of all rows, as if a person had written them."""
        self._note(rows)
        self._restore(rows)

    def add_row(self, row: Row) -> None:
        """Add a row, and let the person edit its value."""
        self.as_text.setChecked(False)
        self.table.show_rows((*self.table.request_rows(), row))
        model = self.table.model()
        index = model.index(model.rowCount() - 2, 1)
        self.table.setFocus()
        self.table.setCurrentIndex(index)
        self.table.edit(index)

    def _lay_out(self) -> None:
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.addWidget(self._stack, 1)

    def _offer_undo(self) -> None:
        stack, keys = self._undone, QKeySequence.StandardKey
        for action, key in (
            (stack.createUndoAction(self.table, "Undo"), keys.Undo),
            (stack.createRedoAction(self.table, "Redo"), keys.Redo),
        ):
            action.setShortcuts(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.table.addAction(action)

    def _on_toggled(self, as_text: bool) -> None:
        rows = self.table.request_rows() if as_text else self._written()
        if not as_text:
            self._note(rows)
        self._put(rows)
        self._stack.setCurrentIndex(int(as_text))
        (self._text if as_text else self.table).setFocus()

    def _on_edited(self) -> None:
        if self._showing:
            return
        if not self.as_text.isChecked():  # the text knows its own way back
            self._note(self.table.request_rows())
        self.edited.emit()

    def _note(self, rows: Rows) -> None:
        if rows != self._rows:
            self._undone.push(_Change(self._restore, self._rows, rows))
            self._rows = rows

    def _restore(self, rows: Rows) -> None:
        self._put(rows)
        self.edited.emit()


class _Change(QUndoCommand):
    """Other rows in place of these; they are there already when it is noted."""

    def __init__(self, put: Callable[[Rows], None], before: Rows, after: Rows) -> None:
        super().__init__()
        self._put = put
        self._before, self._after = before, after
        self._is_done = True

    def undo(self) -> None:
        self._put(self._before)
        self._is_done = False

    def redo(self) -> None:
        if not self._is_done:
            self._put(self._after)
        self._is_done = True
