"""What each column of a file means, with samples beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from refiner_desktop.services.bulk_plan import Meaning
from refiner_desktop.services.bulk_source import Source
from refiner_desktop.ui.widgets.data_table import ROW_HEIGHT

SHOWN_SAMPLES = 3


class MappingTable(QTableWidget):
    """One row a column of the file: its name, a choice of meanings, and what its cells look like.

    Signals: `edited()` when a person chose another meaning.
    """

    edited = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setHorizontalHeaderLabels(["Column", "Meaning", "Samples"])
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT + 4)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setWordWrap(False)
        self.setColumnWidth(1, 150)

    def show_source(self, source: Source, meanings: Sequence[Meaning]) -> None:
        """Show the columns of a file with these meanings chosen."""
        self.setRowCount(0)
        self.setRowCount(len(source.columns))
        for row, (name, meaning) in enumerate(zip(source.columns, meanings, strict=True)):
            self.setItem(row, 0, QTableWidgetItem(name))
            self.setCellWidget(row, 1, self._choice(name, meaning))
            samples = [cells[row] for cells in source.samples[:SHOWN_SAMPLES] if cells[row]]
            self.setItem(row, 2, QTableWidgetItem(", ".join(samples)))

    def meanings(self) -> tuple[Meaning, ...]:
        """Return the chosen meaning of every column."""
        chosen = (self.cellWidget(row, 1) for row in range(self.rowCount()))
        return tuple(
            Meaning(combo.currentData()) for combo in chosen if isinstance(combo, QComboBox)
        )

    def _choice(self, column: str, meaning: Meaning) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(f"Meaning of {column}")
        for each in Meaning:
            combo.addItem(each.value, each)
        combo.setCurrentText(meaning.value)
        combo.activated.connect(self.edited)
        return combo
