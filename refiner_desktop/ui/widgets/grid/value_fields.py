"""The fields for a condition's values: text, number, date, two of them, days, yes or no."""

from __future__ import annotations

import math

from PySide6.QtCore import QDate, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.datasets.summaries import Values
from refiner_desktop.datasets.values import parse_boolean, parse_date
from refiner_desktop.ui.styling import button, name_field, restyle, tool
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.calendar import Calendar
from refiner_desktop.ui.widgets.grid.counted_item import VALUE_ROLE, CountedDelegate, CountedItem

QUICK_DAYS = ("1", "7", "30", "90")
DAYS_WIDTH = 72
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NO_NUMBER = "Type a number such as 12 or 3.5."
NO_DATE = "Type a date such as 2026-03-04 or 2026-03-04T09:15."
NO_TEXT = "Type what to look for."


class ValueField(QWidget):
    """Takes no value, as “is empty” needs none; its children take some.

    Signals: `edited()`; `entered()` when Enter was pressed where it would not come any further.
    """

    edited = Signal()
    entered = Signal()

    def values(self) -> tuple[str, ...]:
        """Return the values as they were typed."""
        return ()

    def set_values(self, values: tuple[str, ...]) -> None:
        """Show these values, as far as there is room for them."""

    def problem(self) -> str:
        """Return why the values cannot be used, in a sentence; "" for no reason."""
        return ""

    def show_wrong(self, wrong: bool) -> None:
        """Mark the field, or take the mark away."""

    def offer(self, values: Values) -> None:
        """Help with the frequent values of the column."""

    def entry(self) -> QWidget:
        """Return the part to begin in: the first, or the one that is wrong."""
        return self


class TextField(ValueField):
    """One text, or one of the frequent values once they are known.

    Down, or the arrow at the end, opens their list with the rows that have each; typing narrows it.
    """

    def __init__(self, *, optional: bool = False, placeholder: str = "") -> None:
        super().__init__()
        self._optional = optional
        self._offered: QCompleter | None = None
        self._edit = QLineEdit(placeholderText=placeholder)
        self._edit.setAccessibleName("Value")
        self._edit.textChanged.connect(self.edited)
        self._edit.installEventFilter(self)
        self._values_button = tool("▾", "", "Values of this column")
        self._values_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys have Down
        self._values_button.clicked.connect(self._open_values)
        self._values_button.hide()
        self._row = _row(self, self._edit)
        self._row.addWidget(self._values_button)

    def values(self) -> tuple[str, ...]:
        return (self._edit.text(),)

    def set_values(self, values: tuple[str, ...]) -> None:
        self._edit.setText(values[0] if values else "")
        self._edit.selectAll()

    def problem(self) -> str:
        return "" if self._optional or self._edit.text() else NO_TEXT

    def show_wrong(self, wrong: bool) -> None:
        restyle(self._edit, "wrong", "true" if wrong else "false")

    def offer(self, values: Values) -> None:
        most = max((value.rows for value in values.frequent), default=0)
        listed = QStandardItemModel(self)
        for value in values.frequent:
            listed.appendRow(CountedItem(value.text, value.rows, most))
        completer = QCompleter(listed, self)
        completer.setCompletionRole(VALUE_ROLE)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._edit.setCompleter(completer)
        self._offered = completer
        if popup := completer.popup():
            popup.setItemDelegate(CountedDelegate(popup))
            popup.installEventFilter(self)
        self._values_button.setVisible(bool(values.frequent))

    def _open_values(self) -> None:
        """Show all values, whatever is typed."""
        if self._offered is not None:
            self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._offered.setCompletionPrefix("")
            self._offered.complete()

    def entry(self) -> QWidget:
        return self._edit

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter take what is typed, unless something in the open list is marked."""
        if watched is self._edit and isinstance(event, QKeyEvent):
            opens = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
            if opens and self._offered is not None and not event.modifiers():
                self._open_values()
                return True
            return False
        if not (isinstance(event, QKeyEvent) and isinstance(watched, QAbstractItemView)):
            return super().eventFilter(watched, event)
        pressed = event.type() == QEvent.Type.KeyPress and event.key() in _ENTER
        if not pressed or watched.currentIndex().isValid():
            return super().eventFilter(watched, event)
        watched.hide()
        self.entered.emit()
        return True


class NumberField(TextField):
    """One number; where empty cells can be meant, the field may stay empty."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(optional=optional, placeholder="A number")

    def values(self) -> tuple[str, ...]:
        return (self._edit.text().strip(),)

    def problem(self) -> str:
        text = self.values()[0]
        return "" if (self._optional and not text) or _is_number(text) else NO_NUMBER


class DateField(TextField):
    """A day or a moment, typed or taken from a calendar (Alt+Down)."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(optional=optional, placeholder="2026-03-04")
        self._button = QToolButton()
        self._button.setText("▾")
        self._button.setToolTip("Choose a day (Alt+Down)")
        self._button.setAccessibleName("Choose a day from a calendar")
        self._button.clicked.connect(self.open_calendar)
        self._row.addWidget(self._button)
        self._calendar: Calendar | None = None

    def values(self) -> tuple[str, ...]:
        return (self._edit.text().strip(),)

    def problem(self) -> str:
        text = self.values()[0]
        return "" if (self._optional and not text) or parse_date(text) else NO_DATE

    def offer(self, values: Values) -> None:
        """Moments are hardly ever the same: there is nothing to choose from."""

    def open_calendar(self) -> None:
        """Show the month of the day that is typed, or this month."""
        if self._calendar is None:
            self._calendar = Calendar(self)
            self._calendar.chosen.connect(self._on_chosen)
        at = parse_date(self.values()[0])
        self._calendar.show_day(QDate(at.year, at.month, at.day) if at else QDate.currentDate())
        self._calendar.open_at(self._edit)

    def _on_chosen(self, day: QDate) -> None:
        self._edit.setText(day.toString(Qt.DateFormat.ISODate))
        self._edit.setFocus()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Down and alt:
            self.open_calendar()
        else:
            super().keyPressEvent(event)


class RangeField(ValueField):
    """Two numbers or two dates, in any order."""

    def __init__(self, first: TextField, last: TextField) -> None:
        super().__init__()
        self._fields = (first, last)
        word = QLabel("and")
        word.setProperty("role", "muted")
        dates = isinstance(first, DateField)
        column = QVBoxLayout() if dates else QHBoxLayout()
        _fill(column, self, first, word, last)
        for field, title in zip(self._fields, ("From", "To"), strict=True):
            field.edited.connect(self.edited)
            for edit in field.findChildren(QLineEdit):
                edit.setAccessibleName(title)

    def values(self) -> tuple[str, ...]:
        return tuple(value for field in self._fields for value in field.values())

    def set_values(self, values: tuple[str, ...]) -> None:
        for place, field in enumerate(self._fields):
            field.set_values(values[place : place + 1])

    def problem(self) -> str:
        return next(filter(None, (field.problem() for field in self._fields)), "")

    def show_wrong(self, wrong: bool) -> None:
        for field in self._fields:
            field.show_wrong(wrong and bool(field.problem()))

    def entry(self) -> QWidget:
        wrong = (field for field in self._fields if field.problem())
        return next(wrong, self._fields[0]).entry()


class DaysField(NumberField):
    """A number of days, with the usual ones at hand."""

    def __init__(self) -> None:
        super().__init__()
        self._edit.setText("7")
        self._edit.setAccessibleName("Days")
        self._edit.setFixedWidth(scaled(DAYS_WIDTH))
        self._row.addWidget(QLabel("days"))
        for days in QUICK_DAYS:
            quick = button(days, role="quiet")
            quick.setAccessibleName("1 day" if days == "1" else f"{days} days")
            quick.setProperty("size", "small")
            quick.clicked.connect(lambda _=False, days=days: self._edit.setText(days))
            self._row.addWidget(quick)
        self._row.addStretch(1)

    def set_values(self, values: tuple[str, ...]) -> None:
        # What stood in another field is hardly a number of days.
        super().set_values(values if values and _is_number(values[0]) else ("7",))

    def problem(self) -> str:
        text = self.values()[0]
        return "" if _is_number(text) and float(text) > 0 else "Type a number of days above 0."


class YesNoField(ValueField):
    """Yes or no."""

    def __init__(self) -> None:
        super().__init__()
        self._combo = QComboBox()
        name_field(self._combo, "Value")
        self._combo.addItem("Yes", "true")
        self._combo.addItem("No", "false")
        self._combo.currentIndexChanged.connect(lambda _: self.edited.emit())
        _row(self, self._combo)

    def values(self) -> tuple[str, ...]:
        return (str(self._combo.currentData()),)

    def set_values(self, values: tuple[str, ...]) -> None:
        self._combo.setCurrentIndex(1 if values and parse_boolean(values[0]) is False else 0)

    def entry(self) -> QWidget:
        return self._combo


def _row(field: QWidget, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    _fill(row, field, *widgets)
    return row


def _fill(layout: QBoxLayout, field: QWidget, *widgets: QWidget) -> None:
    field.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE // 2)
    for widget in widgets:
        layout.addWidget(widget, int(not isinstance(widget, QLabel)))


def _is_number(text: str) -> bool:
    """Whether the rows can be compared with it: what Python reads, but no underscores."""
    try:
        return "_" not in text and math.isfinite(float(text))
    except ValueError:
        return False
