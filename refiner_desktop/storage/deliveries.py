"""Every webhook delivery, in table `delivery`."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from refiner_desktop.storage.database import PAGE_BYTES, Database
from refiner_desktop.storage.delivery_rows import (
    HEADERS_PLACE,
    INSERT,
    ROW,
    VALUES,
    WHOLE,
    Row,
    short_key,
    to_delivery,
    to_delivery_row,
    to_values,
)
from refiner_desktop.storage.delivery_search import EVERYTHING, Search
from refiner_desktop.storage.encoding import moment_to_text
from refiner_desktop.storage.repeats import Repeats
from refiner_desktop.storage.tally import ON_SHELF, SHELF, WEIGHT, Change, Shelf, Tally, shelf_of
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow, Verdict

_ADDED_AT_ONCE = 500
_DELETED_AT_ONCE = 500
_ASKED_AT_ONCE = 500
_REFUSED_SHARE = 10
"""Refused requests get this part of the room that genuine ones have, besides it."""

_MOST_FRAGMENTS = 200
"""More of what was no request is not kept, even where there is room for it."""

_PROOF = b"\0" * 2 * PAGE_BYTES
"""Too long for the pages that are there: the file has to have room for more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept: deliveries, the bytes of their bodies, and how many are pinned."""

    count: int = 0
    size: int = 0
    pinned: int = 0


class DeliveryStore:
    """Keeps deliveries; from any thread. Writing raises `StorageUnavailable`.

    What deletes goes in steps, so that the listener gets its turn between them, and gives the
    space back to the disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._repeats = Repeats(self._keys)
        self._tally = Tally(self._shelves)
        self._weeding = threading.RLock()

    def open(self) -> None:
        """Read what is known of all deliveries, so that the first one need not wait for it."""
        self._repeats.open()
        self._tally.open()

    def add(self, delivery: Delivery) -> int:
        """Commit one delivery and return its id."""
        return self.add_many([delivery])[0]

    def add_many(self, deliveries: Sequence[Delivery]) -> list[int]:
        """Commit deliveries in one transaction, all or none; return their ids in order."""
        ids: list[int] = []
        keys = [_key(delivery) for delivery in deliveries]
        seen_before = self._repeats.among(keys)
        rows = list(map(to_values, deliveries, keys, seen_before))
        self._tally.open()
        with self._database.transaction() as connection:
            for start in range(0, len(rows), _ADDED_AT_ONCE):
                ids += _insert(connection, rows[start : start + _ADDED_AT_ONCE])
        self._repeats.add(keys)
        self._tally.change(map(_placed, deliveries, rows))
        return ids

    def prove(self) -> None:
        """Write to the file and leave nothing in it: there is no other way to know that it works.

        Its id is below all others, so none of theirs is used up.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO delivery (id, hook, received_at, kind, verdict, method, path, headers,"
                " body) VALUES (-1, '', '', 'other', 'refused', '', '', '[]', ?)",
                (_PROOF,),
            )
            connection.execute("DELETE FROM delivery WHERE id = -1")

    def get(self, delivery_id: int) -> Delivery | None:
        """Return a delivery with its headers and body, or None when it was deleted."""
        found = self._database.connection().execute(
            f"SELECT {WHOLE} FROM delivery WHERE id = ?", (delivery_id,)
        )
        row = found.fetchone()
        return to_delivery(row) if row else None

    def search(
        self,
        search: Search = EVERYTHING,
        limit: int = 200,
        before_id: int | None = None,
        after_id: int | None = None,
    ) -> list[DeliveryRow]:
        """Return list lines, newest first; the last one's id as `before_id` gives the next page."""
        condition, values = search.condition()
        if before_id is not None:
            condition, values = f"id < ? AND {condition}", [before_id, *values]
        if after_id is not None:
            condition, values = f"id > ? AND {condition}", [after_id, *values]
        return self._rows(f"WHERE {condition} ORDER BY id DESC LIMIT ?", [*values, limit])

    def ids(self, search: Search = EVERYTHING) -> array[int]:
        """Return the ids of all that is found, newest first; `rows` reads a window of them."""
        condition, values = search.condition()
        found = self._database.connection().execute(
            f"SELECT id FROM delivery WHERE {condition} ORDER BY id DESC", values
        )
        return array("q", (number for (number,) in found))

    def rows(self, ids: Iterable[int]) -> list[DeliveryRow]:
        """Return the list lines of these deliveries, newest first; deleted ones are left out."""
        wanted = list(ids)
        rows: list[DeliveryRow] = []
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            asked = wanted[start : start + _ASKED_AT_ONCE]
            rows += self._rows(f"WHERE id IN ({', '.join('?' * len(asked))})", asked)
        return sorted(rows, key=lambda row: -row.id)

    def hooks(self) -> list[tuple[str, str]]:
        """Return id and newest name of each hook that a delivery was kept for."""
        found = self._database.connection().execute(
            "SELECT hook_id, hook, max(id) FROM delivery WHERE hook <> '' GROUP BY hook_id"
        )
        return [(hook_id, name) for hook_id, name, _ in found]

    def count(self, search: Search = EVERYTHING) -> int:
        """Return how many deliveries are found."""
        condition, values = search.condition()
        found = self._database.connection().execute(
            f"SELECT count(*) FROM delivery WHERE {condition}", values
        )
        count: int = found.fetchone()[0]
        return count

    def kept(self) -> Kept:
        """Return how much there is."""
        found = self._database.connection().execute(
            "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(pinned), 0) FROM delivery"
        )
        return Kept(*found.fetchone())

    def pin(self, delivery_ids: Iterable[int], pinned: bool) -> None:
        """Keep deliveries whatever the limits, or no longer."""
        with self._weeding:
            self._tally.open()
            changes: list[Change] = []
            with self._database.transaction() as connection:
                for number in delivery_ids:
                    changes += connection.execute(
                        f"UPDATE delivery SET pinned = ? WHERE id = ? AND pinned <> ?"
                        f" RETURNING {SHELF}, 1, {WEIGHT}",
                        (pinned, number, pinned),
                    ).fetchall()
            self._tally.change(_less(changes) if pinned else changes)

    def delete(self, delivery_ids: Sequence[int]) -> None:
        """Delete these deliveries for good, pinned or not."""
        with self._weeding:
            self._delete(delivery_ids)

    def trim(self, keep: int, most_bytes: int, since: datetime | None = None) -> list[int]:
        """Delete what is beyond these limits; return the ids of what is gone."""
        with self._weeding:
            gone = self.beyond(keep, most_bytes, since)
            self._delete(gone)
        return gone

    def beyond(self, keep: int, most_bytes: int, since: datetime | None = None) -> list[int]:
        """Return the ids of the oldest beyond so many, or so many bytes, or from before.

        Refused requests have a tenth of that room for themselves, and what was no request a tenth
        of theirs: no stranger pushes a genuine one out. The newest of each stays whatever its size,
        and so do those that are pinned; they count for nothing. By age they go in the order in
        which they came.
        """
        oldest, share = moment_to_text(since) if since else "", _REFUSED_SHARE
        refused, refused_bytes = keep // share, most_bytes // share
        fragments = min(_MOST_FRAGMENTS, refused // share)
        return [
            *self._beyond(Shelf.FRAGMENT, fragments, refused_bytes // share, oldest),
            *self._beyond(Shelf.REFUSED, refused, refused_bytes, oldest),
            *self._beyond(Shelf.GENUINE, keep, most_bytes, oldest),
        ]

    def _beyond(self, shelf: Shelf, keep: int, most_bytes: int, since: str) -> list[int]:
        """Return what is to be deleted of one shelf: it reads these rows and one more."""
        count, size = self._tally.of(shelf)
        if not count:
            return []
        gone: list[int] = []
        oldest_first = self._database.connection().execute(
            f"SELECT id, {WEIGHT}, received_at FROM {ON_SHELF[shelf]} AND pinned = 0 ORDER BY id"
        )
        with closing(oldest_first):
            for number, weight, received_at in oldest_first:
                too_much = count > 1 and (count > keep or size > most_bytes)
                if not too_much and received_at >= since:
                    break
                gone.append(number)
                count, size = count - 1, size - weight
        return gone[::-1]

    def _shelves(self) -> Iterator[Change]:
        return self._database.connection().execute(
            f"SELECT {SHELF}, count(*), sum({WEIGHT}) FROM delivery WHERE pinned = 0 GROUP BY 1"
        )

    def _keys(self) -> Iterator[int]:
        found = self._database.connection().execute(
            "SELECT repeat_key FROM delivery WHERE repeat_key IS NOT NULL AND verdict = ?",
            (Verdict.ACCEPTED.value,),
        )
        return (key for (key,) in found)

    def _rows(self, condition: str, values: Sequence[object]) -> list[DeliveryRow]:
        found = self._database.connection().execute(
            f"SELECT {ROW} FROM delivery {condition}", values
        )
        return [to_delivery_row(row) for row in found]

    def _delete(self, delivery_ids: Sequence[int]) -> None:
        self._tally.open()
        connection = self._database.connection()
        for start in range(0, len(delivery_ids), _DELETED_AT_ONCE):
            gone = delivery_ids[start : start + _DELETED_AT_ONCE]
            with self._database.transaction():
                rows = connection.execute(
                    f"DELETE FROM delivery WHERE id IN ({', '.join('?' * len(gone))})"
                    " RETURNING CASE verdict WHEN 'accepted' THEN repeat_key END, pinned,"
                    f" {SHELF}, 1, {WEIGHT}",
                    gone,
                ).fetchall()
            self._repeats.forget(key for key, *_ in rows)
            self._tally.change(_less(change for _, pinned, *change in rows if not pinned))
            self._database.free_disk()
        if delivery_ids:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _key(delivery: Delivery) -> int | None:
    """Return what repeats of it are known by; a forgery makes no genuine one a repeat."""
    return short_key(delivery.repeat_key) if delivery.verdict is Verdict.ACCEPTED else None


def _placed(delivery: Delivery, row: Row) -> Change:
    """Return what a new row changes in the tally."""
    counts = not delivery.pinned
    weight = delivery.size + len(delivery.path) + len(row[HEADERS_PLACE])
    return shelf_of(delivery), counts, weight * counts


def _less(changes: Iterable[Sequence[int]]) -> Iterator[Change]:
    return ((shelf, -rows, -size) for shelf, rows, size in changes)


def _insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> range:
    # One statement for all: Python's lock changes hands once instead of once for each row, for
    # which the listener's thread would have to wait.
    statement = f"{INSERT} {', '.join([VALUES] * len(rows))}"
    values = [value for row in rows for value in row]
    newest = connection.execute(statement, values).lastrowid or 0
    return range(newest - len(rows) + 1, newest + 1)
