"""Contacts by the million: loaded, sorted, filtered, read and written from any thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import duckdb

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.database import our_errors
from refiner_desktop.datasets.fields import Field, missing_field
from refiner_desktop.datasets.page import Page
from refiner_desktop.datasets.reading import Cells
from refiner_desktop.datasets.row_set import RowOrder, RowSet
from refiner_desktop.datasets.selection import Ids, cells, current, segment_counts
from refiner_desktop.datasets.sql_names import OWN_NAMES
from refiner_desktop.datasets.table import ContactTable


class ContactSet(RowSet):
    """Contacts as they were loaded, in memory, with the columns that were found in them.

    Values are kept as text without loss. A row's id counts arrivals and is never used twice. Where
    contacts are read, it leads to the newest version, also in the load after; only `query`,
    `window` and counts take it for one row.
    """

    own_names = OWN_NAMES

    def __init__(self) -> None:
        super().__init__()
        self._table = ContactTable(self._database)
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

    def clear(self, *, keep_ids: bool = False) -> None:
        """Forget all rows and attributes.

        In orders from before, every row is gone; with `keep_ids`, until its contact comes again.
        """
        self.interrupt()
        self.interrupt_counts()
        with self._search_lock, self._counts_lock, self._table_lock, our_errors():
            self._table.clear(keep_ids=keep_ids)
            self.unreadable = 0

    def _current(self, reader: duckdb.DuckDBPyConnection, ids: Ids) -> Ids:
        return current(reader, ids, self._table.uuid_name)

    def _known(self) -> dict[str, Field]:
        return self._table.fields.by_key()
