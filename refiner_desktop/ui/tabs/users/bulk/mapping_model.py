"""The columns of a file and the values that every row gets, each with what it is in Refiner."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from refiner_desktop.services.bulk.mapping import (
    FixedValue,
    MappedColumn,
    Mapping,
    Meaning,
)
from refiner_desktop.services.users.traits import TraitType, slug
from refiner_desktop.sources.source import Source
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index

SHOWN_SAMPLES = 3
EVERY_ROW = "every row"
"""Stands where a fixed value has no column."""

TRAITS = frozenset({Meaning.TRAIT, Meaning.ACCOUNT_TRAIT})


class Place(IntEnum):
    """The columns of the table."""

    COLUMN, MEANING, KEY, TYPE, VALUE = range(5)


TITLES = ("Column", "Meaning", "Trait", "Type", "First values")


class MappingModel(QAbstractTableModel):
    """One row a column of the file, then one a fixed value. Signals: `edited()` after a change."""

    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mapping = Mapping(())
        self._source: Source | None = None
        self._known: Map[str, TraitType] = {}

    @property
    def mapping(self) -> Mapping:
        """What is chosen."""
        return self._mapping

    def show_mapping(self, source: Source, mapping: Mapping) -> None:
        """Show the columns of a file with these meanings."""
        self.beginResetModel()
        self._mapping, self._source = mapping, source
        self.endResetModel()

    def show_none(self) -> None:
        """Show no columns."""
        self.beginResetModel()
        self._mapping, self._source = Mapping(()), None
        self.endResetModel()

    def set_known(self, known: Map[str, TraitType]) -> None:
        """Take the traits that the environment has: one that is named gets its type."""
        self._known = known

    def blank_empty(self, blank: bool) -> None:
        """Say whether an empty cell blanks its trait."""
        self._mapping = replace(self._mapping, blank_empty=blank)

    def leave_out_unreadable(self, leave_out: bool) -> None:
        """Say whether a row is sent without its unreadable values, or skipped."""
        self._mapping = replace(self._mapping, leave_out_unreadable=leave_out)

    def add_fixed(self, meaning: Meaning) -> int:
        """Add a value for every row, still empty, and return its place."""
        row = self.rowCount()
        self.beginInsertRows(ROOT, row, row)
        added = FixedValue(meaning, "", TraitType.TEXT, "")
        self._mapping = replace(self._mapping, fixed=(*self._mapping.fixed, added))
        self.endInsertRows()
        self.edited.emit()
        return row

    def remove_fixed(self, row: int) -> None:
        """Take a fixed value away; columns of the file stay."""
        place = row - len(self._mapping.columns)
        if not 0 <= place < len(self._mapping.fixed):
            return
        self.beginRemoveRows(ROOT, row, row)
        fixed = self._mapping.fixed
        self._mapping = replace(self._mapping, fixed=fixed[:place] + fixed[place + 1 :])
        self.endRemoveRows()
        self.edited.emit()

    def is_fixed(self, row: int) -> bool:
        """Whether this row is a fixed value."""
        return row >= len(self._mapping.columns)

    def ignore_others(self) -> None:
        """Ignore every column that is a trait."""
        columns = (
            replace(each, meaning=Meaning.IGNORE) if each.meaning in TRAITS else each
            for each in self._mapping.columns
        )
        self._mapping = replace(self._mapping, columns=tuple(columns))
        self._emit_changed(0, self.rowCount())
        self.edited.emit()

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        mapping = self._mapping
        return 0 if parent.isValid() else len(mapping.columns) + len(mapping.fixed)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._editable(index) else flags

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
            case Qt.ItemDataRole.DisplayRole:
                return one_line(text)
            case Qt.ItemDataRole.EditRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(text) if text else None
            case Qt.ItemDataRole.AccessibleTextRole:
                of = one_line(self._title(index.row()))
                return f"{TITLES[index.column()]} of {of}: {one_line(text) or 'none'}"
            case Qt.ItemDataRole.ForegroundRole if self._ignored(index.row()):
                return QGuiApplication.palette().placeholderText()
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self._editable(index):
            return False
        before = self._entry(index.row())
        after = self._changed(before, Place(index.column()), str(value).strip())
        if after != before:
            self._put(index.row(), after)
            self._emit_changed(index.row(), index.row() + 1)
            self.edited.emit()
        return True

    # Entries

    def _entry(self, row: int) -> MappedColumn | FixedValue:
        columns = self._mapping.columns
        return columns[row] if row < len(columns) else self._mapping.fixed[row - len(columns)]

    def _put(self, row: int, entry: MappedColumn | FixedValue) -> None:
        if isinstance(entry, MappedColumn):
            columns = _with(self._mapping.columns, row, entry)
            self._mapping = replace(self._mapping, columns=columns)
        else:
            fixed = _with(self._mapping.fixed, row - len(self._mapping.columns), entry)
            self._mapping = replace(self._mapping, fixed=fixed)

    def _changed(
        self, entry: MappedColumn | FixedValue, place: Place, text: str
    ) -> MappedColumn | FixedValue:
        match place:
            case Place.MEANING:
                return self._with_meaning(entry, Meaning(text))
            case Place.KEY:
                return replace(entry, key=text, type=self._known.get(text, entry.type))
            case Place.TYPE:
                return replace(entry, type=TraitType(text))
            case Place.VALUE if isinstance(entry, FixedValue):
                return replace(entry, value=text)
            case _:
                return entry

    def _with_meaning(
        self, entry: MappedColumn | FixedValue, meaning: Meaning
    ) -> MappedColumn | FixedValue:
        if isinstance(entry, MappedColumn) and meaning in TRAITS and not entry.key:
            return replace(entry, meaning=meaning, key=slug(entry.column))
        return replace(entry, meaning=meaning)

    def _editable(self, index: Index) -> bool:
        entry = self._entry(index.row())
        match index.column():
            case Place.MEANING:
                return True
            case Place.KEY | Place.TYPE:
                return entry.meaning in TRAITS
            case Place.VALUE:
                return isinstance(entry, FixedValue)
        return False

    def _ignored(self, row: int) -> bool:
        return self._entry(row).meaning is Meaning.IGNORE

    def _title(self, row: int) -> str:
        entry = self._entry(row)
        return entry.column if isinstance(entry, MappedColumn) else EVERY_ROW

    def _text(self, index: Index) -> str:
        row = index.row()
        entry = self._entry(row)
        match index.column():
            case Place.COLUMN:
                return self._title(row)
            case Place.MEANING:
                return entry.meaning.value
            case Place.KEY:
                return entry.key if entry.meaning in TRAITS else ""
            case Place.TYPE:
                return entry.type.value if entry.meaning in TRAITS else ""
        return entry.value if isinstance(entry, FixedValue) else _samples(self._source, row)

    def _emit_changed(self, first: int, end: int) -> None:
        if end > first:
            self.dataChanged.emit(self.index(first, 0), self.index(end - 1, len(TITLES) - 1))


def _with(entries: Sequence[Any], place: int, entry: Any) -> tuple[Any, ...]:
    return (*entries[:place], entry, *entries[place + 1 :])


def _samples(source: Source | None, column: int) -> str:
    """Return the first values of a column; few cells are looked at, so each painting does."""
    if source is None:
        return ""
    rows = (row.cells for row in source.samples if not row.problem)
    cells = (cells[column] for cells in rows if column < len(cells))
    values = dict.fromkeys(cell for cell in cells if cell)  # different ones say more
    return ", ".join(list(values)[:SHOWN_SAMPLES])
