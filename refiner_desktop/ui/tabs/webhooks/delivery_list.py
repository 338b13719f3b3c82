"""The list of deliveries, newest on top."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.models.cell_text import LEFT, RIGHT, one_line
from refiner_desktop.ui.models.delivery_model import DeliveryModel
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.models.record_table_model import Column
from refiner_desktop.ui.tabs.webhooks import delivery_words as words
from refiner_desktop.ui.tabs.webhooks.list_columns import ColumnFit
from refiner_desktop.ui.theme import theme_of
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.delivery import DeliveryRow

EMPTY = (
    "No deliveries yet.\n\nWhile the listener listens, let Refiner deliver here (“Set up in "
    "Refiner”), or send a sample. Whatever reaches it is kept.\n\nIn the sandbox, tracking "
    "“project_shared” makes a user answer a survey, which is delivered here."
)
FILTERED = "No delivery is like this.\n\nChange the filter, or clear it with Esc."
READING = "Reading the deliveries…"
UNREAD = (
    "The deliveries could not be read; the message above says why.\n\n"
    "Filter for something else, or switch Follow off and on, to try again."
)


def _column(
    title: str, text: Callable[[DeliveryRow], str], align: Qt.AlignmentFlag = LEFT
) -> Column[DeliveryRow]:
    return Column(title, text, align, tooltip=words.tip)


COLUMNS = (
    Column("Time", words.moment, tooltip=words.tip, spoken=words.heard),
    _column("Hook", lambda row: row.hook),
    _column("What", lambda row: words.SHORT_WORDS[row.kind]),
    _column("Survey or segments", lambda row: row.gist.subject),
    _column("User", lambda row: row.gist.user),
    _column("Score", lambda row: "" if row.gist.score is None else str(row.gist.score), RIGHT),
    _column("Size", lambda row: size(row.size), RIGHT),
    _column("Status", words.status),
    _column("Note", words.note),
    _column("Passed on", words.passed_on, RIGHT),
)
LONGEST = (
    "00:00:00.000", "Completed surveys", "Completed", "NPS after onboarding", "Aaliyah Mueller",
    "10", "999.9 kB", "401 refused", "token missing or wrong", "failed",
)  # fmt: skip
TIME, HOOK, WHAT, SUBJECT, USER, SIZE, NOTE, PASSED_ON = 0, 1, 2, 3, 4, 6, 8, 9
FEW_RUNS = 100
"""To take more runs of rows away than these one after the other takes longer than all anew."""


class DeliveryList(DataTable):
    """Any number of deliveries; those that are chosen stay so while others come and go.

    The chosen one is selected, always: the row at which the keyboard is, or else the first that is
    selected. Those that a filter leaves out are chosen again without it, unless others are by then.
    Who has scrolled down keeps the same rows on the screen. Signals:
    `delivery_chosen(id)`, None when no delivery is any more; `selection_changed()`;
    `scrolled(away)` with whether the newest is out of sight; `copy_requested()`;
    `menu_requested(place)` with a place on the screen.
    """

    delivery_chosen = Signal(object)
    selection_changed = Signal()
    scrolled = Signal(bool)
    copy_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self) -> None:
        self.rows = DeliveryModel(COLUMNS)
        super().__init__("webhooks.deliveries", "Deliveries", self.rows)
        self.rows.setParent(self)
        self._chosen: int | None = None
        self._left_out: list[int] = []
        """What was selected and is not among what is shown."""
        self._renewing = False
        self._clicked = False
        """Whether the current row came by the mouse, to a place that the person sees."""
        for column in (NOTE, PASSED_ON):
            self.setColumnHidden(column, True)
        self._columns = ColumnFit(
            self,
            LONGEST,
            elastic=(HOOK, SUBJECT, USER, NOTE),
            spare=(SIZE, HOOK, WHAT),
            greedy=SUBJECT,
        )
        self.setItemDelegate(_RowDelegate(self))
        self.set_empty_text(EMPTY)
        self.row_chosen.connect(self._follow_choice)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def chosen(self) -> int | None:
        """The selected delivery at which the keyboard is."""
        return self._chosen

    def selected(self) -> list[int]:
        """Return the ids of all selected deliveries, newest first."""
        ids = self.rows.ids
        return [each for first, last in self.selected_runs() for each in ids[first : last + 1]]

    def show_ids(self, ids: Sequence[int], *, from_top: bool = False) -> None:
        """Show these deliveries, by falling id, in place of those that are here.

        The view stays where it is, or begins `from_top`, as far as the chosen one is in sight.
        """
        bar = self.verticalScrollBar()
        selected, above = self.selected() or self._left_out, 0 if from_top else bar.value()
        self._renewing = True
        self.rows.set_ids(ids)
        self._select(selected)
        self._left_out = [] if self.selectionModel().hasSelection() else selected
        self.doItemsLayout()  # now, because the bar must have the room
        bar.setValue(above)
        if from_top and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self._renewing = False
        self._on_scrolled()
        self._follow_choice()
        self.selection_changed.emit()

    def add(self, arrived: Sequence[DeliveryRow]) -> None:
        """Put deliveries on top that arrived, oldest first."""
        bar = self.verticalScrollBar()
        above = bar.value()
        count = self.rows.prepend(arrived[::-1])
        if above and count:
            self.updateGeometries()  # now, because the bar must have the room
            bar.setValue(above + count)
        self._show_columns(arrived)

    def put(self, rows: Sequence[DeliveryRow]) -> None:
        """Show rows that were read, or newer versions of them."""
        self.rows.put(rows)
        self._show_columns(rows)

    def remove(self, ids: Collection[int]) -> None:
        """Take deliveries away that were deleted; the choice goes to the next one."""
        if len(self.rows.runs(ids)) > FEW_RUNS:
            gone = frozenset(ids)
            self.show_ids([each for each in self.rows.ids if each not in gone])
            return
        self._renewing = True
        self.rows.remove(ids)
        self._renewing = False
        if self.currentIndex().isValid():
            self._choose_one()
        self._follow_choice()
        self.selection_changed.emit()

    def to_top(self) -> None:
        """Bring the newest on the screen."""
        self.verticalScrollBar().setValue(0)

    def choose(self, delivery_id: int) -> bool:
        """Choose a delivery and bring it on the screen; return whether it is in the list."""
        place = self.rows.place(delivery_id)
        if place is not None:
            self.selectRow(place)
            self.scrollTo(self.rows.index(place, 0))
        return place is not None

    def copy_selection(self) -> None:
        """Ask for the rows: not all that are selected are here."""
        self.copy_requested.emit()

    def as_text(self, rows: Sequence[DeliveryRow]) -> str:
        """Return rows as they stand in the list, cells separated by tabs."""
        columns = [COLUMNS[place] for place in self.visible_columns()]
        return "\n".join("\t".join(column.text(row) for column in columns) for row in rows)

    def _show_columns(self, rows: Sequence[DeliveryRow]) -> None:
        """Show the columns that these rows need and most do not, and whole days in the first."""
        if rows:
            self._columns.make_room(TIME, words.moment(min(rows, key=_received_at)))
        for column in (NOTE, PASSED_ON):
            if self.isColumnHidden(column) and any(COLUMNS[column].text(row) for row in rows):
                self.setColumnHidden(column, False)
                self._columns.fit()

    def _select(self, ids: Sequence[int]) -> None:
        selection, last = QItemSelection(), len(COLUMNS) - 1
        for top, bottom in self.rows.runs(ids):
            selection.select(self.rows.index(top, 0), self.rows.index(bottom, last))
        flags = QItemSelectionModel.SelectionFlag
        chosen = next(iter(ids), None) if self._chosen is None else self._chosen
        current = None if chosen is None else self.rows.place(chosen)
        if current is not None:
            index = self.rows.index(current, 0)
            self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self.selectionModel().select(selection, flags.ClearAndSelect)

    def _choose_one(self) -> None:
        """Select the row at which the keyboard is, or the first, where nothing is selected."""
        if self.rows.ids and not self.selectionModel().hasSelection():
            self.selectRow(max(self.currentIndex().row(), 0))

    def _follow_choice(self) -> None:
        if self._renewing:
            return
        chosen = self._chosen_now()
        if chosen != self._chosen:
            self._chosen = chosen
            self.delivery_chosen.emit(chosen)

    def _chosen_now(self) -> int | None:
        current = self.currentIndex()
        if current.isValid() and self.selectionModel().isSelected(current):
            return self.rows.ids[current.row()]
        runs = self.selected_runs()
        return self.rows.ids[runs[0][0]] if runs else None

    def _on_selection_changed(self) -> None:
        if not self._renewing:
            self._left_out = []
            self._follow_choice()
            self.selection_changed.emit()

    def _on_scrolled(self) -> None:
        if not self._renewing:
            self.scrolled.emit(self.verticalScrollBar().value() > 0)

    def _on_menu_requested(self, place: QPoint) -> None:
        self.menu_requested.emit(self.viewport().mapToGlobal(place))

    # Reimplemented Qt methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (
            Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason,
        ):  # fmt: skip
            self._choose_one()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        # Qt would bring all of a row into sight that is half there when it is clicked, and a list
        # that is not at its top pauses.
        if not (self._clicked and self.visualRect(index).intersects(self.viewport().rect())):
            super().scrollTo(index, hint)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        # Qt goes to the ends of the row, which is chosen whole; a person means those of the list.
        ends = {self.CursorAction.MoveHome: 0, self.CursorAction.MoveEnd: len(self.rows.ids) - 1}
        if action in ends:
            return self.rows.index(ends[action], max(self.currentIndex().column(), 0))
        return super().moveCursor(action, modifiers)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._clicked = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._clicked = False
        super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Do nothing: Qt would look at every row, and every row would have to be read."""


def _received_at(row: DeliveryRow) -> datetime:
    return row.received_at


class _RowDelegate(QStyledItemDelegate):
    """Draws deliveries, refused ones in the colour of danger.

    It asks the model itself. Qt's own would ask for seven roles of each cell, and each time Python
    would have to get its lock back from the listener's thread, which is at its busiest when the
    list changes most.
    """

    # Reimplemented Qt methods

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        model, column = index.model(), COLUMNS[index.column()]
        assert isinstance(model, DeliveryModel)
        assert isinstance(index, QModelIndex)
        option.index = index
        option.displayAlignment = column.align
        row = model.row_at(index.row())
        if row is None:
            return
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        option.text = one_line(column.text(row))
        if words.is_refused(row):
            colour = QColor(theme_of(option.palette).danger)
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, colour)
