"""Which rows are chosen, kept while the order of the rows changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.services.rows.loaded_rows import LoadedRows
from refiner_desktop.services.rows.view import FilterChip, RowFilter
from refiner_desktop.ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder

MOST_FOLLOWED = 500
"""More selected rows than that do not follow their rows: they would be as many ranges."""

Runs = Sequence[tuple[int, int]]

_Flag = QItemSelectionModel.SelectionFlag


def new_runs(runs: Runs, before: RowOrder, after: RowOrder) -> list[tuple[int, int]]:
    """Return where the rows of these runs stand now; those that are gone are left out."""
    import numpy as np

    if all(
        np.array_equal(before.ids[first : last + 1], after.ids[first : last + 1])
        for first, last in runs
    ):
        return list(runs)
    if sum(last + 1 - first for first, last in runs) > MOST_FOLLOWED:
        return []
    chosen = np.concatenate([before.ids[first : last + 1] for first, last in runs])
    return [(place, place) for place in np.flatnonzero(np.isin(after.ids, chosen)).tolist()]


def choose(table: DataTable, place: int, runs: Runs) -> None:
    """Make one row the current one and select runs of rows, without scrolling."""
    model, selecting = table.model(), table.selectionModel()
    if place == table.currentIndex().row() and list(runs) == table.selected_runs():
        return
    selection = QItemSelection()
    last_column = model.columnCount() - 1
    for first, last in runs:
        selection.select(model.index(first, 0), model.index(last, last_column))
    column = max(table.currentIndex().column(), 0)
    scrolls = table.hasAutoScroll()
    table.setAutoScroll(False)
    try:
        selecting.select(selection, _Flag.ClearAndSelect | _Flag.Rows)
        selecting.setCurrentIndex(model.index(place, column), _Flag.NoUpdate)
    finally:
        table.setAutoScroll(scrolls)


class ChosenRow:
    """The current row: known by its id, and after a load by its UUID, if such rows have one.

    `uuid_of_current` reads the UUID from the current row, "" where it is not at hand.
    """

    def __init__(self, rows: LoadedRows, uuid_of_current: Callable[[], str]) -> None:
        self._rows = rows
        self._uuid_of_current = uuid_of_current
        self._id = -1
        self._uuid = ""

    def seek(self, uuid: str) -> None:
        """Choose the row with this UUID, wherever it stands in the next order."""
        self._id, self._uuid = -1, uuid

    def let_go(self) -> None:
        """Forget the UUID: a person chooses another row."""
        self._uuid = ""

    def change(self, order: RowOrder | None, place: int, *, may_come: bool) -> bool:
        """Choose the row at a place, -1 for none; return whether it is another one than before.

        A row that is not there but `may_come` is waited for.
        """
        row_id = int(order.ids[place]) if place >= 0 and order is not None else -1
        if row_id < 0 and may_come and self._uuid:
            return False
        if row_id < 0:
            self._uuid = ""
        changed, self._id = row_id != self._id, row_id
        return changed

    async def place_in(self, order: RowOrder) -> int:
        """Return the place of the row, -1 where it is not there. Raises `Interrupted`."""
        if self._id < 0 and not self._uuid:
            return -1
        self._uuid = self._uuid or self._uuid_of_current()
        place = _place_of(order, self._id)
        if place >= 0 or not self._uuid:
            return place
        same = FilterChip(Condition("uuid", Operator.IS, (self._uuid,)))
        found = await self._rows.order(RowFilter(chips=(same,)), (), ())
        return _place_of(order, int(found.ids[0])) if len(found) else -1


def _place_of(order: RowOrder, row_id: int) -> int:
    found = (order.ids == row_id).nonzero()[0]
    return int(found[0]) if len(found) else -1
