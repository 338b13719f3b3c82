"""Actions on contacts: each has its outcome, and the rows tell the truth afterwards."""

import asyncio

import msgspec
import numpy as np
import pytest

from refiner_desktop.api.errors import KeyUnknown, NotFound, NotRefiner, ReadOnly, Refused
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.queries import UserReference
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.services.contacts.actions import ContactActions
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.mass_action import ActionProgress
from refiner_desktop.services.contacts.targets import AnotherContact, NoReference, Target
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.environments.connection import AnotherEnvironment
from refiner_desktop.services.rows.view import RowFilter

pytestmark = pytest.mark.anyio


@pytest.fixture
async def contacts(connected):
    service = ContactsService(connected)
    await service.load(ContactChoice(limit=None), lambda progress: None)
    yield service
    await service.aclose()


@pytest.fixture
def actions(connected, contacts):
    return ContactActions(connected, contacts)


@pytest.fixture
async def everybody(contacts):
    """The targets of all rows, in the order of the rows."""
    return [Target.of(contact) for contact in await rows(contacts)]


@pytest.fixture
def known(everybody):
    """Those that a segment can be told of."""
    return [target for target in everybody if target.user_id]


@pytest.fixture
async def beta(contacts):
    """The UUID of a manual segment."""
    return next(segment.uuid for segment in await contacts.segments() if segment.is_manual)


async def rows(contacts):
    order = await contacts.order(RowFilter(), ())
    return await contacts.contacts_at(order, range(len(order)))


async def members(contacts, segment):
    return {
        contact["uuid"]
        for contact in await rows(contacts)
        if segment in {each["uuid"] for each in contact["segments"]}
    }


def ignore(_progress):
    return None


def uuids(targets):
    return {target.uuid for target in targets}


def test_a_target_is_what_names_a_contact():
    contact = {"uuid": "u", "remote_id": 12, "email": None, "display_name": "Ana"}
    assert Target.of(contact) == Target("u", "12", "", "Ana")
    assert Target.of({"uuid": "u"}) == Target("u")


async def test_targets_are_those_of_the_rows_in_their_order(actions, contacts, everybody):
    order = (await contacts.order(RowFilter(), ())).at([5, 0, 59])
    expected = tuple(everybody[place] for place in (5, 0, 59))
    assert await actions.targets(order) == expected
    await contacts.load(ContactChoice(limit=None), ignore)
    assert await actions.targets(order) == expected
    await contacts.remove([expected[0].uuid])
    assert await actions.targets(order) == expected[1:]
    await contacts.remove([target.uuid for target in expected])
    with pytest.raises(RowGone):
        await actions.targets(order)


async def test_many_targets_are_read_in_few_statements(actions, contacts, monkeypatch):
    order = (await contacts.order(RowFilter(), ())).at([0] * 20_000)
    asked = []
    monkeypatch.setattr(contacts, "contacts_at", asked.append)
    assert len(await actions.targets(order)) == 20_000
    assert not asked


async def test_segments_are_counted_over_the_chosen_rows(actions, contacts, beta):
    order = await contacts.order(RowFilter(), ())
    inside = await members(contacts, beta)
    assert (await actions.segment_counts(order)).get(beta, 0) == len(inside) > 0
    places = [place for place, row in enumerate(await rows(contacts)) if row["uuid"] in inside]
    assert (await actions.segment_counts(order.at(places[:1])))[beta] == 1


async def test_a_raw_contact_is_what_the_service_sends_byte_for_byte(
    actions, connected, sandbox, everybody
):
    answer = await connected.client.call(
        CallRequest("GET", "contact", (("uuid", everybody[0].uuid),))
    )
    assert await actions.raw(everybody[0]) == answer.body
    await connected.client.delete_contact(UserReference(uuid=everybody[0].uuid))
    with pytest.raises(NotFound):
        await actions.raw(everybody[0])


async def test_deleted_contacts_leave_the_total(actions, contacts, everybody):
    assert contacts.total == 60
    await actions.delete(everybody[:3], ignore)
    assert (contacts.count, contacts.total) == (57, 57)
    await actions.delete(everybody[:3], ignore)
    assert contacts.total == 57


async def test_deleted_contacts_are_gone_there_and_here(actions, contacts, sandbox, everybody):
    heard = []
    result = await actions.delete(everybody[:20], heard.append)
    assert [outcome.target for outcome in result.outcomes] == everybody[:20]
    assert not result.failed
    assert heard[-1] == ActionProgress(20, 0, 20)
    assert sandbox.record.users("DELETE", "/contact").keys() == uuids(everybody[:20])
    assert uuids(map(Target.of, await rows(contacts))) == uuids(everybody[20:])
    await contacts.load(ContactChoice(limit=None), ignore)
    assert contacts.count == 40


async def test_a_contact_that_is_gone_already_counts_as_deleted(actions, contacts, everybody):
    await actions.delete(everybody[:1], ignore)
    assert not (await actions.delete(everybody[:1], ignore)).failed


async def test_a_contact_without_a_uuid_stops_no_other(actions, contacts, sandbox, everybody):
    result = await actions.delete([Target("", "u-1", "a@example.org"), everybody[0]], ignore)
    assert [type(outcome.error) for outcome in result.outcomes] == [ValueError, type(None)]
    assert len(sandbox.record.to("DELETE", "/contact")) == 1
    assert contacts.count == 59


async def test_nothing_to_do_is_done(actions):
    assert (await actions.delete([], ignore)).outcomes == ()


async def test_a_delete_that_fails_keeps_its_row_and_says_why(
    actions, contacts, sandbox, everybody
):
    sandbox.faults.status(500, path="/contact", times=2)
    heard = []
    result = await actions.delete(everybody[:10], heard.append)
    assert [outcome.error.status for outcome in result.failed] == [500, 500]
    assert heard[-1] == ActionProgress(8, 2, 10)
    left = uuids(map(Target.of, await rows(contacts)))
    assert left & uuids(everybody[:10]) == {outcome.target.uuid for outcome in result.failed}


async def test_nothing_is_sent_where_nothing_may_be(actions, connected, sandbox, everybody):
    connected.adopt(msgspec.structs.replace(connected.environment, read_only=True))
    sandbox.record.clear()
    with pytest.raises(ReadOnly):
        await actions.delete(everybody, ignore)
    assert not sandbox.record.calls


async def test_once_the_key_is_rejected_the_rest_is_not_tried(
    actions, contacts, sandbox, everybody
):
    sandbox.regenerate_key()
    sandbox.record.clear()
    result = await actions.delete(everybody, ignore)
    assert {type(outcome.error) for outcome in result.outcomes} == {KeyUnknown}
    assert len(sandbox.record.calls) < 20
    assert contacts.count == 60


async def test_only_a_few_calls_are_under_way_at_once(actions, connected, sandbox, everybody):
    sandbox.faults.latency(0.2, path="/contact")
    sent = connected.client.calls_last_minute
    deletion = asyncio.create_task(actions.delete(everybody[:24], ignore))
    await asyncio.sleep(0.1)
    most = connected.client.calls_last_minute - sent
    sandbox.faults.clear()
    await deletion
    assert 2 <= most <= 8


async def test_a_cancelled_delete_leaves_the_rest_and_says_how_far_it_came(
    actions, contacts, sandbox, everybody
):
    sandbox.faults.latency(0.05, path="/contact")
    heard = []
    deletion = asyncio.create_task(actions.delete(everybody, heard.append))
    while not heard:
        await asyncio.sleep(0.005)
    deletion.cancel()
    with pytest.raises(asyncio.CancelledError):
        await deletion
    sandbox.faults.clear()
    arrived = len(sandbox.record.to("DELETE", "/contact"))
    assert heard[-1] == ActionProgress(arrived, 0, 60)
    assert contacts.count == 60 - arrived
    assert 0 < arrived < 60
    await contacts.load(ContactChoice(limit=None), ignore)
    assert contacts.count == 60 - arrived


async def test_a_cancelled_delete_does_not_wait_for_a_server_that_hangs(
    actions, contacts, sandbox, everybody, monkeypatch
):
    monkeypatch.setattr("refiner_desktop.services.contacts.mass_action.SETTLE_SECONDS", 0.05)
    sandbox.faults.latency(30, path="/contact")
    deletion = asyncio.create_task(actions.delete(everybody, ignore))
    await asyncio.sleep(0.1)
    deletion.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(deletion, 2)
    assert contacts.count == 60


async def test_what_was_loaded_elsewhere_is_left_alone(
    actions, connected, contacts, everybody, beta, monkeypatch
):
    elsewhere = msgspec.structs.replace(connected.environment, project="another")
    connected.adopt(elsewhere)
    for work in (
        actions.delete(everybody, ignore),
        actions.add_to_segment(everybody, beta, ignore),
        actions.refresh(everybody[0]),
        actions.responses(everybody[0].uuid),
    ):
        with pytest.raises(AnotherEnvironment):
            await work


async def test_contacts_enter_and_leave_a_segment_and_their_rows_show_it(
    actions, contacts, known, beta
):
    before = await members(contacts, beta)
    some = [target for target in known if target.uuid not in before][:5]
    heard = []
    assert not (await actions.add_to_segment(some, beta, heard.append)).failed
    assert heard[-1] == ActionProgress(5, 0, 5)
    assert await members(contacts, beta) == before | uuids(some)
    assert not (await actions.remove_from_segment(some, beta, ignore)).failed
    assert await members(contacts, beta) == before


async def test_a_segment_is_told_the_id_and_only_without_one_the_address(
    actions, connected, contacts, sandbox, beta
):
    both = Target("", "u-with-both", "both@example.org")
    address = Target("", "", "only@example.org")
    await actions.add_to_segment([both, address], beta, ignore)
    await contacts.load(ContactChoice(search="u-with-both", limit=None), ignore)
    assert [contact["email"] for contact in await rows(contacts)] == [None]
    assert set(sandbox.record.users("POST", "/sync-segment")) == {
        "u-with-both",
        "only@example.org",
    }


async def test_an_anonymous_contact_can_not_enter_a_segment_and_nothing_is_sent_for_it(
    actions, sandbox, known, beta
):
    result = await actions.add_to_segment([Target("anonymous"), known[0]], beta, ignore)
    assert [type(outcome.error) for outcome in result.outcomes] == [NoReference, type(None)]
    assert len(sandbox.record.to("POST", "/sync-segment")) == 1


async def test_another_contact_with_the_same_address_is_noticed(actions, known, beta):
    twin = Target("0c6a5b4e-0000-0000-0000-000000000000", "", known[0].email)
    result = await actions.add_to_segment([twin], beta, ignore)
    assert isinstance(result.outcomes[0].error, AnotherContact)


async def test_a_segment_that_is_not_manual_takes_nobody(actions, contacts, known):
    segments = await contacts.segments()
    automatic = next(segment.uuid for segment in segments if not segment.is_manual)
    result = await actions.add_to_segment(known[:2], automatic, ignore)
    assert [type(outcome.error) for outcome in result.outcomes] == [Refused, Refused]


async def test_a_change_that_worked_stays_so_when_the_row_can_not_be_fetched(
    actions, sandbox, known, beta
):
    sandbox.faults.html(path="/contact")
    assert not (await actions.add_to_segment(known[:2], beta, ignore)).failed


async def test_a_refreshed_contact_is_as_the_service_has_it_now(
    actions, connected, contacts, known
):
    target = known[3]
    await connected.client.identify(target.reference, {"plan": "changed just now"})
    fresh = await actions.refresh(target)
    assert fresh["attributes"]["plan"] == "changed just now"
    assert fresh in await rows(contacts)
    assert contacts.count == 60


async def test_a_refreshed_contact_that_is_gone_leaves_the_rows(
    actions, connected, contacts, everybody
):
    await ContactActions(connected, ContactsService(connected)).delete(everybody[:1], ignore)
    assert contacts.count == 60
    assert await actions.refresh(everybody[0]) is None
    assert contacts.count == 59


async def test_a_contact_whose_row_left_meanwhile_is_not_put_back(actions, contacts, everybody):
    await contacts.clear()
    with pytest.raises(RowGone):
        await actions.refresh(everybody[0])
    assert contacts.count == 0


async def test_an_answer_that_is_no_contact_leaves_the_row(actions, contacts, sandbox, everybody):
    sandbox.faults.html(path="/contact")
    with pytest.raises(NotRefiner):
        await actions.refresh(everybody[0])
    assert contacts.count == 60


async def test_a_rejected_key_is_not_taken_for_a_contact_that_is_gone(
    actions, contacts, sandbox, everybody
):
    sandbox.regenerate_key()  # told by a 404, too
    with pytest.raises(KeyUnknown):
        await actions.refresh(everybody[0])
    assert contacts.count == 60


async def test_responses_are_of_this_contact_alone_with_its_mere_views(actions, sandbox, everybody):
    shown = {}
    for response in sandbox.world.responses:
        [contact] = sandbox.world.book.many(np.array([response.contact]))
        shown.setdefault(contact.uuid, set()).add(response.uuid)
    for target in everybody:
        found = await actions.responses(target.uuid)
        assert {response.uuid for response in found} == shown.get(target.uuid, set())
        times = [response.last_shown_at for response in found if response.last_shown_at]
        assert times == sorted(times, reverse=True)
    assert any(len(each) > 1 for each in shown.values())


async def test_deleting_from_production_asks_for_its_name(actions, connected):
    assert actions.name_to_type == ""
    production = msgspec.structs.replace(connected.environment, name="Production", production=True)
    connected.adopt(production)
    assert actions.name_to_type == "Production"
    connected.adopt(msgspec.structs.replace(production, read_only=True))
    assert actions.name_to_type == ""
