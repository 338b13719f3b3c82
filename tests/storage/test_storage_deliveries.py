"""Deliveries on disk."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow, Gist, Kind, Verdict

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
    store.clear()
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
    assert store.newest(10) == []
    assert store.get(1) is None


def test_the_list_is_newest_first_and_goes_on_where_it_ended(store):
    ids = store.add_many([delivery(received_at=MOMENT + timedelta(seconds=n)) for n in range(25)])
    pages, before = [], None
    while page := store.newest(10, before):
        pages.append(page)
        before = page[-1].id
    assert [row.id for page in pages for row in page] == ids[::-1]


def test_a_list_line_says_the_same_as_the_delivery_it_is_of(store):
    number = store.add(delivery(b"12345"))
    assert store.newest(1) == [DeliveryRow.of(store.get(number))]
    assert store.newest(1)[0].size == 5


def test_the_list_is_narrowed_by_kind_hook_and_verdict(store):
    plain, kind, hook, verdict = store.add_many(
        [
            delivery(),
            delivery(kind=Kind.SEGMENT_ENTERED),
            delivery(hook="Segment entries"),
            delivery(verdict=Verdict.REFUSED),
        ]
    )
    assert [row.id for row in store.newest(9, kind=Kind.SEGMENT_ENTERED)] == [kind]
    assert [row.id for row in store.newest(9, hook="Segment entries")] == [hook]
    assert [row.id for row in store.newest(9, verdict=Verdict.REFUSED)] == [verdict]
    narrowed = store.newest(9, kind=Kind.SURVEY_COMPLETED, verdict=Verdict.ACCEPTED)
    assert [row.id for row in narrowed] == [hook, plain]
    assert [row.id for row in store.newest(9, before_id=hook, hook="Completed surveys")] == [
        kind,
        plain,
    ]


def test_deliveries_of_given_projects_are_left_out_and_counted(store):
    ours, unknown, theirs, others = store.add_many(
        [delivery(project=project) for project in ("p-1", "", "p-2", "p-3")]
    )
    assert store.get(ours).project == "p-1"
    assert [row.id for row in store.newest(9)] == [others, theirs, unknown, ours]
    hidden = frozenset({"p-2", "p-3", 'p"4'})
    assert [row.id for row in store.newest(9, without_projects=hidden)] == [unknown, ours]
    assert [row.id for row in store.newest(9, ours, without_projects=hidden)] == []
    assert [row.id for row in store.newest(9, text="Ana", without_projects=hidden)] == [
        unknown,
        ours,
    ]
    assert (store.count_of(hidden), store.count_of(frozenset())) == (2, 0)


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
    assert [row.id for row in store.newest(9, text=wanted)] == [number]


def test_clearing_frees_the_disk_and_gives_no_id_out_again(store, database):
    last = store.add_many([delivery(b"x" * 50_000)] * 100)[-1]
    store.clear()
    assert store.count() == 0
    assert database.path.stat().st_size < 500_000
    assert store.add(delivery()) > last


def test_a_row_is_only_of_a_kept_delivery():
    with pytest.raises(ValueError, match="kept"):
        DeliveryRow.of(delivery())
