"""Contacts as text for the clipboard, row by row as a spreadsheet takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from refiner_desktop.datasets.columns import Column
from refiner_desktop.services.contacts import ContactsService

if TYPE_CHECKING:
    from refiner_desktop.datasets.contacts import RowOrder

ROWS_AT_ONCE = 1_000

# Inside a cell they would begin another one.
_ONE_CELL = str.maketrans("\t\r\n", "   ")


async def contacts_as_text(
    contacts: ContactsService,
    order: RowOrder,
    columns: Sequence[Column],
    runs: Iterable[tuple[int, int]],
) -> str:
    """Return the rows of these runs, each from a first to a last place of the order.

    Cells are separated by tabs and hold what was loaded, not how the table writes it.
    """
    parts: list[str] = []
    for run_first, last in runs:
        for first in range(run_first, last + 1, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, last + 1 - first)
            rows = await contacts.window(order, first, count, columns)
            parts.append(await asyncio.to_thread(_lines, rows))
    return "\n".join(parts)


def _lines(rows: Sequence[Sequence[str | None]]) -> str:
    return "\n".join(
        "\t".join((cell or "").translate(_ONE_CELL) for cell in cells) for cells in rows
    )
