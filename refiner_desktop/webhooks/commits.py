"""Deliveries that arrive together are committed together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue

from refiner_desktop.webhooks.delivery import Delivery

Keep = Callable[[Sequence[Delivery]], Sequence[int]]
"""Commits deliveries, all or none, and returns their ids in order."""

_Waiting = tuple[Delivery, "asyncio.Future[int]"]
_Outcome = tuple["asyncio.Future[int]", "int | Exception"]


class GroupCommit:
    """Lets many requests share a commit: what arrives during one goes into the next.

    A thread waits for the disk, so the event loop never does.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Start the thread, unless it runs; what came before waits for it."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._write, name="delivery commits", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Commit what waits and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    async def commit(self, delivery: Delivery) -> int:
        """Return the delivery's id once it is on disk. Raises what `keep` raises."""
        committed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._queue.put((delivery, committed))
        return await committed

    def _write(self) -> None:
        while first := self._queue.get():
            batch = [first]
            while not self._queue.empty():
                if (following := self._queue.get()) is None:
                    self._queue.put(None)  # the end, for the outer loop to see
                    break
                batch.append(following)
            outcomes = self._commit(batch)
            with suppress(RuntimeError):  # the loop was ended by force: nobody waits any more
                first[1].get_loop().call_soon_threadsafe(_settle, outcomes)

    def _commit(self, batch: list[_Waiting]) -> list[_Outcome]:
        try:
            ids = self._keep([delivery for delivery, _ in batch])
            return [(committed, number) for (_, committed), number in zip(batch, ids, strict=True)]
        except Exception as exc:
            if len(batch) == 1:
                return [(batch[0][1], exc)]
            # One that does not fit must not take the others with it.
            return [outcome for waiting in batch for outcome in self._commit([waiting])]


def _settle(outcomes: list[_Outcome]) -> None:
    for committed, outcome in outcomes:
        if committed.done():  # its request was cancelled
            continue
        if isinstance(outcome, Exception):
            committed.set_exception(outcome)
        else:
            committed.set_result(outcome)
