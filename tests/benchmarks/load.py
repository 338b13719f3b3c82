"""Contacts loaded into the Contacts tab from a server that takes 100 ms a page.

Run alone with `python -m tests.benchmarks.load [CONTACTS [ROUNDS]]`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks.lines import Line, gap_line, report, times
from tests.benchmarks.processes import answer_of, sandbox

if TYPE_CHECKING:
    from refiner_desktop.app.driver import Driver

CONTACTS = 10_000
ROUNDS = 5
LATENCY_MS = 100
PAGE_LENGTH = 1_000
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Load:
    """What one process took for all contacts, the first that it loads."""

    seconds: float
    longest_gap_ms: float = 0.0


def lines(contacts: int = CONTACTS, rounds: int = ROUNDS) -> Iterable[Line]:
    """Load with the window and with bare httpx in turn, and compare the medians."""
    ours, bare = _loads(contacts, rounds)
    seconds, network = (median(load.seconds for load in loads) for loads in (ours, bare))
    what = f"{contacts:,} contacts in pages of {PAGE_LENGTH:,}, {LATENCY_MS} ms each"
    yield Line(
        f"{what}: click to last row",
        f"{seconds:.2f} s",
        f"network alone {network:.2f} s",
        times(seconds / network),
        "≤ 1.15 ×",
    )
    yield gap_line(f"{what}: longest GUI gap", median(load.longest_gap_ms for load in ours))


def _loads(contacts: int, rounds: int) -> tuple[list[Load], list[Load]]:
    def load(who: str) -> Load:
        return Load(**answer_of(__spec__.name, who, url, key, contacts))

    with sandbox(contacts, LATENCY_MS) as (url, key):
        pairs = [(load("ours"), load("bare")) for _ in range(rounds)]
    return [ours for ours, _ in pairs], [bare for _, bare in pairs]


def _load_in_the_window(url: str, key: str, contacts: int) -> Load:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    application = QApplication([])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        return runner.run(_drive(url, key, contacts))


async def _drive(url: str, key: str, contacts: int) -> Load:
    from refiner_desktop.app import Options, build
    from refiner_desktop.app.driver import Driver
    from tests.benchmarks.gaps import Gaps

    with tempfile.TemporaryDirectory() as folder:
        async with build(Options(data_dir=Path(folder), secrets="memory")) as window:
            window.show()
            drive = Driver(window)
            await _connect(drive, url, key)
            gaps, began = Gaps(), perf_counter()
            drive.click("contacts.load")
            await drive.until(
                lambda: drive.text("contacts.status") == f"{contacts:,} contacts",
                "all rows",
                PATIENCE_SECONDS,
            )
            seconds = perf_counter() - began
            await asyncio.sleep(0.2)  # the cells of the last rows are fetched and painted
            return Load(seconds, gaps.longest_ms())


async def _connect(drive: Driver, url: str, key: str) -> None:
    window = drive.window
    await drive.until(lambda: not window.tasks.running("opening"), "the start is done")
    drive.write("connection.base_url", url)
    drive.write("connection.api_key", key)
    drive.click("connection.connect")
    await drive.until(lambda: drive.text("connection.status").startswith("Connected"), "connected")
    drive.open_tab(1)
    drive.write("contacts.limit", "All")
    running = window.contacts_tab.tasks.running
    await drive.until(lambda: not (running("environment") or running("choices")), "the choices")
    await asyncio.sleep(0.5)  # whatever else was set off has come to rest


def _fetch_alone(url: str, key: str, contacts: int) -> Load:
    """Fetch the same pages one after the other; what comes is read between the clocks."""
    import httpx

    seconds, cursor, rows = 0.0, None, 0
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
        client.get("/account").raise_for_status()  # the window is connected already, too
        while cursor or not rows:
            parameters = {"page_length": PAGE_LENGTH} | ({"page_cursor": cursor} if cursor else {})
            began = perf_counter()
            answer = client.get("/contacts", params=parameters)
            seconds += perf_counter() - began
            page = answer.raise_for_status().json()
            rows, cursor = rows + len(page["items"]), page["pagination"]["next_page_cursor"]
    assert rows == contacts, f"{rows} of {contacts} came"
    return Load(seconds)


def main(arguments: list[str]) -> None:
    """Print the report, or what one process is asked to measure."""
    measures = {"ours": _load_in_the_window, "bare": _fetch_alone}
    if arguments and arguments[0] in measures:
        who, url, key, contacts = arguments
        sys.stdout.write(json.dumps(asdict(measures[who](url, key, int(contacts)))))
        return
    report(lines(*map(int, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
