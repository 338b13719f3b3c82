"""How a run comes into the journal: every row of its file, those too that are not sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.check import BulkCheck
from refiner_desktop.services.bulk.plan import BulkPlan, PlannedRow, Stopped
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import BulkRow, BulkRun, RowState, RunState


class SourceChanged(Exception):
    """The file is not the one that was checked."""


def begin(
    plan: BulkPlan,
    check: BulkCheck,
    environment: str,
    journal: BulkJournal,
    mask: Mask,
    should_stop: Callable[[], bool],
) -> int:
    """Write a run with all its rows, or nothing, and return its number.

    Rows that the check found to change nothing are not to be sent. Raises `SourceChanged`,
    `SourceUnreadable`, `OSError`, `StorageUnavailable` and `Stopped`.
    """
    run = journal.begin_run(
        BulkRun(
            started_at=datetime.now(UTC),
            action=plan.action.value,
            source=mask.text(str(plan.source.path)),
            source_hash=check.fingerprint,
            columns=tuple(mask.text(column.title) for column in plan.source.columns),
            mapping=mask.text(msgspec.json.encode(plan.mapping).decode()),
            segment=plan.segment_uuid,
            segment_name=mask.text(plan.segment_name),
            environment=environment,
        )
    )
    try:
        rows = plan.rows_to_keep(mask, should_stop)
        journal.add_rows(run, _to_journal(rows, check.unchanged, mask))
        if plan.source.fingerprint() != check.fingerprint:
            raise SourceChanged(plan.source.name)
        if should_stop():
            raise Stopped
    except BaseException:
        journal.delete_run(run)
        raise
    journal.set_run_state(run, RunState.RUNNING)
    return run


def has_changed(path: Path, fingerprint: str) -> bool:
    """Return whether a file is there and is another one than it was."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != fingerprint
    except OSError:
        return False


def _to_journal(
    rows: Iterator[PlannedRow], unchanged: frozenset[int], mask: Mask
) -> Iterator[BulkRow]:
    for row in rows:
        if row.problem:
            state = RowState.SKIPPED
        else:
            state = RowState.UNCHANGED if row.line in unchanged else RowState.WAITING
        yield BulkRow(
            row.number,
            mask.text(msgspec.json.encode(row.payload).decode()),
            state,
            error=row.problem or None,
            cells=tuple(map(mask.text, row.cells)),
            warning=" ".join(row.warnings),
            line=row.line,
        )
