"""The grid of contacts."""

from __future__ import annotations

from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.view import ContactView
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.grid.row_grid import GridWords, RowGrid

WORDS = GridWords(
    name="contacts",
    table="contacts.table",
    title="Contacts",
    empty="No contacts loaded. Choose what you want to see above and press “Load contacts”.",
    filtered="No contact passes the filters. Change or clear them to see more rows.",
)


class ContactGrid(RowGrid):
    """Shows the loaded contacts, finds one by its UUID, and brings saved views back."""

    def __init__(self, contacts: ContactsService, tasks: TaskRunner) -> None:
        super().__init__(contacts, tasks, WORDS)

    def show_view(self, view: ContactView) -> None:
        """Filter, sort and arrange as a saved view says."""
        self._filter = view.filter
        self.set_layout(view.columns, view.sort)

    async def choose(self, uuid: str, *, unfiltered: bool = False) -> bool:
        """Choose and select the row of a contact alone; return False where no row has it.

        If need be, among all rows, `unfiltered`.
        """
        self.table.clearSelection()
        if self.order is None:
            return False
        if unfiltered:
            self._filter = RowFilter()
        self._chosen.seek(uuid)
        await self.reorder()
        current = self.table.currentIndex()
        if current.isValid():
            self.table.selectRow(current.row())
            self.table.scrollTo(current)
        return current.isValid()
