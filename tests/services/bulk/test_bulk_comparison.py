"""Rows compared with the contacts that the service has."""

import pytest

from refiner_desktop.api.queries import ContactQuery, UserReference
from refiner_desktop.services.bulk.comparison import compare_rows
from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.sources.opening import open_source

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(connected):
    return connected.client


@pytest.fixture
async def ana(client):
    """A user that the sandbox knows, with an account."""
    user = UserReference(id="u-ana", email="ana@example.org")
    traits = {"plan": "pro", "seats": 12, "trial": True, "since_at": "2026-01-02"}
    await client.identify(user, traits, account={"id": "acme", "name": "Acme"})
    return user


@pytest.fixture
def plan(tmp_path):
    def of(content, action=BulkAction.IDENTIFY, segment=""):
        path = tmp_path / "users.csv"
        path.write_text(content)
        source = open_source(path)
        return BulkPlan(source, action, guess(source, action, {}), segment)

    return of


@pytest.mark.usefixtures("ana")
async def test_rows_that_say_what_is_known_are_unchanged(plan, client):
    content = (
        "id,email,plan,seats,trial,since_at,account,account.name\n"
        "u-ana,ana@example.org,pro,12,yes,2026-01-02,acme,Acme\n"
        "u-new,new@example.org,pro,1,no,2026-01-02,acme,Acme\n"
    )
    assert (await compare_rows(plan(content), client)).unchanged == {2}


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    "row", ["free,12,acme,Acme", "pro,13,acme,Acme", "pro,12,other,Acme", "pro,12,acme,Acme Ltd"]
)
async def test_a_row_that_changes_one_thing_is_sent(plan, client, row):
    content = f"id,plan,seats,account,account.name\nu-ana,{row}\n"
    assert (await compare_rows(plan(content), client)).unchanged == frozenset()


@pytest.mark.usefixtures("ana")
async def test_a_user_without_an_id_is_found_by_the_address(plan, client):
    content = "email,plan\nana@example.org,pro\n"
    assert (await compare_rows(plan(content), client)).unchanged == {2}


@pytest.mark.usefixtures("ana")
async def test_of_a_user_with_several_rows_all_are_sent_or_none(plan, client):
    same = "id,email,plan\nu-ana,,pro\n,ana@example.org,pro\n"
    assert (await compare_rows(plan(same), client)).unchanged == {2, 3}
    there_and_back = "id,email,plan\nu-ana,,free\n,ana@example.org,pro\n"
    assert (await compare_rows(plan(there_and_back), client)).unchanged == frozenset()


async def test_an_address_of_two_contacts_is_unchanged_only_if_it_is_for_both(plan, client):
    for user_id, tariff in [("u-1", "pro"), ("u-2", "free")]:
        await client.identify(UserReference(id=user_id, email="shared@b.org"), {"plan": tariff})
    for tariff in ("pro", "free"):
        content = f"email,plan\nshared@b.org,{tariff}\n"
        assert (await compare_rows(plan(content), client)).unchanged == frozenset()


@pytest.mark.usefixtures("ana")
async def test_rows_that_are_skipped_are_not_unchanged(plan, client):
    content = "id,email,plan\nu-ana,not an address,pro\n"
    assert (await compare_rows(plan(content), client)).unchanged == frozenset()


@pytest.mark.usefixtures("ana")
async def test_events_are_always_sent(plan, client):
    content = "id,event\nu-ana,Signed up\n"
    assert await compare_rows(plan(content, BulkAction.TRACK), client) is None


async def test_members_need_not_be_added_and_others_not_removed(plan, client, ana):
    segment = next(
        [each.uuid async for each in client.every_segment() if each.is_manual].__iter__()
    )
    await client.add_to_segment(ana, segment)
    content = "id\nu-ana\nu-new\n"
    adding = plan(content, BulkAction.ADD_TO_SEGMENT, segment)
    assert (await compare_rows(adding, client)).unchanged == {2}
    removing = plan(content, BulkAction.REMOVE_FROM_SEGMENT, segment)
    assert (await compare_rows(removing, client)).unchanged == {3}


async def test_contacts_are_listed_and_not_called_up_one_by_one(plan, client, sandbox):
    contacts = (await client.contacts(ContactQuery())).contacts
    known = [contact for contact in contacts if contact.remote_id]
    content = "id\n" + "".join(f"{contact.remote_id}\n" for contact in known)
    sandbox.record.clear()
    assert len((await compare_rows(plan(content), client)).unchanged) == len(known)
    assert len(sandbox.record.calls) == 1


async def test_progress_is_told_in_contacts(plan, client):
    heard = []
    await compare_rows(plan("id\nu-1\n"), client, heard.append)
    assert heard == [60]


@pytest.mark.usefixtures("ana")
async def test_new_and_changed_rows_are_counted(plan, client):
    content = "id,plan\nu-ana,free\nu-new,pro\nu-newer,pro\n"
    compared = await compare_rows(plan(content), client)
    assert (compared.new, compared.changed, compared.unchanged) == (2, 1, frozenset())
