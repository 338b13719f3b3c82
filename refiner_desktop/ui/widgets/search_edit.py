"""A field to search in what is around it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class SearchEdit(QLineEdit):
    """Esc takes the words away; with none, it is left to whoever is around."""

    def __init__(self, name: str, title: str, hint: str = "") -> None:
        super().__init__(placeholderText=hint or title, clearButtonEnabled=True)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint or "Esc clears it")  # or else the title comes twice

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
