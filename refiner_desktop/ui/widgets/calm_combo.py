"""A list that only a deliberate choice changes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

_STEPS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip


class CalmComboBox(QComboBox):
    """While it is closed, the wheel scrolls what is around it and a step opens it.

    For lists whose every choice does something: Qt's own takes the next entry at once.
    """

    # Reimplemented Qt methods

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = event.key() in _STEPS or (event.text().isprintable() and event.text().strip())
        if steps and not self.isEditable():
            self.showPopup()
        else:
            super().keyPressEvent(event)
