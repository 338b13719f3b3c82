"""The runs of an environment, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal

from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.moments import exact, minute
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.data_table import DataTable

STARTED = Column[RunSummary](
    "Started", lambda run: minute(run.started_at), tooltip=lambda run: exact(run.started_at)
)
FILE = Column[RunSummary]("File", lambda run: Path(run.source).name, tooltip=words.run_title)
ACTION = Column[RunSummary]("Action", words.run_action)
WIDTHS = (136, 152, 96, 90)


class RunList(DataTable):
    """Runs with what they have come to. Signals: `run_chosen(id)`, None for none."""

    run_chosen = Signal(object)

    def __init__(self) -> None:
        self._under_way: int | None = None
        result = Column[RunSummary]("Result", self._result)
        self._runs = RecordTableModel[RunSummary]((STARTED, result, FILE, ACTION))
        super().__init__("bulk.runs", "Runs", self._runs)
        self._runs.setParent(self)
        self._chosen: int | None = None
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, scaled(width))
        self.horizontalHeader().setStretchLastSection(True)
        self.forget()
        self.row_chosen.connect(self._on_row_chosen)

    def chosen(self) -> RunSummary | None:
        """Return the run that is chosen."""
        return self._find(self._chosen)

    def runs(self) -> Sequence[RunSummary]:
        """Return all that are shown, newest first."""
        return self._runs.records

    def _find(self, run: int | None) -> RunSummary | None:
        return next((each for each in self.runs() if each.id == run), None)

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show these; the chosen one stays chosen while it is there."""
        self.set_empty_text(words.NO_RUNS)
        if [each.id for each in runs] == [each.id for each in self._runs.records]:
            for row, each in enumerate(runs):
                self._runs.replace(row, each)
            return
        self.blockSignals(True)
        self._runs.set_rows(runs)
        self.blockSignals(False)
        self.choose(self._chosen)

    def forget(self) -> None:
        """Show no runs, and say that others are being read."""
        self.show_runs(())
        self.set_empty_text(words.READING_RUNS)

    def show_under_way(self, run: int | None) -> None:
        """Say which run is being sent now."""
        self._under_way = run

    def choose(self, run: int | None) -> None:
        """Choose a run, or none."""
        rows = (row for row, each in enumerate(self._runs.records) if each.id == run)
        place = next(rows, None)
        if place is None:
            self.setCurrentIndex(QModelIndex())  # else a click on the same row would change nothing
            self.clearSelection()
            self._take(None)
        else:
            self.selectRow(place)
            self._take(run)

    def _result(self, run: RunSummary) -> str:
        return words.run_counts(run, under_way=run.id == self._under_way)

    def _on_row_chosen(self, row: int) -> None:
        self._take(self._runs.record(row).id if row >= 0 else None)

    def _take(self, run: int | None) -> None:
        if run != self._chosen:
            self._chosen = run
            self.run_chosen.emit(run)
