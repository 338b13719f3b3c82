"""When no answer comes, the error says why, and whether the call may have been done."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator

import httpx
import pytest
from scripted_server import KEY, Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import (
    ApiError,
    ConnectionFailed,
    HungUp,
    KeyMalformed,
    NameNotResolved,
    NotHttp,
    NotRefiner,
    ServerFailed,
    TimedOut,
    TlsFailed,
    UnreadableAnswer,
)
from refiner_desktop.api.faults import MEANINGS, fault
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.api.queries import UserReference

pytestmark = pytest.mark.anyio

ANA = UserReference(id="u-1042")
Connect = Callable[..., RefinerClient]

# Errors of httpx that no sent request can raise, and why.
NEVER_SENT = {
    httpx.HTTPStatusError,  # only by raise_for_status(), which we do not use
    httpx.InvalidURL,  # addresses are made, and refused, before sending
    httpx.CookieConflict,  # no cookie is kept
    httpx.StreamError,  # bodies are bytes, both ways
    httpx.StreamConsumed,
    httpx.StreamClosed,
    httpx.ResponseNotRead,
    httpx.RequestNotRead,
}


def descendants(kind: type) -> Iterator[type]:
    yield kind
    for child in kind.__subclasses__():
        yield from descendants(child)


def test_every_error_of_httpx_has_a_meaning() -> None:
    public = {
        value
        for value in vars(httpx).values()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    of_its_tree = {kind for root in public for kind in descendants(root)}
    assert of_its_tree == set(MEANINGS) | NEVER_SENT


def test_every_meaning_is_an_api_error_with_words() -> None:
    for theirs in MEANINGS:
        error = fault(theirs("boom"), sent=True)
        assert isinstance(error, ApiError)
        assert str(error)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def hang_up(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def say_nothing(_: Received, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def test_a_refused_connection(connect: Connect) -> None:
    client = connect(f"http://127.0.0.1:{free_port()}/v1")
    with pytest.raises(ConnectionFailed) as caught:
        await client.track(ANA, "Signed up")
    assert type(caught.value) is ConnectionFailed
    assert caught.value.said
    assert caught.value.maybe_done is False


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 80 + ".example"])
async def test_a_name_that_does_not_resolve(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for proxy in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
    with pytest.raises(NameNotResolved) as caught:
        await connect(f"http://{host}/v1").track(ANA, "Signed up")
    assert caught.value.maybe_done is False


async def test_a_server_that_speaks_no_tls(server: ScriptedServer, connect: Connect) -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer())
        writer.close()

    plain = await asyncio.start_server(speak_plainly, "127.0.0.1", 0)
    async with plain:
        port = plain.sockets[0].getsockname()[1]
        with pytest.raises(TlsFailed):
            await connect(f"https://127.0.0.1:{port}/v1").verify()


def test_a_certificate_that_is_not_trusted() -> None:
    theirs = httpx.ConnectError("")
    theirs.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed")
    error = fault(theirs, sent=True)
    assert type(error) is TlsFailed
    assert "self-signed" in error.said
    assert error.maybe_done is False


async def test_a_call_dropped_after_it_was_sent_may_have_been_done(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(hang_up)
    with pytest.raises(ConnectionFailed) as caught:
        await client.track(ANA, "Signed up")
    assert caught.value.maybe_done is True
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"\0\1\2\xff", NotHttp),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", NotHttp),
        (b"SSH-2.0-OpenSSH_9.6\r\n", HungUp),  # httpx does not tell that anything came
        (b"", HungUp),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", ConnectionFailed),
    ],
)
async def test_a_server_of_another_kind_is_told_from_one_that_is_not_there(
    server: ScriptedServer, client: RefinerClient, said: bytes, error: type[ApiError]
) -> None:
    async def speak(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    server.will_answer(speak)
    with pytest.raises(ConnectionFailed) as caught:
        await client.track(ANA, "Signed up")
    assert type(caught.value) is error
    assert caught.value.maybe_done is True


async def test_a_repeatable_call_is_never_in_doubt(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(hang_up)
    with pytest.raises(ConnectionFailed) as caught:
        await client.identify(ANA)
    assert caught.value.maybe_done is False


@pytest.mark.parametrize(
    "timeouts", [Timeouts(read=0.05), Timeouts(total=0.05)], ids=["read", "total"]
)
async def test_a_silent_server_times_out(
    server: ScriptedServer, connect: Connect, timeouts: Timeouts
) -> None:
    server.will_answer(say_nothing)
    with pytest.raises(TimedOut) as caught:
        await connect(server.url, timeouts=timeouts).track(ANA, "Signed up")
    assert caught.value.maybe_done is True
    assert str(caught.value)


async def test_a_total_timeout_before_anything_was_sent_leaves_no_doubt(connect: Connect) -> None:
    class NeverConnects(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(60)
            raise AssertionError("unreachable")

    client = connect(
        "http://127.0.0.1/v1", timeouts=Timeouts(total=0.02), transport=NeverConnects()
    )
    with pytest.raises(TimedOut) as caught:
        await client.track(ANA, "Signed up")
    assert caught.value.maybe_done is False


async def test_a_drip_of_bytes_does_not_outlive_the_total_timeout(
    server: ScriptedServer, connect: Connect
) -> None:
    async def drip(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    server.will_answer(drip)
    with pytest.raises(TimedOut):
        await connect(server.url, timeouts=Timeouts(read=5, total=0.1)).verify()


@pytest.mark.parametrize(
    ("body", "error"),
    [("<html>Sign in to the guest network</html>", NotRefiner), ('{"mess', UnreadableAnswer)],
)
async def test_a_success_that_cannot_be_read_says_what_came(
    server: ScriptedServer, client: RefinerClient, body: str, error: type[ApiError]
) -> None:
    server.will_answer(answer(200, body))
    with pytest.raises(UnreadableAnswer) as caught:
        await client.track(ANA, "Signed up")
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.said) == (200, body)
    assert caught.value.maybe_done is True


async def test_another_services_json_is_not_refiner(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, {"message": "ok"}))
    with pytest.raises(NotRefiner):
        await client.verify()


async def test_a_body_that_ends_early_is_a_dropped_connection(
    server: ScriptedServer, client: RefinerClient
) -> None:
    async def cut(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"items": [')
        writer.close()

    server.will_answer(cut)
    with pytest.raises(ConnectionFailed):
        await client.segments()


async def test_a_body_that_is_not_compressed_as_it_says_is_unreadable(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, {}, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UnreadableAnswer):
        await client.account()


@pytest.mark.parametrize(("status", "in_doubt"), [(500, True), (502, True), (503, False)])
async def test_a_failing_server_may_have_done_it_unless_it_was_unavailable(
    server: ScriptedServer, client: RefinerClient, status: int, in_doubt: bool
) -> None:
    server.will_answer(answer(status, {"error": "oops"}))
    with pytest.raises(ServerFailed) as caught:
        await client.track(ANA, "Signed up")
    assert caught.value.maybe_done is in_doubt


@pytest.mark.parametrize("key", ["abc\r\nX-Evil: 1", "clé", "two words", "•" * 36])
async def test_a_key_that_no_header_can_carry_is_malformed_and_not_sent(
    server: ScriptedServer, connect: Connect, key: str
) -> None:
    with pytest.raises(KeyMalformed) as caught:
        await connect(server.url, key).verify()
    assert key not in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize("status", [200, 302, 400, 500])
async def test_no_error_repeats_the_key(
    server: ScriptedServer, client: RefinerClient, status: int
) -> None:
    page = f"<p>You sent {KEY}</p>" + "x" * 260 + KEY
    server.will_answer(answer(status, page))
    with pytest.raises(ApiError) as caught:
        await client.track(ANA, "Signed up")
    assert "You sent" in caught.value.said
    assert KEY[:8] not in f"{caught.value} {caught.value!r} {caught.value.said}"


async def test_a_proxy_setting_that_cannot_be_used_is_said(
    server: ScriptedServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example:70")
    monkeypatch.setenv("all_proxy", "gopher://proxy.example:70")
    with pytest.raises(ConnectionFailed, match="proxy"):
        await connect(server.url).verify()
