"""Buttons that Enter presses like Space, wherever they stand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton


class PushButton(QPushButton):
    """A button that Enter presses. Qt lets it only where it could be a dialog's default."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _pressed(self, event):
            super().keyPressEvent(event)


class ToolButton(QToolButton):
    """A tool button that Enter presses, or whose menu it opens."""

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _pressed(self, event):
            super().keyPressEvent(event)


def _pressed(button: QAbstractButton, event: QKeyEvent) -> bool:
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if not (enter and plain) or event.isAutoRepeat():
        return False
    button.click()
    return True
