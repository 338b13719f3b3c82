"""How the application is: versions, places, counts, and the end of its log."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from refiner_desktop.services.support.diagnostics import Fact, Findings
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.support.support_dialog import SupportDialog
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

SENTENCE = (
    "What somebody who helps you will ask for. API keys, tokens and e-mail addresses are blanked."
)
COLUMNS = (
    Column[Fact]("Part", lambda fact: fact.part),
    Column[Fact]("What", lambda fact: fact.name),
    Column[Fact]("Value", lambda fact: fact.value),
)
WIDTHS = (90, 220)
LOG = "The last lines of the log"


class DiagnosticsDialog(SupportDialog):
    """Says that it reads, until `show_findings` brings what was found out."""

    def __init__(self, parent: QWidget, folder: Path) -> None:
        super().__init__(parent, "Diagnostics", SENTENCE, folder)
        self._model = RecordTableModel[Fact](COLUMNS, parent=self)
        self._table = DataTable("diagnostics.facts", "Diagnostics", self._model)
        self._log = text_pane("diagnostics.log", LOG, "Reading the log…")
        self._lay_out()
        self.set_whole("")

    def show_findings(self, findings: Findings) -> None:
        """Show everything, the end of the log in sight."""
        self._model.set_rows(findings.facts)
        self._log.view.set_placeholder("Nothing was logged yet.")
        self._log.view.set_text("\n".join(findings.log))
        self._log.view.go_to_line(len(findings.log))
        self.set_whole(findings.text)

    def show_failure(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self._table.set_empty_text(sentence)
        self._log.view.set_placeholder(sentence)

    def _lay_out(self) -> None:
        self._table.set_empty_text("Reading versions, places and counts…")
        header = self._table.horizontalHeader()
        for place, width in enumerate(WIDTHS):
            header.resizeSection(place, scaled(width))
        header.setStretchLastSection(True)
        for part, share in ((self._table, 3), (label(LOG, "muted"), 0), (self._log, 2)):
            self.content.addWidget(part, share)
        self._table.setFocus()
