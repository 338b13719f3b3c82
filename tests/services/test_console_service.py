"""Every call is in the history, from before it went out."""

import asyncio

import pytest

from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.console import ConsoleService
from refiner_desktop.storage.exchanges import ExchangeState, ExchangeStore

pytestmark = pytest.mark.anyio


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
