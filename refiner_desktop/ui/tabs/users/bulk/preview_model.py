"""The first rows of a file, as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QGuiApplication

from refiner_desktop.sources.source import Column, Row
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index
from refiner_desktop.ui.tabs.users.bulk import words


class PreviewModel(QAbstractTableModel):
    """Rows and columns of a source; a row that can't be used is muted and says why."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._columns: Sequence[Column] = ()
        self._rows: Sequence[Row] = ()

    def show_rows(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._columns, self._rows = columns, rows
        self.endResetModel()

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return _numbered(self._rows[section].line, role)
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(column.name)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(f"{column.name}\nlooks like: {column.kind.value}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        text = row.cells[index.column()] if index.column() < len(row.cells) else ""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(text)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(row.problem or text) or None
            case Qt.ItemDataRole.ForegroundRole if row.problem:
                return QGuiApplication.palette().placeholderText()
            case Qt.ItemDataRole.AccessibleTextRole:
                name = one_line(self._columns[index.column()].name)
                return f"{name}: {one_line(text) or 'empty'} {row.problem}".strip()
        return None


def _numbered(line: int, role: int) -> str | None:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return str(line)
        case Qt.ItemDataRole.ToolTipRole:
            return f"{words.line_place(line)}. {words.LINE_HINT}"
    return None
