"""A small window beside what it is about, such as a menu that holds more than commands."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

GAP = 4
"""Between the popover and what it is about, in pixels."""


class Popover(QFrame):
    """Opens below a widget or at a point; Esc or a click elsewhere closes it.

    It stays within the window where that has the room, and on the screen in any case.

    Signals: `closed()`.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, name: str, title: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("role", "popover")
        self._about = QRect()

    def open_at(self, at: QWidget | QPoint) -> None:
        """Show it below a widget, or at a point of the screen."""
        self._about = _place_of(at)
        self.adjustSize()
        self._settle()
        self.show()

    def _settle(self) -> None:
        screen = QGuiApplication.screenAt(self._about.center()) or self.screen()
        room = screen.availableGeometry()
        top = self._about.bottom() + GAP
        if top + self.height() > room.bottom():
            top = max(self._about.top() - GAP - self.height(), room.top())
        owner = self.parentWidget() or self
        window = owner.window().geometry().intersected(room)
        right = window.right() if window.width() > self.width() else room.right()
        left = min(self._about.left(), right + 1 - self.width())
        self.move(max(left, room.left()), top)

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()


def _place_of(at: QWidget | QPoint) -> QRect:
    if isinstance(at, QWidget):
        return QRect(at.mapToGlobal(QPoint(0, 0)), at.size())
    return QRect(at.x(), at.y(), 1, 1)
