"""Writes what becomes of the rows of a run: many rows at once, none too late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from refiner_desktop.services.threads import whole
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import RowOutcome


class Recorder:
    """Commits outcomes together that come while earlier ones are on their way to the disk.

    What could not be written is kept, in `pending`, and written with the next. Belongs to one
    event loop.
    """

    def __init__(self, journal: BulkJournal, run: int, pending: Iterable[RowOutcome] = ()) -> None:
        self._journal = journal
        self._run = run
        self._pending = {outcome.row: outcome for outcome in pending}
        self._writing = asyncio.Lock()

    @property
    def pending(self) -> tuple[RowOutcome, ...]:
        """What is not on the disk."""
        return tuple(self._pending.values())

    def note(self, outcome: RowOutcome) -> None:
        """Take an outcome, in place of an earlier one of that row that is not written yet."""
        self._pending[outcome.row] = outcome

    async def written(self) -> None:
        """Return when all that was noted so far is on the disk. Raises `StorageUnavailable`."""
        async with self._writing:  # meanwhile others note theirs, and one commit serves them all
            if self._pending:
                await whole(self._write(self.pending))

    async def _write(self, outcomes: tuple[RowOutcome, ...]) -> None:
        await asyncio.to_thread(self._journal.note, self._run, outcomes)
        for outcome in outcomes:
            if self._pending.get(outcome.row) is outcome:
                del self._pending[outcome.row]
