"""Rows in DuckDB: sorted, filtered and counted from any thread, whatever they are rows of."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import duckdb
import numpy as np

from refiner_desktop.datasets.cell_format import INTERNATIONAL, CellFormat
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
from refiner_desktop.datasets.filtering import RowQuery, ids_of
from refiner_desktop.datasets.reading import Cells, window
from refiner_desktop.datasets.selection import Ids
from refiner_desktop.datasets.sql_names import SqlName, sql_names
from refiner_desktop.datasets.summaries import Summary, Values

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


class RowSet(ABC):
    """Rows of a table `contact` in memory, with the columns that were found in them.

    What filters, counts and exports reads a table of that name with the columns `n`, the row's id,
    `literals`, which names the columns whose text is JSON, `segment_list`, and one for each field.
    Whoever holds the rows owns that table, and lets nobody else use its connection meanwhile.

    Every method blocks and may be called from any thread; loading and reading do not wait for a
    running `query`. All of them raise `DatasetError` when they fail.
    """

    own_names: ClassVar[Mapping[str, str]] = {}
    """What columns are called in the expert filter, by their keys, where not as their field is."""

    def __init__(self) -> None:
        self._database = open_database()
        # Connections with a lock each: a long search or count holds up neither pages nor windows.
        self._table_lock = threading.Lock()
        self._search = self._database.cursor()
        self._search_lock = threading.Lock()
        self._stopped = threading.Event()
        self._counts = self._database.cursor()
        self._counts_lock = threading.Lock()

    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """Return the columns that there are to show, in their first order."""

    @abstractmethod
    def _known(self) -> dict[str, Field]:
        """Return the fields of this moment, by their column's key; the table is locked."""

    def _current(self, reader: duckdb.DuckDBPyConnection, ids: Ids) -> Ids:
        """Return the ids by which the same rows are here now, in their order."""
        return ids

    def _to_write(self, columns: Sequence[Column] | None) -> Sequence[Column] | None:
        """Return the columns that an export writes; None for all, in the shape of contacts."""
        return columns

    def query(
        self,
        sort: Sequence[SortKey] = (),
        filter_text: str = "",
        columns: Sequence[Column] | None = None,
        *,
        conditions: Sequence[Condition] = (),
        expert: str = "",
        cell_format: CellFormat = INTERNATIONAL,
    ) -> RowOrder:
        """Return the rows in which everything that is asked for holds, sorted.

        Every word of the filter text occurs in one of the columns, case and accents aside, as the
        table writes its cells; without `columns` all are searched. `expert` is an SQL condition
        over the columns, named as in `sql_names`. Columns that are not here are empty in every row.
        Without a sort, rows stand as they arrived. Raises `FilterInvalid`, `Interrupted`,
        `OutOfMemory`.
        """
        with self._search_lock, our_errors():
            known = self._fields_now()
            keys = known if columns is None else [column.key for column in columns]
            searched = [known[key] for key in keys if key in known]
            read = self._read(expert, known) if expert.strip() else None
            query = RowQuery(sort, filter_text.split(), searched, conditions, read, cell_format)
            self._stopped.clear()
            return RowOrder(ids_of(self._search, known, query, self._stopped.is_set))

    def interrupt(self) -> None:
        """Make a running `query` raise `Interrupted`; without one, do nothing."""
        self._stopped.set()
        with our_errors():
            self._search.interrupt()

    def sql_names(self) -> tuple[SqlName, ...]:
        """Return what the columns are called in the expert filter."""
        return tuple(self._names(self._fields_now()).values())

    def check_expert(self, text: str) -> FilterInvalid | None:
        """Return what is wrong with an expert filter, or None; no row is looked at.

        What depends on the cells, such as a text that is no number, shows in `query` only.
        """
        try:
            if text.strip():
                self._read(text, self._fields_now())
        except FilterInvalid as exc:
            return exc
        return None

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
            known = self._known()
            fields = [known.get(column.key) for column in columns]
            return window(self._database, ids, fields, cut)

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
        out. Without `columns` all are written; contacts by JSON in the shape of the API reference,
        section 5.1. `on_progress` gets the rows written and the rows in all, from the calling
        thread. `separator` stands between the columns of CSV for Excel. Raises `Interrupted` once
        `should_stop` answers yes, `TooManyRows`, `RowGone` when none of the rows is left, and
        `OSError`.
        """
        wanted, watch = self._to_write(columns), Watch(on_progress, should_stop)
        with self._reading(order) as (reader, known, ids):
            return write(file_format, path, Rows(reader, known, ids, wanted, watch), separator)

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

    def close(self) -> None:
        """Stop what runs and give the memory back. Closing twice does no harm."""
        with suppress(DatasetError):
            self.interrupt()
            self.interrupt_counts()
        if "_expert" in self.__dict__:
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
        with self._table_lock, suppress(duckdb.Error):
            self._database.close()

    @cached_property
    def _expert(self) -> ExpertReader:
        """Made when somebody writes SQL: it is a database of its own."""
        return ExpertReader()

    def _names(self, known: Mapping[str, Field]) -> dict[str, SqlName]:
        return sql_names(known.values(), self._expert.reserved, self.own_names)

    def _read(self, text: str, known: Mapping[str, Field]) -> Expert:
        return self._expert.read(text, self._names(known))

    def _fields_now(self) -> dict[str, Field]:
        with self._table_lock:
            return self._known()

    @contextmanager
    def _reading(
        self, order: RowOrder
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Field], Ids]]:
        """Read the order's rows as they are now, on a connection of its own: nobody waits."""
        with our_errors(), ExitStack() as stack:
            with self._table_lock:  # a connection takes one call at a time, even for a cursor
                reader = stack.enter_context(self._database.cursor())
                reader.begin()
                reader.execute("SELECT n FROM contact LIMIT 0")  # the transaction begins with it
                known = self._known()
            yield reader, known, self._current(reader, order.ids)

    @contextmanager
    def _counting(self, order: RowOrder) -> Iterator[tuple[Counting, dict[str, Field]]]:
        with self._counts_lock, our_errors():
            yield Counting(self._counts, order.ids), self._fields_now()
