"""A free request goes out as written and comes back as it is."""

from __future__ import annotations

import asyncio
import gzip
from importlib.metadata import version

import pytest
from scripted_server import Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.api.exchange import CallRequest

pytestmark = pytest.mark.anyio


async def _hang_up(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize("status", [200, 204, 302, 401, 404, 429, 500, 503])
async def test_any_status_is_an_answer(
    server: ScriptedServer, client: RefinerClient, status: int
) -> None:
    server.will_answer(answer(status, b"", reason="So It Is"))
    result = await client.call(CallRequest("GET", "/contacts"))
    assert (result.status, result.reason, result.http_version) == (status, "So It Is", "HTTP/1.1")
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_method_query_headers_and_body_go_out_as_written(
    server: ScriptedServer, client: RefinerClient, method: str
) -> None:
    await client.call(
        CallRequest(
            method,
            "/v1/responses?form_uuids[]=a",
            query=(("form_uuids[]", "b"), ("search", "ö & ü"), ("form_uuids[]", "c")),
            headers=(("X-Trace", "1"), ("X-Trace", "2"), ("Accept", "text/csv")),
            body=b'{"name": "Ana"}',
        )
    )
    (request,) = server.requests
    assert (request.method, request.path) == (method, "/v1/responses")
    assert request.query == [
        ("form_uuids[]", "a"),
        ("form_uuids[]", "b"),
        ("search", "ö & ü"),
        ("form_uuids[]", "c"),
    ]
    assert [value for name, value in request.headers if name == "X-Trace"] == ["1", "2"]
    assert [value for name, value in request.headers if name.lower() == "accept"] == ["text/csv"]
    assert request.header("Content-Type") == "application/json"
    assert request.body == b'{"name": "Ana"}'


async def test_our_own_headers_stand_in_where_none_is_written(
    server: ScriptedServer, client: RefinerClient
) -> None:
    result = await client.call(CallRequest("GET", "account"))
    (request,) = server.requests
    assert request.header("Accept") == "application/json"
    assert request.header("User-Agent") == f"refiner-desktop/{version('refiner-desktop')}"
    assert request.header("Content-Type") is None
    assert dict(result.request_headers)["Authorization"].startswith("Bearer ••")
    assert [name for name, _ in result.request_headers] == [name for name, _ in request.headers]


async def test_the_answer_is_kept_as_it_came(server: ScriptedServer, client: RefinerClient) -> None:
    text = b'{"items": []}' * 100
    packed = gzip.compress(text)
    headers = {"Content-Encoding": "gzip", "X-One": "1", "x-two": "2", "X-ONE": "3"}
    server.will_answer(answer(200, packed, headers=headers))
    result = await client.call(CallRequest("GET", "contacts"))
    assert result.body == text
    assert result.wire_size == len(packed)
    assert [pair for pair in result.headers if pair[0].lower().startswith("x-")] == [
        ("X-One", "1"),
        ("x-two", "2"),
        ("X-ONE", "3"),
    ]
    assert result.header("x-one") == "1"
    assert result.header("x-three") is None
    assert result.url == f"{server.url}/contacts"
    assert 0 < result.seconds < 5


@pytest.mark.parametrize(
    "header",
    [
        ("X-Trace", "1\r\nX-Evil: 1"),
        ("X-Trace", "a\nb"),
        ("X-Trace", "nul\x00"),
        ("X-Trace", "日本"),
        ("X Trace", "1"),
        ("X-Trace:", "1"),
        ("", "1"),
        ("X-Ünicode", "1"),
        ("Content-Length", "5"),
        ("transfer-encoding", "chunked"),
    ],
)
async def test_a_header_that_cannot_be_sent_is_refused_before_sending(
    server: ScriptedServer, client: RefinerClient, header: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match="header"):
        await client.call(CallRequest("GET", "account", headers=(header,)))
    assert server.requests == []


@pytest.mark.parametrize("method", ["", "GET /x", "GE\r\nT", "GÉT"])
async def test_a_method_that_cannot_be_sent_is_refused_before_sending(
    server: ScriptedServer, client: RefinerClient, method: str
) -> None:
    with pytest.raises(ValueError, match="method"):
        await client.call(CallRequest(method, "account"))
    assert server.requests == []


@pytest.mark.parametrize("path", ["ftp://example.org/x", "https://", "https://a:b@example.org/"])
async def test_an_address_that_cannot_be_called_is_refused(
    server: ScriptedServer, client: RefinerClient, path: str
) -> None:
    with pytest.raises(ValueError, match="web address"):
        await client.call(CallRequest("GET", path))


@pytest.mark.parametrize(("method", "in_doubt"), [("GET", False), ("POST", True), ("get", False)])
async def test_a_dropped_call_is_told_and_never_repeated(
    server: ScriptedServer, client: RefinerClient, method: str, in_doubt: bool
) -> None:
    server.will_answer(_hang_up, answer())
    with pytest.raises(ConnectionFailed) as caught:
        await client.call(CallRequest(method, "identify-user"))
    assert caught.value.maybe_done is in_doubt
    assert len(server.requests) == 1


async def test_a_call_to_our_service_counts_and_one_elsewhere_does_not(
    server: ScriptedServer, other_server: ScriptedServer, client: RefinerClient
) -> None:
    await client.call(CallRequest("GET", "account"))
    await client.call(CallRequest("GET", other_server.url))
    assert client.calls_last_minute == 1


async def test_the_name_of_another_server_that_did_not_answer_is_told(
    server: ScriptedServer, other_server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(_hang_up)
    other_server.will_answer(_hang_up)
    hosts = []
    for path in ("account", other_server.url):
        with pytest.raises(ConnectionFailed) as caught:
            await client.call(CallRequest("GET", path))
        hosts.append(caught.value.host)
    assert hosts == ["", "127.0.0.1"]


async def test_a_fragment_does_not_swallow_the_query(
    server: ScriptedServer, client: RefinerClient
) -> None:
    answer = await client.call(CallRequest("GET", f"{server.url}/x#part", (("page", "2"),)))
    assert answer.url == f"{server.url}/x?page=2"
