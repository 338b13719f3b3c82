"""A row of colours to tell environments apart."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from refiner_desktop.settings.settings import COLOURS
from refiner_desktop.ui.dots import dot
from refiner_desktop.ui.theme import SPACE


class ColourRow(QWidget):
    """One button a colour, one of them pressed; arrow keys go from one to the next.

    Signals: `chosen()`.
    """

    chosen = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Colour")
        self._other = next(iter(COLOURS.values()))
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        for title, colour in COLOURS.items():
            row.addWidget(self._button(title, colour))
        row.addStretch(1)
        self._buttons.idClicked.connect(lambda _: self.chosen.emit())

    def colour(self) -> str:
        """Return the colour that is pressed."""
        pressed = self._buttons.checkedButton()
        return str(pressed.property("colour")) if pressed else self._other

    def set_colour(self, colour: str) -> None:
        """Press a colour; one that is not here, from an older version, stays until another is."""
        self._other = colour
        self._buttons.setExclusive(False)
        for each in self._buttons.buttons():
            each.setChecked(each.property("colour") == colour)
        self._buttons.setExclusive(True)
        self._let_tab_reach_the_pressed_one()

    def _let_tab_reach_the_pressed_one(self) -> None:
        """Qt does so only once one of them had the focus."""
        buttons = self._buttons.buttons()
        reached = self._buttons.checkedButton() or buttons[0]
        for each in buttons:
            policy = Qt.FocusPolicy.TabFocus if each is reached else Qt.FocusPolicy.NoFocus
            each.setFocusPolicy(policy)

    def _button(self, title: str, colour: str) -> QToolButton:
        made = QToolButton()
        made.setCheckable(True)
        made.setIcon(dot(colour))
        made.setProperty("role", "swatch")
        made.setProperty("colour", colour)
        made.setAccessibleName(title)
        made.setToolTip(title)
        made.setAccessibleDescription("Colour")  # or else the tool tip repeats the name
        self._buttons.addButton(made)
        return made
