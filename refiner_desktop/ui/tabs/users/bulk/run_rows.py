"""The rows of one run: as many as are looked at, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHeaderView

from refiner_desktop.services.bulk.plan import user_in
from refiner_desktop.storage.bulk_rows import BulkRow
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import RIGHT, one_line
from refiner_desktop.ui.models.indexes import ROOT, Index
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.data_table import DataTable

PORTION = 1_000
"""Rows that are read at once; more follow when the last one comes into view."""

_payload = msgspec.json.Decoder(dict[str, object])


def user_of(row: BulkRow) -> str:
    """Return whom a row is about, empty where nobody can tell."""
    return user_in(_payload.decode(row.payload)) if row.payload else ""


def data_of(row: BulkRow) -> str:
    """Return what was sent, or what the file had where nothing could be made of it."""
    return row.payload if row.payload not in ("", "{}") else ", ".join(row.cells)


def _heard(row: BulkRow) -> str:
    """Return the whole line: one who hears the list goes down its first column."""
    parts = (f"Line {number(row.line)}", user_of(row), row.state.value, row.error or row.warning)
    return one_line(", ".join(filter(None, parts)))


COLUMNS = (
    Column[BulkRow](
        "Line",
        lambda row: number(row.line),
        RIGHT,
        lambda row: f"{words.line_place(row.line)}. {words.LINE_HINT}",
        _heard,
    ),
    Column[BulkRow]("User", user_of),
    Column[BulkRow]("State", lambda row: row.state.value),
    Column[BulkRow]("Status", lambda row: str(row.status or "")),
    Column[BulkRow]("Reason", lambda row: row.error or row.warning),
    Column[BulkRow]("Data", data_of),
)
WIDTHS = (66, 116, 84, 64)
REASON = len(WIDTHS)
DATA_WIDTH = 130


class RunRowsModel(RecordTableModel[BulkRow]):
    """Asks for the next portion by `more(offset)` when a view has come to the end."""

    def __init__(self, more: Callable[[int], None], parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent=parent)
        self._more = more
        self._whole = True
        self._asked = False

    def show_first(self, rows: Sequence[BulkRow]) -> None:
        """Show the first portion instead."""
        self._asked, self._whole = False, len(rows) < PORTION
        self.set_rows(rows)

    def add_portion(self, rows: Sequence[BulkRow]) -> None:
        """Add what `more` was asked for."""
        self._asked, self._whole = False, len(rows) < PORTION
        self.append(rows)

    def renew(self, rows: Sequence[BulkRow]) -> None:
        """Show newer versions of the rows that are shown; selection and place stay."""
        known = self.records
        if [each.row for each in rows] != [each.row for each in known]:
            self.set_rows(rows)
            return
        for place, (before, after) in enumerate(zip(known, rows, strict=True)):
            if before != after:
                self.replace(place, after)

    # Reimplemented Qt methods

    def canFetchMore(self, parent: Index = ROOT) -> bool:
        return not (parent.isValid() or self._whole or self._asked)

    def fetchMore(self, parent: Index = ROOT) -> None:
        self._asked = True
        self._more(self.rowCount())


class RunRows(DataTable):
    """The table of them. Signals: `row_opened(row)` by a double click or Enter."""

    row_opened = Signal(object)

    def __init__(self, more: Callable[[int], None]) -> None:
        self.rows = RunRowsModel(more)
        super().__init__("bulk.rows", "Rows of the run", self.rows)
        self.rows.setParent(self)
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, scaled(width))
        self.setColumnWidth(REASON + 1, scaled(DATA_WIDTH))
        self.horizontalHeader().setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(lambda index: self.row_opened.emit(self.rows.record(index.row())))

    def shown(self) -> int:
        """Return how many rows are here."""
        return self.rows.rowCount()
