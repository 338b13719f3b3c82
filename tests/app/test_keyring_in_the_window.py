"""Every mood of a keyring has its sentence and a way on, and never holds up the window."""

import time
from itertools import pairwise

import pytest
from fake_keyring import ExposingKeyring, FakeKeyring, installed
from keyring.backends import fail, null

from refiner_desktop.app.driver import Driver

pytestmark = pytest.mark.anyio

KEPT_FOR_SESSION = "The key is kept in: this session only."


@pytest.fixture
def on_keyring(opened):
    """Return a function that opens the application on the keyring that is installed."""
    return lambda: opened(secrets="keyring")


async def _connect(drive, sandbox):
    drive.write("connection.base_url", sandbox.base_url)
    drive.write("connection.api_key", sandbox.key)
    drive.click("connection.connect")
    await drive.until(lambda: _status(drive).startswith("Connected"), "connected")


def _status(drive: Driver) -> str:
    return drive.text("connection.status")


def _said(drive):
    return drive.labels_in(drive.window.connection_tab)


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        (fail.Keyring, "This system has no keyring to keep the key in."),
        (null.Keyring, "This system has no keyring to keep the key in."),
        (FakeKeyring.locked, "The keyring is locked."),
        (FakeKeyring.dismissed, "its prompt was closed"),
        (FakeKeyring.failing, "The keyring did not keep or return the key."),
        (lambda: FakeKeyring(lies=True), "The keyring did not do what it said."),
        (lambda: FakeKeyring(drops=True), "The keyring did not do what it said."),
        (lambda: FakeKeyring(room=10), "The key is too long for this keyring."),
        (ExposingKeyring, "where other programs can read them"),
    ],
)
async def test_a_keyring_that_does_not_keep_the_key_is_told_and_the_session_goes_on(
    on_keyring, sandbox, backend, sentence
):
    with installed(backend()):
        async with on_keyring() as drive:
            await _connect(drive, sandbox)
            await drive.until(lambda: sentence in drive.window.messages.text(), "the sentence")
            assert KEPT_FOR_SESSION in _said(drive)
            assert _status(drive).startswith("Connected")


async def test_a_kept_key_is_named_with_its_place_used_after_a_restart_and_forgotten(
    on_keyring, sandbox
):
    with installed(FakeKeyring()) as keyring:
        async with on_keyring() as drive:
            await _connect(drive, sandbox)
            await drive.until(lambda: "kept in: Fake Keyring." in _said(drive), "the place")
        async with on_keyring() as drive:
            await drive.until(lambda: _status(drive).startswith("Connected"), "connected again")
            await drive.until(lambda: "kept in: Fake Keyring." in _said(drive), "its place")
            drive.click("connection.forget")
            await drive.until(lambda: "Not connected" in _status(drive), "forgotten")
            await drive.until(lambda: not keyring.items, "removed")


async def test_a_slow_keyring_is_said_and_can_be_left(on_keyring, sandbox, monkeypatch):
    monkeypatch.setattr(
        "refiner_desktop.services.environments.connection.SLOW_KEYRING_SECONDS", 0.2
    )
    with installed(FakeKeyring(seconds=10)):
        async with on_keyring() as drive:
            drive.write("connection.base_url", sandbox.base_url)
            drive.write("connection.api_key", sandbox.key)
            drive.click("connection.connect")
            waiting = "Still waiting for your keyring."
            await drive.until(lambda: _status(drive).startswith(waiting), "the sentence")
            drive.click("connection.cancel")
            await drive.until(lambda: _status(drive).startswith("Connected"), "connected")
            assert KEPT_FOR_SESSION in _said(drive)
            await drive.until(lambda: not drive.visible("connection.cancel"), "nothing runs")


async def test_the_window_stays_alive_while_a_keyring_takes_its_time(on_keyring, sandbox):
    with installed(FakeKeyring(seconds=3)):
        async with on_keyring() as drive:
            drive.write("connection.base_url", sandbox.base_url)
            drive.write("connection.api_key", sandbox.key)
            drive.click("connection.connect")
            beats = [time.perf_counter()]

            def beat():
                beats.append(time.perf_counter())
                return "kept in: Fake Keyring." in _said(drive)

            await drive.until(beat, "kept")
    gaps = [later - earlier for earlier, later in pairwise(beats)]
    assert max(gaps) < 2  # a keyring asked on this thread would have held it for 3 s


async def test_a_keyring_that_is_locked_at_the_start_leaves_the_key_to_be_pasted(
    on_keyring, sandbox
):
    with installed(FakeKeyring()) as keyring:
        async with on_keyring() as drive:
            await _connect(drive, sandbox)
            await drive.until(lambda: "kept in: Fake Keyring." in _said(drive), "the place")
        keyring.error = FakeKeyring.locked().error
        async with on_keyring() as drive:
            await drive.until(lambda: "The keyring is locked." in _status(drive), "locked")
            drive.click("connection.remember")
            drive.write("connection.api_key", sandbox.key)
            drive.click("connection.connect")
            await drive.until(lambda: _status(drive).startswith("Connected"), "connected")


async def test_an_exposing_keyring_keeps_the_key_once_the_person_agreed_in_words(
    on_keyring, sandbox
):
    with installed(ExposingKeyring()) as keyring:
        async with on_keyring() as drive:
            await _connect(drive, sandbox)
            await drive.until(lambda: drive.visible("connection.agree"), "the offer")
            assert not keyring.items
            drive.click("connection.agree")
            await drive.answer("Keep it there", word="plain text")
            await drive.until(lambda: bool(keyring.items), "kept")
            await drive.until(lambda: not drive.visible("connection.agree"), "settled")
        async with on_keyring() as drive:
            await drive.until(lambda: _status(drive).startswith("Connected"), "agreed for good")
