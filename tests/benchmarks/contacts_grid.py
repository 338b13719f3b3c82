"""Contacts in the grid: load, sort, filter, window, memory; against DuckDB alone and Qt's proxy.

Run alone with `python -m tests.benchmarks.contacts_grid [ROWS [PAINTED_ROWS]]`.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from time import perf_counter
from typing import Any

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.row_set import RowOrder
from tests.benchmarks.lines import Line, faster, milliseconds, report, times
from tests.benchmarks.memory import resident_mb
from tests.benchmarks.processes import answer_of

PAGE_ROWS = 1_000
WORD = "muller"
ROUNDS = 5
ROWS = 1_000_000
PROXY_ROWS = 100_000

_FIRST = ("Ana", "Émile", "Bob", "Zoë", "Östen", "María", "John", "Li", "Chloé", "Ivan")
_LAST = ("Example", "García", "Müller", "Smith", "Nakamura", "Kowalski", "O'Neill", "Åberg")
_PLANS = ("free", "Starter", "pro", "Enterprise plan")


def lines(rows: int = ROWS, painted_rows: int = PROXY_ROWS) -> Iterable[Line]:
    """Measure the rows alone, and the table that paints them, in a process of its own each."""
    for answer in (
        answer_of(__spec__.name, "rows", rows),
        answer_of(__spec__.name, "painted", painted_rows),
    ):
        yield from (Line(**line) for line in answer)


def _measure_rows(rows: int) -> Iterator[Line]:
    """Measure loading, sort, filter, window and memory, each against DuckDB alone."""
    empty = resident_mb()
    with ContactSet() as contacts:
        loaded, inserted = _load(contacts, rows)
        full = resident_mb()
        yield Line(
            f"{rows:,} contacts: taken from pages",
            f"{loaded:,.0f} a second",
            f"DuckDB alone, from arrays {inserted:,.0f}",
            times(loaded / inserted),
            "",
        )
        yield from _against_duckdb(contacts, rows)
        yield Line(
            f"{rows:,} contacts: memory of the process once loaded",
            f"{full:,.0f} MB",
            f"without contacts {empty:,.0f} MB",
            times(full / empty),
            "≤ 700 MB",
        )


def _measure_painted(rows: int) -> Iterator[Line]:
    """Measure sort and filter until painted, against a QSortFilterProxyModel on the same rows.

    One step follows the other in one thread, so this is the work, without the waits of a loop.
    """
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    with ContactSet() as contacts:
        for page in pages(rows):
            contacts.append(page)
        ours, peer = _painted_by_us(contacts), _painted_by_proxy(contacts)
    del app
    for what, figure, other in zip(("sort", "filter"), ours, peer, strict=True):
        yield Line(
            f"{rows:,} contacts: {what} to painted, without the event loop",
            milliseconds(figure),
            f"QSortFilterProxyModel {milliseconds(other)}",
            faster(figure, other),
            "≥ 100 × faster, ≤ 100 ms",
        )


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


def _against_duckdb(contacts: ContactSet, rows: int) -> Iterator[Line]:
    fields = contacts._table.fields.by_key()
    name = fields["display_name"].name
    names = [fields[column.key].name for column in contacts.columns()]
    folded = " OR ".join(f"contains(strip_accents(lower({cell})), '{WORD}')" for cell in names)
    seats = fields["attributes.count_0"].name
    order = contacts.query([SortKey("display_name")])
    ids = ", ".join(map(str, order.ids[rows // 2 : rows // 2 + 200].tolist()))
    by_count = [SortKey("attributes.count_0")]
    with contacts._database.cursor() as bare:

        def line(what: str, ours: Callable[[], object], sql: str, goal: str = "≤ 1.5 ×") -> Line:
            peer, figure = _median_ms(lambda: bare.execute(sql).fetchnumpy()), _median_ms(ours)
            alone = f"DuckDB alone {milliseconds(peer)}"
            name = f"{rows:,} contacts: {what}"
            return Line(name, milliseconds(figure), alone, times(figure / peer), goal)

        yield line(
            "sort by name",
            lambda: contacts.query([SortKey("display_name")]),
            f"SELECT n FROM contact ORDER BY strip_accents(lower({name})), n",
        )
        yield line(
            "sort by name, DuckDB by bytes instead",
            lambda: contacts.query([SortKey("display_name")]),
            f"SELECT n FROM contact ORDER BY {name}",
            goal="",
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
            goal="",
        )


def _painted_by_us(contacts: ContactSet) -> tuple[float, float]:
    from PySide6.QtWidgets import QTableView

    from refiner_desktop.ui.models.row_table_model import RowTableModel

    columns = contacts.columns()
    order: RowOrder = contacts.query()

    def fetch(first: int, count: int) -> None:
        rows = contacts.window(order, first, count, columns, cut=2_001)
        model.put_block(model.generation, first, rows)

    model = RowTableModel(fetch)
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


def main(arguments: list[str]) -> None:
    """Print the report, or what one process is asked to measure."""
    measures = {"rows": _measure_rows, "painted": _measure_painted}
    if arguments and arguments[0] in measures:
        measured = measures[arguments[0]](int(arguments[1]))
        sys.stdout.write(json.dumps([asdict(line) for line in measured]))
        return
    report(lines(*map(int, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
