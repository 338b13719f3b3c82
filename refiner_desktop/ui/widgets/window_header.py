"""The row at the top of the window: environment, room for messages, search."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from refiner_desktop.ui.resources import logo
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.theme import BADGE, SPACE, scaled

NARROW = 900
"""Below this width messages need the room that the words of the search would take."""

SEARCH = "Search actions"


class WindowHeader(QFrame):
    """Holds the `switch` of environments and the `room` that is kept free for messages."""

    def __init__(self, switch: QWidget, room: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self._keys = ""
        self.search = button("", icon="mdi6.magnify")
        self.search.setAccessibleName(SEARCH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.setSpacing(SPACE)
        mark = QLabel()
        mark.setPixmap(logo().pixmap(BADGE, BADGE))
        layout.addWidget(mark)
        layout.addWidget(switch)
        layout.addWidget(room, 1)
        layout.addWidget(self.search)

    def show_keys(self, keys: str) -> None:
        """Say which keys open the search."""
        self._keys = keys
        self._name_search()

    def _name_search(self) -> None:
        narrow = self.width() < scaled(NARROW)
        self.search.setText(self._keys if narrow else f"{SEARCH}   {self._keys}".rstrip())

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_search()
