"""The table in which a person says what each column is."""

from __future__ import annotations

from collections.abc import Mapping as Map
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QLineEdit,
    QStyledItemDelegate,
    QWidget,
)

from refiner_desktop.services.bulk.mapping import BulkAction, Mapping, Meaning, meanings_of
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.source import Source
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.mapping_model import TRAITS, MappingModel, Place
from refiner_desktop.ui.theme import FIELD_HEIGHT, scaled
from refiner_desktop.ui.widgets.choice_delegate import ChoiceDelegate
from refiner_desktop.ui.widgets.data_table import DataTable

WIDTHS = {Place.COLUMN: 190, Place.MEANING: 130, Place.KEY: 190, Place.TYPE: 110}


class MappingTable(DataTable):
    """One row a column of the file, then the fixed values; Delete removes one of these.

    Letters find a column by its name, Enter or F2 edits. Signals: `edited()` when a person chose
    something else.
    """

    edited = Signal()

    def __init__(self, name: str, title: str) -> None:
        self._model = MappingModel()
        super().__init__(name, title, self._model)
        self._model.setParent(self)
        self._keys = _KeyDelegate(self)
        self._meanings: _OpenChoice | None = None
        self._set_up_editing()
        self.setItemDelegateForColumn(Place.KEY, self._keys)
        types = [each.value for each in TraitType]
        self.setItemDelegateForColumn(Place.TYPE, _OpenChoice(types, self))
        self.offer(BulkAction.IDENTIFY)
        self._model.edited.connect(self.edited)
        self.clicked.connect(self._edit)

    @property
    def mapping(self) -> Mapping:
        """What is chosen."""
        return self._model.mapping

    def show_mapping(self, source: Source, mapping: Mapping) -> None:
        """Show the columns of a file with these meanings."""
        self._model.show_mapping(source, mapping)

    def show_none(self) -> None:
        """Show no columns."""
        self._model.show_none()

    def set_known(self, known: Map[str, TraitType]) -> None:
        """Complete the names of traits from these."""
        self._model.set_known(known)
        self._keys.known = sorted(known)

    def set_blank_empty(self, blank: bool) -> None:
        """Say whether an empty cell blanks its trait."""
        self._model.blank_empty(blank)

    def set_leave_out_unreadable(self, leave_out: bool) -> None:
        """Say whether a row is sent without its unreadable values, or skipped."""
        self._model.leave_out_unreadable(leave_out)

    def offer(self, action: BulkAction) -> None:
        """Offer what a column can be when this is done with each row."""
        if self._meanings is not None:
            self._meanings.deleteLater()
        self._meanings = _OpenChoice([each.value for each in meanings_of(action)], self)
        self.setItemDelegateForColumn(Place.MEANING, self._meanings)

    def add_fixed(self, meaning: Meaning) -> None:
        """Add a value for every row, and begin to type it."""
        row = self._model.add_fixed(meaning)
        index = self._model.index(row, Place.KEY if meaning in TRAITS else Place.VALUE)
        self.scrollTo(index)
        self.setCurrentIndex(index)
        self.setFocus()
        self.edit(index)

    def remove_fixed(self) -> None:
        """Take the fixed value of the current row away."""
        self._model.remove_fixed(self.currentIndex().row())

    def ignore_traits(self) -> None:
        """Ignore every column that is a trait."""
        self._model.ignore_others()

    def on_fixed(self) -> bool:
        """Whether the current row is a fixed value."""
        index = self.currentIndex()
        return index.isValid() and self._model.is_fixed(index.row())

    def commit(self) -> None:
        """Take over what is still being typed into a cell."""
        if self.state() == QAbstractItemView.State.EditingState:
            index = self.currentIndex()
            self.setCurrentIndex(QModelIndex())
            self.setCurrentIndex(index)

    def _set_up_editing(self) -> None:
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AllEditTriggers & ~triggers.CurrentChanged)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().setDefaultSectionSize(scaled(FIELD_HEIGHT))
        self.horizontalHeader().setSectionsMovable(False)
        self.horizontalHeader().setStretchLastSection(True)
        for place, width in WIDTHS.items():
            self.setColumnWidth(place, scaled(width))
        self.set_empty_text(words.NO_COLUMNS)

    def _edit(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    # Reimplemented Qt methods

    def keyboardSearch(self, search: str) -> None:
        """Find a column from its own place: a letter meant for a cell that takes none is lost."""
        if self.currentIndex().column() == Place.COLUMN:
            super().keyboardSearch(search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() == Qt.Key.Key_Delete and not editing and self.on_fixed():
            self.remove_fixed()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
            self._edit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _OpenChoice(ChoiceDelegate):
    """Shows the list at once, and leaves with the choice."""

    # Reimplemented Qt methods

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        combo = super().createEditor(parent, option, index)
        assert isinstance(combo, QComboBox)
        combo.activated.connect(lambda: self.closeEditor.emit(combo))
        QTimer.singleShot(0, combo, combo.showPopup)
        return combo


class _KeyDelegate(QStyledItemDelegate):
    """Completes a trait's name from those that the environment has."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.known: list[str] = []

    # Reimplemented Qt methods

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        edit = QLineEdit(parent)
        completer = QCompleter(self.known, edit)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        edit.setCompleter(completer)
        return edit
