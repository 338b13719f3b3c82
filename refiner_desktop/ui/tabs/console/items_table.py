"""The view of a table of items: its header sorts, its menu filters."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QContextMenuEvent

from refiner_desktop.ui.models.contact_table_model import ContactTableModel
from refiner_desktop.ui.tabs.contacts.grid_header import GridHeader
from refiner_desktop.ui.widgets.data_table import DataTable


class ItemsView(DataTable):
    """Leaves copying and menus to its owner: the model has only rows that were looked at.

    Signals: `copy_requested()`; `menu_requested(place)` with a place on the screen.
    """

    copy_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, model: ContactTableModel) -> None:
        super().__init__("console.table", "Items of the answer", model)
        self.header = GridHeader(self)
        self.setHorizontalHeader(self.header)
        self._unburden(self.header)

    def copy_selection(self) -> None:
        """Ask for the rows."""
        self.copy_requested.emit()

    def shows_nothing(self) -> bool:
        """Whether there are no rows, or no columns of them."""
        return super().shows_nothing() or not self.visible_columns()

    # Reimplemented Qt methods

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def keyboardSearch(self, _search: str) -> None:
        """Do nothing: Qt would look at every row, and every row would have to be fetched."""
