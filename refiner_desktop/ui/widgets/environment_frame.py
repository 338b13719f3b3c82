"""The border around the window's content, in the colour of the environment in use."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

BORDER = 3


class EnvironmentFrame(QWidget):
    """Says at a glance, wherever one looks, which environment the window works on."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = QColor()
        self.setContentsMargins(BORDER, BORDER, BORDER, BORDER)

    def set_colour(self, colour: str) -> None:
        """Take an environment's colour; "" for none."""
        self._colour = QColor(colour)
        self.update()

    # Reimplemented Qt methods

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._colour.isValid():
            return
        painter = QPainter(self)
        pen = QPen(self._colour, BORDER * 2)  # half of it falls outside
        painter.setPen(pen)
        painter.drawRect(self.rect())
