"""The table of contacts as Qt sees it: a window on rows that lie elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QObject,
    Qt,
)

from refiner_desktop.datasets.columns import Column
from refiner_desktop.ui.models.block_cache import BLOCK_ROWS, BlockCache, Row
from refiner_desktop.ui.models.cell_text import alignment, one_line, shown, tool_tip
from refiner_desktop.ui.models.indexes import ROOT, Index


class RowTableModel(QAbstractTableModel):
    """Shows any number of rows while holding a few thousand.

    Asked for a row that is not here, it calls `fetch(first, count)` and shows an empty cell; the
    answer comes by `put_block`, or `release` says that none will. The generation is any number
    that changes with the order or the columns: blocks of an earlier one are refused. Until the
    first blocks of a new generation arrive, the rows of the one before stay on screen.
    """

    def __init__(self, fetch: Callable[[int, int], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._columns: tuple[Column, ...] = ()
        self._row_count = 0
        self._generation = 0
        self._current = BlockCache()
        self._before = BlockCache()
        self._sort_words: Mapping[str, str] = {}
        self._asked: set[int] = set()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns from left to right; blocks have their cells in this order."""
        return self._columns

    @property
    def generation(self) -> int:
        """The generation whose blocks are wanted."""
        return self._generation

    def set_columns(self, columns: Sequence[Column], generation: int) -> None:
        """Show these columns; the selection survives unless one leaves or changes its place."""
        after, moved = tuple(columns), _keys(columns) != _keys(self._columns)
        if not moved:
            self._columns = after  # the kinds may have changed
        elif self._columns and _is_part(_keys(self._columns), _keys(after)):
            self._insert_columns(after)
        else:
            self.beginResetModel()
            self._columns = after
            self.endResetModel()
        if moved or generation != self._generation:
            self._renew(generation)
        if after:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(after) - 1)
        self._emit_changed(0, self._row_count)

    def set_order(self, row_count: int, generation: int) -> None:
        """Show rows in a new order; selection and scroll position stay at their places."""
        self._resize(row_count)
        self._renew(generation)
        self._emit_changed(0, row_count)

    def put_block(self, generation: int, first: int, rows: Sequence[Row]) -> None:
        """Take the answer to `fetch`, unless it belongs to an earlier generation."""
        if generation != self._generation:
            return
        block = first // BLOCK_ROWS
        self._asked.discard(block)
        self._current.put(block, rows)
        if not self._asked:
            self._before = BlockCache()
        self._emit_changed(first, min(first + BLOCK_ROWS, self._row_count))

    def release(self, generation: int, first: int) -> None:
        """Say that a fetch brought nothing; painting the block again will ask again."""
        if generation == self._generation:
            self._asked.discard(first // BLOCK_ROWS)

    def show_sort(self, words: Mapping[str, str]) -> None:
        """Let headers say how their columns sort, by the columns' keys."""
        self._sort_words = words
        if self._columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def text(self, row: int, key: str) -> str | None:
        """Return a cell's text if it is here, and fetch nothing."""
        cache = self._current if row // BLOCK_ROWS in self._current else self._before
        return cache.cell(row, key) if 0 <= row < self._row_count else None

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._row_count

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        answer = _ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        return answer(self, index.row(), self._columns[index.column()])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        answer = _HEADER_ANSWERS.get(role)
        if answer is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        return answer(self, self._columns[section]) if 0 <= section < self.columnCount() else None

    # Blocks

    def _cell(self, row: int, column: Column) -> str | None:
        block = row // BLOCK_ROWS
        self._want(block)
        cache = self._current if block in self._current else self._before
        return cache.cell(row, column.key)

    def _want(self, block: int) -> None:
        if block in self._asked or block in self._current:
            return
        self._asked.add(block)
        first = block * BLOCK_ROWS
        self._fetch(first, min(BLOCK_ROWS, self._row_count - first))

    def _renew(self, generation: int) -> None:
        # Views may ask for cells while rows and columns change. That is why this comes after: what
        # they asked for then belongs to the old generation and is forgotten.
        # Two orders in a row leave nothing of the first to show, so the one before it stays.
        if len(self._current):
            self._before = self._current
        self._current = BlockCache(_keys(self._columns))
        self._generation = generation
        self._asked.clear()

    def _insert_columns(self, after: tuple[Column, ...]) -> None:
        # Neighbours join together: each insertion makes the view lay out its header anew.
        known = set(_keys(self._columns))
        place = 0
        for is_new, run in groupby(after, lambda column: column.key not in known):
            columns = tuple(run)
            if is_new:
                self.beginInsertColumns(ROOT, place, place + len(columns) - 1)
                self._columns = (*self._columns[:place], *columns, *self._columns[place:])
                self.endInsertColumns()
            place += len(columns)
        self._columns = after

    def _resize(self, row_count: int) -> None:
        if row_count > self._row_count:
            self.beginInsertRows(ROOT, self._row_count, row_count - 1)
            self._row_count = row_count
            self.endInsertRows()
        elif row_count < self._row_count:
            self.beginRemoveRows(ROOT, row_count, self._row_count - 1)
            self._row_count = row_count
            self.endRemoveRows()

    def _emit_changed(self, first: int, end: int) -> None:
        if first < end and self._columns:
            last = self.index(end - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(first, 0), last)

    def _display(self, row: int, column: Column) -> str:
        return shown(self._cell(row, column), column.kind)

    def _tool_tip(self, row: int, column: Column) -> str | None:
        text = self._cell(row, column)
        return tool_tip(text) if text else None

    def _accessible_header(self, column: Column) -> str:
        words = self._sort_words.get(column.key)
        return f"{one_line(column.title)}{f', {words}' if words else ''}"

    def _accessible(self, row: int, column: Column) -> str:
        return f"{column.title}: {self._display(row, column) or 'empty'}"


def _keys(columns: Sequence[Column]) -> list[str]:
    return [column.key for column in columns]


def _is_part(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(key in rest for key in part)


_ANSWERS: dict[int, Callable[[RowTableModel, int, Column], Any]] = {
    Qt.ItemDataRole.DisplayRole: RowTableModel._display,
    Qt.ItemDataRole.TextAlignmentRole: lambda _model, _row, column: alignment(column.kind),
    Qt.ItemDataRole.ToolTipRole: RowTableModel._tool_tip,
    Qt.ItemDataRole.AccessibleTextRole: RowTableModel._accessible,
}

_HEADER_ANSWERS: dict[int, Callable[[RowTableModel, Column], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda _model, column: one_line(column.title),
    Qt.ItemDataRole.ToolTipRole: lambda _model, column: tool_tip(f"{column.key} ({column.kind})"),
    Qt.ItemDataRole.AccessibleTextRole: RowTableModel._accessible_header,
    Qt.ItemDataRole.TextAlignmentRole: lambda _model, column: alignment(column.kind),
}
