"""The mark in an environment's colour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

SIZE = 14
SHARPNESS = 3
"""Drawn so many times larger, the circle is round on every screen."""


def dot(colour: str) -> QIcon:
    """Return a filled circle."""
    pixmap = QPixmap(SIZE * SHARPNESS, SIZE * SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(pixmap.rect())
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # a selected line must not tint it
    return icon
