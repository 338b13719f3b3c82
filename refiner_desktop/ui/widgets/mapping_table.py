"""What each column of a file means, with samples beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from refiner_desktop.services.bulk_plan import Meaning
from refiner_desktop.services.bulk_source import Source
from refiner_desktop.ui.models.mapping_model import MEANING, MappingModel
from refiner_desktop.ui.widgets.choice_delegate import ChoiceDelegate
from refiner_desktop.ui.widgets.data_table import ROW_HEIGHT


class MappingTable(QTableView):
    """One row a column of the file: its name, a choice of meanings, and what its cells look like.

    Signals: `edited()` when a person chose another meaning.
    """

    edited = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._model = MappingModel(self)
        self.setModel(self._model)
        self.setItemDelegateForColumn(
            MEANING, ChoiceDelegate([each.value for each in Meaning], self)
        )
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT + 4)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setColumnWidth(MEANING, 150)
        self._model.edited.connect(self.edited)

    def show_source(self, source: Source, meanings: Sequence[Meaning]) -> None:
        """Show the columns of a file with these meanings chosen."""
        self._model.show_source(source, meanings)

    def meanings(self) -> tuple[Meaning, ...]:
        """Return the chosen meaning of every column."""
        return self._model.meanings
