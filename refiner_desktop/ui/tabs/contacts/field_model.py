"""A table of fields and values under headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QFont

from refiner_desktop.datasets.values import parse_iso_date
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import one_line, shown, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index
from refiner_desktop.ui.tabs.contacts.contact_fields import FieldGroup, FieldLine

Row = FieldLine | str
"""A field, or the heading of those that follow."""


class FieldModel(QAbstractTableModel):
    """Headings and fields, one below the other; a heading can't be chosen."""

    def __init__(self, titles: tuple[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._rows: list[Row] = []

    @property
    def headings(self) -> list[int]:
        """The rows that are headings."""
        return [row for row, each in enumerate(self._rows) if isinstance(each, str)]

    def line(self, row: int) -> FieldLine | None:
        """Return the field in this row, None for a heading."""
        each = self._rows[row]
        return each if isinstance(each, FieldLine) else None

    def set_groups(self, groups: Sequence[FieldGroup]) -> None:
        """Show these; a single group needs no heading."""
        self.beginResetModel()
        self._rows = []
        for group in groups:
            if len(groups) > 1:
                self._rows.append(f"{group.title}  {number(len(group.lines))}")
            self._rows.extend(group.lines)
        self.endResetModel()

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if isinstance(row, str):
            return _heading(row, index.column(), role)
        answer = _ANSWERS.get(role)
        return answer(row, index.column()) if answer else None


def _heading(title: str, column: int, role: int) -> Any:
    if role == Qt.ItemDataRole.FontRole:
        font = QFont()
        font.setWeight(QFont.Weight.DemiBold)
        return font
    if column == 0 and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return title
    return None


def _display(line: FieldLine, column: int) -> str:
    if column == 0:
        return one_line(line.title)
    is_moment = len(line.value) <= 40 and parse_iso_date(line.value) is not None
    return shown(line.value, "date" if is_moment else "text")


def _tool_tip(line: FieldLine, column: int) -> str | None:
    text = line.path if column == 0 else line.value
    return tool_tip(text) if text else None


def _accessible(line: FieldLine, column: int) -> str:
    shown_text = _display(line, column)
    return shown_text if column == 0 else f"{line.title}: {shown_text or 'empty'}"


_ANSWERS: dict[int, Callable[[FieldLine, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: _display,
    Qt.ItemDataRole.ToolTipRole: _tool_tip,
    Qt.ItemDataRole.AccessibleTextRole: _accessible,
}
