"""Replays and forwards, to a real listener and over hand-made transports."""

import asyncio
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


@pytest.fixture
def proxy(monkeypatch):
    """A proxy that all programs are told to use, and what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
    yield asked
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost.", "app.localhost", "127.0.0.1", "127.0.0.2", "[::1]",
             "[::ffff:127.0.0.1]"]
)  # fmt: skip
async def test_what_is_for_this_machine_goes_by_no_proxy_under_any_of_its_names(proxy, host):
    forwarder = Forwarder()
    await forwarder.send(f"http://{host}:9/", EMPTY)
    assert proxy == []
    await forwarder.send("http://a.invalid:9/", EMPTY)
    await forwarder.aclose()
    assert proxy == ["http://a.invalid:9/"]


async def test_a_local_name_that_leads_elsewhere_is_not_followed(monkeypatch, forwarder):
    async def lookup(self, host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.5", port))]

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", lookup)
    forwarded = await forwarder.send("http://app.localhost:3000/", EMPTY)
    assert forwarded.status is None
    assert "app.localhost does not lead to this computer" in forwarded.error


async def test_the_answer_is_kept_as_far_as_it_is_of_use():
    async def content():
        yield b"x" * 2 * ANSWER_READ

    def answer(request):
        return httpx.Response(422, headers={"X-Why": "no uuid"}, content=content())

    forwarded = await over(answer)
    assert forwarded.status == 422
    assert ("X-Why", "no uuid") in forwarded.headers
    assert forwarded.body == b"x" * ANSWER_READ
