"""Contacts in DuckDB: loading, sorting, filtering and reading a window."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import DatasetError, Interrupted, NotAPage, RowGone
from refiner_desktop.datasets.row_set import RowOrder


@pytest.fixture
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def page(*items: Any) -> bytes:
    return json.dumps({"items": items, "pagination": {}}).encode()


def column(contacts: ContactSet, key: str) -> Column:
    return next(column for column in contacts.columns() if column.key == key)


def texts(contacts: ContactSet, key: str, order: RowOrder | None = None) -> list[str | None]:
    order = contacts.query() if order is None else order
    rows = contacts.window(order, 0, len(order), [Column(key, key)])
    return [text for (text,) in rows]


def sorted_by(contacts: ContactSet, key: str, *, descending: bool = False) -> list[str | None]:
    return texts(contacts, key, contacts.query([SortKey(key, descending)]))


def test_a_contact_reads_back_as_the_api_sent_it(contacts: ContactSet) -> None:
    contact = {
        "uuid": "0c6a5b4e-17b1-11f1-9c33-1b2c3d4e5f60",
        "remote_id": "u-1042",
        "email": "ana@example.org",
        "display_name": "",
        "first_seen_at": "2026-02-11T10:03:44.000000Z",
        "last_seen_at": None,
        "attributes": {"plan": "pro", "seats": 12, "seats_text": "12", "beta": True, "tags": ["a"]},
        "segments": [{"uuid": "5a1d", "name": "Beta testers"}],
        "account": {
            "uuid": "0c6c",
            "remote_id": "acme",
            "display_name": "Acme Ltd",
            "domain": None,
            "first_seen_at": None,
            "last_seen_at": None,
            "attributes": {"employees": "40"},
        },
    }
    assert contacts.append(page(contact)) == 1
    assert contacts.row(int(contacts.query().ids[0])) == contact


def test_a_contact_that_comes_twice_is_kept_once_the_newest(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "email": "old"}, {"uuid": "b"}, {"uuid": "a", "email": "x"}))
    contacts.append(page({"uuid": "a", "email": "new"}, {"uuid": "c"}))
    assert len(contacts) == len(contacts.query()) == 3
    assert dict(zip(texts(contacts, "uuid"), texts(contacts, "email"), strict=True)) == {
        "b": None,
        "a": "new",
        "c": None,
    }


def test_contacts_without_a_uuid_are_not_taken_for_one_another(contacts: ContactSet) -> None:
    for _ in range(2):
        contacts.append(page({"email": "a"}, {"email": "a", "uuid": ""}, {"uuid": None}))
    assert len(contacts) == 6


@pytest.mark.parametrize(
    "contact",
    [
        {},
        {"uuid": "a", "attributes": [], "segments": None, "account": None},
        {"uuid": "a", "attributes": None, "segments": {}, "account": []},
        {"uuid": "a", "account": {"attributes": []}},
        {"uuid": 7, "email": 1.5, "attributes": {"": {"x": [None]}}, "segments": ["x", {}]},
    ],
)
def test_odd_shapes_are_taken_as_they_come(contacts: ContactSet, contact: object) -> None:
    assert contacts.append(page(contact, "no contact", None)) == 1
    assert len(contacts) == 1
    assert contacts.row(int(contacts.query().ids[0]))["attributes"] is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b'{"items": [{"uuid": "a"}',
        b"[]",
        b'{"items": 7}',
        b'{"data": []}',
        b"\xff",
    ],
)
def test_what_is_no_page_is_refused_and_adds_nothing(contacts: ContactSet, body: bytes) -> None:
    with pytest.raises(NotAPage):
        contacts.append(body)
    assert len(contacts) == 0


def test_attribute_names_of_any_kind_stay_apart(contacts: ContactSet) -> None:
    names = [
        "plan",
        "Plan",
        "email",
        "n",
        "c0",
        "uuid",
        'a"b',
        "a.b",
        "100%",
        "🦆",
        "",
        " ",
        "a'; --",
    ]
    attributes = {name: f"value of {name}" for name in names}
    contacts.append(page({"uuid": "u", "email": "own", "attributes": attributes}))
    for name in names:
        assert texts(contacts, f"attributes.{name}") == [f"value of {name}"]
    assert texts(contacts, "email") == ["own"]
    assert contacts.row(0)["attributes"] == attributes


def test_a_thousand_attributes_become_columns(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "attributes": {f"k{i}": str(i) for i in range(1_000)}}))
    contacts.append(page({"uuid": "b", "attributes": {"k999": "last"}}))
    keys = [column.key for column in contacts.columns()]
    assert keys.count("attributes.k999") == 1
    assert len(keys) > 1_000
    assert texts(contacts, "attributes.k999") == ["999", "last"]


def test_an_attribute_that_is_always_null_is_no_column(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "attributes": {"unset": None}}))
    assert "attributes.unset" not in [column.key for column in contacts.columns()]
    contacts.append(page({"uuid": "b", "attributes": {"unset": "now"}}))
    assert column(contacts, "attributes.unset").kind == "text"
    assert texts(contacts, "attributes.unset") == [None, "now"]


def test_columns_begin_with_the_contacts_own_and_end_with_repetitions(contacts: ContactSet) -> None:
    attributes = {"email": "e", "plan": "pro"}
    account = {"attributes": {"employees": "40"}}
    contacts.append(page({"uuid": "a", "attributes": attributes, "account": account}))
    keys = [column.key for column in contacts.columns()]
    assert keys[:3] == ["email", "remote_id", "display_name"]
    last = ["attributes.plan", "account.attributes.employees", "attributes.email", "uuid"]
    assert [key for key in keys if key in last] == last


def test_huge_and_binary_texts_survive(contacts: ContactSet) -> None:
    values = ["x" * 100_000, "a\0b", "<b>html</b>", "line\r\nbreak", "é\0é"]
    contacts.append(page(*({"uuid": str(i), "email": v} for i, v in enumerate(values))))
    assert texts(contacts, "email") == values
    order = contacts.query()
    email = [column(contacts, "email")]
    assert contacts.window(order, 0, 1, email, cut=10) == [("x" * 10,)]


def test_text_after_a_nul_is_found(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "email": "é\0Straße"}, {"uuid": "b", "email": "é"}))
    assert texts(contacts, "uuid", contacts.query((), "STRASSE")) == ["a"]
    assert texts(contacts, "uuid", contacts.query((), "STRAß")) == ["a"]


def test_a_stroke_through_a_letter_splits_no_name(contacts: ContactSet) -> None:
    names = ["Lukas", "Łukasz", "Luz", "Øyvind", "Oz", "Đorđe", "Straße", "Strast", "Æsop", "Aff"]
    contacts.append(page(*({"uuid": name, "display_name": name} for name in names)))
    assert sorted_by(contacts, "display_name") == [
        *("Æsop", "Aff", "Đorđe", "Lukas", "Łukasz", "Luz", "Øyvind", "Oz", "Straße", "Strast"),
    ]
    for typed, name in (("lukasz", "Łukasz"), ("oyvind", "Øyvind"), ("dorde", "Đorđe")):
        assert texts(contacts, "uuid", contacts.query((), typed)) == [name]


def test_long_numbers_are_sorted_by_all_their_digits(contacts: ContactSet) -> None:
    ids = [f"1000000000000000{last}" for last in (3, 1, 2, 0)]
    contacts.append(page(*({"uuid": i, "attributes": {"id": i}} for i in [*ids, "7", "-1.5"])))
    assert column(contacts, "attributes.id").kind == "number"
    assert sorted_by(contacts, "attributes.id") == ["-1.5", "7", *sorted(ids)]
    assert sorted_by(contacts, "attributes.id", descending=True)[:2] == sorted(ids)[:1:-1]


BROKEN = [
    rb'{"uuid": "b", "attributes": {"bio": "cut \ud83d", "whole": "\ud83e\udd86 \\ud83d"}}',
    b'{"uuid": "b", "attributes": {"bio": "bad \xff"}}',
    b'{"uuid": "b", "attributes": {"x": 1e400}}',
]


@pytest.mark.parametrize("broken", BROKEN, ids=["surrogate", "bytes", "number"])
def test_a_broken_value_is_mended(contacts: ContactSet, broken: bytes) -> None:
    assert contacts.append(b'{"items": [{"uuid": "a"}, %s, {"uuid": "c"}]}' % broken) == 3
    assert texts(contacts, "uuid") == ["a", "b", "c"]
    attributes = contacts.rows(contacts.query())[1]["attributes"]
    assert attributes in (
        {"bio": "cut \ufffd", "whole": "🦆 \\ud83d"},
        {"bio": "bad \ufffd"},
        {"x": "1e400"},
    )
    assert contacts.unreadable == 0


def test_what_is_no_contact_is_passed_over_and_counted(contacts: ContactSet) -> None:
    endless = b"9" * 10_000
    body = b'{"items": [{"uuid": "a"}, "odd", null, {"uuid": "b", "x": %s}]}' % endless
    assert contacts.append(body) == 1
    assert (texts(contacts, "uuid"), contacts.unreadable) == (["a"], 3)
    contacts.clear()
    assert contacts.unreadable == 0


def test_a_list_that_php_took_for_an_object_is_read(contacts: ContactSet) -> None:
    assert contacts.append(b'{"items": {"0": {"uuid": "a"}, "2": {"uuid": "b"}}}') == 2
    assert contacts.append(b'{"items": null}') == 0
    assert texts(contacts, "uuid") == ["a", "b"]


def test_numbers_sort_as_numbers_until_a_misfit_comes(contacts: ContactSet) -> None:
    values: list[object] = ["10", 9, "-1.5", None, "", "2e3"]
    contacts.append(page(*({"uuid": str(i), "attributes": {"n": v}} for i, v in enumerate(values))))
    key = "attributes.n"
    assert column(contacts, key).kind == "number"
    assert sorted_by(contacts, key)[:4] == ["-1.5", "9", "10", "2e3"]
    assert sorted_by(contacts, key, descending=True)[:4] == ["2e3", "10", "9", "-1.5"]
    contacts.append(page({"uuid": "x", "attributes": {"n": "many"}}))
    assert column(contacts, key).kind == "text"
    assert sorted_by(contacts, key)[:5] == ["-1.5", "10", "2e3", "9", "many"]


def test_dates_of_both_forms_and_zones_sort_by_moment(contacts: ContactSet) -> None:
    early, middle, late = "2026-03-04T09:15:02+02:00", "2026-03-04 08:00:00", "2026-03-04T08:30:00Z"
    contacts.append(page(*({"uuid": v, "last_seen_at": v} for v in (late, early, middle))))
    assert column(contacts, "last_seen_at").kind == "date"
    assert sorted_by(contacts, "last_seen_at") == [early, middle, late]


def test_unix_timestamps_are_dates_under_a_date_like_name_only(contacts: ContactSet) -> None:
    values = ["1772615702", "2026-03-04", "2027-01-01T00:00:00Z"]
    attributes = [{"renewal_date": v, "score": "1772615702"} for v in values]
    contacts.append(page(*({"uuid": str(i), "attributes": a} for i, a in enumerate(attributes))))
    assert column(contacts, "attributes.score").kind == "number"
    assert column(contacts, "attributes.renewal_date").kind == "date"
    assert sorted_by(contacts, "attributes.renewal_date") == [
        "2026-03-04",
        "1772615702",
        "2027-01-01T00:00:00Z",
    ]


def test_text_sorts_as_people_do_with_empty_values_last(contacts: ContactSet) -> None:
    names = ["Zoë", None, "émile", "", "Eva", "zoe", "Emil"]
    contacts.append(page(*({"uuid": str(i), "display_name": v} for i, v in enumerate(names))))
    ascending = ["Emil", "émile", "Eva", "Zoë", "zoe"]
    assert sorted_by(contacts, "display_name")[:5] == ascending
    descending = sorted_by(contacts, "display_name", descending=True)
    assert descending == ["Zoë", "zoe", "Eva", "émile", "Emil", None, ""]


def test_rows_from_before_the_first_accent_are_found_and_sorted_too(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "display_name": "EMIL"}, {"uuid": "b"}))
    contacts.append(page({"uuid": "c", "display_name": "Émil"}))
    contacts.append(page({"uuid": "d", "display_name": "emma"}, {"uuid": "a", "email": "x"}))
    contacts.append(page({"uuid": "e"}))
    assert sorted_by(contacts, "display_name") == ["Émil", "emma", None, None, None]
    assert texts(contacts, "uuid", contacts.query((), "ÊM")) == ["c", "d"]


def test_booleans_and_further_sort_keys(contacts: ContactSet) -> None:
    rows = [(True, "b"), (False, "b"), ("T", "a"), ("false", "a")]
    contacts.append(
        page(*({"uuid": str(i), "attributes": {"on": a, "p": b}} for i, (a, b) in enumerate(rows)))
    )
    order = contacts.query([SortKey("attributes.p"), SortKey("attributes.on", descending=True)])
    assert texts(contacts, "uuid", order) == ["2", "3", "0", "1"]
    assert column(contacts, "attributes.on").kind == "boolean"


def test_filter_takes_percent_and_underscore_literally(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "email": "100%_x"}, {"uuid": "b", "email": "100 x"}))
    assert texts(contacts, "uuid", contacts.query((), "%")) == ["a"]
    assert texts(contacts, "uuid", contacts.query((), "0%_")) == ["a"]


def test_filter_looks_only_into_the_columns_it_is_given(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "email": "Áb", "segments": [{"name": "Beta"}]}))
    email = column(contacts, "email")
    assert len(contacts.query((), "ab beta")) == 1
    assert len(contacts.query((), "ab beta", [email])) == 0
    assert len(contacts.query((), "ab", [email, Column("attributes.gone", "gone")])) == 1
    assert len(contacts.query((), "ab", [])) == 0


def test_unknown_columns_are_passed_over(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a"}))
    order = contacts.query([SortKey("attributes.gone")])
    assert contacts.window(order, 0, 5, [Column("attributes.gone", ""), Column("uuid", "")]) == [
        (None, "a")
    ]


def test_rows_that_were_replaced_or_cleared_leave_empty_places(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a"}, {"uuid": "b"}))
    order = contacts.query()
    contacts.append(page({"uuid": "a"}))
    assert texts(contacts, "uuid", order) == [None, "b"]
    contacts.clear()
    with pytest.raises(RowGone):
        contacts.row(int(order.ids[0]))
    contacts.append(page({"uuid": "c"}, {"uuid": "d"}))
    assert texts(contacts, "uuid", order) == [None, None]
    assert texts(contacts, "uuid") == ["c", "d"]


def test_clear_forgets_attributes(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a", "attributes": {"x": "1"}}))
    contacts.clear()
    assert len(contacts) == 0
    assert "attributes.x" not in [column.key for column in contacts.columns()]


def test_no_file_can_be_reached_and_no_setting_changed(contacts: ContactSet) -> None:
    for sql in (
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY contact TO '/tmp/contacts.csv'",
        "ATTACH '/tmp/contacts.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM contacts",  # a Python variable of ours
    ):
        with pytest.raises(Exception, match=r"Permission|disabled|locked|does not exist|Cannot"):
            contacts._search.execute(sql)


def test_a_running_query_can_be_interrupted(contacts: ContactSet) -> None:
    rows = range(20_000)
    contacts.append(page(*({"uuid": f"u{i}", "display_name": f"É{i * 7919}"} for i in rows)))
    outcome: list[object] = []

    def search() -> None:
        try:
            words = " ".join(f"{i}" for i in range(200))
            while True:
                contacts.query([SortKey("display_name")], words)
        except Interrupted as exc:
            outcome.append(exc)

    thread = threading.Thread(target=search)
    thread.start()
    deadline = time.monotonic() + 10
    while not outcome and time.monotonic() < deadline:
        time.sleep(0.01)
        contacts.interrupt()
    thread.join()
    assert len(outcome) == 1
    assert len(contacts.query((), "é1")) > 0


def test_pages_arrive_while_other_threads_read(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "first", "attributes": {"k0": "1"}}))
    done = threading.Event()
    failures: list[Exception] = []

    def read() -> None:
        try:
            while not done.is_set():
                columns = contacts.columns()
                order = contacts.query([SortKey(columns[-2].key)], "1")
                for row in contacts.window(order, 0, 50, columns):
                    assert len(row) == len(columns)
        except Exception as exc:
            failures.append(exc)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(30):
        items = ({"uuid": f"{number}-{i}", "attributes": {f"k{number}": "é1"}} for i in range(100))
        contacts.append(page(*items))
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(contacts.query((), "E1")) == 3_000


def test_after_close_everything_fails_in_words(contacts: ContactSet) -> None:
    contacts.append(page({"uuid": "a"}))
    order = contacts.query()
    contacts.close()
    contacts.close()
    for call in (
        lambda: contacts.append(page({"uuid": "b"})),
        contacts.query,
        lambda: contacts.window(order, 0, 1, [Column("uuid", "")]),
    ):
        with pytest.raises(DatasetError):
            call()
