"""Contacts by the million: loaded, sorted, filtered, read and written from any thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets import search
from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.csv_export import write_csv
from refiner_desktop.datasets.database import open_database, our_errors
from refiner_desktop.datasets.errors import DatasetError
from refiner_desktop.datasets.page import Page
from refiner_desktop.datasets.table import Cells, ContactTable


@dataclass(frozen=True, slots=True, eq=False)
class RowOrder:
    """Which rows to show and in which order: their ids after one sort and filter."""

    ids: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


class ContactSet:
    """Contacts as they were loaded, in memory, with the columns that were found in them.

    Values are kept as text without loss. A row's id counts arrivals, is never used twice, and dies
    when a newer version of the contact comes.

    Every method blocks and may be called from any thread; loading and reading do not wait for a
    running `query`. All of them raise `DatasetError` when they fail.
    """

    def __init__(self) -> None:
        self._database = open_database()
        # Two connections, each with its lock: a long search holds up neither pages nor windows.
        self._table = ContactTable(self._database)
        self._table_lock = threading.Lock()
        self._search = self._database.cursor()
        self._search_lock = threading.Lock()

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
        if contacts.size:
            with self._table_lock, our_errors():
                self._table.insert(contacts)
        return contacts.size

    def columns(self) -> tuple[Column, ...]:
        """Return the contact's own columns and all that have a value, the most telling first."""
        with self._table_lock:
            return self._table.fields.columns()

    def query(
        self,
        sort: Sequence[SortKey] = (),
        filter_text: str = "",
        columns: Sequence[Column] | None = None,
    ) -> RowOrder:
        """Return the rows in which every word of the text occurs in one of the columns, sorted.

        Case and accents do not matter. Without `columns` all are searched; those that are not here
        are passed over. Without a sort, rows stand as they arrived. Raises `Interrupted`.
        """
        with self._search_lock, our_errors():
            with self._table_lock:
                known = self._table.fields.by_key()
            keys = known if columns is None else [column.key for column in columns]
            words = search.fold(self._search, filter_text.split())
            found = search.where([known[key] for key in keys if key in known], words)
            order = search.order_by([(known[s.key], s.descending) for s in sort if s.key in known])
            rows = self._search.execute(f"SELECT n FROM contact {found} {order}", words)
            return RowOrder(rows.fetchnumpy()["n"])

    def interrupt(self) -> None:
        """Make a running `query` raise `Interrupted`; without one, do nothing."""
        with our_errors():
            self._search.interrupt()

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

    def export_csv(
        self,
        order: RowOrder,
        columns: Sequence[Column],
        path: Path,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Write the rows in their order; `path` appears or changes only when all is written.

        `on_progress` gets the rows written and the rows in all, from the calling thread. Raises
        `Interrupted` once `should_stop` answers yes, and `OSError`.
        """

        def window(first: int, count: int) -> list[Cells]:
            return self.window(order, first, count, columns)

        titles = [column.title for column in columns]
        write_csv(path, titles, len(order), window, on_progress, should_stop)

    def clear(self) -> None:
        """Forget all rows and attributes; in orders from before, every row is gone."""
        self.interrupt()
        with self._search_lock, self._table_lock, our_errors():
            self._table.clear()

    def close(self) -> None:
        """Stop a running query and give the memory back. Closing twice does no harm."""
        with contextlib.suppress(DatasetError):
            self.interrupt()
        with self._search_lock, self._table_lock:
            self._search.close()
            self._database.close()
