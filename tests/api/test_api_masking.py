"""No key comes back: whatever a server echoes is masked before anybody reads it."""

from __future__ import annotations

import asyncio
import json
import threading
import traceback
from base64 import b64encode
from urllib.parse import quote

import pytest
from scripted_server import KEY, Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ApiError, Redirected, UnreadableAnswer
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.queries import ContactQuery, UserReference
from refiner_desktop.secret import MASK

pytestmark = pytest.mark.anyio

ECHOES = [
    KEY,
    KEY.upper(),
    "".join(f"%{byte:02X}" for byte in KEY.encode()),
    b64encode(f"{KEY}:".encode()).decode(),
]
escaped = "".join(rf"\u{ord(each):04x}" for each in KEY)


@pytest.mark.parametrize("echo", [*ECHOES, f"Bearer {KEY}", f"https://x.example/?api_key={KEY}"])
async def test_a_free_call_shows_no_key(
    server: ScriptedServer, client: RefinerClient, echo: str
) -> None:
    body = json.dumps({"received": echo}).encode()
    server.will_answer(answer(200, body, headers={"X-Received": echo}, reason=f"OK {echo}"))
    result = await client.call(CallRequest("GET", f"contacts?api_key={KEY}"))
    assert echo not in repr(result)
    assert KEY not in repr(result)
    assert MASK in json.loads(result.body)["received"]
    assert MASK in (result.header("x-received") or "")
    assert MASK in result.url


async def test_a_key_in_a_header_that_a_person_wrote_is_masked_in_the_request_as_sent(
    server: ScriptedServer, client: RefinerClient
) -> None:
    result = await client.call(CallRequest("GET", "account", headers=(("X-Key", KEY),)))
    assert server.requests[0].header("X-Key") == KEY
    assert dict(result.request_headers)["X-Key"] == MASK


async def test_typed_values_hold_no_key(server: ScriptedServer, client: RefinerClient) -> None:
    contact = {"uuid": "c-1", "remote_id": "u-1", "email": KEY, "attributes": {"note": "esc"}}
    body = json.dumps(contact).replace("esc", escaped)
    server.will_answer(answer(200, body))
    found = await client.contact(UserReference(id="u-1"))
    assert KEY not in repr(found)
    assert repr(found).count(MASK) == 2


async def test_a_page_of_contacts_holds_no_key(
    server: ScriptedServer, client: RefinerClient
) -> None:
    items = [{"uuid": "c-1", "remote_id": KEY, "attributes": {"plan": KEY}}]
    server.will_answer(answer(200, {"items": items, "pagination": {"items_count": 1}}))
    page = await client.contacts(ContactQuery())
    assert KEY not in repr(page)


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429, 500])
@pytest.mark.parametrize("echo", ECHOES)
async def test_an_error_says_no_key(
    server: ScriptedServer, client: RefinerClient, status: int, echo: str
) -> None:
    server.will_answer(answer(status, {"error": f"refused {echo}"}, headers={"Retry-After": "99"}))
    with pytest.raises(ApiError) as caught:
        await client.account()
    assert caught.value.said == f"refused {MASK}" or MASK in caught.value.said
    assert echo not in repr(caught.value) + str(caught.value)


async def test_an_answer_that_cannot_be_read_says_no_key(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, f"<html>{KEY}</html>"))
    with pytest.raises(UnreadableAnswer) as caught:
        await client.account()
    assert caught.value.said == f"<html>{MASK}</html>"


async def test_a_redirect_tells_no_key(server: ScriptedServer, client: RefinerClient) -> None:
    place = f"https://other.example/?key={quote(KEY)}"
    server.will_answer(answer(302, b"", headers={"Location": place}))
    with pytest.raises(Redirected) as caught:
        await client.account()
    assert caught.value.location == f"https://other.example/?key={MASK}"


async def test_an_answer_that_is_no_http_says_no_key(
    server: ScriptedServer, client: RefinerClient
) -> None:
    async def babble(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\n{KEY} no header\r\n\r\n".encode())

    server.will_answer(babble)
    with pytest.raises(ApiError) as caught:
        await client.call(CallRequest("GET", "account"))
    assert KEY not in repr(caught.value) + caught.value.said
    assert KEY not in "".join(traceback.format_exception_only(caught.value))


async def test_who_hears_of_outcomes_hears_no_key(
    server: ScriptedServer, client: RefinerClient
) -> None:
    outcomes: list[ApiError | None] = []
    client.watch(outcomes.append)
    server.will_answer(answer(401, {"error": f"not valid: {KEY}"}))
    await client.call(CallRequest("GET", "account"))
    assert outcomes
    assert KEY not in repr(outcomes)


async def test_a_large_answer_is_masked_without_holding_the_loop(
    server: ScriptedServer, client: RefinerClient
) -> None:
    rows = [{"uuid": f"{place:036d}", "note": "of some length" * 3} for place in range(40_000)]
    body = json.dumps([*rows, {"echo": KEY}]).encode()
    server.will_answer(answer(200, body))
    threads: list[str] = []
    sender = client._sender
    mask = sender._mask.data

    def watched(data: bytes) -> bytes:
        threads.append(threading.current_thread().name)
        return mask(data)

    sender._mask.data = watched  # type: ignore[method-assign]
    result = await client.call(CallRequest("GET", "contacts"))
    assert KEY.encode() not in result.body
    assert json.loads(result.body)[-1] == {"echo": MASK}
    assert len(body) > 3_000_000
    assert threads != [threading.main_thread().name]
