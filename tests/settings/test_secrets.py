"""Keys go into a keyring and come back; one that is slow, locked or lying is told apart."""

import asyncio
import base64
import subprocess
import sys
import threading
import time
import traceback
from urllib.parse import quote

import keyring
import pytest
from fake_keyring import ExposingKeyring, FakeKeyring, installed
from keyring.backends import fail, null

from refiner_desktop.secret import Secret
from refiner_desktop.settings.keyring_store import KeyringStore
from refiner_desktop.settings.secrets import (
    KeyringDismissed,
    KeyringExposes,
    KeyringLied,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringSilent,
    KeyringTooLarge,
    MemoryStore,
)

pytestmark = pytest.mark.anyio

KEY = "the/key+of a person"
ITEM = ("Refiner Desktop", "env")


@pytest.fixture
def backend():
    with installed(FakeKeyring()) as fake:
        yield fake


@pytest.fixture
def store(backend):
    return KeyringStore(patience=5)


async def test_what_is_saved_comes_back_and_can_be_forgotten(store, backend):
    await store.save("env", Secret(KEY))
    assert await store.load("env") == Secret(KEY)
    await store.forget("env")
    assert await store.load("env") is None
    assert backend.items == {}


async def test_forgetting_what_was_never_kept_is_fine(store):
    await store.forget("env")


async def test_the_place_is_named(store):
    assert await store.place() == "Fake Keyring"


async def test_a_key_that_is_kept_already_is_not_written_again(store, backend):
    await store.save("env", Secret(KEY))
    backend.calls.clear()
    await store.save("env", Secret(KEY))
    assert backend.calls == [("get", "env")]


async def test_the_keyring_is_asked_off_the_main_thread(store, backend):
    await store.save("env", Secret(KEY))
    assert threading.main_thread() not in backend.threads
    assert all(thread.daemon for thread in backend.threads)


def test_the_keyring_library_is_not_imported_with_the_store():
    code = "import sys, refiner_desktop.settings.secrets; sys.exit('keyring' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


PROBLEMS = [
    (FakeKeyring.locked, KeyringLocked),
    (FakeKeyring.dismissed, KeyringDismissed),
    (FakeKeyring.failing, KeyringProblem),
    (lambda: FakeKeyring(room=5), KeyringTooLarge),
    (lambda: FakeKeyring(lies=True), KeyringLied),
    (lambda: FakeKeyring(drops=True), KeyringLied),
    (ExposingKeyring, KeyringExposes),
]


@pytest.mark.parametrize(("make", "problem"), PROBLEMS)
async def test_each_failing_keyring_is_told_apart_and_named(make, problem):
    with installed(make()) as fake:
        with pytest.raises(KeyringProblem) as caught:
            await KeyringStore(patience=5).save("env", Secret(KEY))
        assert type(caught.value) is problem
        assert caught.value.place == fake.name
        assert fake.items == {}


@pytest.mark.parametrize("backend_class", [null.Keyring, fail.Keyring])
async def test_a_keyring_that_keeps_nothing_is_refused_in_spite_of_any_agreement(backend_class):
    store = KeyringStore(agreed=["", backend_class.name])
    with installed(backend_class()):
        for call in (store.save("env", Secret(KEY)), store.load("env"), store.place()):
            with pytest.raises(KeyringMissing):
                await call


async def test_a_keyring_that_exposes_secrets_is_used_once_the_person_agreed():
    store = KeyringStore(patience=5)
    with installed(ExposingKeyring()) as fake:
        with pytest.raises(KeyringExposes) as caught:
            await store.load("env")
        assert fake.calls == []
        store.agree_to(caught.value.place)
        await store.save("env", Secret(KEY))
        assert fake.items == {ITEM: KEY}
        assert await KeyringStore(agreed=[fake.name]).load("env") == Secret(KEY)


async def test_an_agreement_holds_for_its_place_only(store, backend):
    store.agree_to("the file /tmp/open.cfg")
    with installed(ExposingKeyring()), pytest.raises(KeyringExposes):
        await store.save("env", Secret(KEY))


async def test_a_forgotten_key_that_stays_is_a_lie(store, backend):
    backend.items[ITEM] = KEY
    backend.delete_password = lambda service, name: None
    with pytest.raises(KeyringLied):
        await store.forget("env")


async def test_a_keyring_that_drops_a_new_key_leaves_the_one_before(store, backend):
    backend.items[ITEM] = "the key before"
    backend.drops = True
    with pytest.raises(KeyringLied):
        await store.save("env", Secret(KEY))
    assert backend.items == {ITEM: "the key before"}


async def test_every_copy_of_a_forgotten_key_is_removed(store, backend):
    copies = [KEY, "an older key"]
    backend.get_password = lambda service, name: copies[0] if copies else None
    backend.delete_password = lambda service, name: copies.pop()
    await store.forget("env")
    assert copies == []


async def test_a_keyring_that_does_not_answer_is_given_up_in_time(store, backend):
    await store.place()
    backend.seconds = 10
    hasty = KeyringStore(patience=0.05)
    started = time.perf_counter()
    with pytest.raises(KeyringSilent) as caught:
        await hasty.load("env")
    assert time.perf_counter() - started < 1
    assert caught.value.place == "Fake Keyring"


async def _given_up(store, backend, call):
    """Cancel a call while the keyring hangs in it, and return how long that took."""
    backend.seconds = 10
    before = len(backend.calls)
    task = asyncio.create_task(call)
    while len(backend.calls) == before:
        await asyncio.sleep(0.005)
    started = time.perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.perf_counter() - started


async def test_a_cancelled_call_returns_at_once_and_holds_up_no_later_one(store, backend):
    assert await _given_up(store, backend, store.load("env")) < 2
    backend.seconds = 0
    assert await store.load("env") is None


async def test_a_late_answer_to_a_cancelled_call_changes_nothing(store, backend):
    backend.items[ITEM] = "the key before"
    await _given_up(store, backend, store.save("env", Secret(KEY)))
    await _given_up(store, backend, store.forget("env"))
    backend.answer()
    for thread in backend.threads:
        await asyncio.to_thread(thread.join)
    assert backend.items == {ITEM: "the key before"}
    assert {verb for verb, _ in backend.calls} == {"get"}


async def test_a_late_answer_after_the_loop_closed_disturbs_nobody(backend):
    def start_and_leave():
        loop = asyncio.new_event_loop()
        loop.run_until_complete(_given_up(KeyringStore(), backend, KeyringStore().load("env")))
        loop.close()

    await asyncio.to_thread(start_and_leave)
    backend.answer()
    backend.threads[0].join()  # an error in the thread would fail this test


async def test_calls_of_one_store_take_turns(store, backend):
    backend.seconds = 0.01
    names = ["one", "two", "three"]
    await asyncio.gather(*(store.save(name, Secret(f"key of {name}")) for name in names))
    steps = ("get", "set", "get")
    assert backend.calls == [(step, name) for name in names for step in steps]


WRITTEN = [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode()]


@pytest.mark.parametrize("make", [make for make, _ in PROBLEMS])
async def test_no_problem_carries_the_key(make):
    with installed(make()) as fake:
        if fake.error:
            fake.error = _talkative(fake.error)
        with pytest.raises(KeyringProblem) as caught:
            await KeyringStore(patience=5).save("env", Secret(KEY))
    assert not any(form in _everything_about(caught.value) for form in WRITTEN)


def _talkative(error):
    return lambda: type(error())(f"{error()} {WRITTEN}")


def _everything_about(error):
    """Return what the most talkative report would show: the whole chain, with all locals."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = traceback.walk_tb(error.__traceback__)
    values = [repr(value) for frame, _ in frames for value in frame.f_locals.values()]
    assert error.__cause__ is None
    return "".join([*report.format(), repr(error), repr(error.args), *values])


async def test_memory_keeps_a_secret_for_the_session():
    store = MemoryStore()
    await store.save("env", Secret(KEY))
    assert await store.load("env") == Secret(KEY)
    assert await store.place() == "this session only"
    await store.forget("env")
    assert await store.load("env") is None


async def test_a_fake_leaves_the_former_keyring_in_place(backend):
    with installed(FakeKeyring.locked()):
        pass
    assert keyring.get_keyring() is backend
