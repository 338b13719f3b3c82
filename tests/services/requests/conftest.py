"""Requests over real files and a real server that remembers what came."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from refiner_desktop.secret import Secret
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.requests.known_ids import KnownIds
from refiner_desktop.services.requests.saved import SavedRequests
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.services.requests.tabs import RequestTabs
from refiner_desktop.services.requests.variables import Variables
from refiner_desktop.storage.request_tabs import RequestTabStore
from refiner_desktop.storage.request_variables import RequestVariableStore

KEY = "7d1f0c52-3b6e-4a0b-9a53-0f6f2a9f4c11"


@dataclass
class Arrived:
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


class Recorder:
    """Answers anything with 200 and keeps it as it came."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        arrived = self.arrived

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                arrived.append(Arrived(self.command, self.path, self.headers.items(), body))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(b"ok")

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def recorder():
    opened = Recorder()
    yield opened
    opened.close()


@pytest.fixture
def key(mask):
    secret = Secret(KEY)
    mask.learn(secret)
    return secret


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "requests"


@pytest.fixture
def tab_store(database):
    return RequestTabStore(database)


@pytest.fixture
async def tabs(tab_store, mask):
    opened = RequestTabs(tab_store, mask)
    await opened.enter("here")
    yield opened
    await opened.aclose()


@pytest.fixture
def saved(folder, mask):
    return SavedRequests(lambda: folder, mask)


@pytest.fixture
def variables(database, mask):
    return Variables(RequestVariableStore(database), mask)


@pytest.fixture
async def contacts(connection):
    service = ContactsService(connection)
    yield service
    await service.aclose()


@pytest.fixture
async def requests(connection, tab_store, saved, variables, contacts, mask, settings):
    ids = KnownIds(connection, contacts)
    service = RequestsService(connection, RequestTabs(tab_store, mask), saved, variables, ids, mask)
    await service.enter()
    yield service
    await service.aclose()
