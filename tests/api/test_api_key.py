"""The key goes to its own origin and to no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_server import KEY, ScriptedServer, answer

from refiner_desktop.api.address import BaseUrl
from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import KeyMissing, Redirected
from refiner_desktop.api.exchange import CallRequest

pytestmark = pytest.mark.anyio

Connect = Callable[..., RefinerClient]
BASE = BaseUrl("https://api.refiner.io/v1")


async def test_a_call_carries_the_key_as_a_bearer_token(
    server: ScriptedServer, client: RefinerClient
) -> None:
    await client.account()
    (request,) = server.requests
    assert request.header("Authorization") == f"Bearer {KEY}"
    assert KEY not in request.target


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_told_and_not_followed(
    server: ScriptedServer, other_server: ScriptedServer, client: RefinerClient, status: int
) -> None:
    server.will_answer(answer(status, "", headers={"Location": other_server.url}))
    with pytest.raises(Redirected) as caught:
        await client.account()
    assert caught.value.location == other_server.url
    assert other_server.requests == []

    free = await client.call(CallRequest("GET", "/account"))
    assert (free.status, free.header("location")) == (status, other_server.url)
    assert other_server.requests == []


async def test_another_origin_is_called_without_the_key(
    server: ScriptedServer, other_server: ScriptedServer, client: RefinerClient
) -> None:
    there = await client.call(CallRequest("GET", f"{other_server.url}/contacts"))
    here = await client.call(CallRequest("GET", f"{server.url}/contacts"))
    assert (there.with_key, here.with_key) == (False, True)
    assert other_server.requests[0].header("Authorization") is None
    assert server.requests[0].header("Authorization") == f"Bearer {KEY}"


async def test_the_same_host_under_another_name_is_another_origin(
    server: ScriptedServer, client: RefinerClient
) -> None:
    other_name = server.url.replace("127.0.0.1", "localhost")
    result = await client.call(CallRequest("GET", f"{other_name}/contacts"))
    assert result.with_key is False
    assert server.requests[0].header("Authorization") is None


@pytest.mark.parametrize(
    "address",
    [
        "http://api.refiner.io/v1/contacts",
        "https://api.refiner.io:8443/v1/contacts",
        "https://api.refiner.io.example/v1/contacts",
        "https://evil.example\\@api.refiner.io/v1",
        "https://evil.example#@api.refiner.io/",
        "https://evil.example?@api.refiner.io/",
    ],
)
def test_lookalikes_are_not_the_keys_home(address: str) -> None:
    try:
        url = BASE.target(address)
    except ValueError:
        return
    assert not BASE.is_home_of(url)


@pytest.mark.parametrize("address", ["https://API.refiner.io/x", "https://api.refiner.io:443/x"])
def test_the_same_origin_in_other_words_is(address: str) -> None:
    assert BASE.is_home_of(BASE.target(address))


@given(st.text(max_size=30).filter(lambda path: "://" not in path))
def test_a_path_never_leads_away_from_home(path: str) -> None:
    try:
        url = BASE.target(path)
    except ValueError:
        return
    assert BASE.is_home_of(url)


@pytest.mark.parametrize("path", ["/v1/contacts", "v1/contacts", "/contacts", "contacts"])
def test_a_path_means_the_same_with_and_without_the_base(path: str) -> None:
    assert str(BASE.target(path)) == "https://api.refiner.io/v1/contacts"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "https://api.refiner.io/v1/"),
        ("", "https://api.refiner.io/v1/"),
        ("/v1", "https://api.refiner.io/v1"),
        ("/v1x", "https://api.refiner.io/v1/v1x"),
        ("contacts?search=a b", "https://api.refiner.io/v1/contacts?search=a%20b"),
        ("contact?id=#1", "https://api.refiner.io/v1/contact?id=%231"),
        ("//evil.example/x", "https://api.refiner.io/v1/evil.example/x"),
    ],
)
def test_a_path_is_put_below_the_base(path: str, address: str) -> None:
    assert str(BASE.target(path)) == address


@pytest.mark.parametrize("text", ["https://api.refiner.io/v1/", "  https://api.refiner.io/v1 "])
def test_a_base_url_may_end_with_a_slash_or_blanks(text: str) -> None:
    assert str(BaseUrl(text).target("contacts")) == "https://api.refiner.io/v1/contacts"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.refiner.io",
        "ftp://api.refiner.io",
        "https://",
        "https://ana:secret@api.refiner.io/v1",
        "https://api.refiner.io/v1?x=1",
        "https://api.refiner.io:port/",
        "https://api.refiner.io/\x00",
    ],
)
def test_what_is_no_base_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"web address|base URL"):
        BaseUrl(text)


async def test_a_persons_own_authorization_wins_and_is_masked(
    server: ScriptedServer, client: RefinerClient
) -> None:
    own = (("authorization", "Basic YWJjOmRlZg=="),)
    result = await client.call(CallRequest("GET", "account", headers=own))
    assert server.requests[0].header("Authorization") == "Basic YWJjOmRlZg=="
    assert result.with_key is False
    assert "YWJjOmRlZg==" not in repr(result)


async def test_nothing_shown_of_a_call_holds_the_key(
    server: ScriptedServer, client: RefinerClient
) -> None:
    result = await client.call(CallRequest("GET", "account", query=(("api_key", KEY),)))
    assert server.requests[0].query == [("api_key", KEY)]
    assert KEY not in repr(result)
    assert KEY not in repr(client)


async def test_without_a_key_the_server_is_asked_and_says_so(
    server: ScriptedServer, connect: Connect
) -> None:
    server.will_answer(answer(401, {"error": "No API key found in headers"}))
    with pytest.raises(KeyMissing):
        await connect(server.url, "").verify()
    assert server.requests[0].header("Authorization") is None


async def test_no_cookie_is_kept(server: ScriptedServer, client: RefinerClient) -> None:
    server.will_answer(answer(200, {}, headers={"Set-Cookie": "session=1; Path=/"}))
    await client.account()
    await client.account()
    assert server.requests[1].header("Cookie") is None
