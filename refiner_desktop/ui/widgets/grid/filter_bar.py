"""Which of the loaded rows are shown: words, conditions on columns, and an SQL condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.summaries import Values
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.theme import SEARCH_WIDTH, SPACE
from refiner_desktop.ui.widgets.grid.chips import ChipRow
from refiner_desktop.ui.widgets.grid.condition_editor import ConditionEditor
from refiner_desktop.ui.widgets.grid.condition_words import column_of
from refiner_desktop.ui.widgets.grid.expert_line import ExpertLine
from refiner_desktop.ui.widgets.pressed_by_enter import ToolButton

if TYPE_CHECKING:
    from refiner_desktop.datasets.sql_names import SqlName

TYPING_MS = 80
"""A pause this long in typing words starts the filter."""

_EQUALS = (Operator.IS, Operator.ONE_OF)
_DOWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


class FilterBar(QWidget):
    """A line for words, the chips, and the SQL condition.

    Signals: `changed()` when other rows are wanted, after a pause where somebody types;
    `values_requested(key)` when the frequent values of a column would help, answered by
    `offer_values`; `check_requested(text)` while SQL is typed, answered by `show_check`;
    `left_down()` when Enter or Down leave the words for the rows.
    """

    changed = Signal()
    values_requested = Signal(str)
    check_requested = Signal(str)
    left_down = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._columns: tuple[Column, ...] = ()
        self._place: int | None = None
        self._told = RowFilter()
        self._make(name)
        self._lay_out()
        self._connect()

    def filter(self) -> RowFilter:
        """Return what is wanted; of an SQL condition the last that was right."""
        expert = self._expert.condition() if self._sql_button.isChecked() else ""
        return RowFilter(words=self._words.text(), chips=self._chips.chips(), expert=expert)

    def filter_without(self, key: str) -> RowFilter:
        """Return the filter without the conditions on a column: its values to choose from."""
        now = self.filter()
        others = tuple(chip for chip in now.chips if chip.condition.key != key)
        return RowFilter(words=now.words, chips=others, expert=now.expert)

    def set_filter(self, row_filter: RowFilter) -> None:
        """Show this filter without telling that it changed."""
        self.blockSignals(True)
        self._words.setText(row_filter.words)
        self._chips.set_chips(row_filter.chips)
        self._expert.set_condition(row_filter.expert)
        self._sql_button.setChecked(bool(row_filter.expert.strip()))
        self._typing.stop()
        self.show_problem(None)
        self._told = self.filter()
        self.blockSignals(False)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Offer these columns to filter by."""
        self._columns = tuple(columns)
        self._chips.set_columns({column.key: column for column in columns})
        self._add_button.setEnabled(bool(columns))

    def set_sql_names(self, names: Sequence[SqlName]) -> None:
        """Complete these names in the SQL condition."""
        self._expert.set_names(names)

    def show_problem(self, problem: FilterInvalid | None) -> None:
        """Mark what cannot be used and say why; None takes the marks away."""
        key = problem.key if problem else None
        sentence = problem.sentence if problem else ""
        marked = self._chips.show_mistake(key, sentence)
        of_sql = problem is not None and not marked and self._sql_button.isChecked()
        self._expert.show_problem(problem if of_sql else None)
        if key is not None:
            title = column_of(key, {column.key: column for column in self._columns}).title
            sentence = f"{one_line(title)}: {sentence}"
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence) and not of_sql)

    def show_check(self, text: str, mistake: FilterInvalid | None) -> None:
        """Take the answer to `check_requested`."""
        self._expert.show_check(text, mistake)

    def offer_values(self, key: str, values: Values) -> None:
        """Take the answer to `values_requested`."""
        self._editor.offer_values(key, values)

    def edit_condition(
        self, column: Column, at: QWidget | QPoint, preset: Condition | None = None
    ) -> None:
        """Let a person put a condition on a column together; it becomes a new chip."""
        self._open_editor(column, at, preset)

    def add_condition(self) -> None:
        """Let a person choose a column and put a condition on it together."""
        if self._columns:
            self._open_editor(self._columns[0], self._add_button, choose_column=True)

    def take_value(self, condition: Condition) -> None:
        """Show the rows with one value, in place of those with another of the same column."""
        places = [
            place
            for place, chip in enumerate(self._chips.chips())
            if chip.condition.key == condition.key and chip.condition.operator in _EQUALS
        ]
        self._chips.put(condition, places[0] if places else None)
        self._tell()

    def take_conditions(self, conditions: Sequence[Condition]) -> None:
        """Add conditions as they are, but none twice."""
        known = {chip.condition for chip in self._chips.chips() if chip.on}
        for condition in conditions:
            if condition not in known:
                self._chips.put(condition)
        self._tell()

    def focus_words(self) -> None:
        """Put the focus where words are typed."""
        self._words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._words.selectAll()

    def focus_sql(self) -> None:
        """Show the SQL condition and put the focus there."""
        self._sql_button.setChecked(True)
        self._expert.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make(self, name: str) -> None:
        self._words = QLineEdit(placeholderText="Filter the loaded rows", clearButtonEnabled=True)
        self._words.setObjectName(f"{name}.filter")
        self._words.setAccessibleName("Filter the loaded rows")
        self._words.setToolTip(
            "All words must occur in the visible columns of a row (Ctrl+F); Down goes to the rows"
        )
        self._words.setMinimumWidth(SEARCH_WIDTH)
        self._add_button = button("Add filter", f"{name}.add_filter", icon="mdi6.filter-plus")
        self._add_button.setToolTip("Filter by a condition on a column")
        self._add_button.setEnabled(False)
        self._sql_button = ToolButton()
        self._sql_button.setText("SQL")
        self._sql_button.setCheckable(True)
        self._sql_button.setObjectName(f"{name}.sql")
        self._sql_button.setAccessibleName("SQL condition")
        self._sql_button.setToolTip("Filter by an SQL condition")
        self._chips = ChipRow(name)
        self._problem = label(role="problem", wrap=True)
        self._problem.hide()
        self._expert = ExpertLine(name)
        self._expert.hide()
        self._editor = ConditionEditor(self, name)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._words, 1)
        line.addWidget(self._add_button)
        line.addWidget(self._sql_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        for part in (self._chips, self._problem, self._expert):
            layout.addWidget(part)

    def _connect(self) -> None:
        self._words.textChanged.connect(lambda: self._typing.start())
        self._words.installEventFilter(self)
        self._typing.timeout.connect(self._tell)
        self._add_button.clicked.connect(self.add_condition)
        self._sql_button.toggled.connect(self._on_sql_toggled)
        self._chips.changed.connect(self._tell)
        self._chips.edit_requested.connect(self._on_edit_requested)
        self._chips.emptied.connect(self._words.setFocus)
        self._expert.changed.connect(self._tell)
        self._expert.check_requested.connect(self.check_requested)
        self._editor.applied.connect(self._on_applied)
        self._editor.values_requested.connect(self.values_requested)

    def _open_editor(
        self,
        column: Column,
        at: QWidget | QPoint,
        preset: Condition | None = None,
        *,
        place: int | None = None,
        choose_column: bool = False,
    ) -> None:
        self._place = place
        self._editor.edit(column, self._columns, at, preset, choose_column=choose_column)

    def _on_edit_requested(self, place: int) -> None:
        condition = self._chips.chips()[place].condition
        column = column_of(condition.key, {each.key: each for each in self._columns})
        self._open_editor(column, self._chips.widget_at(place), condition, place=place)

    def _on_applied(self, condition: Condition) -> None:
        self._chips.put(condition, self._place)
        self._tell()

    def _on_sql_toggled(self, shown: bool) -> None:
        self._expert.setVisible(shown)
        if shown and not self.signalsBlocked():
            self._expert.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def _tell(self) -> None:
        """Say once that other rows are wanted."""
        self._typing.stop()
        now = self.filter()
        if now != self._told:
            self._told = now
            self.changed.emit()

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._words and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() in _DOWN:
                self._tell()
                self.left_down.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self._words.text():
                self._words.clear()
                return True
        return super().eventFilter(watched, event)
