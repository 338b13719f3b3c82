"""The contacts of the rows that a person has chosen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.ui.widgets.grid.selected_rows import SelectedRows

if TYPE_CHECKING:
    from refiner_desktop.services.contacts.contacts import ContactsService

ROWS_AT_ONCE = 1_000


async def chunks_of(
    rows: SelectedRows, contacts: ContactsService
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the contacts as in the API reference, section 5.1, some at a time.

    Those that are gone by now are left out.
    """
    places = rows.places()
    while some := list(islice(places, ROWS_AT_ONCE)):
        yield await contacts.contacts_at(rows.order, some)


async def contacts_of(rows: SelectedRows, contacts: ContactsService) -> list[dict[str, Any]]:
    """Return the contacts. Raises `RowGone` when none of them is left."""
    found = [contact async for chunk in chunks_of(rows, contacts) for contact in chunk]
    if not found:
        raise RowGone("the selected rows are gone")
    return found
