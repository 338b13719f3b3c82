"""Rows of names and values, as a table or as text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.requests.draft import Row
from refiner_desktop.services.requests.rows import rows_from_text, rows_to_text
from refiner_desktop.ui.styling import tool
from refiner_desktop.ui.tabs.console.parameter_table import ParameterTable
from refiner_desktop.ui.theme import SPACE

TEXT_HINT = "name: value\n# a line that begins with # is switched off"


class RowsEditor(QWidget):
    """A table whose rows can be edited all at once as text, once `as_text` is pressed.

    That button belongs to whoever has room for it. Signals: `edited()` when a person changed a row.
    """

    edited = Signal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.table = ParameterTable(name, title)
        self.table.setMinimumHeight(64)
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"{name}.text")
        self._text.setAccessibleName(f"{title} as text")
        self._text.setPlaceholderText(TEXT_HINT)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setTabChangesFocus(True)
        self.as_text = tool(
            "Edit as text", f"{name}.as_text", f"Edit {title.lower()} as text", role="toggle"
        )
        self.as_text.setToolTip("All rows at once, one a line: to copy, paste and rearrange")
        self._stack = QStackedWidget()
        self._showing = False
        self._lay_out()
        self.table.edited.connect(self._on_edited)
        self._text.textChanged.connect(self._on_edited)
        self.as_text.toggled.connect(self._on_toggled)

    def rows(self) -> tuple[Row, ...]:
        """Return the rows, those switched off included."""
        if self.as_text.isChecked():
            return rows_from_text(self._text.toPlainText())
        return self.table.request_rows()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead; nobody is told."""
        self._showing = True
        self.table.show_rows(rows)
        self._text.setPlainText(rows_to_text(rows))
        self._showing = False

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

    def _on_toggled(self, as_text: bool) -> None:
        rows = self.table.request_rows() if as_text else rows_from_text(self._text.toPlainText())
        self.show_rows(rows)
        self._stack.setCurrentIndex(int(as_text))
        (self._text if as_text else self.table).setFocus()

    def _on_edited(self) -> None:
        if not self._showing:
            self.edited.emit()
