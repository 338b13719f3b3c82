"""The console's history when it is full: how soon a search is answered.

Run alone with `python -m tests.benchmarks.console_history [ENTRIES]`.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.exchange_search import ExchangeSearch
from refiner_desktop.storage.exchanges import ExchangeStore
from tests.benchmarks.lines import Line, milliseconds, report, times
from tests.benchmarks.processes import answer_of
from tests.benchmarks.text_view import CONTACT

ENTRIES = 10_000
SHOWN = 500
LIMIT_MS = 100.0
SEARCHES = {
    "a word in one answer": ExchangeSearch("needle@example.org"),
    "a word in every answer": ExchangeSearch("display_name"),
    "a word that is nowhere": ExchangeSearch("no such words"),
    "a path": ExchangeSearch("contact?id=77"),
    "a status": ExchangeSearch(status="4xx"),
}
ANSWER = Answer(
    status=200,
    reason="OK",
    http_version="HTTP/1.1",
    headers=(("Content-Type", "application/json"),) * 10,
    method="GET",
    url="https://api.refiner.io/v1/contacts",
    request_headers=(("Authorization", "Bearer ••••••••"),) * 5,
    with_key=True,
    seconds=0.1,
    body=b"",
)


def lines(entries: int = ENTRIES) -> Iterable[Line]:
    """Fill a history in a process of its own, and search it."""
    measured = answer_of(__spec__.name, "measure", entries)
    size = f"{entries:,} calls, {measured.pop('megabytes'):.0f} MB"
    for what, seconds in measured.items():
        figure, ratio = milliseconds(1000 * seconds), times(1000 * seconds / LIMIT_MS)
        yield Line(f"history of {size}: {what}", figure, "limit 100 ms", ratio, "≤ 100 ms")


def _measure(entries: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "refiner.db")
        store = ExchangeStore(database)
        size = _fill(store, entries)
        found = {
            what: _seconds(lambda search=search: store.recent(SHOWN, search))
            for what, search in SEARCHES.items()
        }
        database.close()
    return found | {"megabytes": size / 1e6}


def _fill(store: ExchangeStore, entries: int) -> int:
    """Keep and index calls of which most answered a page of contacts; return the bytes."""
    chance, size = random.Random(1), 0
    for number in range(entries):
        contacts = [_contact(chance) for _ in range(chance.choice((1, 1, 20, 50)))]
        if number == entries // 2:
            contacts[0]["email"] = "Needle@example.org"
        body = json.dumps({"items": contacts}).encode()
        exchange = store.begin(CallRequest("GET", f"contact?id={number}"))
        status = 404 if number % 50 == 0 else 200
        store.finish(exchange, replace(ANSWER, body=body, status=status))
        size += len(body)
    while store.index():
        pass
    return size


def _contact(chance: random.Random) -> dict[str, object]:
    number = chance.getrandbits(40)
    return CONTACT | {"uuid": f"{number:08x}-17b1-11f1", "email": f"user{number}@example.org"}


def _seconds(search: Callable[[], object]) -> float:
    taken = []
    for _ in range(9):
        began = perf_counter()
        search()
        taken.append(perf_counter() - began)
    return median(taken)


def main(arguments: list[str]) -> None:
    """Print the report, or what one process is asked to measure."""
    if arguments[:1] == ["measure"]:
        sys.stdout.write(json.dumps(_measure(int(arguments[1]))))
        return
    report(lines(*map(int, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
