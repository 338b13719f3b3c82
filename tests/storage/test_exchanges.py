"""The console's history."""

import pytest

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.exchanges import ExchangeState, ExchangeStore


@pytest.fixture
def database(tmp_path):
    database = Database.open(tmp_path / "refiner.db")
    yield database
    database.close()


@pytest.fixture
def store(database):
    return ExchangeStore(database)


def begin(store, path="/contacts", method="GET"):
    return store.begin(
        method,
        path,
        query=(("page", "1"), ("tags[]", "a"), ("tags[]", "b")),
        headers=(("Accept", "application/json"),),
        body=b"\x00asked",
    )


def test_a_call_is_there_before_its_answer(store):
    number = begin(store)
    record = store.get(number)
    assert record.state is ExchangeState.IN_FLIGHT
    assert record.query == (("page", "1"), ("tags[]", "a"), ("tags[]", "b"))
    assert record.headers == (("Accept", "application/json"),)
    assert record.body == b"\x00asked"
    assert (record.status, record.seconds, record.error) == (None, None, None)


def test_an_answer_is_added_to_its_call(store):
    number = begin(store)
    store.finish(number, status=404, headers=(("X", "y"),), body=b"\xff", seconds=0.25)
    record = store.get(number)
    assert record.state is ExchangeState.ANSWERED
    assert (record.status, record.seconds) == (404, 0.25)
    assert (record.answer_headers, record.answer_body) == ((("X", "y"),), b"\xff")


def test_a_failed_call_says_why(store):
    number = begin(store)
    store.fail(number, "The name does not resolve", 0.1)
    assert store.get(number).state is ExchangeState.FAILED
    assert store.recent(1)[0].error == "The name does not resolve"


def test_calls_that_an_earlier_run_left_in_flight_are_interrupted(store, database):
    left, answered = begin(store), begin(store)
    store.finish(answered, status=200, headers=(), body=b"", seconds=0.1)
    later = ExchangeStore(database)
    assert later.get(left).state is ExchangeState.INTERRUPTED
    assert later.get(answered).state is ExchangeState.ANSWERED


def test_recent_calls_are_newest_first_and_found_by_text(store):
    first, second, third = begin(store, "/contacts"), begin(store, "/forms"), begin(store, "/CON")
    assert [row.id for row in store.recent(2)] == [third, second]
    assert [row.id for row in store.recent(9, "con")] == [third, first]
    assert [row.id for row in store.recent(9, "%")] == []


def test_each_environment_has_a_history_of_its_own(store):
    ours, theirs = (store.begin("GET", "/x", environment=each) for each in ("e-1", "e-2"))
    assert [row.id for row in store.recent(9, environment="e-1")] == [ours]
    assert [row.id for row in store.recent(9, "x", environment="e-2")] == [theirs]
    assert store.recent(9) == []


def test_a_call_can_be_forgotten(store):
    number = begin(store)
    store.delete(number)
    assert store.get(number) is None
    assert store.recent(9) == []


def test_trimming_keeps_the_newest(store):
    numbers = [begin(store) for _ in range(5)]
    assert store.trim(7) == 0
    assert store.trim(2) == 3
    assert [row.id for row in store.recent(9)] == numbers[:2:-1]
    assert store.trim(0) == 2
