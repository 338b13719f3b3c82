"""A text to be pasted elsewhere, with a button that copies it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from refiner_desktop.ui.styling import button
from refiner_desktop.ui.theme import SPACE


class CopyField(QWidget):
    """Shows one line that cannot be changed. A `secret` one shows dots and is copied all the same.

    Signals: `copied(title)`.
    """

    copied = Signal(str)

    def __init__(self, name: str, title: str, *, secret: bool = False) -> None:
        super().__init__()
        self._title = title
        self.edit = QLineEdit(readOnly=True)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(title)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._copy = button("Copy", f"{name}.copy")
        self._copy.setAccessibleName(f"Copy {title}")
        self._copy.setProperty("size", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        row.addWidget(self.edit, 1)
        row.addWidget(self._copy)
        self.setFocusProxy(self.edit)
        self._copy.clicked.connect(self._on_copy_clicked)

    def set_text(self, text: str) -> None:
        """Show another text, from its beginning."""
        if text != self.edit.text():
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
        self._copy.setEnabled(bool(text))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.edit.text())
        self.copied.emit(self._title)
