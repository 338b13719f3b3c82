"""What the deliveries that are kept are known by, should one of them come again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

Keys = Iterable[int | None]
"""Those of deliveries; None for one that is known by nothing."""


class Repeats:
    """Counts keys in memory; from any thread.

    Looked up in the file, each would read and write a page of its own. `read` returns the keys of
    all that is kept; it is called once, when they are first needed.
    """

    def __init__(self, read: Callable[[], Keys]) -> None:
        self._read = read
        self._counts: dict[int, int] | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Read the keys now, unless they are there."""
        with self._lock:
            self._known()

    def among(self, keys: Sequence[int | None]) -> list[bool]:
        """Return for each key whether it is known, or stands further ahead."""
        with self._lock:
            return list(_repeated(keys, self._known()))

    def add(self, keys: Keys) -> None:
        """Count what was kept."""
        with self._lock:
            _count(self._known(), keys)

    def forget(self, keys: Keys) -> None:
        """Count what was deleted no longer."""
        with self._lock:
            known = self._counts or {}  # what was not read yet will be read without them
            for key in keys:
                if key is not None and (left := known.pop(key, 0) - 1) > 0:
                    known[key] = left

    def _known(self) -> dict[int, int]:
        if self._counts is None:
            self._counts = {}
            _count(self._counts, self._read())
        return self._counts


def _count(counts: dict[int, int], keys: Keys) -> None:
    for key in keys:
        if key is not None:
            counts[key] = counts.get(key, 0) + 1


def _repeated(keys: Sequence[int | None], known: dict[int, int]) -> Iterator[bool]:
    ahead: set[int | None] = {None}
    for key in keys:
        yield key is not None and (key in known or key in ahead)
        ahead.add(key)
