"""How fast a large answer is on the screen, against QPlainTextEdit: `python -m` runs it alone.

Every figure is measured in a process of its own, so that memory and caches are not shared.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

GAP_LIMIT_MS = 50.0
MEMORY_LIMIT = 4.0
CONTACT = {
    "uuid": "0c6a5b4e-17b1-11f1-9c33-1b2c3d4e5f60",
    "remote_id": "u-1042",
    "email": "ana@example.org",
    "display_name": "Ana Example",
    "first_seen_at": "2026-02-11T10:03:44.000000Z",
    "last_seen_at": "2026-03-04T09:15:02.000000Z",
    "attributes": {"name": "Ana Example", "plan": "pro", "seats": "12", "nps": "9"},
    "segments": [{"uuid": "5a1d7f70-17b1-11f1-8a10-2b3c4d5e6f70", "name": "Beta testers"}],
    "account": {"uuid": "0c6c8e90-17b1-11f1-b0a2-3c4d5e6f7081", "remote_id": "acme"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report; `ratio` says how many times better than the peer or limit."""

    name: str
    figure: str
    peer: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Run:
    """What one process measured, from the last byte to the painted text."""

    seconds: float
    longest_gap_ms: float
    megabytes: float


def lines() -> list[Line]:
    """Measure 45 MB in 1.4 million lines, and 3 MB in a single one."""
    report = []
    for case, size_mb, name in (("lines", 45, "45 MB of JSON"), ("line", 3, "3 MB in one line")):
        ours, peer = _run("ours", case), _run("peer", case)
        report += [
            Line(
                f"{name}, last byte to painted",
                f"{ours.seconds * 1000:.0f} ms",
                f"QPlainTextEdit {peer.seconds * 1000:.0f} ms",
                peer.seconds / ours.seconds,
            ),
            Line(
                f"{name}, longest GUI gap",
                f"{ours.longest_gap_ms:.0f} ms",
                f"limit {GAP_LIMIT_MS:.0f} ms",
                GAP_LIMIT_MS / ours.longest_gap_ms,
            ),
            Line(
                f"{name}, memory at its peak",
                f"{ours.megabytes:.0f} MB",
                f"QPlainTextEdit {peer.megabytes:.0f} MB",
                peer.megabytes / max(ours.megabytes, 1.0),
            ),
        ]
        if case == "lines":
            report.append(_memory_line(ours, size_mb))
    return report


def _memory_line(ours: Run, size_mb: int) -> Line:
    times = 1 + ours.megabytes / size_mb  # the answer itself was there before
    limit = f"limit {MEMORY_LIMIT:.0f} times its bytes"
    return Line(
        "45 MB of JSON, memory", f"{times:.1f} times its bytes", limit, MEMORY_LIMIT / times
    )


def _run(which: str, case: str) -> Run:
    command = [sys.executable, "-m", "tests.benchmarks.text_view", which, case]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    answer = subprocess.run(command, env=environment, capture_output=True, check=True)
    return Run(**json.loads(answer.stdout))


def _measure(which: str, case: str) -> Run:
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    data = _lines_of_json() if case == "lines" else _one_line_of_json()
    show, is_shown = _ours() if which == "ours" else _peer()
    app.processEvents()
    before, gaps = _peak_megabytes(), _Gaps()
    began = time.perf_counter()
    show(data)
    while not is_shown():
        app.processEvents()
        time.sleep(0.0005)
    seconds = time.perf_counter() - began
    app.processEvents()
    return Run(seconds, gaps.longest_ms(), _peak_megabytes() - before)


def _ours() -> tuple[Callable[[bytes], None], Callable[[], bool]]:
    # numpy and msgspec are the application's cost of starting, not that of an answer.
    import refiner_desktop.ui.widgets.text_view.document
    import refiner_desktop.ui.widgets.text_view.painter  # noqa: F401
    from refiner_desktop.ui.widgets.text_view import TextPane

    pane = TextPane()
    pane.resize(900, 600)
    pane.show()
    painted: list[bool] = []

    def paint() -> None:
        pane.view.viewport().repaint()
        painted.append(True)

    def show(data: bytes) -> None:
        pane.view.content_changed.connect(paint)
        pane.view.set_json(data)

    return show, lambda: bool(painted)


def _peer() -> tuple[Callable[[bytes], None], Callable[[], bool]]:
    from PySide6.QtWidgets import QPlainTextEdit

    edit = QPlainTextEdit()
    edit.setReadOnly(True)
    edit.resize(900, 600)
    edit.show()

    def show(data: bytes) -> None:
        edit.setPlainText(data.decode())
        edit.viewport().repaint()

    return show, lambda: not edit.document().isEmpty()


class _Gaps:
    """Notes the longest time in which the window could not have answered, by a 10 ms timer."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def longest_ms(self) -> float:
        self._on_timeout()
        return self._longest * 1000

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now


def _lines_of_json() -> bytes:
    # Put together from one contact: what is needed to make the data must not hide what it costs.
    contact = json.dumps(CONTACT, indent=8).encode()
    return b"[\n" + (contact + b",\n") * 59_000 + contact + b"\n]"


def _one_line_of_json() -> bytes:
    # Without its end it is no JSON, and stays the single line that it is.
    return (json.dumps(CONTACT).encode() + b", ") * 6_300


def _peak_megabytes() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Print the report, or what one process is asked to measure."""
    if len(sys.argv) == 3:
        run = _measure(*sys.argv[1:])
        answer = {"seconds": run.seconds, "longest_gap_ms": run.longest_gap_ms}
        sys.stdout.write(json.dumps({**answer, "megabytes": run.megabytes}))
        return
    for line in lines():
        sys.stdout.write(f"{line.name:36} {line.figure:>22} {line.peer:>28} {line.ratio:8.1f}\n")


if __name__ == "__main__":
    main()
