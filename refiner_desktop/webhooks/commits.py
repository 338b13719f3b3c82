"""Deliveries that arrive together are committed together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from refiner_desktop.webhooks.delivery import Delivery

Keep = Callable[[Sequence[Delivery]], Sequence[int]]
"""Commits deliveries, all or none, and returns their ids in order."""

Prove = Callable[[], object]
"""Writes to where deliveries go, and leaves nothing there; raises when that fails."""

Outcome = Callable[["int | None"], None]
"""Gets a delivery's id once it is on disk; None when it could not be kept."""

log = logging.getLogger(__name__)


class GroupCommit:
    """Lets the requests that are read in one turn of the loop share a commit.

    The commit is made in the loop's own thread. A thread of its own would have to be woken for
    every batch, and both would wait for Python's lock: that costs more than the disk does.
    """

    def __init__(self, keep: Keep, prove: Prove) -> None:
        self._keep = keep
        self._prove = prove
        self._waiting: list[tuple[Delivery | None, Outcome]] = []

    def add(self, delivery: Delivery | None, outcome: Outcome) -> None:
        """Commit a delivery at the end of this turn of the loop; None proves that it would be."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._commit_all)
        self._waiting.append((delivery, outcome))

    def _commit_all(self) -> None:
        batch, self._waiting = self._waiting, []
        self._commit(batch)

    def _commit(self, batch: list[tuple[Delivery | None, Outcome]]) -> None:
        try:
            deliveries = [delivery for delivery, _ in batch if delivery is not None]
            if len(deliveries) < len(batch):
                self._prove()
            ids = iter(self._keep(deliveries) if deliveries else ())
            numbers = [0 if delivery is None else next(ids) for delivery, _ in batch]
        except Exception:
            if len(batch) > 1:  # one that does not fit must not take the others with it
                for waiting in batch:
                    self._commit([waiting])
                return
            log.exception("a delivery could not be kept")
            batch[0][1](None)
            return
        for (_, outcome), number in zip(batch, numbers, strict=True):
            outcome(number)
