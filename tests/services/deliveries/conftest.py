"""A listener with hooks, the ways out of it, and a receiver elsewhere that remembers what came."""

import asyncio
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.dispatch import Dispatch
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.storage.forwards import ForwardStore
from refiner_desktop.webhooks.delivery import Delivery


@dataclass
class Came:
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


class Receiver:
    """A program that is being developed: it answers `statuses` in turn, then 200."""

    def __init__(self):
        self.came = []
        self.statuses = []
        self.seconds = 0.0
        self.answer = b""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_post(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.came.append(Came(self.command, self.path, self.headers.items(), body))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                time.sleep(receiver.seconds)
                self.send_response(status)
                self.send_header("Content-Length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *_):
                """Say nothing."""

        Handler.do_POST = Handler.handle_post
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def store(database):
    return DeliveryStore(database)


@pytest.fixture
async def hooks(settings, secrets):
    service = HooksService(settings, secrets)
    await service.open_tokens()
    return service


@pytest.fixture
def deliveries(store, hooks, settings):
    return DeliveriesService(store, hooks, settings)


@pytest.fixture
def arrivals(deliveries):
    return Arrivals(deliveries)


@pytest.fixture
async def listener(store, deliveries, arrivals, hooks, settings, mask):
    service = ListenerService(store, deliveries, arrivals, hooks, settings, mask)
    yield service
    await service.aclose()


@pytest.fixture
async def listening(listener):
    await listener.start(0)
    return listener


@pytest.fixture
async def dispatch(deliveries, listener, hooks, database, mask):
    service = Dispatch(deliveries, listener, hooks, ForwardStore(database), mask)
    yield service
    await service.aclose()


@pytest.fixture
def keep(store, hooks):
    """Keep a delivery of the first hook and return its id."""

    def kept(body=b'{"uuid": "c-1"}', headers=(), **changes):
        hook = hooks.hooks[0]
        usual = (("Content-Type", "application/json"), ("Authorization", "Bearer ••••••••"))
        delivery = Delivery(
            hook.name,
            datetime.now(UTC),
            "POST",
            hook.path,
            (*usual, *headers),
            body,
            **{"hook_id": hook.id, **changes},
        )
        return store.add(delivery)

    return kept


@pytest.fixture
def eventually():
    """Wait until a condition holds; fail after five seconds."""

    async def wait(condition):
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0.005)

    return wait
