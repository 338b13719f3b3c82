"""The list of deliveries, newest on top."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.models.cell_text import RIGHT
from refiner_desktop.ui.models.delivery_model import DeliveryModel
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.models.record_table_model import Column
from refiner_desktop.ui.tabs.webhooks import delivery_words as words
from refiner_desktop.ui.theme import scaled, theme_of
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.delivery import DeliveryRow

EMPTY = (
    "No deliveries yet.\n\nPress Start, then let Refiner deliver here (“Set up in Refiner”), or "
    "send a sample. Whatever reaches the listener is kept."
)
FILTERED = "No delivery is like this.\n\nChange the filter, or clear it with Esc."
READING = "Reading the deliveries…"


def _column(title: str, text: object, align: Qt.AlignmentFlag | None = None) -> Column[DeliveryRow]:
    aligned = {} if align is None else {"align": align}
    return Column[DeliveryRow](title, text, tooltip=words.tip, **aligned)  # type: ignore[arg-type]


COLUMNS = (
    _column("Time", words.moment),
    _column("Hook", lambda row: row.hook),
    _column("What", lambda row: words.SHORT_WORDS[row.kind]),
    _column("Survey or segments", lambda row: row.gist.subject),
    _column("User", lambda row: row.gist.user),
    _column("Score", lambda row: "" if row.gist.score is None else str(row.gist.score), RIGHT),
    _column("Size", lambda row: size(row.size), RIGHT),
    _column("Verdict", lambda row: row.verdict.value),
    _column("Note", words.note),
    _column("Passed on", words.passed_on, RIGHT),
)
WIDTHS = (72, 84, 84, 110, 92, 58, 62, 78, 84, 76)
SUBJECT, NOTE, PASSED_ON = 3, len(COLUMNS) - 2, len(COLUMNS) - 1


class DeliveryList(DataTable):
    """Any number of deliveries; those that are chosen stay so while others come and go.

    Who has scrolled down keeps the same rows on the screen. Signals: `delivery_chosen(id)`, None
    when no delivery is any more; `selection_changed()`; `copy_requested()`;
    `menu_requested(place)` with a place on the screen.
    """

    delivery_chosen = Signal(object)
    selection_changed = Signal()
    copy_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self) -> None:
        self.rows = DeliveryModel(COLUMNS)
        super().__init__("webhooks.deliveries", "Deliveries", self.rows)
        self.rows.setParent(self)
        self._chosen: int | None = None
        self._renewing = False
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, scaled(width))
        header = self.horizontalHeader()
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(SUBJECT, QHeaderView.ResizeMode.Stretch)
        for column in (NOTE, PASSED_ON):
            self.setColumnHidden(column, True)
        self.setItemDelegate(_VerdictDelegate(self))
        self.set_empty_text(EMPTY)
        self.row_chosen.connect(self._on_row_chosen)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)

    @property
    def chosen(self) -> int | None:
        """The delivery at which the keyboard is."""
        return self._chosen

    def selected(self) -> list[int]:
        """Return the ids of all selected deliveries, newest first."""
        ids = self.rows.ids
        return [each for first, last in self.selected_runs() for each in ids[first : last + 1]]

    def show_ids(self, ids: Sequence[int]) -> None:
        """Show these deliveries, by falling id, in place of those that are here."""
        selected, above = self.selected(), self.verticalScrollBar().value()
        self._renewing = True
        self.rows.set_ids(ids)
        self._select(selected)
        self._renewing = False
        self.verticalScrollBar().setValue(above)
        self._on_row_chosen(self.currentIndex().row())
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
        """Take deliveries away that were deleted."""
        self.rows.remove(ids)

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
        """Show the columns that these rows need and most do not."""
        for column in (NOTE, PASSED_ON):
            if self.isColumnHidden(column) and any(COLUMNS[column].text(row) for row in rows):
                self.setColumnHidden(column, False)

    def _select(self, ids: Sequence[int]) -> None:
        selection, last = QItemSelection(), len(COLUMNS) - 1
        for place in (self.rows.place(each) for each in ids):
            if place is not None:
                selection.select(self.rows.index(place, 0), self.rows.index(place, last))
        flags = QItemSelectionModel.SelectionFlag
        current = None if self._chosen is None else self.rows.place(self._chosen)
        if current is not None:
            index = self.rows.index(current, 0)
            self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self.selectionModel().select(selection, flags.ClearAndSelect)

    def _on_row_chosen(self, row: int) -> None:
        if self._renewing:
            return
        chosen = self.rows.ids[row] if row >= 0 else None
        if chosen != self._chosen:
            self._chosen = chosen
            self.delivery_chosen.emit(chosen)

    def _on_selection_changed(self) -> None:
        if not self._renewing:
            self.selection_changed.emit()

    def _on_menu_requested(self, place: QPoint) -> None:
        self.menu_requested.emit(self.viewport().mapToGlobal(place))

    # Reimplemented Qt methods

    def keyboardSearch(self, _search: str) -> None:
        """Do nothing: Qt would look at every row, and every row would have to be read."""


class _VerdictDelegate(QStyledItemDelegate):
    """Shows refused deliveries in the colour of danger."""

    # Reimplemented Qt methods

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        model = index.model()
        row = model.row(model.ids[index.row()]) if isinstance(model, DeliveryModel) else None
        if row is not None and words.is_refused(row):
            colour = QColor(theme_of(option.palette).danger)
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, colour)
