"""Rows of key, type and value that a person edits; the last row is always blank, for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal

from refiner_desktop.ui.models.cell_text import tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One row. `type` is one of the model's types, or empty where there are none."""

    key: str = ""
    type: str = ""
    value: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not self.key and not self.value


class KeyValueModel(QAbstractTableModel):
    """Editable key-value rows, with a column of types when there are types to choose from.

    Signals: `edited()` when a person or a program changed a row; `problem` texts set by the
    owner show as tool tips on their rows.
    """

    edited = Signal()

    def __init__(self, types: Sequence[str] = (), parent: Any = None) -> None:
        super().__init__(parent)
        self.types = tuple(types)
        self._fields = ("key", "type", "value") if types else ("key", "value")
        self._rows: list[KeyValue] = [self._new()]
        self._problems: dict[int, str] = {}

    def rows(self) -> tuple[KeyValue, ...]:
        """Return the rows in which something was typed."""
        return tuple(row for row in self._rows if not row.blank)

    def set_rows(self, rows: Sequence[KeyValue]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = [*rows, self._new()]
        self._problems = {}
        self.endResetModel()
        self.edited.emit()

    def set_problems(self, problems: dict[int, str]) -> None:
        """Mark rows, counted as in `rows()`, with what is wrong with them."""
        places = [at for at, row in enumerate(self._rows) if not row.blank]
        self._problems = {places[row]: text for row, text in problems.items() if row < len(places)}
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def remove(self, row: int) -> None:
        """Remove a row; the blank one at the end stays."""
        if not 0 <= row < len(self._rows) - 1:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self._problems = {}
        self.endRemoveRows()
        self.edited.emit()

    def _new(self) -> KeyValue:
        return KeyValue(type=self.types[0] if self.types else "")

    def _grow(self) -> None:
        if self._rows[-1].blank:
            return
        end = len(self._rows)
        self.beginInsertRows(QModelIndex(), end, end)
        self._rows.append(self._new())
        self.endInsertRows()

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._fields)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._fields[section].capitalize()
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, field = self._rows[index.row()], self._fields[index.column()]
        problem = self._problems.get(index.row(), "")
        if role == Qt.ItemDataRole.DisplayRole:
            mark = "⚠ " if problem and field == "key" else ""
            return mark + self._shown(row, field)
        if role == Qt.ItemDataRole.EditRole:
            return getattr(row, field)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(problem) if problem else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{field}: {getattr(row, field)} {problem}".strip()
        return None

    def _shown(self, row: KeyValue, field: str) -> str:
        is_last = row is self._rows[-1]
        return "" if is_last and field == "type" else str(getattr(row, field))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        row, field = index.row(), self._fields[index.column()]
        changed = replace(self._rows[row], **{field: str(value)})
        if changed == self._rows[row]:
            return True
        self._rows[row] = changed
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._fields) - 1))
        self._grow()
        self.edited.emit()
        return True
