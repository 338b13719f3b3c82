"""Contacts are loaded page by page, and what came is kept whatever happens then."""

import asyncio
import csv

import pytest

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.services.connection import NotConnected
from refiner_desktop.services.contact_view import ContactChoice
from refiner_desktop.services.contacts import ContactsService

pytestmark = pytest.mark.anyio


@pytest.fixture
async def contacts(connected):
    service = ContactsService(connected)
    yield service
    await service.aclose()


def _ignore(_progress):
    return None


async def _count(contacts, filter_text=""):
    return len(await contacts.order((), filter_text, await contacts.columns()))


async def test_all_contacts_come_whatever_the_page_length(contacts):
    seen = []
    await contacts.load(ContactChoice(limit=None), seen.append)
    assert await _count(contacts) == 60
    assert (seen[-1].rows, seen[-1].wanted) == (60, 60)


@pytest.mark.parametrize("limit", [1, 7, 59, 60, 61])
async def test_the_limit_is_exact(contacts, limit):
    await contacts.load(ContactChoice(limit=limit), _ignore)
    assert await _count(contacts) == min(limit, 60)


async def test_no_page_is_asked_for_beyond_the_limit(contacts, sandbox):
    sandbox.record.clear()
    await contacts.load(ContactChoice(limit=10), _ignore)
    assert [call.path for call in sandbox.record.calls] == ["/contacts"]


async def test_a_segment_narrows_the_load(contacts):
    segments = {segment.name: segment.uuid for segment in await contacts.segments()}
    await contacts.load(ContactChoice(segment_uuid=segments["Pro plan"], limit=None), _ignore)
    assert 0 < await _count(contacts) < 60


async def test_a_load_replaces_the_rows_of_the_one_before(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    await contacts.load(ContactChoice(limit=5), _ignore)
    assert await _count(contacts) == 5


async def test_a_load_that_fails_at_once_leaves_the_rows_that_were_there(contacts, sandbox):
    await contacts.load(ContactChoice(limit=5), _ignore)
    sandbox.faults.truncate(path="/contacts")
    with pytest.raises(UnreadableAnswer):
        await contacts.load(ContactChoice(), _ignore)
    assert await _count(contacts) == 5


async def test_a_stopped_load_adds_nothing_to_the_next_one(contacts, sandbox):
    sandbox.faults.latency(0.2, path="/contacts", times=1)
    load = asyncio.create_task(contacts.load(ContactChoice(limit=None), _ignore))
    await asyncio.sleep(0.05)
    load.cancel()
    with pytest.raises(asyncio.CancelledError):
        await load
    await contacts.load(ContactChoice(limit=3), _ignore)
    assert await _count(contacts) == 3


async def test_rows_are_sorted_and_filtered_without_the_service(contacts, sandbox):
    await contacts.load(ContactChoice(limit=None), _ignore)
    sandbox.record.clear()
    columns = await contacts.columns()
    order = await contacts.order((SortKey("email"),), "example", columns)
    rows = await contacts.window(order, 0, len(order), columns)
    emails = [row[0] for row in rows if row[0]]
    assert emails == sorted(emails)
    assert not sandbox.record.calls


async def test_export_writes_the_rows_that_are_shown(contacts, tmp_path):
    await contacts.load(ContactChoice(limit=None), _ignore)
    columns = await contacts.columns()
    order = await contacts.order((SortKey("email"),), "", columns)
    path = tmp_path / "contacts.csv"
    await contacts.export(order, columns, path, lambda done, total: None)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0][0] == "E-mail"
    assert len(lines) == 61


async def test_without_a_connection_nothing_is_lost(contacts, connected):
    await contacts.load(ContactChoice(limit=5), _ignore)
    await connected.disconnect()
    with pytest.raises(NotConnected):
        await contacts.load(ContactChoice(), _ignore)
    assert await _count(contacts) == 5
