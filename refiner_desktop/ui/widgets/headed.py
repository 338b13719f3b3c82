"""A part of a page below its heading."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.ui.theme import SPACE


def headed(body: QWidget, *head: QWidget) -> QWidget:
    """Return a widget below a line of others, of which the first takes the room."""
    line = QHBoxLayout()
    line.setSpacing(SPACE)
    for place, each in enumerate(head):
        line.addWidget(each, int(place == 0))
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, SPACE, 0, 0)
    layout.setSpacing(SPACE)
    layout.addLayout(line)
    layout.addWidget(body, 1)
    return part
