"""Stopping a call stops it now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from scripted_server import Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.policy import Retries
from refiner_desktop.api.queries import UserReference

pytestmark = pytest.mark.anyio

Connect = Callable[..., RefinerClient]


async def say_nothing(_: Received, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def begin_an_answer(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b" " * 5000)
    await asyncio.sleep(60)


async def seconds_to_stop(task: asyncio.Task[Any]) -> float:
    began = time.perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.perf_counter() - began


@pytest.mark.parametrize("slow", [say_nothing, begin_an_answer])
@pytest.mark.parametrize(
    "calling",
    [
        lambda client: client.account(),
        lambda client: client.track(UserReference(id="u-1"), "Signed up"),
        lambda client: client.call(CallRequest("GET", "contacts")),
    ],
    ids=["repeatable", "once only", "free"],
)
async def test_a_cancelled_call_stops_at_once_and_hangs_up(
    server: ScriptedServer,
    client: RefinerClient,
    slow: Any,
    calling: Callable[[RefinerClient], Awaitable[Any]],
) -> None:
    hung_up = asyncio.Event()

    async def answering(received: Received, writer: asyncio.StreamWriter) -> None:
        work = asyncio.create_task(slow(received, writer))
        await received.until_hung_up()
        hung_up.set()
        work.cancel()

    server.will_answer(answering)
    task = asyncio.ensure_future(calling(client))
    await server.until_requested()
    await asyncio.sleep(0.02)
    assert await seconds_to_stop(task) < 1
    await asyncio.wait_for(hung_up.wait(), 2)


async def test_a_call_is_cancelled_while_it_waits_to_be_repeated(
    server: ScriptedServer, connect: Connect
) -> None:
    server.will_answer(answer(503, {}))
    client = connect(server.url, retries=Retries(first_wait=30, longest_wait=30))
    task = asyncio.ensure_future(client.account())
    await server.until_requested()
    await asyncio.sleep(0.02)
    assert await seconds_to_stop(task) < 1
    assert len(server.requests) == 1


async def test_a_cancelled_call_leaves_the_client_usable(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(say_nothing, answer(200, {}))
    task = asyncio.ensure_future(client.account())
    await server.until_requested()
    await seconds_to_stop(task)
    await client.account()


async def test_a_closed_client_refuses_calls(server: ScriptedServer, connect: Connect) -> None:
    client = connect(server.url)
    await client.aclose()
    await client.aclose()
    with pytest.raises(ConnectionFailed, match="closed"):
        await client.account()
