"""A server to talk to, and clients that wait for nothing between two attempts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from scripted_server import KEY, ScriptedServer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.policy import Retries
from refiner_desktop.secret import Secret

AT_ONCE = Retries(attempts=3, first_wait=0, longest_wait=0, jitter=0, patience=5)


@pytest.fixture
async def server(anyio_backend: Any) -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer().running() as server:
        yield server


@pytest.fixture
async def other_server(anyio_backend: Any) -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer().running() as server:
        yield server


@pytest.fixture
async def connect(anyio_backend: Any) -> AsyncIterator[Callable[..., RefinerClient]]:
    """Return a function that makes clients, which are closed after the test."""
    clients: list[RefinerClient] = []

    def make(base_url: str, key: str = KEY, **options: Any) -> RefinerClient:
        options.setdefault("retries", AT_ONCE)
        clients.append(RefinerClient(base_url, Secret(key), **options))
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def client(server: ScriptedServer, connect: Callable[..., RefinerClient]) -> RefinerClient:
    return connect(server.url)
