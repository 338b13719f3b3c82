"""A sandbox on a real socket, a client for it, and somebody who gets its webhooks.

Starting and stopping takes a quarter of a second, so a module shares them; `user` is a new user id
for each test.
"""

from __future__ import annotations

import itertools
import queue
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.serving import ServerThread

NOW = 1_772_615_702  # 2026-03-04 09:15:02 UTC

_numbers = itertools.count()


@pytest.fixture
def user():
    return f"visitor-{next(_numbers)}"


@pytest.fixture(scope="module")
def shared_sandbox():
    with Sandbox(contacts=300, seed=7, clock=lambda: NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox):
    yield shared_sandbox
    for webhook in shared_sandbox.webhooks:
        shared_sandbox.remove_webhook(webhook)
    shared_sandbox.faults.clear()
    shared_sandbox.record.clear()


@pytest.fixture(scope="module")
def shared_client(shared_sandbox):
    headers = {"Authorization": f"Bearer {shared_sandbox.key}"}
    with httpx.Client(base_url=shared_sandbox.base_url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def client(sandbox, shared_client):
    return shared_client


@dataclass
class Receiver:
    """Keeps every delivery as (authorization header, payload)."""

    url: str = ""
    status: int = 200
    deliveries: queue.Queue[tuple[str | None, Any]] = field(default_factory=queue.Queue)

    async def receive(self, request: Request) -> Response:
        self.deliveries.put((request.headers.get("authorization"), await request.json()))
        return Response(status_code=self.status)

    def payload(self) -> Any:
        return self.deliveries.get(timeout=5)[1]

    def nothing_came(self) -> bool:
        try:
            self.deliveries.get(timeout=0.15)
        except queue.Empty:
            return True
        return False


@pytest.fixture(scope="module")
def receiving():
    receiver = Receiver()
    server = ServerThread(Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])]))
    server.start()
    receiver.url = f"http://127.0.0.1:{server.port}/hook"
    yield receiver
    server.stop()


@pytest.fixture
def receiver(receiving):
    yield receiving
    receiving.status = 200
    receiving.deliveries = queue.Queue()
