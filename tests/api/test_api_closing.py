"""Closing a client ends what is under way, and leaves no connection behind."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Callable

import pytest
from scripted_server import Received, ScriptedServer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.api.queries import UserReference

pytestmark = pytest.mark.anyio

Connect = Callable[..., RefinerClient]


async def say_nothing(received: Received, writer: asyncio.StreamWriter) -> None:
    await received.until_hung_up()


async def test_calls_under_way_end_when_the_client_is_closed(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(say_nothing)
    call = asyncio.create_task(client.track(UserReference(id="u-1"), "Signed up"))
    await server.until_requested()
    async with asyncio.timeout(1):
        await client.aclose()
        with pytest.raises(ConnectionFailed, match="was closed") as info:
            await call
    assert info.value.maybe_done


@pytest.mark.parametrize("turns", range(12))
async def test_a_connection_that_is_just_being_opened_is_not_left_behind(
    server: ScriptedServer, client: RefinerClient, turns: int
) -> None:
    server.will_answer(*[say_nothing] * 8)
    calls = [asyncio.create_task(client.account()) for _ in range(8)]
    for _ in range(turns):
        await asyncio.sleep(0)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        await client.aclose()
        results = await asyncio.gather(*calls, return_exceptions=True)
        del calls
        gc.collect()
    assert {type(each) for each in results} == {ConnectionFailed}
    assert [str(each.message) for each in said] == []
