"""What is sent again, how soon, and what is never sent twice."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from scripted_server import Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ApiError, RateLimited, Refused, ServerFailed
from refiner_desktop.api.policy import Retries
from refiner_desktop.api.queries import ContactQuery, ReportQuery, ResponseQuery, UserReference

pytestmark = pytest.mark.anyio

ANA = UserReference(id="u-1042")
Connect = Callable[..., RefinerClient]
Calling = Callable[[RefinerClient], Awaitable[Any]]

REPEATABLE: dict[str, Calling] = {
    "verify": lambda client: client.verify(),
    "account": lambda client: client.account(),
    "identify": lambda client: client.identify(ANA),
    "contacts": lambda client: client.contacts(ContactQuery()),
    "contact": lambda client: client.contact(ANA),
    "segments": lambda client: client.segments(),
    "add_to_segment": lambda client: client.add_to_segment(ANA, "s-1"),
    "remove_from_segment": lambda client: client.remove_from_segment(ANA, "s-1"),
    "surveys": lambda client: client.surveys(),
    "survey_history": lambda client: client.survey_history("f-1"),
    "responses": lambda client: client.responses(ResponseQuery()),
    "report": lambda client: client.report(ReportQuery("nps")),
}
ONCE_ONLY: dict[str, Calling] = {
    "track": lambda client: client.track(ANA, "Signed up"),
    "delete_contact": lambda client: client.delete_contact(ANA),
    "publish_survey": lambda client: client.publish_survey("f-1"),
    "duplicate_survey": lambda client: client.duplicate_survey("f-1", "Copy"),
    "archive_survey": lambda client: client.archive_survey("f-1"),
    "store_response": lambda client: client.store_response("f-1", ANA, {"nps": 9}),
    "tag_response": lambda client: client.tag_response("r-1", ["bug"]),
}

GOOD = answer(200, {"items": [], "uuid": "x", "project_uuid": "x", "message": "ok"})
BUSY = answer(429, {"error": "You are doing this too often."}, headers={"Retry-After": "0"})


async def hang_up(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize("name", REPEATABLE)
async def test_a_safe_call_is_repeated_until_it_is_done(
    server: ScriptedServer, client: RefinerClient, name: str
) -> None:
    server.will_answer(hang_up, BUSY, GOOD)
    await REPEATABLE[name](client)
    assert len(server.requests) == 3
    assert len({(each.method, each.target, each.body) for each in server.requests}) == 1


@pytest.mark.parametrize("name", ONCE_ONLY)
@pytest.mark.parametrize("failure", [hang_up, BUSY, answer(503, {})], ids=["drop", "429", "503"])
async def test_any_other_call_is_sent_once(
    server: ScriptedServer, client: RefinerClient, name: str, failure: Any
) -> None:
    server.will_answer(failure, GOOD)
    with pytest.raises(ApiError):
        await ONCE_ONLY[name](client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_passing_failure_is_tried_again(
    server: ScriptedServer, client: RefinerClient, status: int
) -> None:
    server.will_answer(answer(status, "<h1>Gateway</h1>"), GOOD)
    await client.account()
    assert len(server.requests) == 2


@pytest.mark.parametrize(("status", "error"), [(400, Refused), (404, Refused), (500, ServerFailed)])
async def test_a_lasting_failure_is_not(
    server: ScriptedServer, client: RefinerClient, status: int, error: type[ApiError]
) -> None:
    server.will_answer(answer(status, {"error": "no"}), GOOD)
    with pytest.raises(error):
        await client.account()
    assert len(server.requests) == 1


async def test_the_last_failure_is_told_after_all_attempts(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(503, {"error": "first"}), answer(502, {"error": "later"}))
    with pytest.raises(ServerFailed) as caught:
        await client.account()
    assert (caught.value.status, caught.value.said) == (502, "later")
    assert len(server.requests) == 3


async def test_retry_after_is_waited_for(server: ScriptedServer, client: RefinerClient) -> None:
    server.will_answer(answer(429, {}, headers={"Retry-After": "1"}), GOOD)
    began = time.monotonic()
    await client.account()
    assert time.monotonic() - began >= 1


async def test_a_retry_after_beyond_all_patience_is_told_at_once(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(429, {"error": "too often"}, headers={"Retry-After": "600"}))
    with pytest.raises(RateLimited) as caught:
        await client.account()
    assert caught.value.retry_after == 600
    assert len(server.requests) == 1


async def test_waits_grow(server: ScriptedServer, connect: Connect) -> None:
    times: list[float] = []

    async def fail(_: Received, writer: asyncio.StreamWriter) -> None:
        times.append(time.monotonic())
        writer.write(answer(503, {}))

    server.will_answer(fail)
    retries = Retries(attempts=4, first_wait=0.03, longest_wait=1, jitter=0)
    with pytest.raises(ServerFailed):
        await connect(server.url, retries=retries).account()
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    least = [0.03, 0.06, 0.12]
    assert all(wait >= floor for wait, floor in zip(waits, least, strict=True)), waits


async def test_a_retry_is_neither_logged_nor_printed(
    server: ScriptedServer,
    client: RefinerClient,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.will_answer(answer(503, {"error": "ana@example.org is unknown"}), GOOD)
    with caplog.at_level(logging.DEBUG):
        await client.account()
    ours = ("httpx", "httpcore", "asyncio")  # which the application quiets
    assert [record for record in caplog.records if not record.name.startswith(ours)] == []
    assert capsys.readouterr() == ("", "")


async def test_a_repeat_counts_against_the_limit(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(503, {}), GOOD)
    await client.account()
    assert client.calls_last_minute == 2
    assert client.calls_per_minute == 4000
