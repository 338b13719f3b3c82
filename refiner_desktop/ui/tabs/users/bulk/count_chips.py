"""How many there are of each kind, and a filter by it: press one or several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.widgets.flow_layout import FlowLayout

GAP = 6

Kind = TypeVar("Kind", bound=StrEnum)


class CountChips(QWidget, Generic[Kind]):
    """One button a kind; kinds that do not occur are hidden. Signals: `changed()`."""

    changed = Signal()

    def __init__(self, name: str, title: str, kinds: Mapping[Kind, str]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._titles = dict(kinds)
        self._buttons: dict[Kind, QPushButton] = {}
        layout = FlowLayout(self, GAP)
        for kind, words in kinds.items():
            made = button(words, f"{name}.{kind.value}", role="count")
            made.setCheckable(True)
            made.hide()
            made.toggled.connect(self.changed)
            layout.addWidget(made)
            self._buttons[kind] = made

    def chosen(self) -> frozenset[Kind]:
        """Return the kinds that are pressed; none means all."""
        return frozenset(kind for kind, each in self._buttons.items() if each.isChecked())

    def choose(self, kinds: Iterable[Kind]) -> None:
        """Press these and no others, and say so once."""
        wanted = frozenset(kinds)
        if wanted == self.chosen():
            return
        for kind, each in self._buttons.items():
            each.blockSignals(True)
            each.setChecked(kind in wanted)
            each.blockSignals(False)
        self.changed.emit()

    def name(self, kind: Kind, title: str) -> None:
        """Call a kind something else from the next counts on."""
        self._titles[kind] = title

    def show_counts(self, counts: Mapping[Kind, int]) -> None:
        """Say how many there are; one that is pressed stays, even at none."""
        for kind, each in self._buttons.items():
            count = counts.get(kind, 0)
            each.setText(f"{self._titles[kind]} {number(count)}")
            each.setVisible(count > 0 or each.isChecked())
