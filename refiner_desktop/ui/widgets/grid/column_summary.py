"""What a column holds in the rows that are shown: figures and bars."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.summaries import Dates, Numbers, Summary, Values
from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.grid.counted_item import CountedDelegate, CountedItem
from refiner_desktop.ui.widgets.grid.histogram import Histogram
from refiner_desktop.ui.widgets.grid.summary_words import (
    bar_in_words,
    bin_conditions,
    ends,
    figures,
    period_conditions,
)
from refiner_desktop.ui.widgets.popover import Popover

WIDTH = 380
LINES_HEIGHT = 260
COUNTING = "Counting…"
NO_VALUE = (
    "No row that is shown has a value here. Change the filters, or load other rows, to see some."
)
HINT = "Click a bar, or press Enter on it, to filter by it."
_ACROSS: dict[type[Summary], int] = {Values: 3, Numbers: 4, Dates: 2}


class ColumnSummary(Popover):
    """Counts while it is open, then shows figures and bars; a chosen bar becomes a filter.

    Signals: `conditions_chosen(conditions)` for the rows of a bar; `closed()`.
    """

    conditions_chosen = Signal(object)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, f"{name}.summary", "Summary")
        self._column = Column("", "")
        self._conditions: list[tuple[Condition, ...]] = []
        self._make()
        self._lay_out()
        for bars in (self._lines, self._histogram):
            bars.clicked.connect(self._on_chosen)
            bars.activated.connect(self._on_chosen)
            bars.entered.connect(self._say_bar)
            bars.selectionModel().currentChanged.connect(self._say_bar)

    def open_for(self, column: Column, at: QWidget | QPoint) -> None:
        """Open for a column whose figures are still to come."""
        self._column = column
        self._title.setText(column.title)
        self.setAccessibleName(f"Summary of {column.title}")
        self._show_parts(None)
        self._say(COUNTING)
        self.open_at(at)
        self.setFocus()

    def show_summary(self, key: str, summary: Summary) -> None:
        """Show the figures, if the window still is that column's."""
        if key != self._column.key or not self.isVisible():
            return
        self._fill_figures(summary)
        if isinstance(summary, Values):
            self._fill_lines(summary)
        else:
            self._fill_histogram(summary)
        self._show_parts(summary)
        self._say(HINT if self._conditions else NO_VALUE)

    def show_failure(self, key: str, sentence: str) -> None:
        """Say why there are no figures."""
        if key == self._column.key:
            self._say(sentence, "problem")

    def _make(self) -> None:
        self._title = label(role="heading", elide=True)
        self._figures = QGridLayout()
        self._lines = QListView()
        self._lines.setModel(QStandardItemModel(self._lines))
        self._lines.setItemDelegate(CountedDelegate(self._lines))
        self._lines.setMouseTracking(True)
        self._lines.setAccessibleName("Frequent values")
        self._histogram = Histogram()
        self._histogram.setAccessibleName("Histogram")
        self._start, self._end = label(role="muted"), label(role="muted")
        self._note = label(role="muted", wrap=True)

    def _lay_out(self) -> None:
        self._figures.setHorizontalSpacing(SPACE * 2)
        self._figures.setVerticalSpacing(0)
        axis = QHBoxLayout()
        axis.addWidget(self._start)
        axis.addStretch(1)
        axis.addWidget(self._end)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        layout.addWidget(self._title)
        layout.addLayout(self._figures)
        layout.addWidget(self._lines)
        layout.addWidget(self._histogram)
        layout.addLayout(axis)
        layout.addWidget(self._note)
        for part in (self._title, self._lines, self._histogram, self._note):
            part.setFixedWidth(scaled(WIDTH))

    def _show_parts(self, summary: Summary | None) -> None:
        if summary is None:
            self._clear_figures()
            self._conditions = []
        lines, bars = isinstance(summary, Values), isinstance(summary, Numbers | Dates)
        self._lines.setVisible(lines and bool(self._conditions))
        for part in (self._histogram, self._start, self._end):
            part.setVisible(bars)
        if lines and self._conditions:
            self._lines.setFocus()
        elif bars:
            self._histogram.setFocus()

    def _clear_figures(self) -> None:
        while item := self._figures.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()

    def _fill_figures(self, summary: Summary) -> None:
        self._clear_figures()
        for place, (title, figure) in enumerate(figures(summary)):
            row, column = divmod(place, _ACROSS[type(summary)])
            caption, value = label(title, "muted"), label(figure, "heading")
            caption.setBuddy(value)
            self._figures.addWidget(caption, 3 * row, column)
            self._figures.addWidget(value, 3 * row + 1, column)
        self._figures.setRowMinimumHeight(2, SPACE if row else 0)

    def _fill_lines(self, values: Values) -> None:
        model = self._lines.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        self._conditions = []
        counts = [(value.text, value.rows) for value in values.frequent]
        counts += [("", values.empty)] if values.empty else []
        most = max((rows for _, rows in counts), default=0)
        for text, rows in counts:
            model.appendRow(CountedItem(text, rows, most))
            one = Operator.IS if text else Operator.EMPTY
            value = (text,) if text else ()
            self._conditions.append((Condition(self._column.key, one, value),))
        line = self._lines.sizeHintForRow(0) if counts else 0
        self._lines.setFixedHeight(min(scaled(LINES_HEIGHT), line * len(counts) + 4))

    def _fill_histogram(self, summary: Numbers | Dates) -> None:
        key = self._column.key
        total = summary.filled + summary.empty
        if isinstance(summary, Numbers):
            bars = [(bar.rows, bar_in_words(bar, total)) for bar in summary.bins]
            last = len(summary.bins) - 1
            self._conditions = [
                bin_conditions(key, bar, last=place == last)
                for place, bar in enumerate(summary.bins)
            ]
        else:
            bars = [(bar.rows, bar_in_words(bar, total)) for bar in summary.periods]
            self._conditions = [period_conditions(key, bar) for bar in summary.periods]
        self._histogram.show_bars(bars)
        start, end = ends(summary)
        self._start.setText(start)
        self._end.setText(end)

    def _say_bar(self, index: QModelIndex) -> None:
        if index.isValid():
            self._say(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    def _say(self, text: str, role: str = "muted") -> None:
        self._note.setText(text)
        restyle(self._note, "role", role)

    def _on_chosen(self, index: QModelIndex) -> None:
        if self.isVisible():  # a click may be told twice
            self.close()
            self.conditions_chosen.emit(self._conditions[index.row()])
