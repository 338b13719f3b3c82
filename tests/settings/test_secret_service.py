"""Against a real GNOME Keyring, on a bus and in a home of its own."""

from pathlib import Path

import pytest
from secret_bus import run_on_bus

SESSION = Path(__file__).with_name("secret_service_session.py")

# keyrings.alt, installed with the tests, offers it wherever there is no better one.
PLAIN_TEXT = "<plain text>"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def plain_text(home):
    return home / "python_keyring" / "keyring_pass.cfg"


@pytest.fixture(scope="module")
def heard(home):
    """What the store answered, by step, with the seconds that it took."""
    return run_on_bus(home, SESSION)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("without a daemon", f"KeyringExposes of the file {PLAIN_TEXT}"),
        ("place", "GNOME Keyring"),
        ("read again", "the second key"),
        ("after a restart", "the second key"),
        ("locked", "KeyringLocked of GNOME Keyring"),
        ("locked, after a restart", "KeyringLocked of GNOME Keyring"),
        ("dismissed", "KeyringDismissed of GNOME Keyring"),
        ("unlocked", "the second key"),
        ("forgotten", None),
        ("forgotten twice", None),
        ("after forgetting", None),
        ("daemon gone", f"KeyringExposes of the file {PLAIN_TEXT}"),
        ("nothing but the daemon, and it gone", "KeyringMissing of nobody"),
    ],
)
def test_the_keyring_keeps_a_key_and_says_what_ails_it(heard, plain_text, step, answer):
    said, seconds = heard[step]
    assert said == (answer and answer.replace(PLAIN_TEXT, str(plain_text)))
    assert seconds < 3


def test_a_keyring_that_starts_later_is_found_without_a_restart(heard):
    assert heard["without a daemon"][0].startswith("KeyringExposes")
    assert heard["saved"][0] is None


def test_no_key_ever_goes_to_the_plain_text_file_that_stands_in(heard, plain_text):
    assert not plain_text.exists()


def test_a_name_has_one_item_and_forgetting_removes_it(heard):
    assert heard["kept"] == ["one", "two"]
    assert heard["kept after forgetting"] == ["two"]


def test_a_save_given_up_at_the_prompt_returns_at_once_and_keeps_nothing_later(heard):
    kept, seconds = heard["abandoned"]
    assert kept == ["one", "two"]
    assert seconds < 2
