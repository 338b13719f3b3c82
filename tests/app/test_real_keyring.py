"""The application's key in a real GNOME Keyring, from one start to the next."""

from pathlib import Path

import pytest
from secret_bus import run_on_bus

from refiner_desktop.sandbox.server import Sandbox

SESSION = Path(__file__).with_name("real_keyring_session.py")


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with Sandbox(contacts=10) as sandbox:
        return run_on_bus(home, SESSION, home / "data", sandbox.base_url, sandbox.key)


@pytest.mark.parametrize("start", ["first", "again", "unlocked"])
def test_the_key_is_kept_there_and_used_at_every_start(heard, start):
    assert heard[start].startswith("Connected to")
    assert "The key is kept in: GNOME Keyring." in heard[start]


def test_a_locked_keyring_is_told_at_the_start(heard):
    assert heard["locked"].startswith("The keyring is locked.")


def test_an_environment_has_one_item_and_forgetting_removes_it(heard):
    assert len(heard["kept"]) == 1
    assert heard["forgotten"].startswith("Not connected")
    assert heard["kept after forgetting"] == []
