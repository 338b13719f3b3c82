"""Contacts are loaded page by page, and what came is kept whatever happens then."""

import asyncio

import msgspec
import pytest

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.pages import page_of_one
from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import FilterInvalid, Interrupted, RowGone
from refiner_desktop.datasets.exports.formats import FORMATS, JSON
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.environments.connection import NotConnected
from refiner_desktop.services.rows.view import FilterChip, RowFilter

pytestmark = pytest.mark.anyio


@pytest.fixture
async def contacts(connected):
    service = ContactsService(connected)
    yield service
    await service.aclose()


def _ignore(_progress):
    return None


async def _count(contacts, **row_filter):
    return len(await contacts.order(RowFilter(**row_filter), (), await contacts.columns()))


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
    order = await contacts.order(RowFilter(words="example"), (SortKey("email"),), columns)
    rows = await contacts.window(order, 0, len(order), columns)
    emails = [row[0] for row in rows if row[0]]
    assert emails == sorted(emails)
    assert not sandbox.record.calls


async def test_all_three_kinds_of_filter_must_hold_unless_switched_off(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    with_email = Condition("email", Operator.NOT_EMPTY)
    nobody = Condition("uuid", Operator.IS, ("nobody",))
    some = await _count(contacts, chips=(FilterChip(with_email), FilterChip(nobody, on=False)))
    assert 0 < some < 60
    assert await _count(contacts, chips=(FilterChip(with_email), FilterChip(nobody))) == 0
    assert await _count(contacts, chips=(FilterChip(with_email),), expert="email IS NULL") == 0
    assert await _count(contacts, words="no-such-word", expert="true") == 0


async def test_words_are_looked_for_in_the_given_columns_alone(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    names = {column.key: column for column in await contacts.columns()}
    words = RowFilter(words="example")
    assert len(await contacts.order(words, (), [names["email"]])) > 0
    assert len(await contacts.order(words, (), [names["uuid"]])) == 0


async def test_a_mistake_in_a_filter_is_told_before_and_when_it_is_used(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    assert await contacts.check_expert("email LIKE 'a%'") is None
    mistake = await contacts.check_expert("emial = 'a'")
    assert (mistake.key, mistake.position) == (None, 0)
    with pytest.raises(FilterInvalid):
        await _count(contacts, expert="emial = 'a'")
    with pytest.raises(FilterInvalid) as caught:
        await _count(contacts, chips=(FilterChip(Condition("email", Operator.MATCHES, ("(",))),))
    assert caught.value.key == "email"


async def test_the_expert_filter_knows_every_column(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    names = {name.key for name in await contacts.sql_names()}
    assert {column.key for column in await contacts.columns()} <= names


async def test_counts_are_of_the_rows_that_are_shown(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    chips = (FilterChip(Condition("email", Operator.NOT_EMPTY)),)
    order = await contacts.order(RowFilter(chips=chips), ())
    assert (await contacts.presence(order))["email"] == len(order)
    values = await contacts.values(order, "attributes.plan", limit=2)
    assert len(values.frequent) <= 2
    assert values.filled + values.empty == len(order)
    summary = await contacts.summary(order, "last_seen_at")
    assert sum(period.rows for period in summary.periods) == summary.filled


async def test_counting_can_be_stopped_and_started_again(contacts):
    contacts.stop_counting()
    await contacts.load(ContactChoice(limit=None), _ignore)
    order = await contacts.order(RowFilter(), ())
    counting = [asyncio.create_task(contacts.presence(order)) for _ in range(20)]
    while not all(task.done() for task in counting):
        contacts.stop_counting()
        await asyncio.sleep(0)
    for task in counting:
        assert isinstance(task.exception(), Interrupted | None)
    assert (await contacts.presence(order))["uuid"] == 60


async def test_contacts_come_in_the_shape_of_the_service_and_in_the_order_asked_for(
    contacts, monkeypatch
):
    monkeypatch.setattr("refiner_desktop.services.contacts.contacts.CHUNK_ROWS", 7)
    await contacts.load(ContactChoice(limit=None), _ignore)
    order = await contacts.order(RowFilter(), ())
    places = list(range(59, -1, -1))
    found = await contacts.contacts_at(order, places)
    assert found == [await contacts.contact(order, place) for place in places]
    assert isinstance(found[0]["attributes"], dict)


async def test_contacts_that_left_meanwhile_are_left_out(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    order = await contacts.order(RowFilter(), ())
    first, second = await contacts.contacts_at(order, [0, 1])
    await contacts.remove([first["uuid"], "unknown"])
    assert await contacts.contacts_at(order, [0, 1]) == [second]
    assert contacts.count == await _count(contacts) == 59
    with pytest.raises(RowGone):
        await contacts.contact(order, 0)


async def test_a_contact_is_replaced_where_it_stands(contacts):
    await contacts.load(ContactChoice(limit=None), _ignore)
    order = await contacts.order(RowFilter(), ())
    changed = await contacts.contact(order, 5) | {"attributes": {"brand new": 1}, "segments": []}
    replaced = await contacts.replace(page_of_one(msgspec.json.encode(changed)))
    assert replaced == changed == await contacts.contact(order, 5)
    assert (await contacts.order(RowFilter(), ())).ids.tolist() == order.ids.tolist()
    assert "attributes.brand new" in {column.key for column in await contacts.columns()}
    await contacts.remove([changed["uuid"]])
    with pytest.raises(RowGone):
        await contacts.replace(page_of_one(msgspec.json.encode(changed)))
    assert contacts.count == 59


@pytest.mark.parametrize("columns", ["all", "chosen"])
@pytest.mark.parametrize("file_format", FORMATS, ids=lambda each: each.key)
async def test_rows_are_written_in_every_format(contacts, tmp_path, file_format, columns):
    await contacts.load(ContactChoice(limit=None), _ignore)
    order = (await contacts.order(RowFilter(), (SortKey("email"),))).at([3, 1, 2])
    chosen = None if columns == "all" else (await contacts.columns())[:2]
    path = tmp_path / f"contacts{file_format.suffix}"
    heard = []
    written = await contacts.export(order, file_format, chosen, path, lambda *n: heard.append(n))
    assert (written.rows, written.cut_cells) == (3, 0)
    assert path.stat().st_size > 0
    await asyncio.sleep(0)
    assert heard[-1] == (3, 3)


async def test_an_export_that_is_cancelled_leaves_no_file(contacts, tmp_path, monkeypatch):
    monkeypatch.setattr("refiner_desktop.datasets.exports.rows.BATCH_ROWS", 1)
    await contacts.load(ContactChoice(limit=None), _ignore)
    order = await contacts.order(RowFilter(), ())
    path = tmp_path / "contacts.json"
    begun = asyncio.Event()
    work = contacts.export(order.at([0] * 50_000), JSON, None, path, lambda *_: begun.set())
    export = asyncio.create_task(work)
    await begun.wait()
    export.cancel()
    with pytest.raises(asyncio.CancelledError):
        await export
    assert list(tmp_path.glob("*contacts*")) == list(tmp_path.glob(".export*")) == []


async def test_without_a_connection_nothing_is_lost(contacts, connected):
    await contacts.load(ContactChoice(limit=5), _ignore)
    await connected.disconnect()
    with pytest.raises(NotConnected):
        await contacts.load(ContactChoice(), _ignore)
    assert await _count(contacts) == 5
