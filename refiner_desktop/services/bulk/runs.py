"""What a run looks like from outside: while it goes on, and in the list of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.storage.bulk_rows import BulkRun, Counts, RowState, RunState

_OPEN = (RowState.WAITING, RowState.SENT)


class _Counted:
    """What follows from the number of rows in each state."""

    counts: Counts

    @property
    def total(self) -> int:
        """Rows in all."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Rows that nothing more happens to."""
        return self.total - sum(self.counts[state] for state in _OPEN)


@dataclass(frozen=True)
class BulkProgress(_Counted):
    """How far a run has come.

    `rate` is in rows a second, 0 while nobody can know it. For `held_seconds` nothing is sent,
    because the service is down or asked for it.
    """

    run: int
    state: RunState
    counts: Counts
    rate: float = 0.0
    held_seconds: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rows that wait will take at this rate; None while nobody can know."""
        waiting = self.counts[RowState.WAITING]
        return waiting / self.rate + self.held_seconds if self.rate else None


@dataclass(frozen=True)
class RunSummary(_Counted):
    """A run in the list of runs.

    `source` is the path of its file, `fingerprint` the SHA-256 that the file had, and `columns`
    are the names of its columns. `segment_name` is what the segment was called when the run began.
    `reason` says why the run stopped, where that is known.
    """

    id: int
    started_at: datetime
    action: BulkAction
    source: str
    columns: tuple[str, ...]
    segment_uuid: str
    state: RunState
    reason: str
    counts: Counts
    fingerprint: str = ""
    segment_name: str = ""

    @classmethod
    def of(cls, run: BulkRun, counts: Counts) -> RunSummary:
        """Return the summary of a run that the journal knows."""
        return cls(
            run.id,
            run.started_at,
            BulkAction(run.action),
            run.source,
            run.columns,
            run.segment,
            run.state,
            run.reason,
            counts,
            run.source_hash,
            run.segment_name,
        )

    @property
    def resumable(self) -> bool:
        """Whether it can be taken up again."""
        return self.state in (RunState.RUNNING, RunState.PAUSED)
