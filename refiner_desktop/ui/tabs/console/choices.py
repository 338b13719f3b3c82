"""A list under a field, to take a value from while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.theme import SPACE

NARROWEST, WIDEST = 240, 560
MOST_SHOWN = 10
_VALUE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, and what a person knows it by."""

    value: str
    label: str = ""


class ChoiceList(QObject):
    """Opens under a line edit; Down and Enter, Tab or a click take an entry.

    Signals: `taken(value)`.
    """

    taken = Signal(str)

    def __init__(self, edit: QLineEdit, title: str) -> None:
        super().__init__(edit)
        self._edit = edit
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setAccessibleName(title)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(MOST_SHOWN)
        self._completer.setWidget(edit)
        self._completer.setPopup(self._list)
        self._completer.activated[QModelIndex].connect(  # type: ignore[index]
            lambda index: self.taken.emit(index.data(_VALUE))
        )

    @property
    def values(self) -> list[str]:
        """The values that are offered, while the list is open."""
        rows = range(self._model.rowCount()) if self._list.isVisible() else ()
        return [self._model.item(row).data(_VALUE) for row in rows]

    @property
    def choosing(self) -> bool:
        """Whether an entry is marked: Enter takes it and does nothing else."""
        return self._list.isVisible() and self._list.currentIndex().isValid()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show these, or nothing where there are none."""
        self._model.clear()
        for choice in choices:
            label = f"  ·  {one_line(choice.label)}" if choice.label else ""
            item = QStandardItem(one_line(choice.value) + label)
            item.setData(choice.value, _VALUE)
            self._model.appendRow(item)
        if not choices or not self._edit.hasFocus():
            self.close()
            return
        place = self._edit.cursorRect()
        wanted = self._list.sizeHintForColumn(0) + 4 * SPACE
        place.setWidth(min(max(wanted, NARROWEST), WIDEST))
        self._completer.complete(place)

    def close(self) -> None:
        """Take the list away."""
        self._list.hide()
