"""A key on the clipboard: deliberately, and not for long."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from refiner_desktop.secret import Secret

SECONDS = 60


class KeyClipboard(QObject):
    """Lends a key to the clipboard for a minute; what was copied since then stays."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lent = Secret("")
        self._timer = QTimer(self, singleShot=True, interval=SECONDS * 1_000)
        self._timer.timeout.connect(self.take_back)

    def lend(self, key: Secret) -> None:
        """Put the key on the clipboard."""
        self._lent = key
        QGuiApplication.clipboard().setText(key.reveal())
        self._timer.start()

    def take_back(self) -> None:
        """Clear the clipboard if the key is still on it."""
        clipboard = QGuiApplication.clipboard()
        if self._lent and clipboard.text() == self._lent.reveal():
            clipboard.clear()
        self._lent = Secret("")
