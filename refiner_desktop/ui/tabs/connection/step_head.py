"""A numbered step of the first start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import BADGE, SPACE, scaled


class StepHead(QWidget):
    """Number, title and a sentence; what the step asks for stands below it."""

    def __init__(self, number: int, title: str, hint: str) -> None:
        super().__init__()
        badge = label(str(number), "badge")
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setFixedSize(scaled(BADGE), scaled(BADGE))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, SPACE, 0, 0)
        grid.setHorizontalSpacing(SPACE + SPACE // 2)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(badge, 0, 0)
        grid.addWidget(label(title, "heading"), 0, 1)
        grid.addWidget(label(hint, "muted", wrap=True), 1, 1)
