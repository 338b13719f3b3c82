"""Connecting: checked against the service, remembered where wanted, never more than one."""

import asyncio
import uuid

import msgspec
import pytest

from refiner_desktop.api.errors import (
    ConnectionFailed,
    KeyMalformed,
    KeyMissing,
    KeyUnknown,
    NotRefiner,
)
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.queries import ContactQuery, UserReference
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.connection import ConnectionService, NotConnected
from refiner_desktop.services.environments.connection_status import ConnectionState
from refiner_desktop.services.environments.keys import Keys, NoKey
from refiner_desktop.settings.secrets import KeyringMissing, MemoryStore
from refiner_desktop.settings.settings import REFINER_URL, Environment, SettingsStore

pytestmark = pytest.mark.anyio


class LastingStore(MemoryStore):
    """A keyring that works."""

    lasting = True

    async def place(self):
        return "Test Keyring"


class NoStore(MemoryStore):
    """A system without a keyring."""

    lasting = True

    async def save(self, name, secret):
        raise KeyringMissing("no keyring service is running")


def _seen(connection):
    states = []
    connection.changed.connect(lambda status: states.append(status.state))
    return states


async def test_a_good_key_opens_its_project_and_usage(connection, environment, sandbox):
    states = _seen(connection)
    await connection.connect(environment, Secret(sandbox.key))
    status = connection.status
    assert status.connected
    assert status.project.name
    assert status.usage.tracked_users.count > 0
    assert states[-2:] == [ConnectionState.CALLING, ConnectionState.CONNECTED]


@pytest.mark.parametrize(
    ("key", "error"),
    [("short", KeyMissing), ("x" * 30, KeyMalformed), (str(uuid.uuid4()), KeyUnknown)],
)
async def test_each_wrong_key_is_told_apart(connection, environment, key, error):
    with pytest.raises(error):
        await connection.connect(environment, Secret(key))
    assert connection.status.state is ConnectionState.FAILED
    assert isinstance(connection.status.error, error)
    with pytest.raises(NotConnected):
        _ = connection.client


async def test_a_proxys_page_with_status_200_is_not_refiner(connection, environment, sandbox):
    sandbox.faults.html()
    with pytest.raises(NotRefiner):
        await connection.connect(environment, Secret(sandbox.key))


async def test_without_a_key_there_is_nothing_to_connect_with(connection, environment):
    with pytest.raises(NoKey):
        await connection.connect(environment)


async def test_the_key_is_remembered_for_the_next_start(settings, environment, sandbox, tmp_path):
    secrets = LastingStore()
    first = ConnectionService(settings, Keys(secrets, Mask()))
    await first.connect(environment, Secret(sandbox.key))
    assert first.status.kept_in == "Test Keyring"
    await first.aclose()

    again = ConnectionService(SettingsStore(tmp_path / "settings.json"), Keys(secrets, Mask()))
    assert again.has_key
    await again.connect(again.environment)
    assert again.status.connected
    await again.aclose()


async def test_settings_never_hold_the_key(connected, sandbox, tmp_path):
    assert sandbox.key not in (tmp_path / "settings.json").read_text()


async def test_a_key_that_can_not_be_kept_still_connects(settings, environment, sandbox):
    connection = ConnectionService(settings, Keys(NoStore(), Mask()))
    with pytest.raises(KeyringMissing):
        await connection.connect(environment, Secret(sandbox.key))
    assert connection.status.connected
    assert connection.status.kept_in == "this session only"
    assert settings.current.environment().key_origin == ""
    await connection.aclose()


async def test_unticked_the_key_stays_out_of_the_keyring(settings, sandbox):
    secrets = LastingStore()
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    environment = Environment(base_url=sandbox.base_url, remember=False)
    await connection.connect(environment, Secret(sandbox.key))
    assert await secrets.load(environment.id) is None
    assert connection.status.kept_in == "this session only"
    await connection.aclose()


async def test_an_offered_key_is_used_and_never_written_to_the_keyring(settings, sandbox):
    secrets = LastingStore()
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    connection.use_url(sandbox.base_url)
    connection.offer_key(Secret(sandbox.key))
    await connection.connect(connection.environment)
    assert connection.status.connected
    assert await secrets.load(connection.environment.id) is None
    assert settings.current.environment().base_url == REFINER_URL
    await connection.aclose()


async def test_forgetting_disconnects_and_removes_the_key(settings, environment, sandbox):
    secrets = LastingStore()
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    await connection.connect(environment, Secret(sandbox.key))
    await connection.forget()
    assert not connection.status.connected
    assert not connection.has_key
    assert await secrets.load(environment.id) is None
    assert settings.current.environment().key_origin == ""


async def test_switching_leaves_the_old_environment_before_the_new_one_is_connected(
    connected, settings
):
    old, switched = connected.client, []
    connected.switched.connect(lambda env: switched.append((env.name, connected.status.state)))
    await connected.switch(Environment(name="Testing"))
    assert switched == [("Testing", ConnectionState.OFF)]
    with pytest.raises(NotConnected):
        _ = connected.client
    assert connected.environment.name == "Testing"
    assert [env.name for env in settings.current.environments] == [
        "Production",
        "Sandbox",
        "Testing",
    ]
    assert old is not None


async def test_a_check_that_fails_says_so_and_keeps_the_client_for_running_work(connected, sandbox):
    client = connected.client
    sandbox.faults.html(times=1)
    with pytest.raises(NotRefiner):
        await connected.check()
    assert connected.status.state is ConnectionState.LOST
    assert connected.client is client
    await connected.check()
    assert connected.status.connected
    assert connected.status.kept_in


async def test_unticking_remember_takes_the_key_out_of_the_keyring(settings, environment, sandbox):
    secrets = LastingStore()
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    await connection.connect(environment, Secret(sandbox.key))
    await connection.connect(msgspec.structs.replace(connection.environment, remember=False))
    assert await secrets.load(environment.id) is None
    assert settings.current.environment().key_origin == ""
    assert connection.status.kept_in == "this session only"
    await connection.aclose()


async def test_a_remembered_key_goes_to_no_other_server(settings, environment, sandbox):
    secrets = LastingStore()
    first = ConnectionService(settings, Keys(secrets, Mask()))
    await first.connect(environment, Secret(sandbox.key))
    await first.aclose()
    again = ConnectionService(settings, Keys(secrets, Mask()))
    elsewhere = msgspec.structs.replace(again.environment, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(NoKey):
        await again.connect(elsewhere)
    await again.aclose()


async def test_a_key_that_could_not_be_kept_is_tried_again_at_the_next_connect(
    settings, environment, sandbox
):
    class FirstFails(LastingStore):
        failures = 1

        async def save(self, name, secret):
            if self.failures:
                self.failures -= 1
                raise KeyringMissing("not now")
            await super().save(name, secret)

    secrets = FirstFails()
    await LastingStore.save(secrets, environment.id, Secret("the old key"))
    secrets.failures = 1
    kept = msgspec.structs.replace(environment, key_origin=environment.base_url[: -len("/v1")])
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    with pytest.raises(KeyringMissing):
        await connection.connect(kept, Secret(sandbox.key))
    await connection.connect(connection.environment)
    assert await secrets.load(environment.id) == Secret(sandbox.key)
    await connection.aclose()


async def test_a_key_that_was_read_is_not_written_again(settings, environment, sandbox):
    written = []

    class CountingStore(LastingStore):
        async def save(self, name, secret):
            written.append(name)
            await super().save(name, secret)

    secrets = CountingStore()
    first = ConnectionService(settings, Keys(secrets, Mask()))
    await first.connect(environment, Secret(sandbox.key))
    await first.aclose()
    again = ConnectionService(settings, Keys(secrets, Mask()))
    await again.connect(again.environment)
    await again.aclose()
    assert written == [environment.id]


async def test_without_a_kept_key_the_keyring_is_not_even_asked(settings, environment):
    class NeverAsked(MemoryStore):
        lasting = True

        async def load(self, name):
            raise AssertionError("asked")

        async def forget(self, name):
            raise AssertionError("asked")

    connection = ConnectionService(settings, Keys(NeverAsked(), Mask()))
    with pytest.raises(NoKey):
        await connection.connect(environment)
    await connection.forget()


async def test_a_cancelled_connect_is_off_again(connection, environment, sandbox):
    sandbox.faults.latency(5)
    connecting = asyncio.create_task(connection.connect(environment, Secret(sandbox.key)))
    await asyncio.sleep(0.1)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert connection.status.state is ConnectionState.OFF


async def test_another_address_for_this_session_survives_switching_away_and_back(settings, sandbox):
    connection = ConnectionService(settings, Keys(MemoryStore(), Mask()))
    own = connection.environment
    connection.use_url(sandbox.base_url)
    connection.offer_key(Secret(sandbox.key))
    await connection.switch(Environment(name="Other"))
    await connection.switch(own)
    assert connection.status.connected
    assert connection.environment.base_url == sandbox.base_url
    await connection.aclose()


async def test_calls_under_way_fail_as_disconnected_and_not_as_a_fault_of_ours(connected, sandbox):
    sandbox.faults.latency(5, path="/contacts")
    call = asyncio.create_task(connected.client.contacts(ContactQuery()))
    await asyncio.sleep(0.1)
    client = connected.client
    await connected.disconnect()
    with pytest.raises(ConnectionFailed):
        await call
    with pytest.raises(ConnectionFailed):
        await client.contacts(ContactQuery())


async def test_a_connection_is_shown_as_lost_when_calls_fail_and_as_back_when_one_works(
    connected, sandbox
):
    sandbox.faults.drop(path="/track-event")
    with pytest.raises(ConnectionFailed):
        await connected.client.track(UserReference(id="u-1"), "clicked")
    assert connected.status.state is ConnectionState.LOST
    assert isinstance(connected.status.error, ConnectionFailed)
    sandbox.faults.clear()
    await connected.client.track(UserReference(id="u-1"), "clicked")
    assert connected.status.state is ConnectionState.CONNECTED
    assert connected.status.error is None


async def test_a_key_that_stops_working_loses_the_connection_wherever_it_is_noticed(
    connected, sandbox
):
    sandbox.regenerate_key()
    answer = await connected.client.call(CallRequest("GET", "contacts"))
    assert answer.status == 404
    assert connected.status.state is ConnectionState.LOST
    assert isinstance(connected.status.error, KeyUnknown)


@pytest.mark.parametrize("path", ["nowhere", "contact?id=nobody"])
async def test_a_call_that_is_refused_says_nothing_about_the_connection(connected, path):
    assert (await connected.client.call(CallRequest("GET", path))).status >= 400
    assert connected.status.state is ConnectionState.CONNECTED


async def test_a_slow_keyring_is_said_to_be_waited_for(settings, environment, sandbox, monkeypatch):
    monkeypatch.setattr(
        "refiner_desktop.services.environments.connection.SLOW_KEYRING_SECONDS", 0.05
    )

    class SlowStore(LastingStore):
        async def load(self, name):
            await asyncio.sleep(0.3)
            return await super().load(name)

    secrets = SlowStore()
    await secrets.save(environment.id, Secret(sandbox.key))
    kept = msgspec.structs.replace(environment, key_origin=environment.base_url[: -len("/v1")])
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    slow = []
    connection.changed.connect(lambda status: slow.append((status.state, status.keyring_is_slow)))
    await connection.connect(kept)
    assert (ConnectionState.READING_KEY, True) in slow
    assert not connection.status.keyring_is_slow
    await connection.aclose()


async def test_a_keyring_that_waits_can_be_left_and_the_key_used_without_it(
    settings, environment, sandbox
):
    asked = asyncio.Event()

    class StuckStore(LastingStore):
        async def save(self, name, secret):
            asked.set()
            await asyncio.sleep(60)

    connection = ConnectionService(settings, Keys(StuckStore(), Mask()))
    connecting = asyncio.create_task(connection.connect(environment, Secret(sandbox.key)))
    await asked.wait()
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert connection.status.connected
    assert connection.status.kept_in == "this session only"
    await connection.aclose()


async def test_a_typed_key_is_masked_even_when_it_is_refused(connection, environment, mask):
    wrong = str(uuid.uuid4())
    with pytest.raises(KeyUnknown):
        await connection.connect(environment, Secret(wrong))
    assert wrong not in mask.text(f"a log line with {wrong}")


async def test_the_key_is_handed_out_to_whoever_asks_for_it(connected, sandbox):
    assert (await connected.key()).reveal() == sandbox.key


async def test_a_switch_that_is_cancelled_leaves_no_connection_open(connected, sandbox):
    closed, close = [], connected.client.aclose

    async def close_slowly():
        await asyncio.sleep(0.1)
        await close()
        closed.append(True)

    connected.client.aclose = close_slowly
    other = Environment(name="Other", base_url=sandbox.base_url)
    switching = asyncio.create_task(connected.switch(other))
    await asyncio.sleep(0)
    switching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await switching
    assert closed


async def test_of_two_connects_the_later_one_wins_whatever_comes_back_first(
    settings, connection, environment, sandbox
):
    other = Environment(name="Other", base_url=sandbox.base_url)
    sandbox.faults.latency(0.4, times=2)
    slow = asyncio.create_task(connection.connect(environment, Secret(sandbox.key)))
    await asyncio.sleep(0.1)
    sandbox.faults.clear()
    await connection.connect(other, Secret(sandbox.key))
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert connection.environment.id == other.id
    assert connection.status.connected
    assert settings.current.current == other.id


async def test_what_is_edited_while_connecting_holds(
    environments, connection, environment, sandbox
):
    sandbox.faults.latency(0.3)
    connecting = asyncio.create_task(connection.connect(environment, Secret(sandbox.key)))
    await asyncio.sleep(0.1)
    await environments.save(msgspec.structs.replace(connection.environment, read_only=True))
    await connecting
    assert connection.client.read_only
    assert connection.environment.read_only
    assert environments.known(environment.id).read_only


async def test_an_environment_that_is_removed_while_it_connects_stays_away(
    environments, connection, environment, sandbox
):
    sandbox.faults.latency(0.3)
    connecting = asyncio.create_task(connection.connect(environment, Secret(sandbox.key)))
    await asyncio.sleep(0.1)
    await environments.remove(environment)
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert environments.known(environment.id) is None
    assert not connection.status.connected


async def test_a_session_at_another_address_leaves_the_kept_key_alone(settings, sandbox):
    secrets = LastingStore()
    own = Environment(id="own", project="p", key_origin="https://api.refiner.io")
    await settings.save(settings.current.using(own))
    await secrets.save("own", Secret("the key of the real service"))
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    connection.use_url(sandbox.base_url)
    await connection.connect(connection.environment, Secret(sandbox.key))
    assert connection.status.connected
    assert await secrets.load("own") == Secret("the key of the real service")
    assert settings.current.known("own") == own
    await connection.aclose()


async def test_a_key_of_another_project_leaves_what_was_shown_of_the_first(connected, sandbox):
    switched = []
    connected.switched.connect(lambda env: switched.append(env.id))
    before = msgspec.structs.replace(connected.environment, project="another project")
    await connected.connect(before)
    assert switched == [before.id]


async def test_another_address_leaves_what_was_shown_of_the_first(environments, connected):
    switched = []
    connected.switched.connect(lambda env: switched.append(env.base_url))
    moved = msgspec.structs.replace(connected.environment, base_url="http://127.0.0.1:9/v1")
    await environments.save(moved)
    assert switched == ["http://127.0.0.1:9/v1"]


async def test_a_write_given_up_midway_can_still_be_forgotten(settings, environment, sandbox):
    class LateStore(LastingStore):
        async def save(self, name, secret):
            await super().save(name, secret)
            await asyncio.sleep(60)

    secrets = LateStore()
    connection = ConnectionService(settings, Keys(secrets, Mask()))
    connecting = asyncio.create_task(connection.connect(environment, Secret(sandbox.key)))
    while not connection.status.connected:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await connection.forget()
    assert await secrets.load(environment.id) is None
    await connection.aclose()
