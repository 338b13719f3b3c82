"""The line edits that open in the cells of a key-value table."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractListModel, QDate, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QToolButton, QWidget
from shiboken6 import isValid

from refiner_desktop.datasets.values import parse_iso_date
from refiner_desktop.ui.models.indexes import ROOT, Index
from refiner_desktop.ui.widgets.calendar import Calendar

BUTTON_WIDTH = 24
MIDNIGHT = "00:00"
_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class KeyEdit(QLineEdit):
    """Completes a key from those that are known, each listed with its type.

    Signals: `completed()` when a person took one from the list.
    """

    completed = Signal()

    def __init__(self, known: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        completer = QCompleter(_KnownKeys(known, self), self)
        completer.setCompletionRole(Qt.ItemDataRole.EditRole)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        popup = completer.popup()
        assert popup is not None
        popup.installEventFilter(self)
        self._popup = popup
        completer.activated.connect(self._take)

    def _take(self, key: str) -> None:
        self.setText(key)
        self.completed.emit()

    # Reimplemented Qt methods

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if isValid(self._popup):  # it belongs to the window, which may be deleted just now
            self._popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Tab take the key that is marked in the list, and go on as it does without a list."""
        if event.type() == QEvent.Type.Hide and _is_active():
            self.window().activateWindow()  # some window systems leave no window active
        if (
            isinstance(watched, QAbstractItemView)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _TAB
        ):
            if watched.currentIndex().isValid():
                self._take(str(watched.currentIndex().data(Qt.ItemDataRole.EditRole)))
            watched.hide()
        return super().eventFilter(watched, event)


def _is_active() -> bool:
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive


class DateEdit(QLineEdit):
    """A day, or a day and a time in UTC, typed or taken from a calendar (F4).

    Signals: `picked()` when a person took a day.
    """

    picked = Signal()

    def __init__(self, with_time: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._with_time = with_time
        self.setPlaceholderText("2026-03-04 09:15 (UTC)" if with_time else "2026-03-04")
        self.setTextMargins(0, 0, BUTTON_WIDTH, 0)
        self._button = QToolButton(self)
        self._button.setText("▾")
        self._button.setProperty("role", "quiet")
        self._button.setToolTip("Choose a day (F4)")
        self._button.setAccessibleName("Choose a day from a calendar")
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._button.clicked.connect(self.open_calendar)
        self._calendar: Calendar | None = None

    def open_calendar(self) -> None:
        """Show the month of the day that is typed, or this month."""
        if self._calendar is None:
            self._calendar = Calendar(self)
            self._calendar.chosen.connect(self._on_chosen)
        at = parse_iso_date(self.text().strip())
        self._calendar.show_day(QDate(at.year, at.month, at.day) if at else QDate.currentDate())
        self._calendar.open_at(self)

    def _on_chosen(self, day: QDate) -> None:
        text = day.toString(Qt.DateFormat.ISODate)
        if self._with_time:
            typed = self.text().strip()[len(text) + 1 :]
            time = typed if parse_iso_date(f"{text} {typed}") else MIDNIGHT
            self.setText(f"{text} {time}")
            self.setSelection(len(text) + 1, len(time))
        else:
            self.setText(text)
        self.setFocus()
        self.picked.emit()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F4:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._button.setGeometry(self.width() - BUTTON_WIDTH, 0, BUTTON_WIDTH, self.height())


class _KnownKeys(QAbstractListModel):
    """Keys to complete from: shown with their types, taken without."""

    def __init__(self, known: Mapping[str, str], parent: QObject) -> None:
        super().__init__(parent)
        self._keys = list(known.items())

    # Reimplemented Qt methods

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        key, kind = self._keys[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return key
        return f"{key}  ·  {kind}" if role == Qt.ItemDataRole.DisplayRole else None
