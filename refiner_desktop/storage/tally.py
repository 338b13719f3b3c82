"""How many deliveries there are and how much room they take, without a walk over all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from enum import IntEnum

from refiner_desktop.webhooks.delivery import Delivery, Verdict


class Shelf(IntEnum):
    """What is counted and trimmed by itself, so that none pushes another out."""

    GENUINE = 0
    REFUSED = 1
    FRAGMENT = 2
    """Refused, and no request at all."""


SHELF = "CASE WHEN verdict <> 'refused' THEN 0 WHEN method <> '' THEN 1 ELSE 2 END"
"""The shelf of a row."""

WEIGHT = "size + length(path) + length(headers)"
"""The bytes that a row counts for."""

_REFUSED = "delivery INDEXED BY delivery_refused WHERE verdict = 'refused'"
ON_SHELF = {
    Shelf.GENUINE: "delivery WHERE verdict <> 'refused'",
    Shelf.REFUSED: f"{_REFUSED} AND method <> ''",
    Shelf.FRAGMENT: f"{_REFUSED} AND method = ''",
}
"""Table and condition for the rows of a shelf."""

Change = tuple[int, int, int]
"""A shelf, and by how many rows and bytes it changes."""


def shelf_of(delivery: Delivery) -> Shelf:
    """Return the shelf that a delivery stands on."""
    if delivery.verdict is not Verdict.REFUSED:
        return Shelf.GENUINE
    return Shelf.REFUSED if delivery.is_request else Shelf.FRAGMENT


class Tally:
    """Counts rows and bytes of each shelf in memory; from any thread. Pinned ones don't count.

    `read` counts what is in the file; it is called once. Whoever writes calls `open` before, and
    `change` once that is committed.
    """

    def __init__(self, read: Callable[[], Iterable[Change]]) -> None:
        self._read = read
        self._counts: dict[int, tuple[int, int]] | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Count now, unless that has been done."""
        with self._lock:
            self._known()

    def of(self, shelf: Shelf) -> tuple[int, int]:
        """Return how many stand on a shelf, and their bytes."""
        with self._lock:
            return self._known().get(shelf, (0, 0))

    def change(self, changes: Iterable[Change]) -> None:
        """Count what came, and with signs below zero what went."""
        with self._lock:
            known = self._known()
            for shelf, rows, size in changes:
                count, total = known.get(shelf, (0, 0))
                known[shelf] = count + rows, total + size

    def _known(self) -> dict[int, tuple[int, int]]:
        if self._counts is None:
            self._counts = {shelf: (rows, size) for shelf, rows, size in self._read()}
        return self._counts
