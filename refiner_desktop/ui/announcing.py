"""What a screen reader says without being asked."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLabel, QWidget


def announce(about: QObject, text: str, *, urgent: bool = False) -> None:
    """Have a sentence read aloud; an urgent one interrupts what is being read."""
    if not text or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(about, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


def tell(status: QLabel, text: str, *, urgent: bool = False, asked: bool = False) -> None:
    """Show a sentence, and have it read aloud where it is news and in front.

    What a person `asked` for is read wherever that person is by now.
    """
    is_news = status.text() != text
    status.setText(text)
    if is_news and (asked or status.isVisible()):
        announce(status, text, urgent=urgent)


class CurrentRow(QObject):
    """Has the current row read wherever the keyboard comes to rows.

    Qt tells of the table last, and where there was a current row before, of nothing else.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractItemView) and QAccessible.isActive():
            _name_list(now)
            QTimer.singleShot(0, now, lambda: _read_current(now))


def _name_list(view: QAbstractItemView) -> None:
    """Give the list that drops from a field the field's name: Qt gives it none."""
    field = view.window().parentWidget()
    if isinstance(field, QComboBox) and not view.accessibleName():
        view.setAccessibleName(field.accessibleName())


def _read_current(view: QAbstractItemView) -> None:
    rows = QAccessible.queryAccessibleInterface(view)
    current = rows.focusChild() if view.hasFocus() and view.currentIndex().isValid() else None
    if current is not None and rows.indexOfChild(current) >= 0:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(rows.indexOfChild(current))
        QAccessible.updateAccessibility(event)
