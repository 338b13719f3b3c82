"""A table in which a person types keys and values, row after row, without leaving the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from refiner_desktop.ui.models.key_value_model import KeyValue, KeyValueModel
from refiner_desktop.ui.widgets.choice_delegate import ChoiceDelegate

ROW_HEIGHT = 32
KEY_WIDTH, TYPE_WIDTH = 170, 100
FEWEST_ROWS, MOST_ROWS = 1, 8


class KeyValueTable(QTableView):
    """Key-value rows with an optional type. Delete on a selected row removes it.

    Signals: `edited()` after every change.
    """

    edited = Signal()

    def __init__(
        self, name: str, label: str, types: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self._fits = False
        self._model = KeyValueModel(types, self)
        self.setModel(self._model)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(
            self._model.columnCount() - 1, QHeaderView.ResizeMode.Stretch
        )
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setColumnWidth(0, KEY_WIDTH)
        if types:
            self.setColumnWidth(1, TYPE_WIDTH)
            self.setItemDelegateForColumn(1, ChoiceDelegate(self._model.types, self))
        self._model.edited.connect(self.edited)

    def rows(self) -> tuple[KeyValue, ...]:
        """Return the rows in which something was typed."""
        return self._model.rows()

    def set_rows(self, rows: Sequence[KeyValue]) -> None:
        """Replace all rows."""
        self._model.set_rows(rows)

    def set_problems(self, problems: dict[int, str]) -> None:
        """Mark rows, counted as in `rows()`, with what is wrong with them."""
        self._model.set_problems(problems)

    def fit_to_rows(self) -> None:
        """Be as high as the rows need, within reason, now and whenever rows come or go."""
        self._fits = True
        for change in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            change.connect(self._fit)
        self._fit()

    def commit(self) -> None:
        """Take over what is still being typed into a cell."""
        if self.state() == QAbstractItemView.State.EditingState:
            self.setCurrentIndex(QModelIndex())

    def _fit(self) -> None:
        rows = min(max(self._model.rowCount(), FEWEST_ROWS), MOST_ROWS)
        header = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(header + rows * ROW_HEIGHT + 2 * self.frameWidth() + 1)

    # Reimplemented Qt methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fits:  # only now is the header as high as the style sheet makes it
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() == Qt.Key.Key_Delete and not editing and self.currentIndex().isValid():
            self._model.remove(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
