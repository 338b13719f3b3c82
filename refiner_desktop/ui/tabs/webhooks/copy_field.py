"""A text to be pasted elsewhere, with a button that copies it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from refiner_desktop.ui.styling import button
from refiner_desktop.ui.tabs.webhooks.elided_edit import ElidedEdit
from refiner_desktop.ui.theme import SPACE

SAID_MS = 1_500


class CopyField(QWidget):
    """Shows one line that cannot be changed. A `secret` one shows dots until it is to be seen.

    That it was copied is said on the button: a message might lie over the next thing to be copied.
    """

    def __init__(self, name: str, title: str, *, secret: bool = False) -> None:
        super().__init__()
        self._secret = secret
        self.edit = ElidedEdit(readOnly=True)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(title)
        self._show = _small("Show", f"{name}.show", f"Show {title}")
        self._show.setCheckable(True)
        self._copy = _small("Copied", f"{name}.copy", f"Copy {title}")
        self._copy.setMinimumWidth(self._copy.sizeHint().width())
        self._copy.setText("Copy")
        self._said = QTimer(self, singleShot=True, interval=SAID_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        row.addWidget(self.edit, 1)
        row.addWidget(self._show)
        row.addWidget(self._copy)
        self._show.setVisible(secret)  # before it was in here, it would be a window of its own
        self.setFocusProxy(self.edit)
        self._set_shown(not secret)
        self._show.toggled.connect(self._set_shown)
        self._copy.clicked.connect(self.copy)
        self._said.timeout.connect(lambda: self._copy.setText("Copy"))

    def set_text(self, text: str) -> None:
        """Show another text, from its beginning."""
        if text != self.edit.text():
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
            self.edit.setToolTip("" if self._secret else text)
        self._copy.setEnabled(bool(text))

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.edit.text())
        self._copy.setText("Copied")
        self._said.start()

    def _set_shown(self, shown: bool) -> None:
        modes = QLineEdit.EchoMode
        self.edit.setEchoMode(modes.Normal if shown else modes.Password)
        self.edit.setCursorPosition(0)
        self._show.setText("Hide" if shown else "Show")


def _small(text: str, name: str, title: str) -> QPushButton:
    made = button(text, name)
    made.setAccessibleName(title)
    made.setProperty("size", "small")
    return made
