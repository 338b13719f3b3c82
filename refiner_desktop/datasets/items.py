"""The items of any list: sorted, filtered, counted, read and written from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path as FilePath
from typing import Any

import duckdb
import numpy as np

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.conditions import Condition
from refiner_desktop.datasets.contacts import RowOrder
from refiner_desktop.datasets.counting import Counting
from refiner_desktop.datasets.database import open_database, our_errors, transaction
from refiner_desktop.datasets.errors import DatasetError, RowGone
from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.datasets.exports.rows import Progress, Rows, Watch
from refiner_desktop.datasets.exports.writing import Written, write
from refiner_desktop.datasets.fields import SEGMENTS, Field, Rank, columns_of, missing_field
from refiner_desktop.datasets.filtering import Wishes, ids_of
from refiner_desktop.datasets.item import VALUE, cells_of
from refiner_desktop.datasets.page import Path
from refiner_desktop.datasets.profile import Profile
from refiner_desktop.datasets.summaries import Summary, Values
from refiner_desktop.datasets.table import Cells
from refiner_desktop.datasets.writing import INTERNATIONAL, Writing

MOST_COLUMNS = 500
"""Keys beyond so many have no column; they are in the item all the same."""


class ItemSet:
    """Items in memory, with a column for every key that was found in them.

    Every method blocks and may be called from any thread. All of them raise `DatasetError` when
    they fail.
    """

    def __init__(self) -> None:
        self._database = open_database()
        self._lock = threading.Lock()
        self._search = self._database.cursor()
        self._search_lock = threading.Lock()
        self._stopped = threading.Event()
        self._fields: dict[Path, Field] = {}
        self._in_table: set[str] = {"n", "literals", "segment_list", "item"}
        self._count = 0
        # What filters, counts and exports contacts reads a table of this name, and these columns.
        self._database.execute(
            "CREATE TABLE contact (n INTEGER, literals VARCHAR, segment_list VARCHAR, item VARCHAR)"
        )

    def __len__(self) -> int:
        return self._count

    def append(self, items: Sequence[bytes]) -> None:
        """Add items, each as the JSON that came; a few thousand at a time."""
        if items:
            with self._lock, our_errors():
                self._insert(items)

    def columns(self) -> tuple[Column, ...]:
        """Return a column for every key, in the order in which they came."""
        with self._lock:
            return columns_of(self._fields.values())

    def query(
        self,
        sort: Sequence[SortKey] = (),
        filter_text: str = "",
        columns: Sequence[Column] | None = None,
        *,
        conditions: Sequence[Condition] = (),
        writing: Writing = INTERNATIONAL,
    ) -> RowOrder:
        """Return the rows in which every word occurs and all conditions hold, sorted.

        Raises `FilterInvalid`, `Interrupted`, `OutOfMemory`.
        """
        with self._search_lock, our_errors():
            known = self._known()
            keys = known if columns is None else [column.key for column in columns]
            searched = [known[key] for key in keys if key in known]
            wishes = Wishes(sort, filter_text.split(), searched, conditions, None, writing)
            self._stopped.clear()
            return RowOrder(ids_of(self._search, known, wishes, self._stopped.is_set))

    def interrupt(self) -> None:
        """Make a running query or count raise `Interrupted`; without one, do nothing."""
        self._stopped.set()
        with our_errors():
            self._search.interrupt()

    def values(self, order: RowOrder, key: str, limit: int = 100) -> Values:
        """Return the most frequent values that a column has in the rows."""
        with self._counting(order) as (counting, known):
            return counting.values(known.get(key) or missing_field(key), limit)

    def summary(self, order: RowOrder, key: str, limit: int = 100) -> Summary:
        """Return the figures that suit the column's kind, from all of the rows."""
        with self._counting(order) as (counting, known):
            return counting.summary(known.get(key) or missing_field(key), limit)

    def window(
        self,
        order: RowOrder,
        first: int,
        count: int,
        columns: Sequence[Column],
        *,
        cut: int | None = None,
    ) -> list[Cells]:
        """Return the cells of up to `count` rows from place `first` of the order, row by row.

        A column that is not here reads as None. `cut` shortens every text to so many characters.
        """
        ids = order.ids[first : first + count].tolist()
        known = self._known()
        fields = [known.get(column.key) for column in columns]
        with self._lock, our_errors():
            rows = self._select(["n", *(_cell(field, cut) for field in fields)], ids)
        by_id: dict[int, Cells] = {row[0]: row[1:] for row in rows}
        return [by_id[row_id] for row_id in ids]

    def item(self, order: RowOrder, place: int) -> bytes:
        """Return the JSON of the item at a place of an order. Raises `RowGone`."""
        with self._lock, our_errors():
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
        """Write the rows in their order, all columns without `columns`.

        `path` appears or changes only when all is written. Raises `Interrupted` once `should_stop`
        answers yes, `TooManyRows`, and `OSError`.
        """
        wanted = self.columns() if columns is None else columns
        wanted = wanted or (missing_field(VALUE[1]).column,)  # a table of nothing is a file, too
        with our_errors(), ExitStack() as stack:
            with self._lock:  # a connection takes one call at a time, even for a cursor
                reader = stack.enter_context(self._database.cursor())
            rows = Rows(reader, self._known(), order.ids, wanted, Watch(on_progress, should_stop))
            return write(file_format, path, rows, separator)

    def close(self) -> None:
        """Stop what runs and give the memory back. Closing twice does no harm."""
        with suppress(DatasetError):
            self.interrupt()
        with self._search_lock, self._lock:
            self._search.close()
            with suppress(duckdb.Error):  # of an export that still reads; the memory goes with it
                self._database.close()

    def _insert(self, items: Sequence[bytes]) -> None:
        texts, literals = self._sorted_out(items)
        arrays: dict[str, Any] = {
            "n": np.arange(self._count, self._count + len(items), dtype=np.int32),
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

    def _known(self) -> dict[str, Field]:
        with self._lock:
            return {field.key: field for field in self._fields.values()}

    @contextmanager
    def _counting(self, order: RowOrder) -> Iterator[tuple[Counting, dict[str, Field]]]:
        with self._search_lock, our_errors():
            yield Counting(self._search, order.ids), self._known()


def _array(texts: Sequence[str | None]) -> Any:
    return np.array(texts, dtype=object)


def _cell(field: Field | None, cut: int | None) -> str:
    if field is None:
        return "NULL"
    return field.name if cut is None else f"left({field.name}, {cut:d})"
