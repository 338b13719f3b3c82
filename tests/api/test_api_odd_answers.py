"""Whatever a server answers, the console shows what came, byte for byte, and says what is wrong."""

from __future__ import annotations

import asyncio
import gzip
import mmap
import sys
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from scripted_server import KEY, Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ConnectionFailed, TimedOut, UnreadableAnswer
from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.api.intake import MEGABYTE, Room
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.secret import MASK

pytestmark = pytest.mark.anyio

GET = CallRequest("GET", "contacts")
UNICODE_LIES = b'{"lone": "\\ud800", "bad": "\xff\xfe", "n": ' + b"9" * 400 + b', "n": 1, "n": 2}'


def raw(head: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body


def then_hang_up(data: bytes) -> Callable[..., object]:
    async def send(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return send


def endlessly(head: bytes, piece: bytes) -> Callable[..., object]:
    async def send(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()

    return send


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@asynccontextmanager
async def longest_gap() -> AsyncIterator[list[float]]:
    """Measure for how long nothing else got its turn."""
    gaps = [0.0]

    async def tick() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    ticking = asyncio.create_task(tick())
    try:
        yield gaps
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><h1>Sign in</h1></html>",
        bytes(range(256)) * 40,
        UNICODE_LIES,
        "größer".encode("latin-1"),
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a": 1e' + b"9" * 400 + b"}",
        b"\x00",
    ],
    ids=["html", "binary", "invalid utf-8", "wrong charset", "nested", "huge number", "nul"],
)
async def test_a_body_is_byte_for_byte_what_came(
    server: ScriptedServer, client: RefinerClient, body: bytes
) -> None:
    server.will_answer(answer(200, body, headers={"Content-Type": "application/json; charset=x-y"}))
    got = await client.call(GET)
    assert (got.body, got.cut, got.wire_size) == (body, "", len(body))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_no_body_is_an_empty_one(
    server: ScriptedServer, client: RefinerClient, method: str, coding: str
) -> None:
    head = f"Content-Encoding: {coding}\r\n" if coding else ""
    server.will_answer(f"HTTP/1.1 204 No Content\r\n{head}\r\n".encode())
    got = await client.call(CallRequest(method, "contact"))
    assert (got.status, got.body, got.cut) == (204, b"", "")


async def test_an_answer_to_head_has_no_body_whatever_its_length_says(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(2):
        got = await client.call(CallRequest("HEAD", "contacts"))
        assert (got.body, got.cut, got.header("content-length")) == (b"", "", "1000")
    assert [each.method for each in server.requests] == ["HEAD", "HEAD"]


@pytest.mark.parametrize(
    ("data", "body", "cut"),
    [
        (
            raw(b"Content-Length: 1000", b'{"items": ['),
            b'{"items": [',
            "the connection closed after 11 of 1000 bytes",
        ),
        (
            raw(b"Transfer-Encoding: chunked", chunk(b"one") + b"ff\r\ntw"),
            b"onetw",
            "the connection broke off",
        ),
        (
            raw(b"Transfer-Encoding: chunked", chunk(b"one") + b"no length\r\n"),
            b"one",
            "the connection broke off",
        ),
        (
            raw(b"Content-Encoding: gzip", gzip.compress(b"a" * 1000)[:-9]),
            b"a" * 1000,
            "the compressed body ends too early",
        ),
        (raw(b"Content-Length: 4", b"fourteen"), b"four", ""),
        (raw(b"X-No: length", b"until the end"), b"until the end", ""),
    ],
    ids=["too short", "broken chunk", "bad chunk", "broken gzip", "too long", "no length"],
)
async def test_of_an_answer_that_breaks_off_what_came_is_there(
    server: ScriptedServer, client: RefinerClient, data: bytes, body: bytes, cut: str
) -> None:
    server.will_answer(then_hang_up(data))
    got = await client.call(GET)
    assert (got.status, got.body) == (200, body)
    assert got.cut.startswith(cut)
    assert bool(got.cut) == bool(cut)


async def test_what_only_claims_to_be_compressed_is_shown_as_it_came(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, b'{"plain": true}', headers={"Content-Encoding": "gzip"}))
    got = await client.call(GET)
    assert got.body == b'{"plain": true}'
    assert "damaged" in got.cut


async def test_of_a_body_that_gets_damaged_the_beginning_is_there(
    server: ScriptedServer, client: RefinerClient
) -> None:
    whole = bytes(range(256)) * 4000
    packed = bytearray(zlib.compress(whole, 0))
    packed[700_000:] = b"\xff" * (len(packed) - 700_000)
    server.will_answer(answer(200, bytes(packed), headers={"Content-Encoding": "deflate"}))
    got = await client.call(GET)
    assert 600_000 < len(got.body) < len(whole)
    assert got.body[:600_000] == whole[:600_000]
    assert "damaged" in got.cut


async def test_a_coding_that_is_not_known_stays_as_it_came(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, b"\x0b\x02\x80", headers={"Content-Encoding": "br"}))
    got = await client.call(GET)
    assert (got.body, got.cut) == (b"\x0b\x02\x80", "")


async def test_an_endless_answer_ends_at_the_cap_with_what_came(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(endlessly(b"Content-Type: text/plain", b"more " * 10_000))
    got = await client.call(GET, Room(most=3 * MEGABYTE + 1))
    assert len(got.body) == 3 * MEGABYTE + 1
    assert got.body[:9] == b"more more"
    assert got.cut == "only the first 3145729 bytes of it were taken"


async def test_an_answer_that_is_cut_off_leaves_nothing_open_on_a_loop_that_closes_nothing(
    server: ScriptedServer, client: RefinerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt's loop does not close the generators that asyncio's own closes."""
    left_open = []
    monkeypatch.setattr(sys, "unraisablehook", left_open.append)
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(None, None)
    try:
        server.will_answer(endlessly(b"Content-Type: text/plain", b"more " * 10_000))
        await client.call(GET, Room(most=1_000))
    finally:
        sys.set_asyncgen_hooks(*hooks)
    assert left_open == []


async def test_an_answer_of_exactly_the_cap_is_whole(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, b"x" * 1000))
    got = await client.call(GET, Room(most=1000))
    assert (len(got.body), got.cut) == (1000, "")


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_gzip_bomb_ends_at_the_cap_and_stops_nobody(
    server: ScriptedServer, client: RefinerClient, layers: int, tmp_path: Path
) -> None:
    bomb = bytes(200 * MEGABYTE)
    for _ in range(layers):
        bomb = gzip.compress(bomb, 6)
    coding = ", ".join(["gzip"] * layers)
    server.will_answer(answer(200, bomb, headers={"Content-Encoding": coding}))
    tracemalloc.start()
    async with longest_gap() as gaps:
        got = await client.call(GET, Room(100 * MEGABYTE, 20 * MEGABYTE, tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(got.body) == 100 * MEGABYTE
    assert "only the first" in got.cut
    assert got.wire_size < MEGABYTE
    assert peak < 40 * MEGABYTE
    assert max(gaps) < 0.5  # a machine that others use, too
    assert isinstance(got.body, mmap.mmap)
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240  (the file has no name)


async def test_a_long_answer_lies_in_a_file_and_hides_secrets_there_too(
    server: ScriptedServer, client: RefinerClient, tmp_path: Path
) -> None:
    body = b"x" * (5 * MEGABYTE) + KEY.encode() + b"y" * MEGABYTE
    server.will_answer(answer(200, body))
    got = await client.call(GET, Room(in_memory=MEGABYTE, folder=tmp_path))
    assert isinstance(got.body, mmap.mmap)
    assert got.body[:] == body.replace(KEY.encode(), MASK.encode())


async def test_a_full_disk_leaves_what_came_before(
    server: ScriptedServer, client: RefinerClient, tmp_path: Path
) -> None:
    server.will_answer(answer(200, b"x" * (8 * MEGABYTE)))
    got = await client.call(GET, Room(in_memory=MEGABYTE, folder=tmp_path / "nowhere"))
    assert len(got.body) >= MEGABYTE
    assert got.cut.startswith("it could not be kept")


async def test_a_thousand_headers_come_in_their_order(
    server: ScriptedServer, client: RefinerClient
) -> None:
    headers = [(f"X-Number-{number}", f"value {number}") for number in range(1000)]
    server.will_answer(answer(200, b"{}", headers=dict(headers)))
    got = await client.call(GET)
    assert [pair for pair in got.headers if pair[0].startswith("X-")] == headers


async def test_a_slow_end_is_cut_by_the_timeouts_of_the_call(
    server: ScriptedServer, client: RefinerClient
) -> None:
    async def half(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        await asyncio.sleep(60)

    server.will_answer(half)
    got = await client.call(CallRequest("GET", "x", timeouts=Timeouts(read=0.05)))
    assert (got.body, got.cut) == (b"half", "nothing more came in time")
    with pytest.raises(TimedOut):
        await client.call(CallRequest("GET", "x", timeouts=Timeouts(total=0.0001)))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_told_and_not_followed(
    server: ScriptedServer, other_server: ScriptedServer, client: RefinerClient, status: int
) -> None:
    server.will_answer(answer(status, b"", headers={"Location": f"{other_server.url}/away?a=b"}))
    got = await client.call(GET)
    assert (got.status, got.location) == (status, f"{other_server.url}/away?a=b")
    assert other_server.requests == []
    followed = await client.call(CallRequest("GET", got.location))
    assert not followed.with_key
    (request,) = other_server.requests
    assert KEY not in str(request.headers) + request.target


@pytest.mark.parametrize(
    ("location", "whole"),
    [
        ("/v2/contacts", "http://127.0.0.1:{port}/v2/contacts"),
        ("forms?x=1", "http://127.0.0.1:{port}/v1/forms?x=1"),
        ("//other.example/x", "http://other.example/x"),
        ("http://host:no-port/", "http://host:no-port/"),
    ],
)
async def test_where_a_redirect_points_is_a_whole_address(
    server: ScriptedServer, client: RefinerClient, location: str, whole: str
) -> None:
    server.will_answer(answer(302, b"", headers={"Location": location}))
    assert (await client.call(GET)).location == whole.format(port=server.port)


async def test_a_cut_answer_of_a_typed_call_is_an_error(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(then_hang_up(raw(b"Content-Length: 99", b"{")))
    with pytest.raises(ConnectionFailed):
        await client.account()
    server.will_answer(answer(200, b"{}", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UnreadableAnswer):
        await client.account()


async def test_timings_say_where_the_time_went(
    server: ScriptedServer, client: RefinerClient
) -> None:
    async def slowly(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(0.2)
        writer.write(b"{}")

    server.will_answer(slowly)
    first, second = await client.call(GET), await client.call(GET)
    assert first.timings.connect is not None
    assert (second.timings.connect, second.timings.tls, second.timings.dns) == (None, None, None)
    for got in (first, second):
        assert (got.timings.wait or 0) >= 0.1
        assert (got.timings.read or 0) >= 0.1
        assert _sum(got) <= got.seconds


async def test_looking_a_name_up_is_timed(
    server: ScriptedServer, connect: Callable[..., RefinerClient]
) -> None:
    client = connect(f"http://localhost:{server.port}/v1")
    got = await client.call(GET)
    # It may take longer than to connect; then it stays unknown.
    assert got.timings.dns is None or 0 < got.timings.dns <= got.seconds
    assert got.timings.connect is not None


def _sum(got: Answer) -> float:
    timings = got.timings
    return sum(each or 0 for each in (timings.dns, timings.connect, timings.wait, timings.read))
