"""How fast a large answer is on the screen, against QPlainTextEdit: `python -m` runs it alone.

Every figure is measured in a process of its own, so that memory and caches are not shared.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from tests.benchmarks.lines import Line, faster, gap_line, milliseconds, report, times
from tests.benchmarks.memory import peak_mb
from tests.benchmarks.processes import answer_of

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


WANTED = "testers"

Search = Callable[[], Callable[[], int]]


@dataclass(frozen=True, slots=True)
class Run:
    """What one process measured from the last byte to the painted text, and in a search after it.

    `megabytes` is what came on top of the answer itself. The gap is the longest of all the time.
    """

    seconds: float
    search_seconds: float
    longest_gap_ms: float
    megabytes: float


def lines() -> Iterable[Line]:
    """Measure 45 MB in 1.4 million lines, and 3 MB in a single one."""
    for case, size_mb, name in (("lines", 45, "45 MB of JSON"), ("line", 3, "3 MB in one line")):
        ours, peer = _run("ours", case), _run("peer", case)
        yield Line(
            f"{name}: last byte to painted",
            milliseconds(ours.seconds * 1000),
            f"QPlainTextEdit {milliseconds(peer.seconds * 1000)}",
            faster(ours.seconds, peer.seconds),
            "≥ 10 × faster",
        )
        yield Line(
            f"{name}: every {WANTED} found and counted",
            milliseconds(ours.search_seconds * 1000),
            f"QPlainTextEdit {milliseconds(peer.search_seconds * 1000)}",
            faster(ours.search_seconds, peer.search_seconds),
            "≥ 10 × faster",
        )
        yield gap_line(f"{name}: longest GUI gap", ours.longest_gap_ms)
        yield Line(
            f"{name}: memory at its peak, the answer included",
            f"{ours.megabytes + size_mb:.0f} MB",
            f"QPlainTextEdit {peer.megabytes + size_mb:.0f} MB",
            f"{times(1 + ours.megabytes / size_mb)} its bytes",
            "≤ 4 × its bytes",
        )


def _run(which: str, case: str) -> Run:
    return Run(**answer_of(__spec__.name, which, case))


def _measure(which: str, case: str) -> Run:
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.gaps import Gaps

    app = QApplication([])
    data = _lines_of_json() if case == "lines" else _one_line_of_json()
    show, is_shown, search = _ours() if which == "ours" else _peer()
    wanted = data.count(WANTED.encode())  # 25 ms, which are not the window's
    app.processEvents()
    before, gaps = peak_mb(), Gaps()
    began = time.perf_counter()
    show(data)
    while not is_shown():
        app.processEvents()
        time.sleep(0.0005)
    seconds = time.perf_counter() - began
    app.processEvents()
    megabytes = peak_mb() - before
    began = time.perf_counter()
    found_count = search()
    while found_count() < wanted:
        app.processEvents()
        time.sleep(0.0005)
    search_seconds = time.perf_counter() - began
    app.processEvents()
    return Run(seconds, search_seconds, gaps.longest_ms(), megabytes)


def _ours() -> tuple[Callable[[bytes], None], Callable[[], bool], Search]:
    # numpy and msgspec are the application's cost of starting, not that of an answer.
    from PySide6.QtWidgets import QLabel, QLineEdit

    import refiner_desktop.ui.widgets.text_view.document
    import refiner_desktop.ui.widgets.text_view.outline
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

    def search() -> Callable[[], int]:
        pane.open_find()
        pane.findChild(QLineEdit).setText(WANTED)
        label = pane.findChild(QLabel)
        return lambda: int(label.text().partition(" of ")[2].replace(",", "") or 0)

    return show, lambda: bool(painted), search


def _peer() -> tuple[Callable[[bytes], None], Callable[[], bool], Search]:
    from PySide6.QtGui import QTextCursor
    from PySide6.QtWidgets import QPlainTextEdit

    edit = QPlainTextEdit()
    edit.setReadOnly(True)
    edit.resize(900, 600)
    edit.show()

    def show(data: bytes) -> None:
        edit.setPlainText(data.decode())
        edit.viewport().repaint()

    def search() -> Callable[[], int]:
        document, count = edit.document(), 0
        cursor = document.find(WANTED, QTextCursor(document))
        while not cursor.isNull():
            count, cursor = count + 1, document.find(WANTED, cursor)
        return lambda: count

    return show, lambda: not edit.document().isEmpty(), search


def _lines_of_json() -> bytes:
    # Put together from one contact: what is needed to make the data must not hide what it costs.
    contact = json.dumps(CONTACT, indent=8).encode()
    return b"[\n" + (contact + b",\n") * 59_000 + contact + b"\n]"


def _one_line_of_json() -> bytes:
    # Without its end it is no JSON, and stays the single line that it is.
    return (json.dumps(CONTACT).encode() + b", ") * 6_300


def main(arguments: list[str]) -> None:
    """Print the report, or what one process is asked to measure."""
    if arguments:
        sys.stdout.write(json.dumps(asdict(_measure(*arguments))))
        return
    report(lines())


if __name__ == "__main__":
    main(sys.argv[1:])
