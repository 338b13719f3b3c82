"""Lists are walked to their end, ahead of the one who reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from scripted_server import Received, ScriptedServer, answer

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import ServerFailed, UnreadableAnswer
from refiner_desktop.api.queries import ContactQuery, ResponseQuery

pytestmark = pytest.mark.anyio


def page(*uuids: str, cursor: str | None = None, last_page: int = 1) -> bytes:
    pagination = {"items_count": 9, "last_page": last_page, "next_page_cursor": cursor}
    return answer(200, {"items": [{"uuid": uuid} for uuid in uuids], "pagination": pagination})


async def collect(pages: AsyncIterator[Any], seen: list[str]) -> None:
    async for each in pages:
        seen += [contact.uuid for contact in each.contacts]


async def uuids(pages: AsyncIterator[Any]) -> list[str]:
    seen: list[str] = []
    await collect(pages, seen)
    return seen


async def say_nothing(_: Received, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def test_cursors_are_followed_with_the_same_filters(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", "b", cursor="x+/=&"), page("c", cursor="y"), page("d", cursor=""))
    query = ContactQuery(order_by="email", segment_uuid="s-1", search="ana", page_length=2)
    assert await uuids(client.contact_pages(query)) == ["a", "b", "c", "d"]
    always = [
        ("order_by", "email"),
        ("segment_uuid", "s-1"),
        ("search", "ana"),
        ("page_length", "2"),
    ]
    assert [request.query for request in server.requests] == [
        always,
        [*always, ("page_cursor", "x+/=&")],
        [*always, ("page_cursor", "y")],
    ]


async def test_a_walk_may_begin_at_a_cursor(server: ScriptedServer, client: RefinerClient) -> None:
    server.will_answer(page("c"))
    assert await uuids(client.contact_pages(ContactQuery(), cursor="x")) == ["c"]
    assert ("page_cursor", "x") in server.requests[0].query


async def test_an_empty_list_is_one_empty_page(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page(cursor="goes-nowhere"))
    pages = [page async for page in client.contact_pages(ContactQuery())]
    assert [len(page) for page in pages] == [0]
    assert len(server.requests) == 1


@pytest.mark.parametrize("second", ["x", "start"])
async def test_a_cursor_that_comes_twice_ends_the_walk_with_an_error(
    server: ScriptedServer, client: RefinerClient, second: str
) -> None:
    server.will_answer(page("a", cursor="x"), page("b", cursor=second))
    seen: list[str] = []
    with pytest.raises(UnreadableAnswer):
        await collect(client.contact_pages(ContactQuery(), cursor="start"), seen)
    assert seen == ["a", "b"]
    assert len(server.requests) == 2


async def test_no_page_is_asked_for_beyond_the_limit(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", "b", cursor="x"), page("c", "d", cursor="y"), page("e"))
    assert await uuids(client.contact_pages(ContactQuery(), limit=3)) == ["a", "b", "c", "d"]
    assert len(server.requests) == 2


async def test_exactly_one_page_is_fetched_ahead(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", cursor="x"), page("b", cursor="y"), page("c"))
    async with aclosing(client.contact_pages(ContactQuery())) as pages:
        await anext(pages)
        await asyncio.wait_for(server.until_requested(2), 2)
        await asyncio.sleep(0.05)
        assert len(server.requests) == 2


async def test_a_failure_ahead_is_told_after_the_page_before_it(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", cursor="x"), answer(500, {}))
    seen: list[str] = []
    with pytest.raises(ServerFailed):
        await collect(client.contact_pages(ContactQuery()), seen)
    assert seen == ["a"]


async def read_one_and_leave(client: RefinerClient) -> None:
    async for _ in client.contact_pages(ContactQuery()):
        await asyncio.sleep(0.02)
        break


async def read_one_and_fail(client: RefinerClient) -> None:
    async with aclosing(client.contact_pages(ContactQuery())) as pages:
        async for _ in pages:
            await asyncio.sleep(0.02)
            raise RuntimeError("disk full")


async def read_on(client: RefinerClient) -> None:
    async for _ in client.contact_pages(ContactQuery()):
        pass


@pytest.mark.parametrize("reading", [read_one_and_leave, read_one_and_fail, read_on])
async def test_a_reader_that_stops_leaves_nothing_on_its_way(
    server: ScriptedServer, client: RefinerClient, reading: Any
) -> None:
    hung_up = asyncio.Event()

    async def wait_for_hang_up(received: Received, _: asyncio.StreamWriter) -> None:
        await received.until_hung_up()
        hung_up.set()

    server.will_answer(page("a", cursor="x"), wait_for_hang_up)
    task = asyncio.ensure_future(reading(client))
    await asyncio.wait_for(server.until_requested(2), 2)
    if reading is read_on:
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(hung_up.wait(), 2)
    assert "next page" not in {each.get_name() for each in asyncio.all_tasks()}


async def test_responses_are_walked_by_cursor(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", cursor="x"), page("b"))
    walk = client.response_pages(ResponseQuery())
    assert [item.uuid async for page in walk for item in page.items] == ["a", "b"]


async def test_lists_without_cursors_are_walked_by_number(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", last_page=2, cursor="ignored"), page("b", last_page=2))
    assert [segment.uuid async for segment in client.every_segment()] == ["a", "b"]
    places = [dict(request.query) for request in server.requests]
    assert places == [
        {"page": "1", "page_length": "1000"},
        {"page": "2", "page_length": "1000"},
    ]


async def test_an_empty_page_ends_a_walk_by_number(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(page("a", last_page=5), page(last_page=5))
    assert [survey.uuid async for survey in client.every_survey("archived")] == ["a"]
    assert len(server.requests) == 2
    assert ("list", "archived") in server.requests[0].query
    assert ("include_info", "1") in server.requests[0].query
