"""A load meets trouble: what came is kept, and it goes on from there."""

import asyncio
import time

import httpx
import pytest

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.errors import NotRefiner, ServerFailed
from refiner_desktop.api.policy import Retries
from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.exports.formats import CSV_FOR_EXCEL
from refiner_desktop.secret import Secret
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.settings.settings import Environment

pytestmark = pytest.mark.anyio

ALL = ContactChoice(limit=None)
HTML = httpx.Response(200, html="<title>Sign in</title>")
UUID, EMAIL = Column("uuid", "UUID"), Column("email", "E-mail")


def page(*uuids, cursor=None, total=6, **fields):
    contacts = [{"uuid": uuid, "email": f"{uuid}@example.org", **fields} for uuid in uuids]
    pagination = {"items_count": total, "next_page_cursor": cursor}
    return httpx.Response(200, json={"items": contacts, "pagination": pagination})


class Service:
    """Answers each cursor with what a test puts there; a list is answered one by one."""

    def __init__(self):
        self.project = "p-1"
        self.answers = {}
        self.asked = []
        self.held = None

    async def __call__(self, request):
        if not request.url.path.endswith("/contacts"):
            return httpx.Response(200, json={"project_uuid": self.project})
        cursor = request.url.params.get("page_cursor", "")
        self.asked.append(cursor)
        if self.held == cursor:
            await asyncio.sleep(60)
        answer = self.answers[cursor]
        return answer.pop(0) if isinstance(answer, list) else answer


@pytest.fixture
def service():
    found = Service()
    found.answers = {
        "": page("a", "b", cursor="2"),
        "2": page("c", "d", cursor="3"),
        "3": page("e", "f"),
    }
    return found


@pytest.fixture
async def connection(settings, keys, service):
    def open_client(environment, key, mask):
        soon = Retries(first_wait=0.01, longest_wait=0.01, jitter=0.01)
        return RefinerClient(
            environment.base_url, key, retries=soon, transport=httpx.MockTransport(service)
        )

    opened = ConnectionService(settings, keys, open_client)
    await opened.connect(Environment(name="One"), Secret("k" * 30))
    yield opened
    await opened.aclose()


@pytest.fixture
async def contacts(connection):
    opened = ContactsService(connection)
    yield opened
    await opened.aclose()


class Heard(list):
    """What a load told of its progress."""

    @property
    def rows(self):
        return [progress.rows for progress in self]


@pytest.fixture
def heard():
    return Heard()


async def uuids(contacts):
    order = await contacts.order(RowFilter(), ())
    return [row[0] for row in await contacts.window(order, 0, len(order), (UUID,))]


async def stop_at(contacts, service, cursor, heard):
    """Load until a page that never comes, then stop."""
    service.held = cursor
    load = asyncio.create_task(contacts.load(ALL, heard.append))
    while not heard or service.asked[-1] != cursor:
        await asyncio.sleep(0.001)
    load.cancel()
    with pytest.raises(asyncio.CancelledError):
        await load
    service.held = None


@pytest.mark.parametrize(
    ("trouble", "error"), [(HTML, NotRefiner), (httpx.Response(500), ServerFailed)]
)
async def test_trouble_in_the_middle_keeps_the_rows_and_the_load_goes_on_from_there(
    contacts, service, heard, trouble, error
):
    service.answers["3"] = [trouble, page("e", "f")]
    with pytest.raises(error):
        await contacts.load(ALL, heard.append)
    assert await uuids(contacts) == ["a", "b", "c", "d"]
    assert contacts.resumable
    await contacts.resume(heard.append)
    assert await uuids(contacts) == ["a", "b", "c", "d", "e", "f"]
    assert service.asked == ["", "2", "3", "3"]
    assert heard.rows == [2, 4, 6]
    assert not contacts.resumable


async def test_a_stopped_load_goes_on_from_where_it_was(contacts, service, heard):
    await stop_at(contacts, service, "2", heard)
    assert await uuids(contacts) == ["a", "b"]
    await contacts.resume(heard.append)
    assert service.asked == ["", "2", "2", "3"]
    assert contacts.count == 6


async def test_a_load_that_goes_on_keeps_to_its_limit(contacts, service, heard):
    service.answers["2"] = [HTML, page("c", "d", cursor="3")]
    with pytest.raises(NotRefiner):
        await contacts.load(ContactChoice(limit=3), heard.append)
    await contacts.resume(heard.append)
    assert await uuids(contacts) == ["a", "b", "c"]
    assert "3" not in service.asked
    assert not contacts.resumable


async def test_too_many_calls_in_the_middle_are_waited_for(contacts, service, heard):
    wait = httpx.Response(429, json={"error": "too often"}, headers={"Retry-After": "0"})
    service.answers["2"] = [wait, wait, page("c", "d", cursor="3")]
    await contacts.load(ALL, heard.append)
    assert contacts.count == 6


async def test_the_next_page_is_fetched_while_one_is_stored(contacts, service, heard, monkeypatch):
    asked_when_stored = []
    append = ContactSet.append

    def slow_append(self, page, room):
        time.sleep(0.1)
        asked_when_stored.append(len(service.asked))
        return append(self, page, room)

    monkeypatch.setattr(ContactSet, "append", slow_append)
    await contacts.load(ALL, heard.append)
    assert asked_when_stored == [2, 3, 3]


async def test_a_row_that_comes_twice_is_kept_once_the_newest(contacts, service, heard):
    service.answers["2"] = page("b", "c", cursor="3", display_name="newer")
    await contacts.load(ALL, heard.append)
    assert await uuids(contacts) == ["a", "b", "c", "e", "f"]
    order = await contacts.order(RowFilter(words="newer"), ())
    assert {contact["uuid"] for contact in await contacts.contacts_at(order, [0, 1])} == {"b", "c"}
    assert heard.rows == [2, 3, 5]


@pytest.mark.parametrize("items", [[], None])
async def test_an_empty_account_leaves_no_rows_and_no_time_to_wait(contacts, service, heard, items):
    await contacts.load(ALL, heard.append)
    service.answers[""] = httpx.Response(200, json={"items": items, "pagination": {}})
    await contacts.load(ALL, heard.append)
    assert contacts.count == 0
    assert (heard[-1].rows, heard[-1].wanted, heard[-1].seconds_left) == (0, 0, None)
    assert not contacts.resumable


async def test_attributes_may_be_an_empty_list(contacts, service, heard):
    service.answers = {"": page("a", attributes=[])}
    await contacts.load(ALL, heard.append)
    order = await contacts.order(RowFilter(), ())
    assert (await contacts.contact(order, 0))["attributes"] == {}


async def test_a_load_that_fails_at_once_leaves_the_older_one_to_go_on_with(
    contacts, service, heard
):
    await stop_at(contacts, service, "3", heard)
    first = service.answers[""]
    service.answers[""] = HTML
    with pytest.raises(NotRefiner):
        await contacts.load(ALL, heard.append)
    service.answers[""] = first
    await contacts.resume(heard.append)
    assert await uuids(contacts) == ["a", "b", "c", "d", "e", "f"]


async def test_a_new_load_is_no_longer_the_one_that_was_stopped(contacts, service, heard):
    await stop_at(contacts, service, "3", heard)
    await contacts.load(ContactChoice(limit=1), heard.append)
    assert not contacts.resumable
    await contacts.resume(heard.append)
    assert await uuids(contacts) == ["a"]


async def test_rows_that_were_cleared_can_not_be_gone_on_with(contacts, service, heard):
    await stop_at(contacts, service, "2", heard)
    await contacts.clear()
    assert not contacts.resumable
    await contacts.resume(heard.append)
    assert contacts.count == 0


async def test_a_load_goes_on_only_in_the_project_it_came_from(
    contacts, service, connection, heard
):
    await stop_at(contacts, service, "2", heard)
    service.project = "p-2"
    await connection.connect(Environment(name="Two"), Secret("k" * 30))
    assert not contacts.resumable
    service.project = "p-1"
    await connection.connect(Environment(name="One again"), Secret("k" * 30))
    assert contacts.resumable


async def test_time_and_rate_go_on_where_they_were(contacts, service, heard):
    service.answers["3"] = [HTML, page("e", "f")]
    with pytest.raises(NotRefiner):
        await contacts.load(ALL, heard.append)
    before = heard[-1]
    await asyncio.sleep(0.3)
    await contacts.resume(heard.append)
    assert before.seconds < heard[-1].seconds < before.seconds + 0.3
    assert before.seconds_left == pytest.approx(2 / before.rate)
    assert heard[-1].seconds_left == 0


ODD = rb'{"items": [{"uuid": "c", "email": "cut \ud83d"}, %s], "pagination": %s}'
THIRD = b'{"items_count": 6, "next_page_cursor": "3"}'


@pytest.mark.parametrize(
    ("odd", "unreadable"),
    [(b'{"uuid": "d", "attributes": {"x": 1e400}}', 0), (b'"no contact"', 1)],
)
async def test_an_odd_contact_keeps_no_other_from_coming(contacts, service, heard, odd, unreadable):
    service.answers["2"] = httpx.Response(200, content=ODD % (odd, THIRD))
    await contacts.load(ALL, heard.append)
    expected = ["a", "b", "c", "d", "e", "f"]
    assert await uuids(contacts) == [each for each in expected if each != "d" or not unreadable]
    assert [progress.unreadable for progress in heard] == [0, unreadable, unreadable]


async def test_a_list_that_php_took_for_an_object_is_loaded(contacts, service, heard):
    body = b'{"items": {"2": {"uuid": "c"}, "3": {"uuid": "d"}}, "pagination": %s}' % THIRD
    service.answers["2"] = httpx.Response(200, content=body)
    await contacts.load(ALL, heard.append)
    assert await uuids(contacts) == ["a", "b", "c", "d", "e", "f"]


async def test_the_choice_and_the_total_are_those_of_the_rows_that_are_here(
    contacts, service, heard
):
    assert (contacts.choice, contacts.total) == (None, 0)
    await contacts.load(ALL, heard.append)
    assert (contacts.choice, contacts.total) == (ALL, 6)
    service.answers[""] = HTML
    with pytest.raises(NotRefiner):
        await contacts.load(ContactChoice(search="x"), heard.append)
    assert (contacts.choice, contacts.total) == (ALL, 6)
    await contacts.remove(["a", "unknown"])
    assert (contacts.count, contacts.total) == (5, 5)
    await contacts.clear()
    assert (contacts.choice, contacts.total, contacts.resumable) == (None, 0, False)
    assert contacts.project == "p-1"


async def test_rows_chosen_before_a_reload_are_the_same_contacts_after_it(
    contacts, service, heard, tmp_path
):
    await contacts.load(ALL, heard.append)
    order = (await contacts.order(RowFilter(), ())).at([4, 1])
    service.answers["3"] = page("f", "new", "e")
    await contacts.load(ALL, heard.append)
    assert [each["uuid"] for each in await contacts.contacts_at(order, [0, 1])] == ["e", "b"]
    path = tmp_path / "x.csv"
    await contacts.export(order, CSV_FOR_EXCEL, (UUID, EMAIL), path, lambda *_: None, separator=";")
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        *("UUID;E-mail", "e;e@example.org", "b;b@example.org"),
    ]


async def test_rows_of_another_project_are_not_taken_for_those_that_were_chosen(
    contacts, connection, service, heard
):
    await contacts.load(ALL, heard.append)
    order = await contacts.order(RowFilter(), ())
    service.project = "p-2"
    await connection.connect(Environment(name="Two"), Secret("m" * 30))
    await contacts.load(ALL, heard.append)
    assert contacts.project == "p-2"
    assert await contacts.contacts_at(order, [0]) == []
