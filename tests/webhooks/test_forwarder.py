"""Replays and forwards, to a real listener and over hand-made transports."""

import asyncio

import httpx
import pytest

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.forwarder import ANSWER_READ, Forwarder
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.outgoing import Outgoing

pytestmark = pytest.mark.anyio

HEADERS = (
    ("Host", "hooks.example"),
    ("Content-Type", "application/json"),
    ("X-Twice", "1"),
    ("x-twice", "\xe9"),
    ("Content-Length", "999"),
    ("Transfer-Encoding", "chunked"),
    ("Connection", "keep-alive"),
    ("Origin", "https://page.example"),
    ("Authorization", f"Bearer {MASK}"),
)
EMPTY = Outgoing("POST", (), b"")


async def nothing():
    yield b""


@pytest.fixture
async def forwarder():
    forwarder = Forwarder()
    yield forwarder
    await forwarder.aclose()


async def over(answer, **options):
    """Send to a made-up receiver."""
    forwarder = Forwarder(transport=httpx.MockTransport(answer), **options)
    try:
        return await forwarder.send("http://a.example/", EMPTY)
    finally:
        await forwarder.aclose()


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_same_bytes_and_headers_arrive_but_for_those_of_the_connection(
    desk, forwarder, method
):
    desk.listener.admit([Hook("Open", "/open")])
    url = f"http://127.0.0.1:{desk.listener.port}/open?again"
    forwarded = await forwarder.send(url, Outgoing(method, HEADERS, b"\x00{\xff"))
    assert (forwarded.status, forwarded.error, forwarded.taken) == (200, "", True)
    assert forwarded.seconds > 0
    kept = desk.newest()
    assert (kept.body, kept.path, kept.method) == (b"\x00{\xff", "/open?again", method)
    assert dict(kept.headers) == {
        "Host": f"127.0.0.1:{desk.listener.port}",
        "Content-Type": "application/json",
        "X-Twice": "1",
        "x-twice": "\xe9",
        "Content-Length": "3",
    }


async def test_a_delivery_replayed_to_its_hook_is_accepted_with_the_token_of_now(desk, forwarder):
    desk.send(b"{}")
    first = desk.newest()
    url = f"http://127.0.0.1:{desk.listener.port}{first.path}"
    masked = await forwarder.send(url, Outgoing("POST", first.headers, first.body))
    assert (masked.status, masked.taken) == (401, False)
    unmasked = Outgoing("POST", desk.hook.unmask(first.headers), first.body)
    assert (await forwarder.send(url, unmasked)).status == 200


async def test_one_connection_serves_many_deliveries(desk, forwarder):
    desk.listener.admit([Hook("Open", "/open")])
    url = f"http://127.0.0.1:{desk.listener.port}/open"
    for _ in range(3):
        await forwarder.send(url, EMPTY)
    peers = {desk.store.get(row.id).peer for row in desk.store.search()}
    assert len(peers) == 1


async def test_a_redirect_is_reported_and_not_followed():
    asked = []

    def redirect(request):
        asked.append(request.url)
        elsewhere = {"Location": "https://elsewhere.example/"}
        return httpx.Response(307, headers=elsewhere, content=nothing())

    assert (await over(redirect)).status == 307
    assert len(asked) == 1


async def test_a_port_where_nothing_listens_is_said(desk, forwarder):
    desk.listener.stop()
    forwarded = await forwarder.send(f"http://127.0.0.1:{desk.listener.port}/", EMPTY)
    assert forwarded.status is None
    assert forwarded.error.startswith("No connection")


async def test_a_receiver_that_does_not_answer_is_given_up():
    async def never(request):
        await asyncio.sleep(60)

    forwarded = await over(never, timeout=0.05)
    assert (forwarded.status, forwarded.error) == (None, "No answer within 0.05 seconds")


async def test_an_endless_answer_is_not_read_to_its_end():
    parts = []

    async def endless():
        while True:
            parts.append(bytes(ANSWER_READ))
            yield parts[-1]

    forwarded = await over(lambda request: httpx.Response(200, content=endless()))
    assert forwarded.status == 200
    assert len(parts) < 5


@pytest.mark.parametrize(
    "url", ["", "localhost:3000", "ftp://a.example/", "http://", "http://[", "/x"]
)
async def test_an_address_that_is_none_is_said(forwarder, url):
    forwarded = await forwarder.send(url, EMPTY)
    assert forwarded.status is None
    assert forwarded.error


@pytest.mark.parametrize("outgoing", [Outgoing("POST", (("X-Bad", "a\r\nb"),), b""),
                                      Outgoing("PO ST", (), b"")])  # fmt: skip
async def test_what_cannot_be_sent_is_said(desk, forwarder, outgoing):
    url = f"http://127.0.0.1:{desk.listener.port}/"
    forwarded = await forwarder.send(url, outgoing)
    assert forwarded.error


async def test_no_proxy_is_asked_for_this_machine(desk, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    forwarder = Forwarder()
    here = await forwarder.send(f"http://localhost:{desk.listener.port}/", EMPTY)
    elsewhere = await forwarder.send("http://a.invalid/", EMPTY)
    await forwarder.aclose()
    assert here.status == 404
    assert elsewhere.error.startswith("No connection")
