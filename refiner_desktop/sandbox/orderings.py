"""Sorted views of all contacts, kept sorted while single rows change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from refiner_desktop.sandbox.draws import Mask, Rows

Keys = npt.NDArray[Any]
KeysOf = Callable[[Rows], Keys]
LONGEST_TEXT_KEY = 55


class Ordering:
    """Rows in ascending order of keys; a key belongs to one row only, so it can be a cursor."""

    def __init__(self, rows: Rows, keys_of: KeysOf) -> None:
        keys = keys_of(rows)
        order = np.argsort(keys, kind="stable")
        self.rows: Rows = rows[order]
        self.keys: Keys = keys[order]
        self.stale: set[int] = set()
        self._keys_of = keys_of

    def refresh(self, alive: Mask) -> None:
        """Move the stale rows to where they belong now; drop those that are not alive."""
        if not self.stale:
            return
        stale = np.fromiter(sorted(self.stale), np.int64)
        self.stale.clear()
        moving = np.zeros(len(alive), bool)
        moving[stale] = True
        kept = ~moving[self.rows]
        rows, keys = self.rows[kept], self.keys[kept]
        fresh = stale[alive[stale]]
        fresh_keys = self._keys_of(fresh)
        order = np.argsort(fresh_keys)
        at = np.searchsorted(keys, fresh_keys[order])
        self.rows = np.insert(rows, at, fresh[order])
        self.keys = np.insert(keys, at, fresh_keys[order])


def newest_first(seconds: npt.NDArray[np.int64], rows: Rows) -> Keys:
    """Return keys that sort by time, newest first, and the younger row first in a tie."""
    return -((seconds << 32) | rows)


def a_to_z(texts: Iterable[str | None], rows: Rows) -> Keys:
    """Return keys that sort by text without regard to case; rows without a text come last."""
    return np.array(
        [_text_key(text, row) for text, row in zip(texts, rows.tolist(), strict=True)],
        dtype=f"S{LONGEST_TEXT_KEY + 9}",
    )


def _text_key(text: str | None, row: int) -> bytes:
    head = text.casefold().encode()[:LONGEST_TEXT_KEY] if text else b"\xff"
    return head + b"\0%08x" % row
