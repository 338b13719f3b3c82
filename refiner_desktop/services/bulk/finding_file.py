"""What a check has found, as a file to work through beside the one that was checked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from refiner_desktop.datasets.exports.files import replacing
from refiner_desktop.datasets.exports.harmless import harmless
from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.check import check
from refiner_desktop.services.bulk.findings import Finding, FindingList
from refiner_desktop.services.bulk.plan import BulkPlan

MOST = 1_000_000
"""Findings in a file: as many as a spreadsheet has lines for."""

HEADER = ("line", "effect", "user", "column", "finding")


def write_findings(
    plan: BulkPlan,
    path: Path,
    unchanged: frozenset[int],
    mask: Mask,
    should_stop: Callable[[], bool],
    on_progress: Callable[[int], None],
) -> int:
    """Check a plan once more and write all that is found, not only the first ones, as CSV.

    Returns how many findings there are in the file, which appears or changes only when all is
    written. Progress is told in rows that were read. Raises `Stopped` or `OSError`.
    """
    everything = FindingList(MOST, MOST)
    found = check(plan, should_stop, on_progress, unchanged, mask=mask, found=everything).findings
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8-sig", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(HEADER)
        writer.writerows(map(harmless, _cells(each)) for each in found)
    return len(found)


def _cells(found: Finding) -> tuple[str, ...]:
    line = str(found.line) if found.line else ""
    return (line, found.level.value, found.user, found.column, found.text)
