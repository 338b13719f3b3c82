"""Views come back as they were saved, for the environment that they were saved in."""

import sqlite3

import pytest

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.secret import Secret
from refiner_desktop.services.contacts.view import ContactChoice, ContactView
from refiner_desktop.services.contacts.views import ContactViews, ViewNameTaken, ViewUnnamed
from refiner_desktop.services.rows.view import ColumnLook, FilterChip, RowFilter
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.contact_views import ContactViewStore

pytestmark = pytest.mark.anyio

TRIALS = ContactView(
    choice=ContactChoice(segment_uuid="s-1", search="ana 🦆", order_by="email", limit=None),
    filter=RowFilter(
        words='two "words"',
        chips=(
            FilterChip(Condition("attributes.plan", Operator.ONE_OF, ("pro", ""))),
            FilterChip(Condition("last_seen_at", Operator.LAST_DAYS, ("7",)), on=False),
        ),
        expert="seats > 5",
    ),
    sort=(SortKey("email", descending=True), SortKey("attributes.a.b")),
    columns=(ColumnLook("email", width=240), ColumnLook("uuid", shown=False)),
)


@pytest.fixture
def store(database):
    return ContactViewStore(database)


@pytest.fixture
def views(store, connection):
    return ContactViews(store, connection)


async def test_a_view_comes_back_as_it_was_saved(views):
    await views.save("  Trials ", TRIALS)
    assert await views.names() == ["Trials"]
    assert await views.get("Trials") == TRIALS


async def test_the_view_of_now_has_no_name_and_follows_every_change(views):
    assert await views.last() is None
    await views.remember(TRIALS)
    await views.remember(ContactView(sort=(SortKey("uuid"),)))
    assert await views.last() == ContactView(sort=(SortKey("uuid"),))
    assert await views.names() == []


async def test_names_stand_from_a_to_z_whatever_their_case(views):
    for name in ("zoo", "Äpfel", "apples", "Bees"):
        await views.save(name, TRIALS)
    assert await views.names() == ["apples", "Bees", "zoo", "Äpfel"]


async def test_a_view_is_renamed_and_deleted(views):
    await views.save("Trials", TRIALS)
    await views.rename("Trials", "On trial")
    assert await views.names() == ["On trial"]
    await views.delete("On trial")
    assert await views.get("On trial") is None


async def test_a_name_that_another_view_has_is_not_taken_from_it(views):
    await views.save("Trials", TRIALS)
    await views.save("Paying", ContactView())
    with pytest.raises(ViewNameTaken):
        await views.rename("Trials", "Paying")
    assert await views.get("Paying") == ContactView()


@pytest.mark.parametrize("name", ["", "  "])
async def test_a_view_needs_a_name(views, name):
    await views.remember(TRIALS)
    with pytest.raises(ViewUnnamed):
        await views.save(name, ContactView())
    with pytest.raises(ViewUnnamed):
        await views.delete(name)
    assert await views.last() == TRIALS


async def test_every_environment_has_views_of_its_own(views, connection, environment, sandbox):
    await connection.connect(environment, Secret(sandbox.key))
    await views.save("Trials", TRIALS)
    await views.remember(TRIALS)
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connection.switch(other)
    assert await views.names() == []
    assert await views.last() is None
    await views.remember(TRIALS, environment.id)  # what was left to remember of the one before
    assert await views.last() is None
    await connection.switch(environment)
    assert await views.get("Trials") == await views.last() == TRIALS


@pytest.mark.parametrize("text", ["{", '{"sort": 7}', '{"choice": {"limit": "many"}}'])
async def test_a_view_that_can_not_be_read_is_as_good_as_none(views, store, connection, text):
    store.put(connection.environment.id, "", text)
    assert await views.last() is None


async def test_a_view_with_more_than_we_know_is_read_all_the_same(views, database):
    await views.save("Trials", TRIALS)
    with sqlite3.connect(database.path) as other:
        other.execute("""UPDATE contact_view SET view = '{"later": 1,' || substr(view, 2)""")
    other.close()
    assert await views.get("Trials") == TRIALS
