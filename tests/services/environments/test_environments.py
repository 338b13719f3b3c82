"""Environments are added, edited, put in order and removed, and the connection follows."""

import msgspec
import pytest

from refiner_desktop.api.queries import UserReference
from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.connection import ConnectionService, NotConnected
from refiner_desktop.services.environments.connection_status import ConnectionState
from refiner_desktop.services.environments.environments import (
    EnvironmentsService,
    NameMissing,
    NameTaken,
)
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.settings.address import WrongAddress
from refiner_desktop.settings.secrets import KeyringExposes, KeyringLocked, MemoryStore
from refiner_desktop.settings.settings import COLOURS, Environment
from refiner_desktop.storage.contact_views import ContactViewStore

pytestmark = pytest.mark.anyio


class LastingStore(MemoryStore):
    lasting = True
    locked = False

    async def forget(self, name):
        if self.locked:
            raise KeyringLocked("locked", "Test Keyring")
        await super().forget(name)


@pytest.fixture
def secrets():
    return LastingStore()


def _edited(environment, **changes):
    return msgspec.structs.replace(environment, **changes)


def _names(environments):
    return [each.name for each in environments.all]


async def test_a_saved_environment_is_on_the_list_and_told_of(environments):
    told = []
    environments.changed.connect(lambda them: told.append([env.name for env in them]))
    await environments.save(Environment(name="Testing"))
    assert _names(environments) == ["Production", "Testing"]
    assert told == [["Production", "Testing"]]


@pytest.mark.parametrize("name", ["", "   "])
async def test_an_environment_needs_a_name(environments, name):
    with pytest.raises(NameMissing):
        await environments.save(Environment(name=name))


async def test_no_two_environments_bear_the_same_name(environments):
    with pytest.raises(NameTaken):
        await environments.save(Environment(name="production"))
    await environments.save(_edited(environments.all[0], name="PRODUCTION"))  # its own


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.refiner.io/v1",
        "ftp://api.refiner.io",
        "https://",
        "https://me:secret@api.refiner.io/v1",
        "https://api.refiner.io/v1?",
        "https://api.refiner.io/v1#",
        "https://api.refiner.io/v 1",
        "https://api.refiner.io:port/v1",
        "https://[::1",
    ],
)
async def test_an_address_that_can_not_be_called_is_refused(environments, url):
    with pytest.raises(WrongAddress):
        await environments.save(Environment(name="Testing", base_url=url))
    assert _names(environments) == ["Production"]


async def test_each_new_environment_has_a_colour_of_its_own(environments):
    for number in range(len(COLOURS) - 1):
        await environments.save(_edited(environments.new(), name=str(number)))
    assert {env.colour for env in environments.all} == set(COLOURS.values())


async def test_a_copy_has_another_name_and_colour_and_no_key(environments, connected):
    original = connected.environment
    assert original.key_origin
    first = await environments.duplicate(original)
    second = await environments.duplicate(original)
    assert [first.name, second.name] == ["Sandbox copy", "Sandbox copy 2"]
    assert first.base_url == original.base_url
    assert first.id != original.id
    assert (first.key_origin, first.project) == ("", "")
    assert first.colour != original.colour


async def test_the_order_is_kept(environments, settings):
    await environments.save(Environment(id="t", name="Testing"))
    await environments.reorder(["t", environments.all[1].id, environments.all[0].id])
    assert _names(environments)[0] == "Testing"
    assert settings.current.environments == environments.all


async def test_renaming_the_one_in_use_shows_at_once_and_stays_connected(environments, connected):
    await environments.save(_edited(connected.environment, name="Renamed"))
    assert connected.status.connected
    assert connected.environment.name == "Renamed"


async def test_another_address_disconnects_the_one_in_use(environments, connected):
    await environments.save(_edited(connected.environment, base_url="http://127.0.0.1:9/v1"))
    assert connected.status.state is ConnectionState.OFF
    with pytest.raises(NotConnected):
        _ = connected.client


async def test_other_time_outs_hold_from_the_next_call_on(environments, connected, sandbox):
    from refiner_desktop.api.errors import TimedOut
    from refiner_desktop.settings.settings import Patience

    await environments.save(_edited(connected.environment, patience=Patience(read=1)))
    sandbox.faults.latency(3, path="/track-event")
    with pytest.raises(TimedOut):
        await connected.client.track(UserReference(id="u-1"), "clicked")


async def test_removing_an_environment_removes_its_key(environments, connected, secrets):
    environment = connected.environment
    assert await secrets.load(environment.id)
    await environments.remove(environment)
    assert await secrets.load(environment.id) is None
    assert _names(environments) == ["Production"]
    assert connected.environment.name == "Production"
    assert not connected.status.connected


async def test_a_key_that_can_not_be_removed_keeps_its_environment_unless_it_may_stay(
    environments, connected, secrets
):
    environment = connected.environment
    secrets.locked = True
    with pytest.raises(KeyringLocked):
        await environments.remove(environment)
    assert "Sandbox" in _names(environments)
    await environments.remove(environment, leaving_key=True)
    assert "Sandbox" not in _names(environments)


async def test_after_the_last_environment_a_fresh_one_follows(environments, settings):
    await environments.remove(environments.all[0])
    assert _names(environments) == ["Production"]
    assert environments.untouched


async def test_a_key_saved_without_connecting_is_kept(environments, settings, secrets):
    environment = Environment(name="Testing", base_url="http://127.0.0.1:9/v1")
    await environments.save(environment, Secret("the key of testing"))
    assert await secrets.load(environment.id) == Secret("the key of testing")
    assert environments.known(environment.id).key_origin == "http://127.0.0.1:9"


async def test_unticking_remember_and_saving_takes_the_key_out_of_the_keyring(
    environments, connected, secrets
):
    environment = connected.environment
    await environments.save(_edited(environment, remember=False))
    assert await secrets.load(environment.id) is None
    assert connected.status.connected


async def test_only_the_key_of_the_environment_that_is_switched_to_is_read(
    settings, sandbox, mask, records
):
    asked = []

    class WatchedStore(MemoryStore):
        lasting = True

        async def load(self, name):
            asked.append(name)
            return await super().load(name)

    secrets = WatchedStore()
    home = sandbox.base_url.removesuffix("/v1")
    for name in ("a", "b"):
        await secrets.save(name, Secret(sandbox.key))
        kept = Environment(id=name, name=name, base_url=sandbox.base_url, key_origin=home)
        await settings.save(settings.current.using(kept))
    keys = Keys(secrets, mask)
    connection = ConnectionService(settings, keys)
    environments = EnvironmentsService(settings, keys, connection, lambda: records)
    await connection.switch(environments.known("a"))
    assert connection.status.connected
    assert asked == ["a"]
    await connection.aclose()


async def test_an_environment_counts_as_known_once_it_was_connected(environments, connected):
    assert not environments.untouched
    assert connected.environment.project == connected.status.project.uuid


class PlainStore(LastingStore):
    agreed = ""

    async def save(self, name, secret):
        if not self.agreed:
            raise KeyringExposes("plain text", "Plain File")
        await super().save(name, secret)

    def agree_to(self, place):
        self.agreed = place


async def test_agreeing_to_an_exposing_keyring_keeps_the_key_it_refused_and_no_other(
    settings, sandbox, mask, records
):
    secrets = PlainStore()
    keys = Keys(secrets, mask)
    connection = ConnectionService(settings, keys)
    environments = EnvironmentsService(settings, keys, connection, lambda: records)
    live = Environment(id="live", name="Live", base_url=sandbox.base_url)
    with pytest.raises(KeyringExposes):
        await connection.connect(live, Secret(sandbox.key))
    testing = Environment(id="testing", name="Testing", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(KeyringExposes):
        await environments.save(testing, Secret("the key of testing"))
    assert environments.known("testing")
    await environments.keep_exposed("testing", "Plain File")
    assert await secrets.load("testing") == Secret("the key of testing")
    assert await secrets.load("live") is None
    assert settings.current.exposed_keyrings == ("Plain File",)
    await environments.keep_exposed("live", "Plain File")
    assert await secrets.load("live") == Secret(sandbox.key)
    assert settings.current.exposed_keyrings == ("Plain File",)
    await connection.aclose()


async def test_what_was_kept_for_an_environment_goes_with_it(environments, database):
    views = ContactViewStore(database)
    for name in ("Live", "Testing"):
        await environments.save(Environment(id=name, name=name, base_url="http://127.0.0.1:9/v1"))
        views.put(name, "ana@example.org", "{}")
    await environments.remove(environments.known("Testing"))
    assert views.names("Testing") == []
    assert views.names("Live") == ["ana@example.org"]
