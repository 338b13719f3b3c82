"""How Refiner comes to deliver here: a public URL, and what to fill in over there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from refiner_desktop.ui.tabs.webhooks.page_head import page_head
from refiner_desktop.ui.tabs.webhooks.public_card import PublicCard
from refiner_desktop.ui.tabs.webhooks.setup_card import SetupCard
from refiner_desktop.ui.theme import SPACE


class ReachPage(QWidget):
    """Takes the place of the list until it is closed. Signals: `closed()` on Esc too."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.public, self.setup = PublicCard(), SetupCard()
        head, close = page_head("From Refiner to this computer", "webhooks.reach.close")
        inner = QWidget()
        cards = QVBoxLayout(inner)
        cards.setContentsMargins(0, 0, SPACE, 0)
        cards.setSpacing(SPACE * 2)
        cards.addWidget(self.public)
        cards.addWidget(self.setup)
        cards.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setProperty("role", "page")
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        close.clicked.connect(self.closed)

    def show_public(self) -> None:
        """Bring the tunnel on the screen."""
        self._scroll.ensureWidgetVisible(self.public)
        self.public.focus()

    def show_setup(self) -> None:
        """Bring the four fields on the screen."""
        self._scroll.ensureWidgetVisible(self.setup)
        self.setup.focus()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
