"""Contacts by the million: loaded, sorted, filtered, read and written from any thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.conditions import Condition
from refiner_desktop.datasets.counting import Counting
from refiner_desktop.datasets.database import open_database, our_errors
from refiner_desktop.datasets.errors import DatasetError, FilterInvalid
from refiner_desktop.datasets.expert import Expert, ExpertReader
from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.datasets.exports.rows import Progress, Rows, Watch
from refiner_desktop.datasets.exports.writing import Written, write
from refiner_desktop.datasets.fields import Field, missing_field
from refiner_desktop.datasets.filtering import Wishes, ids_of
from refiner_desktop.datasets.page import Page
from refiner_desktop.datasets.selection import Ids, cells, current, segment_counts
from refiner_desktop.datasets.sql_names import SqlName, sql_names
from refiner_desktop.datasets.summaries import Summary, Values
from refiner_desktop.datasets.table import Cells, ContactTable
from refiner_desktop.datasets.writing import INTERNATIONAL, Writing

CLOSE_SECONDS = 1.0
"""So long closing waits for a search or a count to notice that it should stop."""


@dataclass(frozen=True, slots=True, eq=False)
class RowOrder:
    """Which rows to show and in which order: their ids after one sort and filter."""

    ids: Ids

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, places: Sequence[int]) -> RowOrder:
        """Return an order of the rows at some places of this one: those that are selected."""
        return RowOrder(self.ids[np.asarray(places, dtype=np.intp)])


class ContactSet:
    """Contacts as they were loaded, in memory, with the columns that were found in them.

    Values are kept as text without loss. A row's id counts arrivals and is never used twice. Where
    contacts are read, it leads to the newest version, also in the load after; only `query`,
    `window` and counts take it for one row.

    Every method blocks and may be called from any thread; loading and reading do not wait for a
    running `query`. All of them raise `DatasetError` when they fail.
    """

    def __init__(self) -> None:
        self._database = open_database()
        # Connections with a lock each: a long search or count holds up neither pages nor windows.
        self._table = ContactTable(self._database)
        self._table_lock = threading.Lock()
        self._search = self._database.cursor()
        self._search_lock = threading.Lock()
        self._stopped = threading.Event()
        self._counts = self._database.cursor()
        self._counts_lock = threading.Lock()
        self._expert = ExpertReader()
        self.unreadable = 0
        """How many items were passed over since the rows were last cleared: no contacts."""

    def __len__(self) -> int:
        return self._table.count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def append(self, page: bytes, at_most: int | None = None) -> int:
        """Add the body of one `GET /contacts` answer; return how many contacts were taken from it.

        A contact that is already here is replaced. Raises `NotAPage`, and then adds nothing.
        """
        contacts = Page(page, at_most)
        with self._table_lock, our_errors():
            if contacts.size:
                self._table.insert(contacts)
            self.unreadable += contacts.unreadable
        return contacts.size

    def replace(self, page: bytes) -> dict[str, Any]:
        """Put a page's only contact in its row's place, whose id stays; return it as `row` does.

        Raises `NotAPage`, and `RowGone` when no row has that contact.
        """
        contact = Page(page)
        with self._table_lock, our_errors():
            return self._table.row(self._table.replace(contact))

    def remove(self, uuids: Sequence[str]) -> int:
        """Forget the contacts with these UUIDs; return how many were here."""
        with self._table_lock, our_errors():
            return self._table.delete(uuids)

    def columns(self) -> tuple[Column, ...]:
        """Return the contact's own columns and all that have a value, the most telling first."""
        with self._table_lock:
            return self._table.fields.columns()

    def query(
        self,
        sort: Sequence[SortKey] = (),
        filter_text: str = "",
        columns: Sequence[Column] | None = None,
        *,
        conditions: Sequence[Condition] = (),
        expert: str = "",
        writing: Writing = INTERNATIONAL,
    ) -> RowOrder:
        """Return the rows in which everything that is asked for holds, sorted.

        Every word of the filter text occurs in one of the columns, case and accents aside, as the
        table writes its cells; without `columns` all are searched. `expert` is an SQL condition
        over the columns, named as in `sql_names`. Columns that are not here are empty in every row.
        Without a sort, rows stand as they arrived. Raises `FilterInvalid`, `Interrupted`,
        `OutOfMemory`.
        """
        with self._search_lock, our_errors():
            with self._table_lock:
                known = self._table.fields.by_key()
            keys = known if columns is None else [column.key for column in columns]
            searched = [known[key] for key in keys if key in known]
            read = self._read(expert, known) if expert.strip() else None
            wishes = Wishes(sort, filter_text.split(), searched, conditions, read, writing)
            self._stopped.clear()
            return RowOrder(ids_of(self._search, known, wishes, self._stopped.is_set))

    def sql_names(self) -> tuple[SqlName, ...]:
        """Return what the columns are called in the expert filter."""
        with self._table_lock:
            known = self._table.fields.by_key()
        return tuple(sql_names(known.values(), self._expert.reserved).values())

    def check_expert(self, text: str) -> FilterInvalid | None:
        """Return what is wrong with an expert filter, or None; no row is looked at.

        What depends on the cells, such as a text that is no number, shows in `query` only.
        """
        with self._table_lock:
            known = self._table.fields.by_key()
        try:
            if text.strip():
                self._read(text, known)
        except FilterInvalid as exc:
            return exc
        return None

    def interrupt(self) -> None:
        """Make a running `query` raise `Interrupted`; without one, do nothing."""
        self._stopped.set()
        with our_errors():
            self._search.interrupt()

    def presence(self, order: RowOrder) -> dict[str, int]:
        """Return how many of the rows have each column, by the column's key."""
        with self._counting(order) as (counting, known):
            return dict(zip(known, counting.presence(list(known.values())), strict=True))

    def values(self, order: RowOrder, key: str, limit: int = 100) -> Values:
        """Return the most frequent values that a column has in the rows."""
        with self._counting(order) as (counting, known):
            return counting.values(known.get(key) or missing_field(key), limit)

    def summary(self, order: RowOrder, key: str, limit: int = 100) -> Summary:
        """Return the figures that suit the column's kind, from all of the rows."""
        with self._counting(order) as (counting, known):
            return counting.summary(known.get(key) or missing_field(key), limit)

    def interrupt_counts(self) -> None:
        """Make a running `presence`, `values` or `summary` raise `Interrupted`."""
        with our_errors():
            self._counts.interrupt()

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

        A row that is gone, and a column that is not here, read as None. `cut` shortens every text
        to so many characters.
        """
        ids = order.ids[first : first + count].tolist()
        with self._table_lock, our_errors():
            return self._table.window(ids, columns, cut)

    def row(self, row_id: int) -> dict[str, Any]:
        """Return one contact as in the API reference, section 5.1, without its empty attributes.

        Raises `RowGone`.
        """
        with self._table_lock, our_errors():
            return self._table.row(row_id)

    def rows(self, order: RowOrder) -> list[dict[str, Any]]:
        """Return an order's contacts as `row` does; those that are gone are left out."""
        with self._table_lock, our_errors():
            return self._table.rows(order.ids)

    def cells(self, order: RowOrder, keys: Sequence[str]) -> list[Cells]:
        """Return the whole texts of all rows of an order in some columns; nobody waits for it.

        Rows that are gone are left out; a column that is not here reads as None.
        """
        with self._reading(order) as (reader, known, ids):
            fields = [known.get(key) or missing_field(key) for key in keys]
            return cells(reader, ids, fields)

    def segment_counts(self, order: RowOrder) -> dict[str, int]:
        """Return how many of the rows are in each segment, by its UUID, or else by its name."""
        with self._reading(order) as (reader, _known, ids):
            return segment_counts(reader, ids)

    def export(
        self,
        order: RowOrder,
        file_format: Format,
        columns: Sequence[Column] | None,
        path: Path,
        on_progress: Progress = lambda done, total: None,
        should_stop: Callable[[], bool] = lambda: False,
        *,
        separator: str = ",",
    ) -> Written:
        """Write the rows in their order; `path` appears or changes only when all is written.

        The file holds the rows as they are when this begins; those that are gone by then are left
        out. Without `columns` all are written, by JSON in the shape of the API reference, section
        5.1. `on_progress` gets the rows written and the rows in all, from the calling thread.
        `separator` stands between the columns of CSV for Excel. Raises `Interrupted` once
        `should_stop` answers yes, `TooManyRows`, `RowGone` when none of the rows is left, and
        `OSError`.
        """
        with self._reading(order) as (reader, known, ids):
            rows = Rows(reader, known, ids, columns, Watch(on_progress, should_stop))
            return write(file_format, path, rows, separator)

    def clear(self, *, keep_ids: bool = False) -> None:
        """Forget all rows and attributes.

        In orders from before, every row is gone; with `keep_ids`, until its contact comes again.
        """
        self.interrupt()
        self.interrupt_counts()
        with self._search_lock, self._counts_lock, self._table_lock, our_errors():
            self._table.clear(keep_ids=keep_ids)
            self.unreadable = 0

    def close(self) -> None:
        """Stop what runs and give the memory back. Closing twice does no harm."""
        with contextlib.suppress(DatasetError):
            self.interrupt()
            self.interrupt_counts()
        self._expert.close()
        for lock, connection in (
            (self._search_lock, self._search),
            (self._counts_lock, self._counts),
        ):
            if lock.acquire(timeout=CLOSE_SECONDS):
                connection.close()
                lock.release()
        # It closes every connection that was made from it, and refuses while one of them works:
        # then the memory is given back when that work is done and nobody holds it any more.
        with self._table_lock, contextlib.suppress(duckdb.Error):
            self._database.close()

    def _read(self, text: str, known: Mapping[str, Field]) -> Expert:
        return self._expert.read(text, sql_names(known.values(), self._expert.reserved))

    @contextlib.contextmanager
    def _reading(
        self, order: RowOrder
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Field], Ids]]:
        """Read the order's rows as they are now, on a connection of its own: nobody waits."""
        with our_errors(), contextlib.ExitStack() as stack:
            with self._table_lock:  # a connection takes one call at a time, even for a cursor
                reader = stack.enter_context(self._database.cursor())
                reader.begin()
                reader.execute("SELECT n FROM contact LIMIT 0")  # the transaction begins with it
                known, uuid = self._table.fields.by_key(), self._table.uuid_name
            yield reader, known, current(reader, order.ids, uuid)

    @contextlib.contextmanager
    def _counting(self, order: RowOrder) -> Iterator[tuple[Counting, dict[str, Field]]]:
        with self._counts_lock, our_errors():
            with self._table_lock:
                known = self._table.fields.by_key()
            yield Counting(self._counts, order.ids), known
