"""A month to take a day from."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QIcon, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QVBoxLayout, QWidget

from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.popover import Popover

WIDTH, HEIGHT = 290, 230
_ARROWS = {"qt_calendar_prevmonth": "◂", "qt_calendar_nextmonth": "▸"}


class Calendar(Popover):
    """Shows one month; arrows move, Enter or a click takes a day.

    Signals: `chosen(day)` with a `QDate`.
    """

    chosen = Signal(QDate)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "calendar", "Calendar")
        self._month = QCalendarWidget()
        self._month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        # Red is for mistakes: Qt paints weekends in it.
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self._month.setWeekdayTextFormat(day, QTextCharFormat())
        self._month.setMinimumSize(scaled(WIDTH), scaled(HEIGHT))
        # Qt's arrows are black in the dark, too.
        for turn in self._month.findChildren(QToolButton):
            if arrow := _ARROWS.get(turn.objectName()):
                turn.setIcon(QIcon())
                turn.setText(arrow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._month)
        self.setFocusProxy(self._month)
        self._month.clicked.connect(self._on_taken)
        self._month.activated.connect(self._on_taken)

    def show_day(self, day: QDate) -> None:
        """Turn to the month of a day and mark the day."""
        self._month.setSelectedDate(day)
        self._month.setFocus()

    def _on_taken(self, day: QDate) -> None:
        if self.isVisible():  # a click is told twice
            self.close()
            self.chosen.emit(day)
