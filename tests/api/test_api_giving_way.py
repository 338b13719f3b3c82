"""Calls of many that let others go first, and say when it is their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from scripted_server import ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ReadOnly, ServerFailed
from refiner_desktop.api.policy import Limits
from refiner_desktop.api.queries import UserReference

pytestmark = pytest.mark.anyio

ANA = UserReference(id="u-1042")
IDENTIFIED = answer(200, {"message": "ok", "contact_uuid": "x"})


async def test_the_turn_comes_before_the_call(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(IDENTIFIED)
    calls_before = []

    async def on_turn() -> None:
        calls_before.append(len(server.requests))

    await client.giving_way(on_turn).identify(ANA)
    assert (calls_before, len(server.requests)) == ([0], 1)


async def test_nothing_is_sent_when_the_turn_is_declined(
    server: ScriptedServer, client: RefinerClient
) -> None:
    async def on_turn() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await client.giving_way(on_turn).identify(ANA)
    assert server.requests == []


async def test_it_is_sent_once_and_other_calls_are_repeated_as_ever(
    server: ScriptedServer, client: RefinerClient
) -> None:
    async def on_turn() -> None:
        return None

    server.will_answer(answer(503, {"error": "down"}), answer(503, {"error": "down"}), IDENTIFIED)
    with pytest.raises(ServerFailed):
        await client.giving_way(on_turn).identify(ANA)
    assert len(server.requests) == 1
    assert (await client.identify(ANA)).contact_uuid == "x"
    assert len(server.requests) == 3


async def test_it_is_read_only_when_the_client_is(client: RefinerClient) -> None:
    async def on_turn() -> None:
        pytest.fail("it may not be sent")

    patient = client.giving_way(on_turn)
    client.read_only = True
    with pytest.raises(ReadOnly):
        await patient.identify(ANA)


async def test_a_call_of_a_person_goes_before_those_that_wait(
    server: ScriptedServer, connect: Callable[..., RefinerClient]
) -> None:
    server.will_answer(*[IDENTIFIED] * 40)
    client = connect(server.url, limits=Limits(per_key=600))
    turns = []

    async def on_turn() -> None:
        turns.append(None)

    patient = [
        asyncio.create_task(client.giving_way(on_turn).identify(UserReference(id=f"u-{n}")))
        for n in range(30)
    ]
    await asyncio.sleep(0.3)
    before = len(turns)
    await client.identify(ANA)
    assert len(turns) - before <= 2
    assert len(turns) < 30
    await asyncio.gather(*patient)
