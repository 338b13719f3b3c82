"""Two parts of a page, placed by the room that there is."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.ui.theme import SPACE, scaled

ROOM = 1_080
"""From so many pixels on, both parts are wide enough beside each other."""

WIDEST = 680


class SideBySide(QWidget):
    """The second part stands beside the first where there is room, and below it elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._stacked = False
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE * 2)

    def add(self, *widgets: QWidget) -> None:
        """Add a part, its widgets below each other."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE * 2)
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        self._layout.addWidget(part)

    def stack(self, stacked: bool) -> None:
        """Keep the parts below each other, however much room there is."""
        self._stacked = stacked
        self._place()

    def _place(self) -> None:
        directions = QBoxLayout.Direction
        beside = self.width() >= scaled(ROOM) and not self._stacked
        self._layout.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        # A margin, since a box layout asks for heights as if no part had a greatest width.
        widest = scaled(WIDEST)
        widest = 2 * widest + self._layout.spacing() if beside else widest
        self._layout.setContentsMargins(0, 0, max(0, self.width() - widest), 0)

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
