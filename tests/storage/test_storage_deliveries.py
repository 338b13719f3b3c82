"""Deliveries on disk."""

import dataclasses
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from refiner_desktop.storage.database import Database, StorageUnavailable
from refiner_desktop.storage.deliveries import DeliveryStore, Kept
from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.storage.forwards import Errand, Forward, ForwardStore
from refiner_desktop.storage.schema import STEPS
from refiner_desktop.storage.tally import Shelf
from refiner_desktop.webhooks.delivery import Delivery, Gist, Kind, Origin, Verdict

MOMENT = datetime(2026, 11, 23, 10, 15, 0, 120_000, tzinfo=UTC)


def delivery(body=b"{}", **changes):
    plain = Delivery(
        "Completed surveys",
        MOMENT,
        "POST",
        "/hooks/completed-surveys?a=1",
        (("Host", "127.0.0.1"), ("X-Twice", "1"), ("x-twice", "2")),
        body,
        Kind.SURVEY_COMPLETED,
        Verdict.ACCEPTED,
        answer=200,
        peer="127.0.0.1:50000",
        seconds=0.002,
        hook_id="completed-surveys",
        gist=Gist("NPS March", "Ana Example", 9, "Ana Example completed NPS March: 9, promoter"),
    )
    return replace(plain, **changes)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    database = Database.open(tmp_path_factory.mktemp("deliveries") / "refiner.db")
    yield database
    database.close()


@pytest.fixture
def store(database):
    store = DeliveryStore(database)
    store.delete(store.ids())
    return store


def test_a_delivery_comes_back_as_it_went_in(store):
    number = store.add(delivery(b"\x00\xff{"))
    assert store.get(number) == delivery(b"\x00\xff{", id=number)


headers = st.lists(
    st.tuples(*[st.text(st.characters(min_codepoint=0, max_codepoint=255))] * 2)
).map(tuple)


@settings(max_examples=50)
@given(body=st.binary(max_size=20_000), headers=headers, moment=st.datetimes())
def test_any_bytes_and_headers_come_back_as_they_went_in(database, body, headers, moment):
    store = DeliveryStore(database)
    kept = delivery(body, headers=headers, received_at=moment.replace(tzinfo=UTC))
    number = store.add(kept)
    assert store.get(number) == replace(kept, id=number)


def test_moments_are_written_as_utc_whatever_their_zone(store, database):
    elsewhere = MOMENT.astimezone(tz=datetime.now().astimezone().tzinfo)
    store.add(delivery(received_at=elsewhere))
    (text,) = database.connection().execute("SELECT received_at FROM delivery").fetchone()
    assert text == "2026-11-23T10:15:00.120000Z"


def test_ids_of_a_batch_are_in_its_order(store):
    bodies = [str(number).encode() for number in range(1200)]
    ids = store.add_many([delivery(body) for body in bodies])
    assert len(set(ids)) == len(ids) == store.count()
    assert [store.get(ids[place]).body for place in (0, 499, 500, 1199)] == [
        bodies[place] for place in (0, 499, 500, 1199)
    ]


def test_no_deliveries_are_no_trouble(store):
    assert store.add_many([]) == []
    assert store.search() == []
    assert list(store.ids()) == []
    assert store.get(1) is None


def test_the_list_is_newest_first_and_goes_on_where_it_ended(store):
    ids = store.add_many([delivery(received_at=MOMENT + timedelta(seconds=n)) for n in range(25)])
    pages, before = [], None
    while page := store.search(limit=10, before_id=before):
        pages.append(page)
        before = page[-1].id
    assert [row.id for page in pages for row in page] == ids[::-1]
    assert [row.id for row in store.search(after_id=ids[-3])] == [ids[-1], ids[-2]]


def test_ids_and_windows_of_rows_say_the_same_as_the_list(store):
    store.add_many([delivery(str(n).encode()) for n in range(1300)])
    ids = store.ids()
    assert list(ids) == [row.id for row in store.search(limit=2000)]
    assert store.rows(ids) == store.search(limit=2000)
    assert [row.id for row in store.rows(ids[100:103])] == list(ids[100:103])
    assert store.rows([0, 999_999_999]) == []


def test_a_list_line_says_the_same_as_the_delivery_it_is_of(store):
    number = store.add(
        delivery(b"12345", origin=Origin.REPLAY, replay_of=7, edited=True, pinned=True, project="p")
    )
    row, whole = store.search()[0], store.get(number)
    assert row.size == 5
    assert (row.origin, row.edited, row.pinned, row.passed_on) == (Origin.REPLAY, True, True, None)
    assert whole.replay_of == 7
    shared = set(row.__struct_fields__) & set(whole.__struct_fields__)
    assert {name: getattr(row, name) for name in shared} == {
        name: getattr(whole, name) for name in shared
    }


def found(store, *, among, **terms):
    ids = list(store.ids(Search(**terms)))
    assert store.count(Search(**terms)) == len(ids)
    return {name for name, number in among.items() if number in ids}


def test_every_term_of_a_search_narrows_it(store):
    early = MOMENT - timedelta(days=2)
    deliveries = {
        "plain": delivery(),
        "kind": delivery(kind=Kind.SEGMENT_ENTERED),
        "hook": delivery(hook="Segment entries", hook_id="h-2"),
        "none": delivery(hook="", hook_id=""),
        "refused": delivery(verdict=Verdict.REFUSED),
        "user": delivery(gist=Gist(user="Bo Sample", score=3, person="bo sample")),
        "early": delivery(received_at=early, gist=Gist(score=None)),
        "pinned": delivery(pinned=True, origin=Origin.SAMPLE),
    }
    ids = dict(zip(deliveries, store.add_many(list(deliveries.values())), strict=True))
    everything = set(deliveries)
    assert found(store, among=ids) == everything
    assert found(store, among=ids, kinds=frozenset({Kind.SEGMENT_ENTERED})) == {"kind"}
    hooks = frozenset({"h-2", ""})
    assert found(store, among=ids, hooks=hooks) == {"hook", "none"}
    assert found(store, among=ids, verdict=Verdict.REFUSED) == {"refused"}
    assert found(store, among=ids, user="bo s") == {"user"}
    assert found(store, among=ids, lowest_score=9) == everything - {"user", "early"}
    assert found(store, among=ids, highest_score=8) == {"user"}
    assert found(store, among=ids, until=early) == {"early"}
    assert found(store, among=ids, since=MOMENT) == everything - {"early"}
    assert found(store, among=ids, pinned=True) == {"pinned"}
    assert found(store, among=ids, origins=frozenset({Origin.SAMPLE})) == {"pinned"}
    assert found(store, among=ids, verdict=Verdict.ACCEPTED, hooks=frozenset({""})) == {"none"}
    but = (Search(user="bo"), Search(lowest_score=9))
    assert found(store, among=ids, without=but) == {"early"}


def test_deliveries_of_given_projects_are_left_out(store):
    ours, unknown, _, _ = store.add_many(
        [delivery(project=project) for project in ("p-1", "", "p-2", "p-3")]
    )
    assert store.get(ours).project == "p-1"
    hidden = Search(without_projects=frozenset({"p-2", "p-3", 'p"4'}))
    assert list(store.ids(hidden)) == [unknown, ours]
    assert store.count(Search(without=(hidden,))) == 2


def test_a_repeat_is_marked_also_within_a_batch_and_after_a_restart(store, database):
    first, second = store.add_many([delivery(repeat_key="a"), delivery(repeat_key="a")])
    other, none, also_none = store.add_many(
        [delivery(repeat_key="b"), delivery(), delivery(repeat_key="")]
    )
    again = DeliveryStore(database)
    third = again.add(delivery(repeat_key="b"))
    marked = {row.id: row.seen_before for row in store.search()}
    assert [marked[each] for each in (first, second, other, none, also_none, third)] == [
        False, True, False, False, False, True,
    ]  # fmt: skip
    assert list(store.ids(Search(seen_before=True))) == [third, second]
    store.delete(store.ids())
    assert not store.get(store.add(delivery(repeat_key="a"))).seen_before


def test_a_batch_that_was_not_kept_makes_no_later_one_a_repeat(store, database):
    with pytest.raises(StorageUnavailable), no_room(database):
        store.add_many([delivery(b"x" * 500_000, repeat_key="c")])
    assert not store.get(store.add(delivery(repeat_key="c"))).seen_before


@pytest.mark.parametrize("text", ["needle", "NEEDLE", "100%", "a_b", "back\\slash"])
@pytest.mark.parametrize("place", ["body", "headers", "path", "gist"])
def test_text_is_found_literally_wherever_it_is(store, text, place):
    holders = {
        "body": {"body": f'{{"a": "<{text}>"}}'.encode()},
        "headers": {"headers": (("X", f"<{text.replace(chr(92), '')}>"),)},
        "path": {"path": f"/hooks/{text}"},
        "gist": {"gist": Gist(user=f"<{text}>")},
    }
    wanted = text.replace("\\", "") if place == "headers" else text  # JSON doubles a backslash
    store.add(delivery(b"100 aXb needl"))
    number = store.add(delivery(**holders[place]))
    assert list(store.ids(Search(texts=(wanted,)))) == [number]
    assert list(store.ids(Search(texts=(wanted, "nowhere to be found")))) == []


@contextmanager
def no_room(database):
    """Let the file grow no further for a while: SQLite then says that the disk is full."""
    connection = database.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    try:
        yield
    finally:
        connection.execute("PRAGMA max_page_count = 4294967294").fetchall()


def test_a_full_disk_is_said_and_leaves_nothing_half_written(store, database):
    store.add(delivery(b"before"))
    with pytest.raises(StorageUnavailable, match="full"), no_room(database):
        store.add_many([delivery(b"small"), delivery(b"x" * 1_000_000)])
    assert [store.get(each).body for each in store.ids()] == [b"before"]
    assert store.get(store.add(delivery(b"after"))).body == b"after"


def test_clearing_frees_the_disk_and_gives_no_id_out_again(store, database):
    last = store.add_many([delivery(b"x" * 50_000)] * 100)[-1]
    store.delete(store.ids())
    assert store.count() == 0
    assert database.path.stat().st_size < 500_000
    assert store.add(delivery()) > last


def test_it_tells_how_much_is_kept_and_pinned(store):
    _, pinned = store.add_many([delivery(b"12"), delivery(b"345")])
    store.pin([pinned], True)
    assert store.kept() == Kept(2, 5, 1)
    store.pin([pinned], False)
    assert store.kept() == Kept(2, 5, 0)


def test_deleting_takes_those_that_were_named(store):
    ids = store.add_many([delivery() for _ in range(1200)])
    store.delete(ids[:1100])
    assert list(store.ids()) == ids[:1099:-1]


def test_trimming_keeps_the_newest_within_all_limits_and_what_is_pinned(store):
    old = MOMENT - timedelta(days=40)
    plain = delivery(b"x" * 8, path="/", headers=())  # 11 bytes: its headers are written `[]`
    pinned, aged, *fresh = store.add_many(
        [
            replace(plain, received_at=old, pinned=True),
            replace(plain, received_at=old),
            *[plain for _ in range(8)],
        ]
    )
    assert store.trim(100, 1000) == []
    assert store.trim(100, 1000, MOMENT - timedelta(days=30)) == [aged]
    assert aged not in store.ids()
    assert len(store.trim(6, 1000)) == 2
    assert len(store.trim(6, 50)) == 2
    assert list(store.ids()) == [*fresh[:3:-1], pinned]
    assert len(store.trim(6, 5)) == 3
    assert list(store.ids()) == [fresh[-1], pinned]


def test_headers_and_paths_count_for_the_room_that_is_taken(store):
    big = delivery(headers=(("X", "h" * 500),), path=f"/{'p' * 500}")
    ids = store.add_many([big] * 5)
    assert len(store.trim(100, 3500)) == 2
    assert list(store.ids()) == ids[:1:-1]


def test_refused_requests_have_a_tenth_of_the_room_and_push_no_genuine_one_out(store):
    genuine = store.add_many([delivery()] * 5)
    refused = store.add_many([delivery(verdict=Verdict.REFUSED)] * 60)
    assert len(store.trim(100, 1_000_000)) == 50
    assert list(store.ids()) == [*refused[:49:-1], *genuine[::-1]]
    assert len(store.trim(5, 1_000_000)) == 9
    assert list(store.ids()) == [refused[-1], *genuine[::-1]]


def test_what_was_no_request_pushes_neither_a_genuine_nor_a_refused_one_out(store):
    genuine = store.add_many([delivery()] * 20)
    refused = store.add_many([delivery(verdict=Verdict.REFUSED)] * 9)
    noise = store.add_many([delivery(method="", path="", verdict=Verdict.REFUSED)] * 700)
    assert len(store.trim(100_000, 10**9)) == 500
    assert list(store.ids()) == [*noise[:499:-1], *refused[::-1], *genuine[::-1]]
    assert len(store.trim(300, 10**9)) == 197
    assert list(store.ids()) == [*noise[:696:-1], *refused[::-1], *genuine[::-1]]


def test_what_a_trim_goes_by_stays_true_whatever_happens_to_deliveries(store, database):
    kinds = [delivery(b"12"), delivery(b"345", verdict=Verdict.REFUSED), delivery(method="")]
    ids = store.add_many([*kinds * 5, delivery(b"6", pinned=True)])
    store.pin([ids[0], ids[1], ids[-1], 999], True)
    store.pin([ids[0], ids[-1]], False)
    store.delete([ids[1], ids[3], ids[4], ids[-1]])
    store.add(delivery(path="/other", headers=(("X", "\xe9"),)))
    store.trim(3, 10**9)
    afresh = DeliveryStore(database)
    for shelf in Shelf:
        assert store._tally.of(shelf) == afresh._tally.of(shelf)


@pytest.mark.parametrize("kept", [1000, 4000])
def test_a_trim_walks_over_none_of_what_stays(store, database, kept):
    oldest = store.add_many([delivery()] * 3)
    store.add_many([delivery()] * kept)
    store.add(delivery(verdict=Verdict.REFUSED))
    steps = []
    connection = database.connection()
    connection.set_progress_handler(lambda: steps.append(1), 1)
    assert store.beyond(kept + 3, 10**9) == []
    assert store.beyond(kept, 10**9, MOMENT - timedelta(days=30)) == oldest[::-1]
    connection.set_progress_handler(None, 0)
    assert 0 < len(steps) < 400


def test_only_what_was_accepted_and_is_still_kept_makes_another_one_seen_before(store):
    def seen(**changes):
        return store.get(store.add(delivery(repeat_key="r-1", **changes))).seen_before

    assert not seen(verdict=Verdict.REFUSED)
    assert not seen()
    assert seen()
    assert not seen(verdict=Verdict.REFUSED)
    oldest = store.ids(Search(verdict=Verdict.ACCEPTED))[-1]
    store.delete([oldest])
    assert seen()  # the second one is still there
    store.delete(store.ids())
    assert not seen()
    store.delete(store.ids())
    assert not seen()
    store.add_many([delivery()] * 3)
    store.trim(1, 10**9)
    assert not seen()


def test_what_was_seen_is_known_again_after_a_restart(store, database):
    store.add(delivery(repeat_key="r-1"))
    store.add(delivery(repeat_key="r-2", verdict=Verdict.REFUSED))
    again = DeliveryStore(database)
    again.open()
    ids = again.add_many([delivery(repeat_key="r-1"), delivery(repeat_key="r-2")])
    assert [again.get(each).seen_before for each in ids] == [True, False]


def test_a_proof_writes_to_the_file_and_leaves_nothing(store, database):
    before = database.connection().total_changes
    number = store.add(delivery())
    store.prove()
    assert database.connection().total_changes == before + 3
    assert list(store.ids()) == [number]
    assert store.add(delivery()) == number + 1


def test_a_full_disk_cannot_be_proved(store, database):
    store.add(delivery(b"x" * 9000))
    with pytest.raises(StorageUnavailable, match="full"), no_room(database):
        store.prove()


def test_attempts_to_send_a_delivery_go_with_it(store, database):
    forwards = ForwardStore(database)
    number = store.add(delivery())
    failed = Forward(number, "http://127.0.0.1:3000/", MOMENT, seconds=0.1, error="No connection")
    done = Forward(number, "http://127.0.0.1:3000/", MOMENT, attempt=2, status=204, seconds=0.02)
    replay = Forward(number, "http://x/", MOMENT, Errand.REPLAY, edited=True, status=500)
    forwards.add(failed)
    assert store.search()[0].passed_on == 0
    ids = [forwards.add(each) for each in (done, replay)]
    assert store.search()[0].passed_on == 204
    kept = forwards.of(number)
    assert [dataclasses.replace(each, id=None) for each in kept] == [failed, done, replay]
    assert [each.id for each in kept[1:]] == ids
    store.delete([number])
    assert forwards.of(number) == []
    assert forwards.add(done) is None


def test_deliveries_of_an_earlier_version_are_all_there_and_ids_go_on(tmp_path, monkeypatch):
    path = tmp_path / "refiner.db"
    now = next(n for n, step in enumerate(STEPS) if "delivery ADD COLUMN size" in step)
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:now])
    before = Database.open(path)
    for body in (b"1", b"22", b"333"):
        before.connection().execute(
            "INSERT INTO delivery (hook, received_at, method, path, headers, kind, verdict, body,"
            " subject, project)"
            " VALUES ('H', ?, 'POST', '/', '[]', 'other', 'refused', ?, 's', 'p')",
            ("2026-11-23T10:15:00.120000Z", body),
        )
    before.connection().execute("DELETE FROM delivery WHERE id = 3")
    before.close()
    monkeypatch.undo()
    database = Database.open(path)
    store = DeliveryStore(database)
    assert [(row.id, row.size, row.gist.subject, row.project) for row in store.search()] == [
        (2, 2, "s", "p"),
        (1, 1, "s", "p"),
    ]
    assert store.get(2).body == b"22"
    assert store.add(delivery()) == 4
    database.close()


def test_ids_begin_at_one_after_an_earlier_version_that_kept_nothing(tmp_path, monkeypatch):
    now = next(n for n, step in enumerate(STEPS) if "delivery ADD COLUMN size" in step)
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:now])
    Database.open(tmp_path / "refiner.db").close()
    monkeypatch.undo()
    database = Database.open(tmp_path / "refiner.db")
    assert [DeliveryStore(database).add(delivery()) for _ in range(2)] == [1, 2]
    database.close()


def test_what_waits_to_be_passed_on_is_in_the_file(store, database):
    forwards = ForwardStore(database)
    first, other, _ = store.add_many(
        [delivery(waits=True), delivery(waits=True, hook_id="h-2"), delivery()]
    )
    assert forwards.waiting() == [(first, "completed-surveys"), (other, "h-2")]
    assert [row.waits for row in store.search()] == [False, True, True]
    forwards.add(Forward(first, "http://x/", MOMENT, status=500, attempts_left=1))
    assert (store.get(first).waits, store.search(Search(not_taken=True))) == (True, [])
    forwards.add(Forward(first, "http://x/", MOMENT, attempt=2, status=500))
    assert not store.get(first).waits
    assert [row.id for row in store.search(Search(not_taken=True))] == [first]
    assert forwards.renew("h-2") == 0
    assert forwards.renew() == 1
    assert forwards.drop("h-2") == 1
    assert list(store.ids(Search(waits=True))) == [first]
    assert forwards.drop() == 1


def test_answers_of_receivers_come_back_as_they_were(store, database):
    forwards = ForwardStore(database)
    number = store.add(delivery())
    answered = Forward(
        number,
        "http://x/",
        MOMENT,
        status=422,
        headers=(("X-Why", "a"), ("x-why", "b")),
        body=b"\xff",
    )
    forwards.add(answered)
    assert dataclasses.replace(forwards.of(number)[0], id=None) == answered


def test_hooks_that_have_deliveries_are_known_by_their_newest_names(store):
    store.add_many([delivery(hook=name, hook_id="h-1") for name in ("Old", "New")])
    store.add_many([delivery(hook="", hook_id=""), delivery(hook="Before ids", hook_id="")])
    assert set(store.hooks()) == {("h-1", "New"), ("Before ids", "Before ids")}


def test_deliveries_of_before_hooks_had_ids_are_found_by_name_user_and_attempt(
    tmp_path, monkeypatch
):
    path = tmp_path / "refiner.db"
    now = next(n for n, step in enumerate(STEPS) if "delivery_anew" in step)
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:now])
    before = Database.open(path)
    for kind, body in (
        ("survey_completed", b'{"email": "Ana@x.org", "uuid": "c-1"}'),
        ("other", b"{"),
    ):
        before.connection().execute(
            "INSERT INTO delivery (hook, received_at, method, path, headers, kind, verdict, body,"
            " user, pinned, passed_on)"
            " VALUES ('NPS', ?, 'POST', '/', '[]', ?, 'accepted', ?, 'Ana', 1, 500)",
            ("2026-11-23T10:15:00.120000Z", kind, body),
        )
    before.connection().execute(
        "INSERT INTO forward (delivery, url, sent_at, errand, attempt, edited, status, seconds,"
        " error) VALUES (1, 'http://x/', '2026-11-23T10:15:00Z', 'forward', 1, 0, 500, 0, '')"
    )
    before.close()
    monkeypatch.undo()
    database = Database.open(path)
    store = DeliveryStore(database)
    assert list(store.ids(Search(hooks=frozenset({"NPS"})))) == [2, 1]
    assert list(store.ids(Search(user="ana@X.org"))) == list(store.ids(Search(user="c-1"))) == [1]
    assert store.get(1).gist.uuid == "c-1"
    assert list(store.ids(Search(pinned=True, not_taken=True))) == [2, 1]
    assert ForwardStore(database).of(1)[0].status == 500
    assert store.add(delivery()) == 3
    store.delete([1])
    assert ForwardStore(database).of(1) == []
    database.close()
