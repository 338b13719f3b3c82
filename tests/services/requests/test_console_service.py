"""Every call is in the history, from before it went out."""

import asyncio
import time
from base64 import b64encode
from contextlib import asynccontextmanager

import msgspec
import pytest

from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.reach import Reach
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.filling import fill
from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.services.requests.opening import draft_of_call
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.exchange_rows import ExchangeState
from refiner_desktop.storage.exchange_search import ExchangeSearch
from refiner_desktop.storage.exchanges import ExchangeStore

pytestmark = pytest.mark.anyio


def quote_wholly(key):
    return "".join(f"%{byte:02x}" for byte in key.encode())


@pytest.fixture
async def console(connected, database, mask, settings):
    history = ConsoleHistory(connected, ExchangeStore(database), mask, settings)
    yield ConsoleService(connected, history, settings)
    await history.aclose()


async def test_a_call_and_its_answer_are_kept_as_they_were(console):
    request = CallRequest("GET", "contacts", query=(("page_length", "2"),), headers=(("X-A", "1"),))
    answer = await console.send(request)
    assert answer.status == 200
    (row,) = await console.history.recent(10)
    record = await console.history.exchange(row.id)
    assert record.request == request
    assert record.answer == answer


async def test_an_error_status_is_an_answer(console):
    assert (await console.send(CallRequest("GET", "nowhere"))).status == 404


async def test_the_history_leaves_credentials_out(console, sandbox, tmp_path):
    headers = (("Authorization", f"Bearer {sandbox.key}"), ("Cookie", "session=abc123"))
    await console.send(CallRequest("GET", "account", headers=headers))
    (row,) = await console.history.recent(1)
    kept = (await console.history.exchange(row.id)).request.headers
    assert kept == (("Authorization", ""), ("Cookie", ""))
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
    assert await console.history.recent(1)
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
    (row,) = await console.history.recent(1)
    record = await console.history.exchange(row.id)
    assert written not in repr(record)
    assert MASK in record.request.path
    assert MASK in record.request.query[0][1]
    assert MASK in record.request.headers[0][1]
    assert MASK.encode() in record.request.body


async def test_an_answer_that_echoes_a_key_of_another_environment_is_kept_without_it(console, mask):
    other = "00000000-aaaa-4bbb-8ccc-000000000000"
    mask.learn(Secret(other))
    await console.send(CallRequest("POST", "identify-user", body=b'{"id": "%s"}' % other.encode()))
    await console.send(CallRequest("GET", "contact", query=(("id", other),)))
    for row in await console.history.recent(2):
        assert other not in repr(await console.history.exchange(row.id))


async def test_each_environment_shows_its_own_history(console, connected, sandbox):
    await console.send(CallRequest("GET", "account"))
    switched = []
    console.switched.connect(switched.append)
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connected.connect(other, Secret(sandbox.key))
    assert [each.id for each in switched] == [other.id]
    assert await console.history.recent(9) == []
    await console.send(CallRequest("GET", "forms"))
    assert [row.path for row in await console.history.recent(9)] == ["forms"]


async def test_a_call_belongs_to_the_environment_that_it_was_sent_in(console, connected, sandbox):
    sandbox.faults.latency(0.3, path="/account")
    first = connected.environment
    call = asyncio.create_task(console.send(CallRequest("GET", "account")))
    await asyncio.sleep(0.1)
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connected.switch(other)
    with pytest.raises(ConnectionFailed):
        await call
    assert await console.history.recent(9) == []
    await connected.switch(first)
    assert [row.state for row in await console.history.recent(9)] == [ExchangeState.FAILED]


async def test_a_dropped_connection_is_kept_with_its_reason(console, sandbox):
    sandbox.faults.drop()
    with pytest.raises(ConnectionFailed):
        await console.send(CallRequest("GET", "contacts"))
    (row,) = await console.history.recent(1)
    assert row.state is ExchangeState.FAILED
    assert "HungUp" in row.error


async def test_a_cancelled_call_is_kept_as_cancelled(console, sandbox):
    sandbox.faults.latency(5)
    call = asyncio.create_task(console.send(CallRequest("GET", "contacts")))
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    (row,) = await console.history.recent(1)
    assert (row.state, row.error) == (ExchangeState.FAILED, "Cancelled")


async def test_a_call_is_cancelled_at_once_its_history_included(console, sandbox):
    sandbox.faults.latency(5)
    call = asyncio.create_task(console.send(CallRequest("GET", "contacts")))
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert time.perf_counter() - began < 1


async def test_a_header_with_a_line_break_is_refused_before_it_is_sent(console, sandbox):
    sandbox.record.clear()
    with pytest.raises(ValueError, match="header"):
        await console.send(CallRequest("GET", "contacts", headers=(("X-A", "1\r\nX-B: 2"),)))
    assert not sandbox.record.calls


async def test_an_answer_is_not_lost_when_the_history_can_not_be_written(
    console, database, sandbox
):
    troubles = []
    console.history.troubled.connect(troubles.append)
    database.close()
    answer = await console.send(CallRequest("GET", "contacts"))
    assert answer.status == 200
    assert troubles


async def test_the_headers_that_will_be_added_are_told_without_the_key(console, connection):
    shown = dict(console.outlook(CallRequest("GET", "contacts")).headers)
    assert shown["Authorization"] == f"Bearer {MASK}"
    assert shown["Accept"] == "application/json"
    assert "web address" in console.outlook(CallRequest("GET", "http://")).refusal
    assert console.outlook(CallRequest("G T", "contacts")).refusal
    assert console.outlook(CallRequest("GET", "contacts", headers=(("a b", "1"),))).refusal


@pytest.mark.parametrize(
    ("path", "reach"),
    [
        ("contacts", Reach.BELOW),
        ("/v1/contacts/../forms", Reach.BELOW),
        ("", Reach.BELOW),
        ("../v2/contacts", Reach.BESIDE),
        ("%2e%2e/v2", Reach.BESIDE),
        ("contacts/..\\..\\x", Reach.BESIDE),
        ("https://example.org/v1/contacts", Reach.ELSEWHERE),
    ],
)
async def test_a_path_that_leaves_the_base_url_is_noticed_before_it_is_sent(console, path, reach):
    outlook = console.outlook(CallRequest("GET", path))
    assert outlook.reach is reach
    assert (outlook.elsewhere is not None) == (reach is Reach.ELSEWHERE)


async def test_a_long_answer_is_kept_while_it_is_looked_at(console, connected, tmp_path):
    async with _server_of(b"x" * 3_000_000 + b" a needle") as url:
        answer = await console.send(CallRequest("GET", url))
    (row,) = await console.history.recent(9)
    assert (row.state, row.answer_size) == (ExchangeState.ANSWERED, 3_000_009)
    record = await console.history.exchange(row.id)
    assert record.answer == answer
    assert (tmp_path / "answers" / str(row.id)).stat().st_size == 3_000_009


async def test_the_cap_of_the_settings_holds(console, settings):
    console_settings = msgspec.structs.replace(settings.current.console, answer_megabytes=1)
    await settings.save(msgspec.structs.replace(settings.current, console=console_settings))
    async with _server_of(b"x" * 3_000_000) as url:
        answer = await console.send(CallRequest("GET", url))
    assert (len(answer.body), answer.cut) == (
        1_048_576,
        "only the first 1048576 bytes of it were taken",
    )


async def test_the_limits_of_the_settings_hold(console, settings):
    limits = msgspec.structs.replace(settings.current.console, history_entries=3)
    await settings.save(msgspec.structs.replace(settings.current, console=limits))
    for _ in range(5):
        await console.send(CallRequest("GET", "account"))
    assert len(await console.history.recent(99)) == 3
    await console.send(CallRequest("GET", "account"))
    assert len(await console.history.recent(99)) == 3


async def test_texts_are_indexed_when_nothing_is_sent(console, database, monkeypatch):
    monkeypatch.setattr("refiner_desktop.services.requests.history.QUIET_SECONDS", 0.01)
    for _ in range(3):
        await console.send(CallRequest("GET", "account"))
    left = "SELECT count(*) FROM exchange WHERE indexed = 0"
    for _ in range(200):
        if database.connection().execute(left).fetchone() == (0,):
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("nothing was indexed")
    found = await console.history.recent(9, ExchangeSearch("subscription"))
    assert len(found) == 3


async def test_a_pinned_call_survives_the_clearing(console):
    for _ in range(3):
        await console.send(CallRequest("GET", "account"))
    newest, middle, _ = await console.history.recent(9)
    await console.history.pin(middle.id)
    await console.history.delete(newest.id)
    await console.history.clear()
    assert [row.id for row in await console.history.recent(9)] == [middle.id]


@asynccontextmanager
async def _server_of(body):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    "request_with",
    [
        lambda key: CallRequest("GET", f"account?api_key={key}"),
        lambda key: CallRequest("GET", "account", query=(("api_key", key),)),
        lambda key: CallRequest("POST", "track-event", body=b'{"api_key": "%s"}' % key.encode()),
        lambda key: CallRequest("POST", "track-event", body=b"id=7&api_key=%s" % key.encode()),
    ],
    ids=["path", "query", "json", "form"],
)
async def test_a_key_that_nobody_has_told_us_is_kept_out_of_the_history_too(
    console, tmp_path, request_with
):
    unknown = "11111111-2222-3333-4444-555555555555"
    await console.send(request_with(unknown))
    assert await console.history.recent(1)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(unknown.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    "request_with_key",
    [
        CallRequest("GET", "account", headers=(("Authorization", "Bearer another-key"),)),
        CallRequest("GET", "account", query=(("api_key", "another-key"),)),
    ],
    ids=["header", "query"],
)
async def test_a_call_with_a_key_of_its_own_is_not_sent_again_with_ours(console, request_with_key):
    await console.send(request_with_key)
    (row,) = await console.history.recent(1)
    draft = draft_of_call((await console.history.exchange(row.id)).request)
    assert [(row.value, row.on) for row in (*draft.query, *draft.headers)] == [("", False)]
    again = await console.send(fill(draft, {}).request)
    assert (again.status, again.with_key) == (401, False)


async def test_a_call_that_is_cancelled_while_it_is_written_down_is_no_call_in_flight(console):
    call = asyncio.create_task(console.send(CallRequest("GET", "account")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert [row.state for row in await console.history.recent(9)] == [ExchangeState.FAILED]


@pytest.mark.parametrize("size", [10, 1_500_000])
async def test_a_call_that_is_deleted_while_it_is_under_way_leaves_nothing(
    console, sandbox, database, size
):
    troubles = []
    console.history.troubled.connect(troubles.append)
    async with _server_of(b"x" * size) as url:
        exchange = await console.history.begin(CallRequest("GET", url), "")
        answer = await console.send(CallRequest("GET", url))
        await console.history.delete(exchange)
        console.history.finish(exchange, answer)
    (row,) = await console.history.recent(9)
    kept = {path.name for path in console.history.folder.iterdir()}
    assert kept <= {str(row.id)}
    assert troubles == []
