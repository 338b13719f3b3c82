"""A table of records that fit in memory: deliveries, history, the rows of a bulk run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from refiner_desktop.ui.models.cell_text import LEFT, one_line, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index

Record = TypeVar("Record")


@dataclass(frozen=True)  # with slots, `Column[Delivery](...)` fails on Python 3.11
class Column(Generic[Record]):
    """One column: its title, and how to get its texts from a record.

    Without `tooltip` the tool tip is the whole text; without `spoken` title and text are heard.
    """

    title: str
    text: Callable[[Record], str]
    align: Qt.AlignmentFlag = LEFT
    tooltip: Callable[[Record], str] | None = None
    spoken: Callable[[Record], str] | None = None


class RecordTableModel(QAbstractTableModel, Generic[Record]):
    """Shows frozen records by columns that are data.

    With a `limit` it holds no more records than that: those at the other end than the new ones go.
    """

    def __init__(
        self,
        columns: Sequence[Column[Record]],
        *,
        limit: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._limit = limit
        self._records: list[Record] = []

    @property
    def records(self) -> tuple[Record, ...]:
        """All records from top to bottom."""
        return tuple(self._records)

    def record(self, row: int) -> Record:
        """Return the record in this row. Raises `IndexError`."""
        return self._records[row]

    def set_rows(self, records: Iterable[Record]) -> None:
        """Show these records instead; with a limit, the first ones."""
        self.beginResetModel()
        self._records = list(records)[: self._limit]
        self.endResetModel()

    def append(self, records: Sequence[Record]) -> None:
        """Add records at the bottom; past the limit, those at the top go."""
        batch = list(records)
        if self._limit is not None:
            batch = batch[max(len(batch) - self._limit, 0) :]
            self._remove(0, len(self._records) + len(batch) - self._limit)
        self._insert(len(self._records), batch)

    def prepend(self, records: Sequence[Record]) -> None:
        """Add records at the top, the first one topmost; past the limit, those at the bottom go."""
        batch = list(records)[: self._limit]
        if self._limit is not None:
            keep = self._limit - len(batch)
            self._remove(keep, len(self._records) - keep)
        self._insert(0, batch)

    def replace(self, row: int, record: Record) -> None:
        """Show a newer version of the record in this row. Raises `IndexError`."""
        self._records[row] = record
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        answer = CELL_ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        return answer(self._columns[index.column()], self._records[index.row()])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self._columns):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._columns[section].align
        return None

    def _insert(self, row: int, records: list[Record]) -> None:
        if records:
            self.beginInsertRows(ROOT, row, row + len(records) - 1)
            self._records[row:row] = records
            self.endInsertRows()

    def _remove(self, row: int, count: int) -> None:
        if count > 0:
            self.beginRemoveRows(ROOT, row, row + count - 1)
            del self._records[row : row + count]
            self.endRemoveRows()


def _tool_tip(column: Column[Any], record: Any) -> str | None:
    text = (column.tooltip or column.text)(record)
    return tool_tip(text) if text else None


def _spoken(column: Column[Record], record: Record) -> str:
    if column.spoken is not None:
        return column.spoken(record)
    return f"{column.title}: {one_line(column.text(record)) or 'empty'}"


CELL_ANSWERS: dict[int, Callable[[Column[Any], Any], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda column, record: one_line(column.text(record)),
    Qt.ItemDataRole.ToolTipRole: _tool_tip,
    Qt.ItemDataRole.TextAlignmentRole: lambda column, _record: column.align,
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
}
"""What a cell says in each role, from its column and its record."""
