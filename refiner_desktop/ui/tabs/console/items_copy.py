"""Items as text for the clipboard, as spreadsheets take it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from refiner_desktop.datasets.exports.harmless import harmless
from refiner_desktop.services.requests.table import ItemsTable
from refiner_desktop.ui.widgets.grid.selected_rows import LARGEST_COPY, SelectedRows, in_one_cell

ROWS_AT_ONCE = 1_000


async def tab_separated(items: ItemsTable, rows: SelectedRows) -> str | None:
    """Return the shown columns of the rows, written in threads; None where it is too much."""
    parts: list[str] = []
    size = 0
    for first, last in rows.runs:
        for start in range(first, last + 1, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, last + 1 - start)
            cells = await items.texts(rows.order, start, count, rows.columns)
            parts.append(await asyncio.to_thread(_lines, cells))
            size += len(parts[-1])
            if size > LARGEST_COPY:
                return None
    return await asyncio.to_thread("\n".join, parts)


def _lines(rows: Sequence[Sequence[str | None]]) -> str:
    return "\n".join("\t".join(harmless(in_one_cell(cell or "")) for cell in row) for row in rows)
