"""Contacts in the grid: load, sort, filter, window, memory; against DuckDB alone and Qt's proxy.

Run alone with `python -m tests.benchmarks.contacts_grid [ROWS]`.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.contacts import ContactSet, RowOrder

PAGE_ROWS = 1_000
WORD = "muller"
ROUNDS = 5
PROXY_ROWS = 100_000

_FIRST = ("Ana", "Émile", "Bob", "Zoë", "Östen", "María", "John", "Li", "Chloé", "Ivan")
_LAST = ("Example", "García", "Müller", "Smith", "Nakamura", "Kowalski", "O'Neill", "Åberg")
_PLANS = ("free", "Starter", "pro", "Enterprise plan")


@dataclass(frozen=True)
class Result:
    """One line of the table: our figure, the peer's from the same run, and their ratio."""

    name: str
    figure: float
    peer: float
    ratio: float


def run(rows: int) -> list[Result]:
    """Measure loading, sort, filter, window and memory, each against DuckDB alone."""
    empty = _memory_mb()
    with ContactSet() as contacts:
        loaded = _load(contacts, rows)
        full = _memory_mb()
        return [
            _result(f"{rows:,} contacts: rows loaded a second; rows inserted", *loaded),
            *_against_duckdb(contacts, rows),
            _result(f"{rows:,} contacts: MB of the process; empty", full, empty),
        ]


def run_in_own_process(rows: int) -> list[Result]:
    """Measure as `run` does, in a process whose memory holds nothing else."""
    command = [sys.executable, "-m", "tests.benchmarks.contacts_grid", "--json", str(rows)]
    answer = subprocess.run(command, check=True, capture_output=True)
    return [Result(**fields) for fields in json.loads(answer.stdout)]


def run_painted(rows: int = PROXY_ROWS) -> list[Result]:
    """Measure sort and filter until painted, against a QSortFilterProxyModel on the same rows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    with ContactSet() as contacts:
        for page in pages(rows):
            contacts.append(page)
        ours, peer = _painted_by_us(contacts), _painted_by_proxy(contacts)
    del app
    return [
        _result(f"{rows:,} contacts: sort to painted, ms; QSortFilterProxyModel", ours[0], peer[0]),
        _result(
            f"{rows:,} contacts: filter to painted, ms; QSortFilterProxyModel", ours[1], peer[1]
        ),
    ]


def pages(rows: int, seed: int = 1) -> Iterator[bytes]:
    """Yield the bodies of the pages that hold so many contacts with 12 attributes each."""
    draw = random.Random(seed)
    for first in range(0, rows, PAGE_ROWS):
        numbers = range(first, min(first + PAGE_ROWS, rows))
        items = [_contact(draw, number) for number in numbers]
        yield json.dumps({"items": items, "pagination": {"items_count": rows}}).encode()


def _contact(draw: random.Random, number: int) -> dict[str, Any]:
    name = f"{draw.choice(_FIRST)} {draw.choice(_LAST)} {draw.randrange(1_000)}"
    attributes: dict[str, Any] = {"name": name, "plan": draw.choice(_PLANS)}
    attributes["trial_ends_at"] = f"2026-{draw.randrange(1, 13):02}-15T00:00:00.000000Z"
    attributes |= {f"count_{place}": str(draw.randrange(1_000)) for place in range(5)}
    attributes |= {f"note_{place}": draw.choice((None, "called", "mail")) for place in range(4)}
    return {
        "uuid": f"{draw.getrandbits(32):08x}-17b1-11f1-9c33-{draw.getrandbits(48):012x}",
        "remote_id": f"u-{number}",
        "email": f"user{number}@example{number % 50}.org",
        "display_name": name,
        "first_seen_at": f"2026-02-{draw.randrange(1, 29):02}T10:03:44.000000Z",
        "last_seen_at": f"2026-03-{draw.randrange(1, 29):02}T{draw.randrange(24):02}:15:02.000000Z",
        "attributes": attributes,
        "segments": [{"uuid": "5a1d7f70-17b1-11f1-8a10-2b3c4d5e6f70", "name": "All Users"}],
        "account": {"remote_id": f"acme-{number % 5_000}", "domain": None, "attributes": {}},
    }


def _load(contacts: ContactSet, rows: int) -> tuple[float, float]:
    """Return rows loaded a second, and rows a second that DuckDB alone takes from arrays."""
    import numpy as np

    seconds = 0.0
    for page in pages(rows):
        started = perf_counter()
        contacts.append(page)
        seconds += perf_counter() - started
    columns = contacts.columns()
    cells = contacts.window(contacts.query(), 0, PAGE_ROWS, columns)
    arrays = {
        f"c{place}": np.array(texts, dtype=object)
        for place, texts in enumerate(zip(*cells, strict=True))
    }
    with contacts._database.cursor() as bare:
        bare.register("arrays", arrays)
        bare.execute("CREATE TABLE bare AS SELECT * FROM arrays LIMIT 0")
        insert = _median_ms(lambda: bare.execute("INSERT INTO bare SELECT * FROM arrays"), 20)
        bare.execute("DROP TABLE bare")
    return rows / seconds, PAGE_ROWS * 1_000 / insert


def _against_duckdb(contacts: ContactSet, rows: int) -> Iterator[Result]:
    fields = contacts._table.fields.by_key()
    name = fields["display_name"].name
    names = [fields[column.key].name for column in contacts.columns()]
    folded = " OR ".join(f"contains(strip_accents(lower({cell})), '{WORD}')" for cell in names)
    seats = fields["attributes.count_0"].name
    order = contacts.query([SortKey("display_name")])
    ids = ", ".join(map(str, order.ids[rows // 2 : rows // 2 + 200].tolist()))
    by_count = [SortKey("attributes.count_0")]
    with contacts._database.cursor() as bare:

        def line(what: str, ours: Callable[[], object], sql: str) -> Result:
            peer = _median_ms(lambda: bare.execute(sql).fetchnumpy())
            return _result(f"{rows:,} contacts: {what}, ms; DuckDB alone", _median_ms(ours), peer)

        yield line(
            "sort by name",
            lambda: contacts.query([SortKey("display_name")]),
            f"SELECT n FROM contact ORDER BY strip_accents(lower({name})), n",
        )
        yield line(
            "sort by name, peer by bytes",
            lambda: contacts.query([SortKey("display_name")]),
            f"SELECT n FROM contact ORDER BY {name}",
        )
        yield line(
            "sort by number",
            lambda: contacts.query(by_count),
            f"SELECT n FROM contact ORDER BY TRY_CAST({seats} AS DOUBLE), n",
        )
        yield line(
            "filter all columns",
            lambda: contacts.query((), WORD),
            f"SELECT n FROM contact WHERE {folded}",
        )
        yield line(
            "window of 200 rows",
            lambda: contacts.window(order, rows // 2, 200, contacts.columns()),
            f"SELECT {', '.join(names)} FROM contact WHERE n IN ({ids})",
        )


def _painted_by_us(contacts: ContactSet) -> tuple[float, float]:
    from PySide6.QtWidgets import QTableView

    from refiner_desktop.ui.models.contact_table_model import ContactTableModel

    columns = contacts.columns()
    order: RowOrder = contacts.query()

    def fetch(first: int, count: int) -> None:
        rows = contacts.window(order, first, count, columns, cut=2_001)
        model.put_block(model.generation, first, rows)

    model = ContactTableModel(fetch)
    model.set_columns(columns, 1)
    view = QTableView()

    def show(text: str = "", *sort: SortKey) -> None:
        nonlocal order
        order = contacts.query(sort, text, columns)
        model.set_order(len(order), model.generation + 1)
        view.grab()

    view.setModel(model)
    view.resize(1_200, 800)
    show()
    sort = _median_ms(lambda: show("", SortKey("display_name")))
    return sort, _median_ms(lambda: show(WORD))


def _painted_by_proxy(contacts: ContactSet) -> tuple[float, float]:
    from PySide6.QtCore import QAbstractTableModel, QSortFilterProxyModel, Qt
    from PySide6.QtWidgets import QTableView

    columns = contacts.columns()
    rows = contacts.window(contacts.query(), 0, len(contacts), columns)

    class Rows(QAbstractTableModel):
        def rowCount(self, _parent: object = None) -> int:
            return len(rows)

        def columnCount(self, _parent: object = None) -> int:
            return len(columns)

        def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
            return rows[index.row()][index.column()] if role == 0 else None

    model, proxy, view = Rows(), QSortFilterProxyModel(), QTableView()
    proxy.setSourceModel(model)
    proxy.setFilterKeyColumn(-1)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    view.setModel(proxy)
    view.resize(1_200, 800)
    view.grab()
    name = [column.key for column in columns].index("display_name")
    sort = _median_ms(lambda: (proxy.sort(name), view.grab()), rounds=1)
    filtered = _median_ms(lambda: (proxy.setFilterFixedString(WORD), view.grab()), rounds=1)
    view.setModel(None)
    return sort, filtered


def _median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return statistics.median(times) * 1_000


def _memory_mb() -> float:
    """Return the memory of this process, its highest so far where the system tells no more."""
    try:
        resident = Path("/proc/self/statm").read_text().split()[1]
        return int(resident) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:  # not Linux
        import resource

        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return highest / (1e6 if sys.platform == "darwin" else 1e3)


def _result(name: str, figure: float, peer: float) -> Result:
    return Result(name, round(figure, 1), round(peer, 1), round(figure / peer, 3))


def main(arguments: list[str]) -> None:
    """Print a table, or with `--json` the results of `run` alone."""
    if arguments[:1] == ["--json"]:
        print(json.dumps([asdict(line) for line in run(int(arguments[1]))]))  # noqa: T201
        return
    sizes = [int(rows) for rows in arguments] or [100_000, 1_000_000]
    results = [line for rows in sizes for line in run_in_own_process(rows)]
    for line in [*results, *run_painted(min(PROXY_ROWS, *sizes))]:
        numbers = f"{line.figure:>12,.1f}{line.peer:>12,.1f}{line.ratio:>9.3f}"
        print(f"{line.name:<72}{numbers}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
