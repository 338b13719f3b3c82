"""The rows that a person has chosen, for whatever is done with them next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.errors import RowGone

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder
    from refiner_desktop.services.contacts.contacts import ContactsService

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the row's place in the order, and the column."""

    place: int
    column: Column


@dataclass(frozen=True, slots=True, eq=False)
class SelectedRows:
    """Some rows of an order as they were when something was asked for.

    `runs` are the first and last place of each run of selected rows, from top to bottom. `columns`
    are those that are shown, from left to right. `cell` is the current cell, if there is one.
    """

    order: RowOrder
    runs: tuple[tuple[int, int], ...]
    columns: tuple[Column, ...]
    cell: Cell | None = None

    def __len__(self) -> int:
        return sum(last + 1 - first for first, last in self.runs)

    def as_order(self) -> RowOrder:
        """Return an order of these rows alone; for many rows it takes a while."""
        return self.order.at(list(self._places()))

    async def chunks(self, contacts: ContactsService) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the contacts as in the API reference, section 5.1, some at a time.

        Those that are gone by now are left out.
        """
        places = self._places()
        while some := list(islice(places, ROWS_AT_ONCE)):
            yield await contacts.contacts_at(self.order, some)

    async def all(self, contacts: ContactsService) -> list[dict[str, Any]]:
        """Return the contacts. Raises `RowGone` when none of them is left."""
        found = [contact async for chunk in self.chunks(contacts) for contact in chunk]
        if not found:
            raise RowGone("the selected rows are gone")
        return found

    def _places(self) -> Iterator[int]:
        return chain.from_iterable(range(first, last + 1) for first, last in self.runs)
