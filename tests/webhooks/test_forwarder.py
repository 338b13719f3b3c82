"""Replays and forwards, to a real listener and over hand-made transports."""

import httpx
import pytest

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.forwarder import post
from refiner_desktop.webhooks.hooks import Hook

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


@pytest.mark.anyio
async def test_the_same_bytes_and_headers_arrive_but_for_those_of_the_connection(desk):
    desk.listener.set_hooks([Hook("Open", "/open")])
    url = f"http://127.0.0.1:{desk.listener.port}/open?again"
    forwarded = await post(url, HEADERS, b"\x00{\xff")
    assert (forwarded.status, forwarded.error) == (200, "")
    assert forwarded.seconds > 0
    kept = desk.newest()
    assert (kept.body, kept.path) == (b"\x00{\xff", "/open?again")
    assert dict(kept.headers) == {
        "Host": f"127.0.0.1:{desk.listener.port}",
        "Content-Type": "application/json",
        "X-Twice": "1",
        "x-twice": "\xe9",
        "Content-Length": "3",
    }


@pytest.mark.anyio
async def test_a_delivery_replayed_to_its_hook_is_accepted_with_the_token_of_now(desk):
    desk.send(b"{}")
    first = desk.newest()
    url = f"http://127.0.0.1:{desk.listener.port}{first.path}"
    assert (await post(url, first.headers, first.body)).status == 401
    assert (await post(url, desk.hook.unmask(first.headers), first.body)).status == 200


@pytest.mark.anyio
async def test_a_redirect_is_reported_and_not_followed():
    asked = []

    def redirect(request):
        asked.append(request.url)
        return httpx.Response(307, headers={"Location": "https://elsewhere.example/"})

    forwarded = await post("http://a.example/", (), b"", transport=httpx.MockTransport(redirect))
    assert forwarded.status == 307
    assert len(asked) == 1


@pytest.mark.anyio
async def test_a_port_where_nothing_listens_is_said(desk):
    desk.listener.stop()
    forwarded = await post(f"http://127.0.0.1:{desk.listener.port}/", (), b"")
    assert forwarded.status is None
    assert forwarded.error.startswith("No connection")


@pytest.mark.anyio
async def test_a_timeout_is_said_although_its_own_text_is_empty():
    def time_out(request):
        raise httpx.ReadTimeout("")

    forwarded = await post("http://a.example/", (), b"", transport=httpx.MockTransport(time_out))
    assert forwarded.error == "No answer within 10 seconds"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "url", ["", "localhost:3000", "ftp://a.example/", "http://", "http://[", "/x"]
)
async def test_an_address_that_is_none_is_said(url):
    forwarded = await post(url, (), b"")
    assert forwarded.status is None
    assert forwarded.error


@pytest.mark.anyio
async def test_a_header_that_cannot_be_sent_is_said(desk):
    url = f"http://127.0.0.1:{desk.listener.port}/"
    forwarded = await post(url, (("X-Bad", "a\r\nb"),), b"")
    assert forwarded.error
