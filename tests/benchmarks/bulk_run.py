"""A check and a bulk run of the window, the run against the service's own limit of calls a minute.

Run alone with `python -m tests.benchmarks.bulk_run [ROWS]`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.bulk_file import HEADER, write_users
from tests.benchmarks.bulk_file import ROWS as CHECKED_ROWS
from tests.benchmarks.lines import Line, gap_line, report, times
from tests.benchmarks.processes import answer_of

if TYPE_CHECKING:
    from refiner_desktop.app.driver import Driver

LIMIT = 4_000
"""Calls a minute, as the API allows (API reference, section 2.3)."""

ROWS = 4_400
"""More than a minute's worth, so that the limit is met."""

LATENCY_SECONDS = 0.1
PATIENCE_SECONDS = 300.0


def lines(rows: int = ROWS) -> Iterable[Line]:
    """Identify the users of a file with the window, and look at what the service saw."""
    from refiner_desktop.sandbox.behaviour import Limits
    from refiner_desktop.sandbox.server import Sandbox

    with Sandbox(contacts=100, limits=Limits(per_key=LIMIT)) as sandbox:
        sandbox.faults.latency(LATENCY_SECONDS, path="/identify-user")
        longest_ms = answer_of(__spec__.name, sandbox.base_url, sandbox.key, rows)
        calls = sandbox.record.to("POST", "/identify-user")
    assert len({call.user for call in calls if call.status == 200}) == rows
    rate = 60 * (len(calls) - 1) / (calls[-1].at - calls[0].at)
    refused = sum(call.status == 429 for call in calls)
    what = f"bulk identify of {rows:,} rows, {1_000 * LATENCY_SECONDS:.0f} ms each"
    figure, peer = f"{rate:,.0f} calls a minute", f"limit {LIMIT:,}"
    yield Line(what, figure, peer, times(rate / LIMIT), "≥ 0.95 ×")
    yield Line(f"{what}: refused with 429", f"{refused}", f"{len(calls):,} calls", "", "0")
    yield gap_line(f"{what}: longest GUI gap", longest_ms["run"])
    yield gap_line(f"check of {CHECKED_ROWS:,} rows: longest GUI gap", longest_ms["check"])


def _run_in_the_window(url: str, key: str, rows: int) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    application = QApplication([])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        return runner.run(_drive(url, key, rows))


async def _drive(url: str, key: str, rows: int) -> dict[str, float]:
    from refiner_desktop.app import Options, build
    from refiner_desktop.app.driver import Driver

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "users.csv"
        users = (f"user-{number},user{number}@example.org,pro" for number in range(rows))
        path.write_text("\n".join(["user_id,email,plan", *users]), "utf-8")
        async with build(Options(data_dir=Path(folder), secrets="memory")) as window:
            window.show()
            drive = Driver(window)
            await _connect(drive, url, key)
            drive.open_tab(2)
            drive.open_page("Many from a file")
            check = await _check(drive, write_users(Path(folder)))
            return {"check": check, "run": await _run(drive, path, rows)}


async def _connect(drive: Driver, url: str, key: str) -> None:
    window = drive.window
    await drive.until(lambda: not window.tasks.running("opening"), "the start is done")
    drive.write("connection.base_url", url)
    drive.write("connection.api_key", key)
    drive.click("connection.connect")
    await drive.until(lambda: drive.text("connection.status").startswith("Connected"), "connected")


async def _check(drive: Driver, path: Path) -> float:
    """Return the longest gap from the click to the findings."""
    from tests.benchmarks.gaps import Gaps

    await _open(drive, path, HEADER.count(",") + 1)
    gaps = Gaps()
    drive.click("bulk.check")
    checked = "Checked, nothing was sent"
    await drive.until(lambda: checked in drive.text("bulk.status"), "the check", PATIENCE_SECONDS)
    return gaps.longest_ms()


async def _open(drive: Driver, path: Path, columns: int) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLineEdit

    drive.write("bulk.file", str(path))
    QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
    await drive.until(lambda: drive.rows("bulk.mapping") == columns, "the columns")


async def _run(drive: Driver, path: Path, rows: int) -> float:
    """Return the longest gap from the agreement to the last row."""
    from tests.benchmarks.gaps import Gaps

    await _open(drive, path, 3)
    drive.click("bulk.start")
    await drive.answer("Start the run", word="Production")
    gaps = Gaps()
    done = f"{rows:,} done"
    await drive.until(lambda: done in drive.text("bulk.status"), "all rows", PATIENCE_SECONDS)
    return gaps.longest_ms()


def main(arguments: list[str]) -> None:
    """Print the report, or what one process is asked to measure."""
    if len(arguments) == 3:
        url, key, rows = arguments
        sys.stdout.write(json.dumps(_run_in_the_window(url, key, int(rows))))
        return
    report(lines(*map(int, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
