"""The offer to look around without an account."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from refiner_desktop.ui.styling import button, card, label
from refiner_desktop.ui.theme import SPACE

WHAT_IT_IS = (
    "A stand-in for Refiner runs on this computer, with made-up contacts, surveys and webhooks. "
    "It is gone when you quit."
)


class SandboxCard(QFrame):
    """Signals: `requested()`."""

    requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        frame = card()
        row = QHBoxLayout(frame)
        row.setContentsMargins(SPACE * 3, SPACE, SPACE * 3, SPACE)
        row.setSpacing(SPACE * 2)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        words.addWidget(label("No account at hand?", "heading"))
        words.addWidget(label(WHAT_IT_IS, "muted", wrap=True))
        row.addLayout(words, 1)
        self._try_button = button("Try it without an account", "connection.try")
        row.addWidget(self._try_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._try_button.clicked.connect(self.requested)
