"""A small window in which one condition on a column is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from refiner_desktop.datasets.columns import Column, Kind
from refiner_desktop.datasets.conditions import Condition, Operator, operators
from refiner_desktop.datasets.summaries import Values
from refiner_desktop.datasets.values import parse_iso_date
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import button, label, name_field
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.grid.condition_words import OPERATOR_NAMES
from refiner_desktop.ui.widgets.grid.value_checklist import ChecklistField
from refiner_desktop.ui.widgets.grid.value_fields import (
    DateField,
    DaysField,
    NumberField,
    RangeField,
    TextField,
    ValueField,
    YesNoField,
)
from refiner_desktop.ui.widgets.popover import Popover

WIDTH = 320
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EQUALITY = (Operator.IS, Operator.IS_NOT)


class ConditionEditor(Popover):
    """Asks for a column, an operator and values; Enter applies, Esc leaves all as it was.

    Signals: `applied(condition)`; `values_requested(key)` when the frequent values of a column
    would help, answered by `offer_values`.
    """

    applied = Signal(object)
    values_requested = Signal(str)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, f"{name}.condition", "Filter by a column")
        self._columns: tuple[Column, ...] = ()
        self._values: dict[str, Values] = {}
        self._field = ValueField()
        self._make()
        self._lay_out()
        self._connect()

    def edit(
        self,
        column: Column,
        columns: Sequence[Column],
        at: QWidget | QPoint,
        preset: Condition | None = None,
        *,
        choose_column: bool = False,
    ) -> None:
        """Open at a widget or point, with a column, or a whole condition, to begin with.

        With `choose_column` the first thing to do is to choose another of the columns.
        """
        self._values.clear()
        self._fill_columns(column, columns)
        self._fill_operators(preset.operator if preset else None)
        self._show_field(preset.values if preset else ())
        self.open_at(at)
        first = self._column if choose_column else self._value_focus()
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        if choose_column and (line := self._column.lineEdit()):
            line.selectAll()

    def offer_values(self, key: str, values: Values) -> None:
        """Help with the frequent values of the column, if it still is the one."""
        self._values[key] = values
        if self.isVisible() and key == self._key():
            self._offer_or_request()

    def condition(self) -> Condition:
        """Return the condition as it stands."""
        values = self._field.values()
        # “is” with nothing asks for empty cells; there is a clearer way to say so.
        if values == ("",) and self._operator_now() in _EQUALITY:
            empty = self._operator_now() is Operator.IS
            return Condition(self._key(), Operator.EMPTY if empty else Operator.NOT_EMPTY)
        return Condition(self._key(), self._operator_now(), values)

    def apply(self) -> None:
        """Close with the condition, or say what is wrong with it."""
        if self._say_problem():
            self._field.entry().setFocus()
            return
        condition = self.condition()
        self.close()
        self.applied.emit(condition)

    def _make(self) -> None:
        self._column = _Choice()
        self._column.setEditable(True)
        self._column.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._column.setObjectName(f"{self.objectName()}.column")
        name_field(self._column, "Column")
        completer = QCompleter(self._column.model(), self._column)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._column.setCompleter(completer)
        completer.activated.connect(self._go_on)
        self._operator = _Choice()
        self._operator.setObjectName(f"{self.objectName()}.operator")
        name_field(self._operator, "Operator")
        self._problem = label(role="problem", wrap=True)
        self._apply_button = button("Apply", f"{self.objectName()}.apply", role="primary")
        self._cancel_button = button("Cancel", f"{self.objectName()}.cancel", role="quiet")
        for each in (self._apply_button, self._cancel_button):
            each.setAutoDefault(True)  # Enter presses the one that has the focus

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel_button)
        buttons.addWidget(self._apply_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE + SPACE // 2)
        self._layout.setSpacing(SPACE)
        # The window is as high as what the operator needs.
        self._layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        for part in (self._column, self._operator, self._field, self._problem):
            part.setFixedWidth(scaled(WIDTH))
            self._layout.addWidget(part)
        self._layout.addLayout(buttons)

    def _connect(self) -> None:
        self._column.currentIndexChanged.connect(self._on_column_changed)
        self._operator.currentIndexChanged.connect(self._on_operator_changed)
        self._column.chosen.connect(self._go_on)
        self._operator.chosen.connect(self._go_on)
        line = self._column.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._take_typed_column)
        # The list below takes this Enter; and the one around may get it too, and apply too early.
        line.returnPressed.connect(lambda: QTimer.singleShot(0, self._go_on_from_column))
        self._apply_button.clicked.connect(self.apply)
        self._cancel_button.clicked.connect(self.close)

    def _fill_columns(self, column: Column, columns: Sequence[Column]) -> None:
        # A filter may be on a column that no row has.
        known = any(each.key == column.key for each in columns)
        self._columns = tuple(columns) if known else (column, *columns)
        self._column.blockSignals(True)
        self._column.clear()
        self._column.addItems([one_line(each.title) for each in self._columns])
        places = [place for place, each in enumerate(self._columns) if each.key == column.key]
        self._column.setCurrentIndex(places[0])
        self._column.blockSignals(False)

    def _fill_operators(self, wanted: Operator | None) -> None:
        offered = list(operators(self._kind()))
        if wanted is not None and wanted not in offered:
            offered.append(wanted)  # the column had another kind when it was set
        self._operator.blockSignals(True)
        self._operator.clear()
        for operator in offered:
            self._operator.addItem(OPERATOR_NAMES[operator], operator.value)
        self._operator.setCurrentIndex(offered.index(wanted) if wanted else 0)
        self._operator.blockSignals(False)

    def _show_field(self, values: tuple[str, ...]) -> None:
        before, self._field = self._field, _field(self._operator_now(), self._kind(), values)
        self._layout.replaceWidget(before, self._field)
        before.hide()
        before.setObjectName("")
        before.deleteLater()
        self._field.setObjectName(f"{self.objectName()}.value")
        self._field.setFixedWidth(scaled(WIDTH))
        self._field.setVisible(type(self._field) is not ValueField)
        self._field.set_values(values)
        self._field.edited.connect(self._on_edited)
        self._field.entered.connect(self.apply)
        self._problem.hide()
        self._order_tabs()
        self._offer_or_request()

    def _order_tabs(self) -> None:
        """Let Tab go through the new field where it is seen."""
        tab = Qt.FocusPolicy.TabFocus
        parts = [part for part in self._field.findChildren(QWidget) if part.focusPolicy() & tab]
        inside = [part for part in parts if part.window() is self]
        for before, after in pairwise((self._operator, *inside, self._cancel_button)):
            self.setTabOrder(before, after)

    def _offer_or_request(self) -> None:
        values_help = isinstance(self._field, ChecklistField) or (
            self._operator_now() in _EQUALITY and self._kind() == "text"
        )
        if not values_help:
            return
        if known := self._values.get(self._key()):
            self._field.offer(known)
        else:
            self.values_requested.emit(self._key())

    def _say_problem(self) -> str:
        said = self._field.problem()
        self._problem.setText(said)
        self._problem.setVisible(bool(said))
        self._field.show_wrong(bool(said))
        return said

    def _key(self) -> str:
        return self._columns[self._column.currentIndex()].key

    def _kind(self) -> Kind:
        return self._columns[self._column.currentIndex()].kind

    def _operator_now(self) -> Operator:
        return Operator(self._operator.currentData())

    def _value_focus(self) -> QWidget:
        return self._operator if self._field.isHidden() else self._field.entry()

    def _go_on(self) -> None:
        self._value_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on_from_column(self) -> None:
        if self._column.hasFocus():
            self._go_on()

    def _take_typed_column(self) -> None:
        """Choose the column that is meant, or the name of another one would stand there."""
        typed, completer = self._column.currentText(), self._column.completer()
        place = self._column.findText(typed)
        if place < 0 and typed and completer is not None:
            completer.setCompletionPrefix(typed)
            place = self._column.findText(completer.currentCompletion())
        now = self._column.currentIndex()
        self._column.setCurrentIndex(now if place < 0 else place)
        self._column.setEditText(self._column.itemText(self._column.currentIndex()))

    def _on_column_changed(self, place: int) -> None:
        if place >= 0:
            now = self._operator_now()
            self._fill_operators(now if now in operators(self._kind()) else None)
            self._show_field(self._typed())

    def _on_operator_changed(self) -> None:
        self._show_field(self._typed())

    def _typed(self) -> tuple[str, ...]:
        """Return the values to go on with: where nothing was typed, nothing is meant."""
        return tuple(filter(None, self._field.values()))

    def _on_edited(self) -> None:
        if not self._problem.isHidden():
            self._say_problem()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif self._column.hasFocus():
            self._go_on()
        else:
            self.apply()


class _Choice(QComboBox):
    """Signals: `chosen()` when its list has been left; arrow keys alone do not send anyone away.

    Qt closes the list before it takes the choice, so the signal comes a turn later.
    """

    chosen = Signal()

    # Reimplemented Qt methods

    def hidePopup(self) -> None:
        was_open = self.view().isVisible()
        super().hidePopup()
        if was_open:
            QTimer.singleShot(0, self.chosen.emit)


def _field(operator: Operator, kind: Kind, values: tuple[str, ...]) -> ValueField:
    """Return a new field for what the operator asks for in a column of this kind."""
    if operator in _EQUALITY:
        return _equal_field(kind)
    if operator is Operator.BETWEEN:
        dates = kind == "date" or (values and all(map(parse_iso_date, values)))
        one = DateField if dates else NumberField
        return RangeField(one(), one())
    return _FIELDS.get(operator, TextField)()


def _equal_field(kind: Kind) -> ValueField:
    match kind:
        case "boolean":
            return YesNoField()
        case "number":
            return NumberField(optional=True)
        case "date":
            return DateField(optional=True)
        case "text":
            return TextField(optional=True, placeholder="A text, or leave it empty")


_FIELDS: Mapping[Operator, Callable[[], ValueField]] = {
    Operator.EMPTY: ValueField,
    Operator.NOT_EMPTY: ValueField,
    Operator.ONE_OF: ChecklistField,
    Operator.MATCHES: lambda: TextField(placeholder="^team-[0-9]+$"),
    Operator.LAST_DAYS: DaysField,
    Operator.BEFORE: DateField,
    Operator.AFTER: DateField,
    Operator.GREATER: NumberField,
    Operator.AT_LEAST: NumberField,
    Operator.LESS: NumberField,
    Operator.AT_MOST: NumberField,
}
