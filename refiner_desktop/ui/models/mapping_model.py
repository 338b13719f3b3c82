"""The columns of a file, each with a meaning that a person can change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QObject,
    Qt,
    Signal,
)

from refiner_desktop.services.bulk_plan import Meaning
from refiner_desktop.services.bulk_source import Source
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index

TITLES = ("Column", "Meaning", "Samples")
MEANING = 1
SHOWN_SAMPLES = 3


class MappingModel(QAbstractTableModel):
    """One row a column of the file. Signals: `edited()` when another meaning was chosen."""

    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._meanings: list[Meaning] = []
        self._samples: list[str] = []

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """The meaning of every column."""
        return tuple(self._meanings)

    def show_source(self, source: Source, meanings: Sequence[Meaning]) -> None:
        """Show the columns of a file with these meanings."""
        self.beginResetModel()
        self._names, self._meanings = tuple(source.columns), list(meanings)
        self._samples = [_samples(source, column) for column in range(len(source.columns))]
        self.endResetModel()

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == MEANING else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        text = self._text(index)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return one_line(text)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(text) if text else None
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == MEANING:
                return f"Meaning of {one_line(self._names[index.row()])}: {text}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != MEANING:
            return False
        meaning = Meaning(value)
        if meaning is not self._meanings[index.row()]:
            self._meanings[index.row()] = meaning
            self.dataChanged.emit(index, index)
            self.edited.emit()
        return True

    def _text(self, index: Index) -> str:
        row = index.row()
        return (self._names[row], self._meanings[row].value, self._samples[row])[index.column()]


def _samples(source: Source, column: int) -> str:
    cells = (cells[column] for cells in source.samples[:SHOWN_SAMPLES])
    return ", ".join(cell for cell in cells if cell)
