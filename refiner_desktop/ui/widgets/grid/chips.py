"""The conditions on columns as chips: each a sentence that can be edited, switched off, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition
from refiner_desktop.services.rows.view import FilterChip
from refiner_desktop.ui.models.cell_text import tool_tip
from refiner_desktop.ui.styling import button, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.flow_layout import FlowLayout
from refiner_desktop.ui.widgets.grid.condition_words import column_of, sentence

MOST_LINES = 3
"""More lines than this scroll: the rows need the room."""

GAP = 6
KEYS = "Left and Right move it, Delete removes it"
LONGEST = 60
"""Characters of the sentence on a chip; the tool tip has them all."""


class Chip(QFrame):
    """One condition. Space switches it, Enter edits, Delete removes, arrows go to its neighbours.

    Signals: `switched(on)`, `edit_requested()`, `remove_requested()`, `move_requested(step)`.
    """

    switched = Signal(bool)
    edit_requested = Signal()
    remove_requested = Signal()
    move_requested = Signal(int)

    def __init__(self, chip: FilterChip, column: Column, *, missing: bool) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.chip = chip
        self._check = QCheckBox()
        self._check.setChecked(chip.on)
        self.text_button = button("", role="chip")
        self._remove_button = button("×", role="chip")
        self._remove_button.setProperty("part", "remove")
        self._missing = missing
        self._text = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE, 0, SPACE // 4, 0)
        layout.setSpacing(SPACE // 4)
        self.parts: tuple[QWidget, ...] = (self._check, self.text_button, self._remove_button)
        for part in self.parts:
            layout.addWidget(part)
            part.installEventFilter(self)
        self.show_chip(chip, column, missing=missing)
        self._check.toggled.connect(self._on_toggled)
        self.text_button.clicked.connect(self.edit_requested)
        self._remove_button.clicked.connect(self.remove_requested)

    def show_chip(self, chip: FilterChip, column: Column, *, missing: bool) -> None:
        """Say this condition from now on; `missing` when no row has its column."""
        self.chip, self._missing = chip, missing
        self._text = sentence(chip.condition, column)
        short = self._text if len(self._text) <= LONGEST else self._text[:LONGEST] + "…"
        self.text_button.setText(short.replace("&", "&&"))
        self._check.blockSignals(True)
        self._check.setChecked(chip.on)
        self._check.blockSignals(False)
        self._check.setAccessibleName(f"Use the filter: {self._text}")
        self.text_button.setAccessibleName(f"Edit the filter: {self._text}")
        self._remove_button.setAccessibleName(f"Remove the filter: {self._text}")
        self._check.setToolTip("Switch the filter on or off")
        self._remove_button.setToolTip("Remove the filter (Delete)")
        self.show_mistake("")

    def show_mistake(self, mistake: str) -> None:
        """Mark the chip and say why in its tool tip; "" takes the mark away."""
        state = "wrong" if mistake else ("on" if self.chip.on else "off")
        for part in (self, self.text_button):
            restyle(part, "state", state)
        note = "\nNo loaded row has this column." if self._missing else ""
        self.text_button.setToolTip(tool_tip(f"{mistake or self._text}{note}"))
        # Without one, Qt would have the tool tip read in its place, markup and all.
        self.text_button.setAccessibleDescription(f"{mistake}{note}".strip() or KEYS)

    def take_focus(self) -> None:
        """Put the focus on the sentence."""
        self.text_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_toggled(self, on: bool) -> None:
        self.chip = FilterChip(self.chip.condition, on)
        self.show_mistake("")
        self.switched.emit(on)

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(watched, event)
        return super().eventFilter(watched, event)

    def _on_key(self, watched: QObject, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.remove_requested.emit()
            case Qt.Key.Key_Left:
                self.move_requested.emit(-1)
            case Qt.Key.Key_Right:
                self.move_requested.emit(1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if isinstance(watched, QPushButton):
                watched.click()
            case Qt.Key.Key_Space if watched is self.text_button:
                self._check.toggle()
            case _:
                return False
        return True


class ChipRow(QScrollArea):
    """All chips, in as many lines as they need; without a chip it takes no room at all.

    Signals: `changed()` when chips were switched or removed by hand; `edit_requested(place)`;
    `emptied()` when the last one was removed while it had the focus.
    """

    changed = Signal()
    edit_requested = Signal(int)
    emptied = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}.chips")
        self.setAccessibleName("Filters on columns")
        self.setProperty("role", "chips")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._chips: list[Chip] = []
        self._columns: Mapping[str, Column] = {}
        self._inside = QWidget()
        self._flow = FlowLayout(self._inside, GAP)
        self._clear_button = button("Clear all", f"{name}.chips.clear", role="chip")
        self._clear_button.setProperty("part", "clear")
        self._clear_button.setAccessibleName("Remove all filters on columns")
        self._clear_button.clicked.connect(self._on_clear)
        self._flow.addWidget(self._clear_button)
        self.setWidget(self._inside)
        self._settle()

    def chips(self) -> tuple[FilterChip, ...]:
        """Return the conditions from left to right."""
        return tuple(each.chip for each in self._chips)

    def set_chips(self, chips: Sequence[FilterChip]) -> None:
        """Show these conditions in place of those that are here."""
        for each in self._chips[len(chips) :]:
            self._drop(each)
        for place, chip in enumerate(chips):
            if place < len(self._chips):
                self._show(self._chips[place], chip)
            else:
                self._append(chip)
        self._settle()

    def set_columns(self, columns: Mapping[str, Column]) -> None:
        """Name and read the conditions by these columns."""
        self._columns = columns
        for each in self._chips:
            self._show(each, each.chip)
        self._settle()

    def put(self, condition: Condition, place: int | None = None) -> None:
        """Add a condition, switched on, or put it in the place of another."""
        chips = list(self.chips())
        at = len(chips) if place is None else place
        chips[at : at + 1] = [FilterChip(condition)]
        self.set_chips(chips)
        self.ensureWidgetVisible(self._chips[at])

    def widget_at(self, place: int) -> QWidget:
        """Return the chip at a place."""
        return self._chips[place]

    def show_mistake(self, key: str | None, mistake: str) -> bool:
        """Mark the chips of a column that are on and take all other marks away; say if any is."""
        meant = [each for each in self._chips if each.chip.on and each.chip.condition.key == key]
        for each in self._chips:
            each.show_mistake(mistake if each in meant else "")
        return bool(meant)

    def _append(self, shown: FilterChip) -> None:
        key = shown.condition.key
        chip = Chip(shown, column_of(key, self._columns), missing=self._is_missing(key))
        chip.switched.connect(self.changed)
        chip.edit_requested.connect(lambda: self.edit_requested.emit(self._chips.index(chip)))
        chip.remove_requested.connect(lambda: self._on_remove(chip))
        chip.move_requested.connect(lambda step: self._on_move(chip, step))
        self._flow.insert_widget(len(self._chips), chip)
        self._chips.append(chip)
        # The button is where the chips belong among all that Tab reaches: each comes before it.
        for before, after in pairwise((self._clear_button, *chip.parts, self._clear_button)):
            self.setTabOrder(before, after)
        chip.show()

    def _show(self, chip: Chip, shown: FilterChip) -> None:
        key = shown.condition.key
        chip.show_chip(shown, column_of(key, self._columns), missing=self._is_missing(key))

    def _is_missing(self, key: str) -> bool:
        return bool(self._columns) and key not in self._columns

    def _drop(self, chip: Chip) -> None:
        self._chips.remove(chip)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _settle(self) -> None:
        """Take as much room as the lines need."""
        self._clear_button.setVisible(len(self._chips) > 1)
        self.setVisible(bool(self._chips))
        self._flow.invalidate()
        needed = self._flow.heightForWidth(self.viewport().width())
        line = self._flow.minimumSize().height()
        # Half a line more, so that one sees that it goes on.
        most = MOST_LINES * (line + GAP) + line // 2
        self.setFixedHeight(min(needed, most))

    def _on_remove(self, chip: Chip) -> None:
        focused = QApplication.focusWidget() in chip.findChildren(QWidget)
        place = self._chips.index(chip)
        self._drop(chip)
        self._settle()
        if focused and self._chips:
            self._chips[min(place, len(self._chips) - 1)].take_focus()
        elif focused:
            self.emptied.emit()
        self.changed.emit()

    def _on_clear(self) -> None:
        self.set_chips(())
        self.emptied.emit()
        self.changed.emit()

    def _on_move(self, chip: Chip, step: int) -> None:
        place = self._chips.index(chip) + step
        if 0 <= place < len(self._chips):
            self._chips[place].take_focus()
            self.ensureWidgetVisible(self._chips[place])

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()
