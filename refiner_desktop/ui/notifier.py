"""Announcements on the desktop, where it takes them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

SHOWN_MS = 6_000


class Notifier(QObject):
    """Says something while the window of a widget is not in front.

    Signals: `clicked()` when a person clicks on what was said.
    """

    clicked = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._tray: QSystemTrayIcon | None = None

    @property
    def available(self) -> bool:
        """Whether the desktop has a place for announcements."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def switch(self, on: bool) -> None:
        """Take a place on the desktop, or give it back."""
        if on and self._tray is None and self.available:
            self._tray = QSystemTrayIcon(self._icon(), self)
            self._tray.setToolTip("Refiner Desktop")
            self._tray.messageClicked.connect(self.clicked)
            self._tray.activated.connect(lambda _reason: self.clicked.emit())
            self._tray.show()
        elif not on and self._tray is not None:
            self._tray.hide()
            self._tray.deleteLater()
            self._tray = None

    def say(self, title: str, text: str) -> None:
        """Announce something, unless the person is looking at the window anyway."""
        if self._tray is None or self._widget.isActiveWindow():
            return
        self._tray.showMessage(title, text, self._icon(), SHOWN_MS)
        QApplication.alert(self._widget.window())

    def _icon(self) -> QIcon:
        return self._widget.window().windowIcon()
