"""The list of deliveries as Qt sees it: all their ids, and the rows that are looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from operator import neg
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from refiner_desktop.ui.models.indexes import ROOT, Index
from refiner_desktop.ui.models.record_table_model import CELL_ANSWERS, Column
from refiner_desktop.webhooks.delivery import DeliveryRow

AT_ONCE = 100
"""So many rows around one that is missing are wanted together."""

MOST_HELD = 20_000
"""Rows beyond that are let go, the longest held first; they are read again when looked at."""


class DeliveryModel(QAbstractTableModel):
    """Deliveries by falling id. A row that is not here shows as blank until `put` brings it.

    Signals: `wanted()` when there are rows to be read: `take_wanted` tells which.
    """

    wanted = Signal()

    def __init__(
        self, columns: Sequence[Column[DeliveryRow]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._ids: list[int] = []
        self._rows: dict[int, DeliveryRow] = {}
        self._missing: dict[int, None] = {}
        self._asked: set[int] = set()

    @property
    def ids(self) -> Sequence[int]:
        """The ids from top to bottom."""
        return self._ids

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these deliveries; rows that are held stay."""
        self.beginResetModel()
        self._ids = list(ids)
        self._missing.clear()
        self._asked.clear()
        self.endResetModel()

    def prepend(self, rows: Sequence[DeliveryRow]) -> int:
        """Put deliveries on top, the newest first, and return how many were new."""
        newest = self._ids[0] if self._ids else 0
        fresh = [row for row in rows if row.id > newest]
        if fresh:
            self.beginInsertRows(ROOT, 0, len(fresh) - 1)
            self._ids[:0] = [row.id for row in fresh]
            self._hold(fresh)
            self.endInsertRows()
        return len(fresh)

    def put(self, rows: Iterable[DeliveryRow]) -> None:
        """Take rows that were read, or newer versions of them."""
        held = list(rows)
        self._hold(held)
        places = [place for row in held if (place := self.place(row.id)) is not None]
        if places:
            last = len(self._columns) - 1
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), last))

    def remove(self, ids: Collection[int]) -> None:
        """Take deliveries away that are there no more."""
        for first, last in reversed(self.runs(ids)):
            self.beginRemoveRows(ROOT, first, last)
            for each in self._ids[first : last + 1]:
                self._rows.pop(each, None)
            del self._ids[first : last + 1]
            self.endRemoveRows()

    def runs(self, ids: Collection[int]) -> list[tuple[int, int]]:
        """Return where deliveries are, as first and last row of each run, from top to bottom."""
        wanted = frozenset(ids)
        places = (place for place, each in enumerate(self._ids) if each in wanted)
        # In a run, row and count grow together, so that their difference stays.
        grouped = groupby(enumerate(places), lambda pair: pair[1] - pair[0])
        runs = ([place for _, place in run] for _, run in grouped)
        return [(run[0], run[-1]) for run in runs]

    def take_wanted(self) -> tuple[int, ...]:
        """Return the ids of rows that are wanted, the latest wishes, which are then under way."""
        latest = tuple(self._missing)[-2 * AT_ONCE :]
        self._missing.clear()
        self._asked.update(latest)
        return latest

    def release(self, ids: Iterable[int]) -> None:
        """Say that reading these rows has ended, whatever came."""
        self._asked.difference_update(ids)

    def place(self, delivery_id: int) -> int | None:
        """Return where a delivery is."""
        place = bisect_left(self._ids, -delivery_id, key=neg)
        found = place < len(self._ids) and self._ids[place] == delivery_id
        return place if found else None

    def row(self, delivery_id: int) -> DeliveryRow | None:
        """Return a row that is held."""
        return self._rows.get(delivery_id)

    def row_at(self, place: int) -> DeliveryRow | None:
        """Return the row at a place; one that is not held is wanted from now on."""
        row = self._rows.get(self._ids[place])
        if row is None:
            self._want(place)
        return row

    # Reimplemented Qt methods

    def index(self, row: int, column: int, _parent: Index = ROOT) -> QModelIndex:
        # Qt's own would ask Python twice, for the numbers of rows and columns.
        there = 0 <= row < len(self._ids) and 0 <= column < len(self._columns)
        return self.createIndex(row, column) if there else ROOT

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        answer = CELL_ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        row = self.row_at(index.row())
        return None if row is None else answer(self._columns[index.column()], row)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self._columns):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._columns[section].align
        return None

    def _hold(self, rows: Iterable[DeliveryRow]) -> None:
        for row in rows:
            self._rows.pop(row.id, None)
            self._rows[row.id] = row
        for _ in range(len(self._rows) - MOST_HELD):
            del self._rows[next(iter(self._rows))]

    def _want(self, place: int) -> None:
        if self._ids[place] in self._asked or self._ids[place] in self._missing:
            return
        first = place // AT_ONCE * AT_ONCE
        around = self._ids[first : first + AT_ONCE]
        self._missing.update(
            dict.fromkeys(
                each for each in around if not (each in self._rows or each in self._asked)
            )
        )
        self.wanted.emit()
