"""The blocks of rows that a table model has at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

Row = Sequence[str | None]

BLOCK_ROWS = 100
"""More than a screen shows; a thousand columns of them still come in a moment."""

MAX_BLOCKS = 128


class BlockCache:
    """The most recently shown blocks of one order of rows, and where each column's cell is.

    `keys` are the columns' keys in the order of a row's cells.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._place = {key: place for place, key in enumerate(keys)}
        self._blocks: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._blocks)

    def __contains__(self, block: int) -> bool:
        return block in self._blocks

    def put(self, block: int, rows: Sequence[Row]) -> None:
        """Keep a block, and let go of the one that was not looked at for longest."""
        self._blocks[block] = rows
        self._blocks.move_to_end(block)
        if len(self._blocks) > MAX_BLOCKS:
            self._blocks.popitem(last=False)

    def row(self, row: int) -> Row | None:
        """Return a row's cells, None when its block is not here."""
        block, offset = divmod(row, BLOCK_ROWS)
        rows = self._blocks.get(block)
        if rows is None:
            return None
        self._blocks.move_to_end(block)
        return rows[offset] if offset < len(rows) else None

    def cell(self, row: int, key: str) -> str | None:
        """Return one cell, None when it is empty or not here."""
        cells = self.row(row)
        place = self._place.get(key)
        return None if cells is None or place is None else cells[place]
