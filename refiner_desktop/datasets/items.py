"""The items of any list: sorted, filtered, counted, read and written from any thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.database import our_errors, transaction
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.fields import SEGMENTS, Field, Rank, columns_of, missing_field
from refiner_desktop.datasets.item import VALUE, cells_of
from refiner_desktop.datasets.page import Path
from refiner_desktop.datasets.profile import Profile
from refiner_desktop.datasets.reading import select
from refiner_desktop.datasets.row_set import RowOrder, RowSet

MOST_COLUMNS = 500
"""Keys beyond so many have no column; they are in the item all the same."""


class ItemSet(RowSet):
    """Items with a column for every key that was found in them; no id is ever used twice."""

    def __init__(self) -> None:
        super().__init__()
        self._next_id = 0
        self._create()

    def __len__(self) -> int:
        return self._count

    def append(self, items: Sequence[bytes]) -> None:
        """Add items, each as the JSON that came; a few thousand at a time."""
        if items:
            with self._table_lock, our_errors():
                self._insert(items)

    def columns(self) -> tuple[Column, ...]:
        """Return a column for every key, in the order in which they came."""
        with self._table_lock:
            return columns_of(self._fields.values())

    def item(self, order: RowOrder, place: int) -> bytes:
        """Return the JSON of the item at a place of an order. Raises `RowGone`."""
        with self._table_lock, our_errors():
            for (item,) in select(self._database, ["item"], [int(order.ids[place])]):
                return str(item).encode("utf-8", "surrogatepass")
        raise RowGone(f"no row at {place}")

    def clear(self) -> None:
        """Forget all items and columns; in orders from before, every row is gone."""
        self.interrupt()
        self.interrupt_counts()
        with self._search_lock, self._counts_lock, self._table_lock, our_errors():
            self._database.execute("DROP TABLE contact")
            self._create()

    def _known(self) -> dict[str, Field]:
        return {field.key: field for field in self._fields.values()}

    def _to_write(self, columns: Sequence[Column] | None) -> Sequence[Column]:
        wanted = self.columns() if columns is None else columns
        return wanted or (missing_field(VALUE[1]).column,)  # a table of nothing is a file, too

    def _create(self) -> None:
        self._fields: dict[Path, Field] = {}
        self._in_table: set[str] = {"n", "literals", "segment_list", "item"}
        self._count = 0
        self._database.execute(
            "CREATE TABLE contact (n INTEGER, literals VARCHAR, segment_list VARCHAR, item VARCHAR)"
        )

    def _insert(self, items: Sequence[bytes]) -> None:
        texts, literals = self._sorted_out(items)
        arrays: dict[str, Any] = {
            "n": np.arange(self._next_id, self._next_id + len(items), dtype=np.int32),
            "item": _array([item.decode("utf-8", "replace") for item in items]),
            "literals": _array([",".join(names) or None for names in literals]),
        }
        for path, cells in texts.items():
            field = self._fields[path]
            field.profile.see(cells)
            arrays[field.name] = _array(cells)
        if SEGMENTS in texts:
            arrays["segment_list"] = arrays[self._fields[SEGMENTS].name]
        self._write(arrays)
        self._next_id += len(items)
        self._count += len(items)

    def _sorted_out(
        self, items: Sequence[bytes]
    ) -> tuple[dict[Path, list[str | None]], list[list[str]]]:
        """Return the cells by column, and for each row the columns whose text is JSON."""
        texts: dict[Path, list[str | None]] = {}
        literals: list[list[str]] = [[] for _ in items]
        for row, item in enumerate(items):
            for path, text, literal in cells_of(item):
                field = self._field(path)
                if field is None:
                    continue
                texts.setdefault(path, [None] * len(items))[row] = text
                if literal:
                    literals[row].append(field.name)
        return texts, literals

    def _field(self, path: Path) -> Field | None:
        field = self._fields.get(path)
        if field is None and len(self._fields) < MOST_COLUMNS:
            name = f"c{len(self._fields)}"
            field = Field(path, name, ".".join(filter(None, path)), Rank.OWN, Profile(path[1]))
            self._fields[path] = field
        return field

    def _write(self, arrays: dict[str, Any]) -> None:
        new = arrays.keys() - self._in_table
        self._database.register("page", arrays)
        try:
            with transaction(self._database):
                for name in new:
                    self._database.execute(f"ALTER TABLE contact ADD COLUMN {name} VARCHAR")
                self._database.execute("INSERT INTO contact BY NAME SELECT * FROM page")
        finally:
            self._database.unregister("page")
        self._in_table |= new


def _array(texts: Sequence[str | None]) -> Any:
    return np.array(texts, dtype=object)
