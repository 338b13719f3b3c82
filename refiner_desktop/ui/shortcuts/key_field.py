"""The field that takes the keys that are pressed in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLineEdit

_ERASING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class KeyField(QKeySequenceEdit):
    """One stroke of keys. Tab leaves it, Esc leaves it too, Backspace takes the keys away.

    Signals: `chosen(keys)` when a person pressed some; `left()` by Esc.
    """

    chosen = Signal(QKeySequence)
    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaximumSequenceLength(1)
        self._line = self.findChild(QLineEdit)
        self.editingFinished.connect(lambda: self.chosen.emit(self.keySequence()))

    def set_title(self, title: str) -> None:
        """Say whose keys these are."""
        for each in filter(None, (self, self._line)):
            each.setAccessibleName(title)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
        )  # fmt: skip
        if plain and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif plain and event.key() in _ERASING:
            self.chosen.emit(QKeySequence())
        else:
            super().keyPressEvent(event)
