"""One call of the API console, kept in its history, against httpx alone on the same server.

Run alone with `python -m tests.benchmarks.console_call [CALLS]`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.policy import Limits
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.exchanges import ExchangeStore
from tests.benchmarks.lines import Line, milliseconds, report, times
from tests.benchmarks.processes import answer_of, sandbox

CALLS = 400
PATH = "/contacts?page_length=50"


def lines(calls: int = CALLS) -> Iterable[Line]:
    """Measure in a process of its own, and compare the medians."""
    with sandbox(contacts=1_000) as (url, key):
        medians = answer_of(__spec__.name, url, key, calls)
    bare = medians.pop("httpx alone")
    for what, seconds in medians.items():
        figure, peer = milliseconds(1000 * seconds), f"httpx alone {milliseconds(1000 * bare)}"
        yield Line(f"console call, {what}", figure, peer, times(seconds / bare), "≤ 1.3 ×")


async def _measure(url: str, key: str, calls: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "refiner.db")
        settings = SettingsStore(Path(folder) / "settings.json")
        mask = Mask()
        connection = ConnectionService(settings, Keys(MemoryStore(), mask), _client_in_a_hurry)
        await connection.connect(Environment(base_url=url), Secret(key))
        history = ConsoleHistory(connection, ExchangeStore(database), mask, settings)
        console = ConsoleService(connection, history, settings)
        request = CallRequest("GET", PATH)
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=url, headers=headers) as bare:
            medians = await _medians(
                {
                    "by the client": lambda: connection.client.call(request),
                    "with its history": lambda: console.send(request),
                    "httpx alone": lambda: bare.get(PATH),
                },
                calls,
            )
        await history.aclose()
        await connection.aclose()
        database.close()
        return medians


def _client_in_a_hurry(environment: Environment, key: Secret, mask: Mask) -> RefinerClient:
    # The limiter does its work but lets everything pass: its waits are not what is measured.
    return RefinerClient(environment.base_url, key, mask=mask, limits=Limits(per_key=1_000_000))


async def _medians(
    ways: dict[str, Callable[[], Awaitable[object]]], calls: int
) -> dict[str, float]:
    """Go each way in turn, so that a busy moment of the machine hits all of them."""
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(calls):
        for way, call in ways.items():
            began = perf_counter()
            await call()
            seconds[way].append(perf_counter() - began)
    return {way: median(times) for way, times in seconds.items()}


def main(arguments: list[str]) -> None:
    """Print the report, or what one process is asked to measure."""
    if len(arguments) == 3:
        url, key, calls = arguments
        sys.stdout.write(json.dumps(asyncio.run(_measure(url, key, int(calls)))))
        return
    report(lines(*map(int, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
