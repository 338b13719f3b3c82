"""Rows of key, type and value that a person edits; the last row is always blank, for the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette

from refiner_desktop.secret import MASK
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index

KEY = 0
NO_VALUE = TraitType.EMPTY.value
"""The type whose rows take no value."""

BLANKS = "blanks the trait"
NOT_SENT = "nothing typed: not sent"

_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One row. `type` is one of the model's types, or empty where there are none.

    A row that is not `on` is kept for another time.
    """

    key: str = ""
    type: str = ""
    value: str = ""
    on: bool = True

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not self.key and not self.value


def _hides_nothing(_row: KeyValue) -> bool:
    return False


class KeyValueModel(QAbstractTableModel):
    """Editable key-value rows, with a column of types when there are types to choose from.

    `known` are keys with their types: a row without a value takes the type of its key. The value
    of a row that it `hides` is shown as dots. Where rows are `switchable`, the key's check box
    switches a row off. Signals: `edited()` when a person or
    a program changed a row.
    """

    edited = Signal()

    def __init__(
        self, types: Sequence[str] = (), *, switchable: bool = False, parent: Any = None
    ) -> None:
        super().__init__(parent)
        self.types = tuple(types)
        self.known: Mapping[str, str] = {}
        self.hides: Callable[[KeyValue], bool] = _hides_nothing
        self._switchable = switchable
        self._fields = ("key", "type", "value") if types else ("key", "value")
        self._rows: list[KeyValue] = [self._new()]
        self._problems: dict[int, str] = {}

    def rows(self) -> tuple[KeyValue, ...]:
        """Return the rows in which something was typed."""
        return tuple(row for row in self._rows if not row.blank)

    def row(self, place: int) -> KeyValue:
        """Return a row, the blank one included."""
        return self._rows[place]

    def is_new(self, place: int) -> bool:
        """Whether this is the last row, which waits for the next key."""
        return place == len(self._rows) - 1

    def set_rows(self, rows: Sequence[KeyValue]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = [*rows, self._new()]
        self._problems = {}
        self.endResetModel()
        self.edited.emit()

    def fill(self, place: int, rows: Sequence[KeyValue]) -> None:
        """Put rows in at a place; one whose key is there already takes that row's place."""
        places = {row.key: at for at, row in enumerate(self._rows) if row.key}
        kept, new = list(self._rows[:-1]), []
        for row in rows:
            if row.key in places:
                kept[places[row.key]] = row
            else:
                new.append(row)
        self.set_rows([row for row in (*kept[:place], *new, *kept[place:]) if not row.blank])

    def set_problems(self, problems: Mapping[int, str]) -> None:
        """Mark rows, counted as in `rows()`, with what is wrong with them."""
        places = [at for at, row in enumerate(self._rows) if not row.blank]
        self._problems = {places[row]: text for row, text in problems.items() if row < len(places)}
        self.dataChanged.emit(self.index(0, KEY), self.index(len(self._rows) - 1, KEY))

    def line_of(self, row: int) -> int:
        """Return the line number, from 1, of a row counted as in `rows()`."""
        places = [at for at, each in enumerate(self._rows) if not each.blank]
        return places[row] + 1 if row < len(places) else row + 1

    def remove(self, row: int) -> None:
        """Remove a row; the blank one at the end stays."""
        if not 0 <= row < len(self._rows) - 1:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self._problems = {}
        self.endRemoveRows()
        self.edited.emit()

    def move(self, row: int, to: int) -> bool:
        """Let a row stand at another place; the blank one at the end stays where it is."""
        last = len(self._rows) - 2
        if not (0 <= row <= last and 0 <= to <= last) or row == to:
            return False
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), to + (to > row))
        self._rows.insert(to, self._rows.pop(row))
        self._problems = {}
        self.endMoveRows()
        self.edited.emit()
        return True

    def switch(self, row: int) -> None:
        """Switch a row off, or on again."""
        if self._switchable and not self.is_new(row):
            self._put(row, replace(self._rows[row], on=not self._rows[row].on))

    def _new(self) -> KeyValue:
        return KeyValue(type=self.types[0] if self.types else "")

    def _put(self, row: int, changed: KeyValue) -> None:
        if changed == self._rows[row]:
            return
        self._rows[row] = changed
        self.dataChanged.emit(self.index(row, KEY), self.index(row, len(self._fields) - 1))
        self._grow()
        self.edited.emit()

    def _grow(self) -> None:
        if self._rows[-1].blank:
            return
        end = len(self._rows)
        self.beginInsertRows(QModelIndex(), end, end)
        self._rows.append(self._new())
        self.endInsertRows()
        self.headerDataChanged.emit(Qt.Orientation.Vertical, end - 1, end)

    def _with(self, row: KeyValue, field: str, text: str) -> KeyValue:
        change: dict[str, Any] = {field: text}
        changed = replace(row, **change)
        if field == "key" and text in self.known and not row.value:
            return replace(changed, type=self.known[text])
        return changed

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._fields)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags
        row, field = self._rows[index.row()], self._fields[index.column()]
        if not (field == "value" and row.type == NO_VALUE and not row.value):
            flags |= Qt.ItemFlag.ItemIsEditable
        if field == "key" and self._switchable and not self.is_new(index.row()):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._fields[section].capitalize()
        return "" if self.is_new(section) else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, field = self._rows[index.row()], self._fields[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._shown(index.row(), field)
            case Qt.ItemDataRole.EditRole:
                return getattr(row, field)
            case Qt.ItemDataRole.ToolTipRole:
                problem = self._problems.get(index.row(), "")
                return tool_tip(problem) if problem else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(index.row(), field)
            case Qt.ItemDataRole.CheckStateRole:
                return self._check_state(index.row(), field)
            case _:
                return self._look(row, field, role)

    def _shown(self, place: int, field: str) -> str:
        row = self._rows[place]
        if field == "type":
            return "" if self.is_new(place) else row.type
        if field == "value" and not row.value:
            return self._shown_for_none(place)
        mark = "⚠ " if field == "key" and place in self._problems else ""
        return mark + one_line(self._read(row, field))

    def _read(self, row: KeyValue, field: str) -> str:
        """Return what may be seen and heard of a field."""
        return MASK if field == "value" and self.hides(row) else str(getattr(row, field))

    def _shown_for_none(self, place: int) -> str:
        row = self._rows[place]
        if row.type == NO_VALUE:
            return BLANKS
        return NOT_SENT if row.type == TraitType.TEXT and row.key else ""

    def _spoken(self, place: int, field: str) -> str:
        row = self._rows[place]
        off = "" if row.on else "switched off"
        text = f"{field}: {self._read(row, field)} {off} {self._problems.get(place, '')}"
        return " ".join(text.split())

    def _check_state(self, place: int, field: str) -> Qt.CheckState | None:
        if field != "key" or not self._switchable or self.is_new(place):
            return None
        return _CHECKED if self._rows[place].on else _UNCHECKED

    def _look(self, row: KeyValue, field: str, role: int) -> Any:
        faint = not row.on or (field == "value" and (row.type == NO_VALUE or not row.value))
        if faint and role == Qt.ItemDataRole.ForegroundRole:
            return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = index.row()
        if role == Qt.ItemDataRole.CheckStateRole:
            self.switch(row)
            return True
        if role != Qt.ItemDataRole.EditRole:
            return False
        self._put(row, self._with(self._rows[row], self._fields[index.column()], str(value)))
        return True
