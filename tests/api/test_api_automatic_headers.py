"""Headers that are added by themselves: shown, changed, left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scripted_server import KEY, ScriptedServer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.secret import MASK

pytestmark = pytest.mark.anyio


async def test_what_is_shown_beforehand_is_what_is_sent(
    server: ScriptedServer, client: RefinerClient
) -> None:
    request = CallRequest("POST", "responses", headers=(("X-Own", "1"),), body=b"{}")
    shown = client.automatic_headers(request)
    got = await client.call(request)
    assert (*request.headers, *shown) == tuple(sorted(got.request_headers, key=_own_first))
    assert dict(shown)["Authorization"] == f"Bearer {MASK}"
    assert KEY not in repr(shown)
    assert [name for name, _ in got.request_headers] == [n for n, _ in server.requests[0].headers]


@pytest.mark.parametrize("name", ["Accept", "User-Agent", "Authorization", "Content-Type"])
async def test_an_automatic_header_can_be_changed(
    server: ScriptedServer, client: RefinerClient, name: str
) -> None:
    request = CallRequest("POST", "x", headers=((name.lower(), "our own"),), body=b"1")
    assert name not in dict(client.automatic_headers(request))
    await client.call(request)
    (received,) = server.requests
    assert [value for key, value in received.headers if key.lower() == name.lower()] == ["our own"]


@pytest.mark.parametrize(
    "name", ["Accept", "Accept-Encoding", "User-Agent", "Authorization", "Content-Type"]
)
async def test_an_automatic_header_can_be_left_out(
    server: ScriptedServer, client: RefinerClient, name: str
) -> None:
    request = CallRequest("POST", "x", body=b"1", without=(name.upper(),))
    assert name not in dict(client.automatic_headers(request))
    got = await client.call(request)
    (received,) = server.requests
    assert received.header(name) is None
    assert got.with_key is (name != "Authorization")


@pytest.mark.parametrize("name", ["Host", "Content-Length", "X-Other"])
async def test_what_a_request_needs_can_not_be_left_out(
    server: ScriptedServer, client: RefinerClient, name: str
) -> None:
    with pytest.raises(ValueError, match="cannot be left out"):
        await client.call(CallRequest("GET", "x", without=(name,)))
    assert server.requests == []


async def test_the_key_is_not_added_for_another_host(
    server: ScriptedServer, other_server: ScriptedServer, connect: Callable[..., RefinerClient]
) -> None:
    shown = connect(server.url).automatic_headers(CallRequest("GET", other_server.url))
    assert "Authorization" not in dict(shown)


def _own_first(pair: tuple[str, str]) -> int:
    return 0 if pair[0] == "X-Own" else 1
