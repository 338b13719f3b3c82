"""Looking at a file of 100,000 users, and checking it: `python -m` runs it alone.

Time goes beside Python's own CSV reader on the same file. Memory is what came on top of the
imported modules, each measured in a process of its own.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from refiner_desktop.services.bulk.check import check
from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.sources.opening import open_source
from tests.benchmarks.lines import Line, milliseconds, report, times
from tests.benchmarks.memory import resident_mb
from tests.benchmarks.processes import answer_of

ROWS = 100_000
HEADER = "id,email,first name,plan,seats,trial,created_at,renewal_date,score,note,account.id\n"
ROW = "u-{0},u{0}@example.org,Ana {0},pro,{0},true,2026-03-04T09:15:00Z,2026-03-04,{0},text,a-{0}\n"


def lines() -> Iterable[Line]:
    """Measure the first look, the check, and the memory that both take."""
    with TemporaryDirectory() as folder:
        path = write_users(Path(folder))
        size_mb = path.stat().st_size / 1e6
        found = answer_of("tests.benchmarks.bulk_file", path)
    name = f"{ROWS:,} rows of CSV, {size_mb:.0f} MB"
    peer = f"csv.reader {milliseconds(1_000 * found['csv'])}"
    for what, goal in (("preview", "≤ 1 s"), ("check", "≤ 10 s")):
        ratio = times(found[what] / found["csv"])
        yield Line(f"{name}: {what}", milliseconds(1_000 * found[what]), peer, ratio, goal)
    figure = f"{found['memory']:.1f} MB"
    ratio = times(found["memory"] / size_mb)
    yield Line(f"{name}: memory of both", figure, f"the file {size_mb:.0f} MB", ratio, "flat")


def write_users(folder: Path) -> Path:
    """Write the file into a folder."""
    path = folder / "many.csv"
    path.write_text(HEADER + "".join(map(ROW.format, range(ROWS))))
    return path


def _measure(path: Path) -> dict[str, float]:
    np.argsort(np.zeros(2))  # so that the import of NumPy counts nowhere
    resident = [resident_mb()]
    started = time.perf_counter()
    source = open_source(path)
    mapping = guess(source, BulkAction.IDENTIFY, {})
    seen = time.perf_counter()
    plan = BulkPlan(source, BulkAction.IDENTIFY, mapping)
    found = check(plan, on_progress=lambda rows: resident.append(resident_mb()))
    checked = time.perf_counter()
    assert found.calls == ROWS
    memory = max(*resident, resident_mb()) - resident[0]
    with path.open(newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == ROWS + 1
    alone = time.perf_counter() - checked
    return {"preview": seen - started, "check": checked - seen, "memory": memory, "csv": alone}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_measure(Path(sys.argv[1]))))
    else:
        report(lines())
