"""All pages of a list, by cursor or by number, whole or as far as they came."""

import asyncio
import json

import pytest

from refiner_desktop.api.errors import NotFound, ServerFailed, UnreadableAnswer
from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.api.intake import Room
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.exports import formats
from refiner_desktop.services.requests.all_pages import AllPages
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.services.requests.table import ItemsTable
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.storage.exchanges import ExchangeStore

pytestmark = pytest.mark.anyio

GET = CallRequest("GET", "x")


@pytest.fixture
async def console(connected, database, mask, settings):
    history = ConsoleHistory(connected, ExchangeStore(database), mask, settings)
    yield ConsoleService(connected, history, settings)
    await history.aclose()


def answer(body, status=200):
    return Answer(
        status=status, reason="", http_version="", headers=(), method="GET", url="",
        request_headers=(), with_key=True, seconds=0, body=body,
    )  # fmt: skip


def scripted(*bodies):
    """Return what sends nothing and answers in turn, and the requests that it saw."""
    left, seen = list(bodies), []

    async def send(request):
        seen.append(request)
        body = left.pop(0)
        if isinstance(body, Exception):
            raise body
        return body if isinstance(body, Answer) else answer(body)

    return send, seen


def all_pages(send, request=GET, limit=None):
    return AllPages(send, request, limit, Room())


@pytest.mark.parametrize("path", ["contacts?page_length=7", "responses?page_length=20"])
async def test_a_cursor_is_followed_to_the_end(console, sandbox, path):
    whole = await console.send(
        CallRequest("GET", path.partition("?")[0], (("page_length", "1000"),))
    )
    told = []
    pages = console.all_pages(CallRequest("GET", path))
    await pages.fetch(told.append)
    assert json.loads(await pages.items()) == json.loads(whole.body)["items"]
    assert [each.pages for each in told] == list(range(1, len(told) + 1))
    last = told[-1]
    assert last.items == last.wanted == last.total
    assert pages.complete


async def test_page_numbers_are_followed_where_there_is_no_cursor(console, sandbox):
    request = CallRequest("GET", "forms", (("page_length", "1"), ("list", "all")))
    pages = console.all_pages(request)
    await pages.fetch(lambda _: None)
    assert len(json.loads(await pages.items())) == pages.progress.pages > 1
    rows = reversed(await console.history.recent(99))
    records = [await console.history.exchange(row.id) for row in rows]
    numbers = [dict(record.request.query).get("page") for record in records]
    assert numbers == [None, *map(str, range(2, len(numbers) + 1))]


async def test_all_pages_are_one_call_of_the_history(console):
    pages = console.all_pages(CallRequest("GET", "contacts", (("page_length", "20"),)))
    await pages.fetch(lambda _: None)
    assert pages.progress.pages == 3
    (row,) = await console.history.recent(99)
    assert row.query == (("page_length", "20"),)


async def test_a_page_that_went_wrong_is_in_the_history(console, sandbox):
    pages = console.all_pages(CallRequest("GET", "contacts?page_length=20"))
    with pytest.raises(ServerFailed):
        await pages.fetch(lambda _: sandbox.faults.status(503, times=2))
    assert [row.status for row in await console.history.recent(99)] == [503, 200]


async def test_a_limit_ends_it_and_asks_for_no_more(console, sandbox):
    sandbox.record.clear()
    pages = console.all_pages(CallRequest("GET", "contacts?page_length=10"), limit=25)
    await pages.fetch(lambda _: None)
    assert len(json.loads(await pages.items())) == 25
    assert pages.progress.wanted == 25
    assert len(sandbox.record.calls) == 3


async def test_what_came_before_a_failure_stays_and_it_goes_on_from_there(console, sandbox):
    pages = console.all_pages(CallRequest("GET", "contacts?page_length=20"))

    def break_down(progress):
        if progress.pages == 1:
            sandbox.faults.status(503, times=2)

    with pytest.raises(ServerFailed):
        await pages.fetch(break_down)
    came = len(json.loads(await pages.items()))
    assert 0 < came < 60
    sandbox.faults.clear()
    await pages.fetch(lambda _: None)
    items = json.loads(await pages.items())
    assert len({item["uuid"] for item in items}) == len(items) == 60


async def test_stopping_keeps_what_came(console, sandbox):
    pages = console.all_pages(CallRequest("GET", "contacts?page_length=20"))
    first = asyncio.Event()

    def slow_down(_):
        sandbox.faults.latency(5)
        first.set()

    fetching = asyncio.create_task(pages.fetch(slow_down))
    await first.wait()
    fetching.cancel()
    await asyncio.gather(fetching, return_exceptions=True)
    assert len(json.loads(await pages.items())) >= 20
    assert not pages.complete


async def test_items_are_byte_for_byte_what_came():
    odd = b'{"a":1,"a": 2, "n": %s}' % (b"9" * 400)
    send, _ = scripted(b'{"items": [' + odd + b" , null,[ 1 ]]}")
    pages = all_pages(send)
    await pages.fetch(lambda _: None)
    assert await pages.items() == b"[" + odd + b",null,[ 1 ]]"


async def test_a_place_in_the_path_or_the_query_gives_way_to_the_next():
    page = b'{"items": [1], "pagination": {"next_page_cursor": "a=b&c"}}'
    send, seen = scripted(page, b'{"items": [2]}')
    request = CallRequest("GET", "x?a=1&page=4", (("page_cursor", "old"), ("b", "2")))
    await all_pages(send, request).fetch(lambda _: None)
    assert seen[0] == request
    assert (seen[1].path, seen[1].query) == (
        "x",
        (("a", "1"), ("b", "2"), ("page_cursor", "a=b&c")),
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html>", UnreadableAnswer),
        (b'{"message": "ok"}', UnreadableAnswer),
        (answer(b'{"error": "No such form"}', 404), NotFound),
    ],
)
async def test_what_is_no_list_is_refused(body, error):
    send, _ = scripted(body)
    pages = all_pages(send)
    with pytest.raises(error):
        await pages.fetch(lambda _: None)
    assert await pages.items() == b"[]"


async def test_a_list_that_leads_in_circles_ends():
    page = b'{"items": [1], "pagination": {"next_page_cursor": "again"}}'
    send, _ = scripted(*[page] * 9)
    pages = all_pages(send)
    with pytest.raises(UnreadableAnswer, match="came before"):
        await pages.fetch(lambda _: None)
    assert await pages.items() == b"[1,1]"


async def table_of(body):
    table = ItemsTable()
    await table.read(body)
    return table


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b'{"items": [{"a": 1}, {"a": 2}], "pagination": {}}', 2),
        (b'[{"a": 1}, 2, "three"]', 3),
        (b'{"a": {"b": 1}}', 1),
        (b'[{"half": "\\ud800"}]', 1),
        (b"[]", 0),
    ],
)
async def test_items_of_any_body_become_a_table(body, count):
    table = await table_of(body)
    order = await table.order(RowFilter(), ())
    columns = await table.columns()
    assert table.count == len(order) == len(await table.window(order, 0, 99, columns)) == count
    await table.aclose()


async def test_the_items_of_another_body_take_the_place_of_those_before():
    table = await table_of(b'[{"a": 1}, {"a": 2}]')
    before = await table.order(RowFilter(), ())
    columns = await table.columns()
    await table.read(b'[{"b": 3}]')
    assert [column.key for column in await table.columns()] == ["b"]
    assert await table.window(before, 0, 2, columns) == [(None,), (None,)]
    with pytest.raises(RowGone):
        await table.item(before, 0)
    order = await table.order(RowFilter(), ())
    assert await table.window(order, 0, 1, await table.columns()) == [("3",)]
    await table.aclose()


@pytest.mark.parametrize("body", [b"<html>", b"", b"1, 2", b'{"items": ['])
async def test_a_body_that_is_no_json_becomes_no_table(body):
    with pytest.raises(UnreadableAnswer):
        await table_of(body)


async def test_all_pages_are_sorted_filtered_and_exported_as_one_table(console, tmp_path):
    from refiner_desktop.datasets.columns import SortKey
    from refiner_desktop.datasets.exports import formats

    pages = console.all_pages(CallRequest("GET", "contacts?page_length=20"))
    await pages.fetch(lambda _: None)
    table = await table_of(await pages.items())
    assert table.count == 60
    columns = await table.columns()
    assert "attributes.plan" in [column.key for column in columns]
    order = await table.order(RowFilter(words="pro"), [SortKey("email")])
    assert 0 < len(order) < 60
    email = next(column for column in columns if column.key == "email")
    shown = [cell for (cell,) in await table.window(order, 0, 60, [email])]
    assert shown == sorted(shown, key=lambda text: (text is None, text))
    assert json.loads(await table.item(order, 0))["email"] == shown[0]
    path = tmp_path / "items.csv"
    written = await table.export(order, formats.CSV, [email], path, lambda *_: None)
    assert written.rows == len(order) == len(path.read_text().splitlines()) - 1
    await table.aclose()


@pytest.mark.parametrize("method", ["DELETE", "POST", "HEAD"])
async def test_nothing_but_a_get_is_made_page_after_page(console, sandbox, method):
    sandbox.record.clear()
    with pytest.raises(ValueError, match="GET"):
        console.all_pages(CallRequest(method, "contacts"))
    assert sandbox.record.calls == []


async def test_going_on_with_a_list_that_leads_in_circles_repeats_nothing():
    page = b'{"items":[%d],"pagination":{"next_page_cursor":"%s"}}'
    send, asked = scripted(page % (1, b"a"), page % (2, b"a"))
    pages = all_pages(send)
    for _ in range(2):
        with pytest.raises(UnreadableAnswer, match="back"):
            await pages.fetch(lambda _: None)
    assert bytes(await pages.items()) == b"[1,2]"
    assert len(asked) == 2


async def test_a_byte_order_mark_is_no_part_of_the_json():
    table = await table_of(b'\xef\xbb\xbf[{"a":1}]')
    assert table.count == 1
    await table.aclose()
    send, _ = scripted(b'\xef\xbb\xbf{"items":[1]}')
    pages = all_pages(send)
    await pages.fetch(lambda _: None)
    assert bytes(await pages.items()) == b"[1]"


@pytest.mark.parametrize("body", [b"[]", b"[{}]"])
async def test_a_table_of_nothing_is_exported_as_an_empty_file(tmp_path, body):
    table = await table_of(body)
    order = await table.order(RowFilter(), ())
    path = tmp_path / "items.csv"
    await table.export(order, formats.CSV, None, path, lambda done, total: None)
    assert path.read_text().startswith("value")
    await table.aclose()


async def test_the_table_is_given_back_only_when_nothing_is_read_into_it_any_more():
    items = ItemsTable()
    reading = asyncio.create_task(items.read(b"[" + b'{"a":1},' * 20_000 + b"{}]"))
    while not items._reading.locked():
        await asyncio.sleep(0)
    await items.aclose()
    await reading
    assert items.count == 0
