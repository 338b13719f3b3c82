"""Settings survive, and a damaged file is put aside, not deleted."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.settings.settings import REFINER_URL, Environment, Settings, SettingsStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.json"


def test_the_first_start_has_one_environment_at_refiners_address(path):
    environment = SettingsStore(path).current.environment()
    assert (environment.name, environment.base_url) == ("Production", REFINER_URL)
    assert not path.exists()


pytestmark = pytest.mark.anyio


async def test_what_was_saved_is_there_at_the_next_start(path):
    store = SettingsStore(path)
    testing = Environment(name="Testing", base_url="http://localhost:1/v1", remember=False)
    await store.save(store.current.using(testing))
    again = SettingsStore(path)
    assert again.current.environment() == testing
    assert [env.name for env in again.current.environments] == ["Production", "Testing"]
    assert again.moved_aside is None


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"environments": 3}', b"\xff\xfe\x00", b'{"environments":[{}'[:9]],
)
def test_a_damaged_file_is_moved_aside_with_its_content(path, damage):
    path.write_bytes(damage)
    store = SettingsStore(path)
    assert store.current.environment().name == "Production"
    assert store.moved_aside.read_bytes() == damage
    assert store.moved_aside.name.startswith("settings.damaged-")
    assert not path.exists()


def test_a_file_of_a_newer_version_keeps_what_this_one_understands(path):
    path.write_bytes(b'{"environments": [{"name": "EU", "invented_later": 1}], "more": {}}')
    store = SettingsStore(path)
    assert store.current.environment().name == "EU"
    assert store.moved_aside is None


async def test_a_failed_write_leaves_the_old_file_whole(path, monkeypatch):
    store = SettingsStore(path)
    await store.save(Settings(environments=(Environment(name="Old"),)))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("refiner_desktop.settings.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        await store.save(Settings(environments=(Environment(name="New"),)))
    assert SettingsStore(path).current.environment().name == "Old"
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_a_fresh_environment_follows_the_last_one():
    settings = Settings(environments=(Environment(id="old", name="Old"),))
    assert settings.without_environment("old").environment().name == "Production"


def test_a_name_that_is_taken_gets_a_number():
    settings = Settings(environments=(Environment(name="Live"), Environment(name="live 2")))
    assert settings.free_name("Live") == "Live 3"
    assert settings.free_name("Testing") == "Testing"


def test_a_remembered_environment_that_is_gone_gives_way_to_the_first():
    settings = Settings(current="gone")
    assert settings.environment() == settings.environments[0]


@given(st.text(), st.text(), st.booleans())
def test_any_name_and_address_survive_the_file(name, url, remember):
    settings = Settings().with_environment(Environment(name=name, base_url=url, remember=remember))
    assert msgspec.json.decode(msgspec.json.encode(settings), type=Settings) == settings


async def test_of_two_saves_in_the_same_moment_none_is_lost(path):
    store = SettingsStore(path)

    async def add(number):
        environment = Environment(name=str(number))
        await store.save(store.current.with_environment(environment))

    await asyncio.gather(*(add(number) for number in range(8)))
    names = {env.name for env in SettingsStore(path).current.environments}
    assert names == {"Production", *map(str, range(8))}


def test_a_folder_in_the_place_of_the_file_is_moved_aside(path):
    path.mkdir()
    store = SettingsStore(path)
    assert store.moved_aside.is_dir()
    assert store.current.environment().name == "Production"


async def test_what_could_not_be_written_is_written_at_the_next_try(path, monkeypatch):
    store = SettingsStore(path)
    settings = Settings(environments=(Environment(name="New"),))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("refiner_desktop.settings.settings.write_whole", full)
        with pytest.raises(OSError, match="No space"):
            await store.save(settings)
    await store.save(settings)
    assert SettingsStore(path).current.environment().name == "New"
