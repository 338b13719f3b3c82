"""Webhook deliveries of 2 KB, each committed before its 200, against a no-op application.

And the window while its list follows 100,000 of them: gaps and memory.

Run alone with `python -m tests.benchmarks.deliveries [SECONDS]`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from refiner_desktop.serving import ServerThread
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.hooks import Hook, default_hooks
from refiner_desktop.webhooks.listener import Listener
from tests.benchmarks.lines import Line, gap_line, milliseconds, report, times
from tests.benchmarks.processes import answer_of

CONNECTIONS = 16
SECONDS = 2.0
ROUNDS = 3
BODY_SIZE = 2048
FOLLOWED = 100_000
PATIENCE_SECONDS = 120.0
END = b"Kept\n"  # both applications answer with this body


@dataclass(frozen=True)
class Load:
    """What a load generator saw."""

    rate: float
    p50_ms: float
    p99_ms: float


def lines(seconds: float = SECONDS, rounds: int = ROUNDS) -> Iterable[Line]:
    """Measure both applications in turn, several times, and compare the medians."""
    ours, peers = [], []
    for _ in range(rounds):
        peers.append(measure_no_op(seconds))
        ours.append(measure_listener(seconds))
    rate, peer_rate = _medians(ours, peers, "rate")
    yield Line(
        "webhook deliveries of 2 KB, each committed",
        f"{rate:,.0f} a second",
        f"no-op application {peer_rate:,.0f}",
        times(rate / peer_rate),
        "≥ 0.5 ×",
    )
    for field, name in (("p50_ms", "median"), ("p99_ms", "99th percentile")):
        wait, peer_wait = _medians(ours, peers, field)
        yield Line(
            f"webhook delivery to answer, {CONNECTIONS} senders: {name}",
            milliseconds(wait),
            f"no-op application {milliseconds(peer_wait)}",
            times(wait / peer_wait),
            "",
        )
    longest_ms, grown_mb = answer_of(__spec__.name, "--follow", FOLLOWED)
    followed = f"list that follows {FOLLOWED:,} deliveries"
    yield gap_line(f"{followed}: longest GUI gap", longest_ms)
    bodies_mb = FOLLOWED * BODY_SIZE / 1e6
    of_bodies = times(grown_mb / bodies_mb)
    yield Line(
        f"{followed}: memory", f"{grown_mb:.0f} MB", f"bodies {bodies_mb:.0f} MB", of_bodies, ""
    )


def measure_listener(seconds: float) -> Load:
    """Load a listener that commits to a database in a temporary folder."""
    hooks = default_hooks()
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "refiner.db")
        store = DeliveryStore(database)
        listener = Listener(store.add_many, lambda _: None)
        listener.admit(hooks)
        listener.start()
        try:
            return _load(listener.port, hooks[0], seconds)
        finally:
            listener.stop()
            kept, in_file = listener.counts.kept, store.count()
            database.close()
            if kept != in_file:
                raise RuntimeError(f"{kept} deliveries were kept, {in_file} are in the file")


def measure_no_op(seconds: float) -> Load:
    """Load an application that reads the body and answers."""
    server = ServerThread(_no_op)
    server.start()
    try:
        return _load(server.port, default_hooks()[0], seconds)
    finally:
        server.stop()


async def _no_op(scope: Any, receive: Any, send: Any) -> None:
    while (await receive())["more_body"]:
        pass
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(END))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": END})


def _medians(ours: list[Load], peers: list[Load], field: str) -> tuple[float, float]:
    figure, peer = (
        statistics.median(getattr(load, field) for load in loads) for loads in (ours, peers)
    )
    return figure, peer


def _load(port: int, hook: Hook, seconds: float) -> Load:
    """Send from a process of its own, so that its work takes no turn of the listener's."""
    command = [sys.executable, "-m", "tests.benchmarks.deliveries", "--load", str(port)]
    output = subprocess.run(
        [*command, str(seconds)],
        input=_request(port, hook),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 30,
    ).stdout
    return Load(**json.loads(output))


def _request(port: int, hook: Hook) -> bytes:
    payload: dict[str, Any] = {
        "uuid": "0c6a5b4e-17b1-11f1-9c33-1b2c3d4e5f60",
        "remote_id": "u-1042",
        "email": "ana@example.org",
        "display_name": "Ana Example",
        "attributes": {},
        "segments": [{"uuid": "5a1d7f70-17b1-11f1-8a10-2b3c4d5e6f70", "name": "Beta testers"}],
        "triggered_event": "Completed Survey",
        "form": {"uuid": "63b0c1d0-17b1-11f1-9d21-4d5e6f708192", "name": "NPS March"},
        "response": {
            "uuid": "9f405b60-17b1-11f1-a1b2-708192031425",
            "completed_at": "2026-03-04T09:15:02.000000Z",
            "data": {"nps": "9", "nps_reason": "Saves me time"},
            "tags": [],
        },
    }
    while len(json.dumps(payload)) < BODY_SIZE:
        payload["attributes"][f"trait_{len(payload['attributes'])}"] = "a value of usual length"
    body = json.dumps(payload).encode()
    head = (
        f"POST {hook.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {hook.token.reveal()}\r\n"
        "User-Agent: load\r\nAccept: */*\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Sender(asyncio.Protocol):
    """Sends the same request again as soon as it is answered."""

    def __init__(self, request: bytes, until: float, waits: list[float]) -> None:
        self.request, self.until, self.waits = request, until, waits
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.answer += data
        if not self.answer.endswith(END):
            return
        if not self.answer.startswith(b"HTTP/1.1 200 "):
            self.done.set_exception(RuntimeError(repr(self.answer)))
            return
        now = perf_counter()
        self.waits.append(now - self.sent)
        if now < self.until:
            self._send()
        else:
            self.transport.close()
            self.done.set_result(None)

    def _send(self) -> None:
        self.answer = b""
        self.sent = perf_counter()
        self.transport.write(self.request)


async def _send_load(port: int, seconds: float, request: bytes) -> Load:
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    started = perf_counter()
    senders = [
        (
            await loop.create_connection(
                lambda: _Sender(request, started + seconds, waits), "127.0.0.1", port
            )
        )[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.wait_for(asyncio.gather(*(sender.done for sender in senders)), seconds + 20)
    elapsed = perf_counter() - started
    p50, p99 = (statistics.quantiles(waits, n=100)[n - 1] * 1000 for n in (50, 99))
    return Load(len(waits) / elapsed, p50, p99)


def _follow_in_the_window(count: int) -> tuple[float, float]:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    application = QApplication([])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        return runner.run(_follow(count))


async def _follow(count: int) -> tuple[float, float]:
    """Return the longest gap in milliseconds and by how many MB this process has grown."""
    from refiner_desktop.app import Options, build
    from refiner_desktop.app.driver import Driver
    from tests.benchmarks.gaps import Gaps
    from tests.benchmarks.memory import resident_mb

    with tempfile.TemporaryDirectory() as folder:
        options = Options(data_dir=Path(folder), secrets="memory", listen=0)
        async with build(options) as window:
            window.show()
            listener = window._workbench.listener
            drive = Driver(window)
            drive.open_tab(4)
            await drive.until(lambda: listener.status.tested_at is not None, "the listener")
            await asyncio.to_thread(_load, listener.status.port, listener.hooks[0], 0.5)
            before, gaps = resident_mb(), Gaps()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while listener.status.shown < count:
                    port, hook = listener.status.port, listener.hooks[0]
                    await asyncio.to_thread(_load, port, hook, SECONDS)
            return gaps.longest_ms(), resident_mb() - before


def _main(arguments: list[str]) -> None:
    if arguments[:1] == ["--load"]:
        import uvloop

        port, seconds = int(arguments[1]), float(arguments[2])
        load = uvloop.run(_send_load(port, seconds, sys.stdin.buffer.read()))
        sys.stdout.write(json.dumps(vars(load)))
    elif arguments[:1] == ["--follow"]:
        sys.stdout.write(json.dumps(_follow_in_the_window(int(arguments[1]))))
    else:
        report(lines(*map(float, arguments[:1])))


if __name__ == "__main__":
    _main(sys.argv[1:])
