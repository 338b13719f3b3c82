"""The console's history."""

import mmap
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from refiner_desktop.api.exchange import Answer, CallRequest, Timings
from refiner_desktop.storage.database import Database, StorageUnavailable
from refiner_desktop.storage.exchange_rows import ExchangeState
from refiner_desktop.storage.exchange_search import ExchangeSearch
from refiner_desktop.storage.exchanges import FILED_FROM, ExchangeStore

REQUEST = CallRequest(
    "GET",
    "/contacts",
    query=(("page", "1"), ("tags[]", "a"), ("tags[]", "b")),
    headers=(("Accept", "application/json"),),
    body=b"\x00asked",
    without=("user-agent",),
)
ANSWER = Answer(
    status=404,
    reason="Not Found",
    http_version="HTTP/1.1",
    headers=(("X-One", "1"), ("x-one", "2")),
    method="GET",
    url="https://api.example.org/v1/contacts?page=1",
    request_headers=(("Host", "api.example.org"), ("Authorization", "Bearer ••••••••")),
    with_key=True,
    seconds=0.25,
    timings=Timings(connect=0.1, wait=0.1, read=0.05),
    wire_size=12,
    cut="the connection closed after 12 of 20 bytes",
    location="https://api.example.org/v1/elsewhere",
    body=b"\xff\x00",
    request_body=b"\x00asked",
)


@pytest.fixture
def store(database):
    return ExchangeStore(database)


def begin(store, path="/contacts", environment="", asked=b""):
    request = replace(REQUEST, path=path, body=asked, query=())
    return store.begin(request, environment=environment)


def answered(store, body=b"", status=200, path="/contacts", **kept):
    number = begin(store, path, **kept)
    store.finish(number, replace(ANSWER, body=body, status=status))
    return number


def index_all(store):
    while store.index():
        pass


def found(store, limit=99, **search):
    return [row.id for row in store.recent(limit, ExchangeSearch(**search))]


def test_a_call_is_there_before_its_answer(store):
    record = store.get(store.begin(REQUEST))
    assert record.state is ExchangeState.IN_FLIGHT
    assert record.request == REQUEST
    assert (record.answer, record.seconds, record.error, record.pinned) == (None, None, None, False)


def test_an_answer_is_kept_with_everything_about_it(store):
    number = store.begin(REQUEST)
    store.finish(number, ANSWER)
    record = store.get(number)
    assert record.state is ExchangeState.ANSWERED
    assert record.answer == ANSWER
    (row,) = store.recent(9)
    assert (row.status, row.seconds, row.answer_size) == (404, 0.25, 2)


def test_a_failed_call_says_why(store):
    number = begin(store)
    store.fail(number, "The name does not resolve", 0.1)
    assert store.get(number).state is ExchangeState.FAILED
    assert store.recent(1)[0].error == "The name does not resolve"


def test_calls_that_an_earlier_run_left_in_flight_are_interrupted(store, database):
    left, done = begin(store), answered(store)
    later = ExchangeStore(database)
    assert later.get(left).state is ExchangeState.INTERRUPTED
    assert later.get(done).state is ExchangeState.ANSWERED


def test_recent_calls_are_newest_first_and_found_by_text(store):
    first, second, third = begin(store, "/contacts"), begin(store, "/forms"), begin(store, "/CON")
    assert found(store, 2) == [third, second]
    assert found(store, text="con") == [third, first]
    assert found(store, text="%") == []


def test_each_environment_has_a_history_of_its_own(store):
    ours, theirs = (begin(store, "/x", environment=each) for each in ("e-1", "e-2"))
    assert [row.id for row in store.recent(9, environment="e-1")] == [ours]
    assert [row.id for row in store.recent(9, ExchangeSearch("x"), environment="e-2")] == [theirs]
    assert store.recent(9) == []


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "not yet"])
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("ana@example.org", [0]),
        ("ANA@Example", [0]),
        ('"plan":"pro"', [0, 2]),
        ("Größe", [1]),
        ("größe", [1]),
        ("asked", [3]),
        ("after nul", [2]),
        ("nowhere", []),
        ("ana@example.com", []),
        ("examplana", []),
    ],
)
def test_a_text_is_found_in_bodies_of_requests_and_answers(store, indexed, text, places):
    numbers = [
        answered(store, b'{"email":"ana@example.org","plan":"pro"}'),
        answered(store, "Größe".encode()),
        answered(store, b'\x00\xff{"plan":"pro"} after nul'),
        answered(store, asked=b"what was asked for"),
    ]
    if indexed:
        index_all(store)
    assert found(store, text=text) == [numbers[place] for place in reversed(places)]


def test_an_indexed_text_is_gone_with_its_call(store, database):
    gone, stays = answered(store, b"a rare word"), answered(store, b"another word")
    index_all(store)
    store.delete(gone)
    assert found(store, text="rare word") == []
    assert found(store, text="word") == [stays]
    match = "SELECT rowid FROM exchange_text WHERE exchange_text MATCH '\"rar\"'"
    assert database.connection().execute(match).fetchall() == []


def test_what_is_cleared_is_gone_and_what_stays_is_found_again(store):
    stays = answered(store, b"a word", environment="other")
    numbers = [answered(store, b"a word", environment="here") for _ in range(250)]
    store.pin(numbers[3], True)
    index_all(store)
    store.clear("here")
    index_all(store)
    assert [row.id for row in store.recent(9, environment="here")] == [numbers[3]]
    word = ExchangeSearch("a word")
    assert [row.id for row in store.recent(9, word, environment="here")] == [numbers[3]]
    assert [row.id for row in store.recent(9, word, environment="other")] == [stays]


def test_calls_are_found_by_status_time_and_pin(store, database):
    fine, missing, wrong = (answered(store, status=status) for status in (200, 404, 422))
    failed = begin(store)
    store.fail(failed, "No", 0.1)
    store.pin(missing, True)
    assert found(store, status="4xx") == [wrong, missing]
    assert found(store, status="404") == [missing]
    assert found(store, status="2") == [fine]
    assert found(store, status="failed") == [failed]
    assert found(store, status="%") == []
    assert found(store, pinned=True) == [missing]
    with database.transaction() as connection:
        connection.execute("UPDATE exchange SET sent_at = '2026-01-02T03:04:05.000000Z' WHERE id=1")
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert found(store, since=moment, until=moment + second) == [fine]
    assert found(store, until=moment - second) == []
    assert fine not in found(store, since=moment + second)


def test_a_call_can_be_forgotten(store):
    number = begin(store)
    store.delete(number)
    assert store.get(number) is None
    assert found(store) == []


def test_trimming_keeps_the_newest_and_the_pinned(store):
    numbers = [begin(store) for _ in range(6)]
    store.pin(numbers[0], True)
    assert store.trim(7, 100) == 0
    assert store.trim(2, 100) == 3
    assert found(store) == [numbers[5], numbers[4], numbers[0]]


def test_trimming_by_bytes_takes_the_oldest_but_never_the_newest(store):
    numbers = [answered(store, b"x" * size) for size in (10, 60, 30, 200)]
    assert store.trim(99, 250) == 2
    assert found(store) == [numbers[3], numbers[2]]
    assert store.trim(99, 50) == 1
    assert found(store) == [numbers[3]]


def test_a_long_answer_is_a_file_that_goes_with_its_call(store, database):
    body = bytes(range(256)) * (FILED_FROM // 256) + b"!"
    number = answered(store, body)
    (file,) = store.folder.iterdir()
    assert file.read_bytes() == body
    assert store.get(number).answer.body == body
    assert not database.connection().execute("SELECT answer_body FROM exchange_body").fetchall()
    store.delete(number)
    assert list(store.folder.iterdir()) == []


def test_an_answer_of_a_megabyte_is_no_file(store):
    number = answered(store, b"x" * FILED_FROM)
    assert list(store.folder.iterdir()) == []
    assert len(store.get(number).answer.body) == FILED_FROM


def test_an_answer_beyond_64_mb_is_read_from_its_file(store):
    body = b"\x01" * (64 * FILED_FROM + 1)
    number = answered(store, body)
    del body
    tracemalloc.start()
    kept = store.get(number).answer.body
    assert tracemalloc.get_traced_memory()[1] < FILED_FROM
    tracemalloc.stop()
    assert isinstance(kept, mmap.mmap)
    assert (len(kept), kept[-1]) == (64 * FILED_FROM + 1, 1)
    kept.close()


def test_the_beginning_of_a_filed_answer_is_searched(store):
    number = answered(store, b"a needle" + b"x" * FILED_FROM)
    assert found(store, text="needle") == [number]
    index_all(store)
    assert found(store, text="needle") == [number]


def test_files_of_no_call_are_removed_at_the_start(store, database):
    number = answered(store, b"x" * (FILED_FROM + 1))
    (store.folder / "999").write_bytes(b"left by a crash")
    (store.folder / "tmp1234").write_bytes(b"half written")
    ExchangeStore(database)
    assert [path.name for path in store.folder.iterdir()] == [str(number)]


def test_an_answer_whose_file_is_gone_says_so(store):
    number = answered(store, b"x" * (FILED_FROM + 1))
    (store.folder / str(number)).unlink()
    record = store.get(number)
    assert record.lost
    assert (record.answer.status, record.answer.body) == (200, b"")


def test_an_answer_that_can_not_be_filed_is_known_without_its_body(store):
    number = begin(store)
    store.folder.rmdir()
    with pytest.raises(StorageUnavailable):
        store.finish(number, replace(ANSWER, body=b"x" * (FILED_FROM + 1)))
    record = store.get(number)
    assert record.lost
    assert record.state is ExchangeState.ANSWERED


def test_answers_of_a_damaged_database_stay_beside_it(store, database, tmp_path):
    answered(store, b"x" * (FILED_FROM + 1))
    database.close()
    database.path.write_bytes(b"damaged" * 100)
    reopened = Database.open(database.path)
    fresh = ExchangeStore(reopened)
    assert fresh.recent(9) == []
    assert list(fresh.folder.iterdir()) == []
    (aside,) = tmp_path.glob("answers.damaged-*")
    assert len(list(aside.iterdir())) == 1
    reopened.close()


def test_the_application_starts_whatever_else_lies_among_the_answers(store, database):
    (store.folder / "@eaDir").mkdir()
    (store.folder / "12").mkdir()
    (store.folder / "notes.txt").write_text("mine")
    ExchangeStore(database)
    assert {path.name for path in store.folder.iterdir()} == {"@eaDir", "12", "notes.txt"}


@pytest.mark.parametrize(
    "text", ["page_length=2", "contacts?page_length=2", "2&q=x y", "name=größe"]
)
def test_a_call_is_found_by_its_query_as_an_address_has_it(store, text):
    pairs = (("page_length", "2"), ("q", "x y"), ("name", "größe"))
    number = store.begin(CallRequest("GET", "contacts", pairs))
    store.begin(CallRequest("GET", "contacts"))
    (row,) = store.recent(9, ExchangeSearch(text))
    assert (row.id, row.query) == (number, pairs)
