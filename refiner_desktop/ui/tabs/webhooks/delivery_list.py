"""The list of deliveries, newest on top."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHeaderView

from refiner_desktop.ui.models.cell_text import RIGHT
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.tabs.webhooks.passed_on import PassedOn
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.delivery import DeliveryRow, Kind

SHOWN = 10_000
EMPTY = "No deliveries yet. Start the listener, then identify or track a user, or answer a survey."
FILTERED = "No delivery contains this text."

KIND_WORDS = {
    Kind.SURVEY_COMPLETED: "Survey completed",
    Kind.SURVEY_PARTIAL: "Partial answer",
    Kind.SURVEY_SEEN: "Survey seen",
    Kind.SURVEY_DISMISSED: "Survey dismissed",
    Kind.SEGMENT_ENTERED: "Segment entered",
    Kind.TAG_ADDED: "Tag added",
    Kind.OTHER: "Other request",
}
COLUMNS = (
    Column[DeliveryRow]("Time", lambda row: row.received_at.astimezone().strftime("%H:%M:%S")),
    Column[DeliveryRow]("What", lambda row: KIND_WORDS[row.kind]),
    Column[DeliveryRow]("User", lambda row: row.gist.user),
    Column[DeliveryRow]("Survey or segments", lambda row: row.gist.subject),
    Column[DeliveryRow]("Score", lambda row: "" if row.gist.score is None else str(row.gist.score)),
    Column[DeliveryRow]("Verdict", lambda row: row.verdict.value),
    Column[DeliveryRow]("Bytes", lambda row: f"{row.size:,}", RIGHT),
)
WIDTHS = (72, 130, 100, 160, 54, 78, 56, 86)
SUBJECT, PASSED_ON = 3, len(COLUMNS)


class DeliveryList(DataTable):
    """Takes rows that were read and rows that arrive; no delivery is there twice.

    Signals: `delivery_chosen(id)`, None when no delivery is chosen any more.
    """

    delivery_chosen = Signal(object)

    def __init__(self, passed_on: PassedOn) -> None:
        passed = Column[DeliveryRow]("Passed on", lambda row: passed_on.word(row.id), RIGHT)
        self._rows = RecordTableModel[DeliveryRow]((*COLUMNS, passed), limit=SHOWN)
        super().__init__("webhooks.deliveries", "Deliveries", self._rows)
        self._chosen: int | None = None
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, width)
        self.horizontalHeader().setSectionResizeMode(SUBJECT, QHeaderView.ResizeMode.Stretch)
        self.setColumnHidden(PASSED_ON, True)
        self.set_empty_text(EMPTY)
        self.row_chosen.connect(self._on_row_chosen)

    def show_rows(self, read: Sequence[DeliveryRow], *, filtered: bool) -> None:
        """Show what was read; the chosen delivery stays chosen while it is there."""
        rows = list(read) if filtered else self._with_newer(read)
        if rows == [*(fresh := self._unknown_on_top(rows)), *self._rows.records][:SHOWN]:
            self._rows.prepend(fresh)
        else:
            self._rows.set_rows(rows)
        self._choose_again()
        self.set_empty_text(FILTERED if filtered else EMPTY)

    def add(self, arrived: Sequence[DeliveryRow]) -> None:
        """Put what arrived, oldest first, on top."""
        known = {row.id for row in self._rows.records}
        self._rows.prepend([row for row in reversed(arrived) if row.id not in known])

    def clear(self) -> None:
        """Show no delivery."""
        self._rows.set_rows([])
        self._choose_again()

    def renew(self) -> None:
        """Show no row until others are read; the chosen delivery stays chosen if it is there."""
        self._rows.set_rows([])

    def show_passed_on(self, delivery_id: int) -> None:
        """Show that something became known about where a delivery was passed on to."""
        self.setColumnHidden(PASSED_ON, False)
        place = self._place(delivery_id)
        if place is not None:
            self._rows.replace(place, self._rows.record(place))

    def _with_newer(self, read: Sequence[DeliveryRow]) -> list[DeliveryRow]:
        """Return also what has arrived while these were being read."""
        newest = read[0].id if read else 0
        return [*(row for row in self._rows.records if row.id > newest), *read][:SHOWN]

    def _unknown_on_top(self, rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
        known = {row.id for row in self._rows.records}
        return list(takewhile(lambda row: row.id not in known, rows))

    def _choose_again(self) -> None:
        place = None if self._chosen is None else self._place(self._chosen)
        if place is None:
            self._on_row_chosen(-1)
        elif place != self.currentIndex().row():
            self.selectRow(place)

    def _place(self, delivery_id: int) -> int | None:
        rows = enumerate(self._rows.records)
        return next((place for place, row in rows if row.id == delivery_id), None)

    def _on_row_chosen(self, row: int) -> None:
        chosen = self._rows.record(row).id if row >= 0 else None
        if chosen != self._chosen:
            self._chosen = chosen
            self.delivery_chosen.emit(chosen)
