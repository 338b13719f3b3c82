"""What became of the rows of a run, as a file with the columns that they came in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from refiner_desktop.datasets.exports.files import replacing
from refiner_desktop.datasets.exports.harmless import harmless
from refiner_desktop.services.bulk.plan import Stopped
from refiner_desktop.sources.result_file import ADDED
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import BulkRow, BulkRun, RowState

PAGE_ROWS = 1_000


def write_results(
    journal: BulkJournal,
    run: BulkRun,
    path: Path,
    states: Collection[RowState],
    on_progress: Callable[[int, int], None],
    should_stop: Callable[[], bool],
) -> int:
    """Write the rows in some states, all without any, as CSV; return how many.

    `path` appears or changes only when all is written, in UTF-8 with the mark that Excel needs.
    Raises `Stopped` or `OSError`.
    """
    counts = journal.counts([run.id])[run.id]
    total = sum(counts[state] for state in states or RowState)
    done = 0
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8-sig", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(map(harmless, (*run.columns, *ADDED)))
        for page in _pages(journal, run.id, states):
            if should_stop():
                raise Stopped
            writer.writerows(map(harmless, _cells(row, len(run.columns))) for row in page)
            done += len(page)
            on_progress(done, total)
    return done


def _pages(journal: BulkJournal, run: int, states: Collection[RowState]) -> Iterator[list[BulkRow]]:
    last = 0
    while page := journal.rows(run, states, after=last, limit=PAGE_ROWS):
        yield page
        last = page[-1].row


def _cells(row: BulkRow, width: int) -> tuple[str, ...]:
    """Return the cells of a line; one of a ragged line is as wide as the others."""
    cells = (row.cells + ("",) * width)[:width]
    status = "" if row.status is None else str(row.status)
    return (*cells, str(row.line), row.state.value, status, row.error or row.warning)
