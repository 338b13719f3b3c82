"""Keys go into a keyring and come back; one that is slow, locked or lying is told apart."""

import asyncio
import threading
import time

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from refiner_desktop.secret import Secret
from refiner_desktop.settings.secrets import (
    KeyringLied,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringSilent,
    KeyringStore,
    MemoryStore,
)

pytestmark = pytest.mark.anyio


class FakeKeyring(KeyringBackend):
    """Keeps passwords in a dictionary, as slowly and as honestly as told."""

    priority = 1
    name = "Fake Keyring"

    def __init__(self):
        super().__init__()
        self.items = {}
        self.error = None
        self.seconds = 0.0
        self.thread = None

    def _work(self):
        self.thread = threading.current_thread()
        time.sleep(self.seconds)
        if self.error:
            raise self.error

    def get_password(self, service, username):
        self._work()
        return self.items.get((service, username))

    def set_password(self, service, username, password):
        self._work()
        self.items[service, username] = password

    def delete_password(self, service, username):
        self._work()
        del self.items[service, username]


@pytest.fixture
def backend():
    before = keyring.get_keyring()
    fake = FakeKeyring()
    keyring.set_keyring(fake)
    yield fake
    keyring.set_keyring(before)


@pytest.fixture
def store(backend):
    return KeyringStore(patience=5)


async def test_what_is_saved_comes_back_and_can_be_forgotten(store):
    await store.save("env", Secret("the key"))
    assert await store.load("env") == Secret("the key")
    await store.forget("env")
    assert await store.load("env") is None


async def test_forgetting_what_was_never_kept_is_fine(store):
    await store.forget("env")


async def test_the_place_is_named(store):
    assert await store.place() == "Fake Keyring"


async def test_the_keyring_is_asked_off_the_main_thread(store, backend):
    await store.save("env", Secret("the key"))
    assert backend.thread is not threading.main_thread()
    assert backend.thread.daemon


async def test_a_keyring_that_waits_for_a_person_is_given_up_in_time(backend):
    backend.seconds = 0.5
    store = KeyringStore(patience=0.05)
    started = time.perf_counter()
    with pytest.raises(KeyringSilent):
        await store.load("env")
    assert time.perf_counter() - started < 0.4
    await asyncio.sleep(0.6)  # the thread ends, and its late answer disturbs nobody


async def test_a_locked_keyring_says_so(store, backend):
    backend.error = errors.KeyringLocked("locked")
    with pytest.raises(KeyringLocked):
        await store.load("env")


async def test_any_other_trouble_is_a_keyring_problem_without_the_key(store, backend):
    backend.error = RuntimeError("D-Bus went away")
    with pytest.raises(KeyringProblem) as caught:
        await store.save("env", Secret("the key"))
    assert "the key" not in repr(caught.value)


async def test_a_keyring_that_keeps_something_else_is_caught(store, backend):
    backend.set_password = lambda service, name, _: backend.items.update({(service, name): "other"})
    with pytest.raises(KeyringLied):
        await store.save("env", Secret("the key"))


@pytest.mark.parametrize("backend_class", [null.Keyring, fail.Keyring])
async def test_a_keyring_that_keeps_nothing_is_refused(backend, backend_class):
    keyring.set_keyring(backend_class())
    with pytest.raises(KeyringMissing):
        await KeyringStore().save("env", Secret("the key"))


async def test_memory_keeps_a_secret_for_the_session():
    store = MemoryStore()
    await store.save("env", Secret("the key"))
    assert await store.load("env") == Secret("the key")
    assert await store.place() == "this session only"
    await store.forget("env")
    assert await store.load("env") is None
