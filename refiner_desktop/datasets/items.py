"""The items of any list: sorted, filtered, counted, read and written from any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.database import our_errors, transaction
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.datasets.exports.rows import Progress, Rows, Watch
from refiner_desktop.datasets.exports.writing import Written, write
from refiner_desktop.datasets.fields import SEGMENTS, Field, Rank, columns_of, missing_field
from refiner_desktop.datasets.item import VALUE, cells_of
from refiner_desktop.datasets.page import Path
from refiner_desktop.datasets.profile import Profile
from refiner_desktop.datasets.row_set import RowOrder, RowSet
from refiner_desktop.datasets.table import Cells

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

    def window(
        self,
        order: RowOrder,
        first: int,
        count: int,
        columns: Sequence[Column],
        *,
        cut: int | None = None,
    ) -> list[Cells]:
        ids = order.ids[first : first + count].tolist()
        known = self._fields_now()
        fields = [known.get(column.key) for column in columns]
        with self._table_lock, our_errors():
            rows = self._select(["n", *(_cell(field, cut) for field in fields)], ids)
        by_id: dict[int, Cells] = {row[0]: row[1:] for row in rows}
        gone = (None,) * len(columns)
        return [by_id.get(row_id, gone) for row_id in ids]

    def item(self, order: RowOrder, place: int) -> bytes:
        """Return the JSON of the item at a place of an order. Raises `RowGone`."""
        with self._table_lock, our_errors():
            for (item,) in self._select(["item"], [int(order.ids[place])]):
                return str(item).encode("utf-8", "surrogatepass")
        raise RowGone(f"no row at {place}")

    def export(
        self,
        order: RowOrder,
        file_format: Format,
        columns: Sequence[Column] | None,
        path: FilePath,
        on_progress: Progress = lambda done, total: None,
        should_stop: Callable[[], bool] = lambda: False,
        *,
        separator: str = ",",
    ) -> Written:
        wanted = self.columns() if columns is None else columns
        wanted = wanted or (missing_field(VALUE[1]).column,)  # a table of nothing is a file, too
        with self._reading_now() as (reader, known):
            rows = Rows(reader, known, order.ids, wanted, Watch(on_progress, should_stop))
            return write(file_format, path, rows, separator)

    def clear(self) -> None:
        """Forget all items and columns; in orders from before, every row is gone."""
        self.interrupt()
        self.interrupt_counts()
        with self._search_lock, self._counts_lock, self._table_lock, our_errors():
            self._database.execute("DROP TABLE contact")
            self._create()

    def _known(self) -> dict[str, Field]:
        return {field.key: field for field in self._fields.values()}

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

    def _select(self, names: Sequence[str], ids: list[int]) -> list[Any]:
        return self._database.execute(
            f"SELECT {', '.join(names)} FROM contact WHERE n IN (SELECT unnest($1::INTEGER[]))",
            [ids],
        ).fetchall()


def _array(texts: Sequence[str | None]) -> Any:
    return np.array(texts, dtype=object)


def _cell(field: Field | None, cut: int | None) -> str:
    if field is None:
        return "NULL"
    return field.name if cut is None else f"left({field.name}, {cut:d})"
