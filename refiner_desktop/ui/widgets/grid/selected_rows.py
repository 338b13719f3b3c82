"""The rows that a person has chosen, for whatever is done with them next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from refiner_desktop.datasets.columns import Column

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder

LARGEST_COPY = 10_000_000
"""Characters; beyond it, programs that paste freeze, and a file is the better place."""

# Inside a cell they would begin another one.
_ONE_CELL = str.maketrans("\t\r\n", "   ")


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
        return self.order.at(list(self.places()))

    def places(self) -> Iterator[int]:
        """Yield the place of every row, from top to bottom."""
        return chain.from_iterable(range(first, last + 1) for first, last in self.runs)


def in_one_cell(text: str) -> str:
    """Return a text that stays one cell among others that are parted by tabs."""
    return text.translate(_ONE_CELL)
