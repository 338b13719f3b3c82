"""Every call is in the history, from before it went out."""

import asyncio
from base64 import b64encode

import pytest

from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.services.console import ConsoleService
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.exchanges import ExchangeState, ExchangeStore

pytestmark = pytest.mark.anyio


def quote_wholly(key):
    return "".join(f"%{byte:02x}" for byte in key.encode())


@pytest.fixture
def console(connected, database, mask):
    return ConsoleService(connected, ExchangeStore(database), mask)


async def test_a_call_and_its_answer_are_kept_as_they_were(console):
    request = CallRequest("GET", "contacts", query=(("page_length", "2"),), headers=(("X-A", "1"),))
    answer = await console.send(request)
    assert answer.status == 200
    (row,) = await console.history(10)
    record = await console.exchange(row.id)
    assert (record.method, record.path, record.query) == ("GET", "contacts", request.query)
    assert record.headers == request.headers
    assert record.answer_body == answer.body


async def test_an_error_status_is_an_answer(console):
    assert (await console.send(CallRequest("GET", "nowhere"))).status == 404


async def test_the_history_leaves_credentials_out(console, sandbox, tmp_path):
    headers = (("Authorization", f"Bearer {sandbox.key}"), ("Cookie", "session=abc123"))
    await console.send(CallRequest("GET", "account", headers=headers))
    (row,) = await console.history(1)
    assert (await console.exchange(row.id)).headers == ()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(sandbox.key.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    "place",
    [
        lambda key: CallRequest("GET", f"account?api_key={key}"),
        lambda key: CallRequest("GET", "account", query=(("api_key", key),)),
        lambda key: CallRequest("GET", "account", headers=(("X-Key", key),)),
        lambda key: CallRequest(
            "POST", "identify-user", body=b'{"id": "u", "k": "%s"}' % key.encode()
        ),
    ],
    ids=["path", "query", "header", "body"],
)
async def test_the_key_is_kept_out_of_the_history_wherever_it_was_typed(
    console, sandbox, tmp_path, place
):
    await console.send(place(sandbox.key))
    assert await console.history(1)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(sandbox.key.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    "encode", [quote_wholly, lambda key: b64encode(f"{key}:".encode()).decode()]
)
async def test_the_history_holds_no_form_of_the_key(console, sandbox, encode):
    written = encode(sandbox.key)
    request = CallRequest(
        "POST",
        f"identify-user?a={written}",
        (("b", written),),
        (("X-C", written),),
        written.encode(),
    )
    await console.send(request)
    (row,) = await console.history(1)
    record = await console.exchange(row.id)
    assert written not in repr(record)
    assert MASK in record.path
    assert MASK in record.query[0][1]
    assert MASK in record.headers[0][1]
    assert MASK.encode() in record.body


async def test_an_answer_that_echoes_a_key_of_another_environment_is_kept_without_it(console, mask):
    other = "00000000-aaaa-4bbb-8ccc-000000000000"
    mask.learn(Secret(other))
    await console.send(CallRequest("POST", "identify-user", body=b'{"id": "%s"}' % other.encode()))
    await console.send(CallRequest("GET", "contact", query=(("id", other),)))
    for row in await console.history(2):
        assert other not in repr(await console.exchange(row.id))


async def test_each_environment_shows_its_own_history(console, connected, sandbox):
    await console.send(CallRequest("GET", "account"))
    switched = []
    console.switched.connect(switched.append)
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connected.connect(other, Secret(sandbox.key))
    assert [each.id for each in switched] == [other.id]
    assert await console.history(9) == []
    await console.send(CallRequest("GET", "forms"))
    assert [row.path for row in await console.history(9)] == ["forms"]


async def test_a_call_belongs_to_the_environment_that_it_was_sent_in(console, connected, sandbox):
    sandbox.faults.latency(0.3, path="/account")
    first = connected.environment
    call = asyncio.create_task(console.send(CallRequest("GET", "account")))
    await asyncio.sleep(0.1)
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connected.switch(other)
    with pytest.raises(ConnectionFailed):
        await call
    assert await console.history(9) == []
    await connected.switch(first)
    assert [row.state for row in await console.history(9)] == [ExchangeState.FAILED]


async def test_a_dropped_connection_is_kept_with_its_reason(console, sandbox):
    sandbox.faults.drop()
    with pytest.raises(ConnectionFailed):
        await console.send(CallRequest("GET", "contacts"))
    (row,) = await console.history(1)
    assert row.state is ExchangeState.FAILED
    assert "ConnectionFailed" in row.error


async def test_a_cancelled_call_is_kept_as_cancelled(console, sandbox):
    sandbox.faults.latency(5)
    call = asyncio.create_task(console.send(CallRequest("GET", "contacts")))
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    (row,) = await console.history(1)
    assert (row.state, row.error) == (ExchangeState.FAILED, "Cancelled")


async def test_a_header_with_a_line_break_is_refused_before_it_is_sent(console, sandbox):
    sandbox.record.clear()
    with pytest.raises(ValueError, match="header"):
        await console.send(CallRequest("GET", "contacts", headers=(("X-A", "1\r\nX-B: 2"),)))
    assert not sandbox.record.calls


async def test_an_answer_is_not_lost_when_the_history_can_not_be_written(
    console, database, sandbox
):
    troubles = []
    console.troubled.connect(troubles.append)
    database.close()
    answer = await console.send(CallRequest("GET", "contacts"))
    assert answer.status == 200
    assert troubles
