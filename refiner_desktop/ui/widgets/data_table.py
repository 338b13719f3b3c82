"""The table that every list of the application is shown in."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QHelpEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QToolTip,
    QWidget,
)

from refiner_desktop.ui.models.cell_text import tool_tip
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import ROW_HEIGHT, SPACE, scaled

COLUMN_WIDTH = 150
CELL_PADDING = 9
"""What the style sheet, and Qt itself, keep free beside the text of a cell, in pixels."""


class DataTable(QTableView):
    """A read-only table of whole rows with fixed heights; it scrolls a million of them evenly.

    An empty table says `empty_text`, which tells what to do next. Signals: `row_chosen(row)` when
    the current row changes, -1 for none.
    """

    row_chosen = Signal(int)

    def __init__(
        self, name: str, title: str, model: QAbstractItemModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._empty = _overlay(self)
        self._set_up_view()
        self._add_copy()
        self.setModel(model)
        self._unburden(self.horizontalHeader())
        model.modelReset.connect(self._show_or_hide_empty)
        model.rowsInserted.connect(self._show_or_hide_empty)
        model.rowsRemoved.connect(self._show_or_hide_empty)
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)

    def set_empty_text(self, text: str) -> None:
        """Say why the table is empty and what to do about it."""
        self._empty.setText(text)
        self._show_or_hide_empty()

    def shows_nothing(self) -> bool:
        """Whether the table is empty, so that it has to say why."""
        return self.model().rowCount() == 0

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard, cells separated by tabs, as spreadsheets like."""
        columns = self.visible_columns()
        lines = (
            "\t".join(str(self.model().index(row, column).data() or "") for column in columns)
            for first, last in self.selected_runs()
            for row in range(first, last + 1)
        )
        QGuiApplication.clipboard().setText("\n".join(lines))

    def visible_columns(self) -> list[int]:
        """Return the model's columns that are shown, from left to right."""
        header = self.horizontalHeader()
        places = [header.logicalIndex(visual) for visual in range(header.count())]
        return [column for column in places if not self.isColumnHidden(column)]

    def selected_runs(self) -> list[tuple[int, int]]:
        """Return the selected rows from top to bottom, as first and last row of each run."""
        # A set, because a column that joins in the middle splits Qt's range into two of the same.
        selection = self.selectionModel().selection()
        return sorted({(run.top(), run.bottom()) for run in selection.toList()})

    def _set_up_view(self) -> None:
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        vertical = self.verticalHeader()
        vertical.hide()
        # A fixed height is what lets the view find any of a million rows by arithmetic.
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(scaled(ROW_HEIGHT))
        horizontal = self.horizontalHeader()
        horizontal.setDefaultSectionSize(scaled(COLUMN_WIDTH))
        horizontal.setHighlightSections(False)
        horizontal.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        horizontal.setSectionsMovable(True)
        # As the style sheet draws it, or the dots of a title that is too long come too late.
        bold = horizontal.font()
        bold.setBold(True)
        horizontal.setFont(bold)
        horizontal.setTextElideMode(Qt.TextElideMode.ElideRight)

    def _unburden(self, header: QHeaderView) -> None:
        """Let the header know of no selection.

        For each section that it paints it would ask for every selected row.
        """
        header.setSelectionModel(QItemSelectionModel(self.model(), header))

    def _add_copy(self) -> None:
        copy = QAction("Copy rows", self)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_selection)
        self.addAction(copy)

    def _on_menu_requested(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.viewport().mapToGlobal(place))

    def _on_current_row_changed(self, current: QModelIndex) -> None:
        self.row_chosen.emit(current.row() if current.isValid() else -1)

    def _show_or_hide_empty(self) -> None:
        self._empty.setVisible(self.shows_nothing())
        self.setAccessibleDescription(self._empty.text() if self.shows_nothing() else "")

    def _says_no_more(self, place: QPoint) -> bool:
        """Whether the tool tip of a cell would only repeat what can be read there."""
        index = self.indexAt(place)
        text = str(index.data() or "")
        if not text or index.data(Qt.ItemDataRole.ToolTipRole) != tool_tip(text):
            return False
        room = self.visualRect(index).intersected(self.viewport().rect()).width() - 2 * CELL_PADDING
        return self.fontMetrics().horizontalAdvance(text) <= room

    # Reimplemented Qt methods

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._says_no_more(event.pos()):
            QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().geometry())


def _overlay(table: QTableView) -> QLabel:
    text = label(role="muted", wrap=True)
    text.setParent(table)
    text.setAlignment(Qt.AlignmentFlag.AlignCenter)
    text.setContentsMargins(SPACE * 4, SPACE, SPACE * 4, SPACE)
    text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return text
