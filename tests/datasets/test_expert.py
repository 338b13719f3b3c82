"""The expert filter: names, mistakes, and no way out of the expression."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from contact_worlds import NAMES, loaded, relaxed, text_of, uuids, worlds
from hypothesis import example, given
from hypothesis import strategies as st

from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import DatasetError, FilterInvalid, Interrupted, OutOfMemory
from refiner_desktop.datasets.expert import MAX_LENGTH
from refiner_desktop.datasets.sql_names import OWN_NAMES, folded_name


@pytest.fixture(scope="module")
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *attributes: object, **own: object) -> None:
    contacts.clear()
    items = [{"uuid": str(i), **own, "attributes": a} for i, a in enumerate(attributes)]
    contacts.append(json.dumps({"items": items}).encode())


@pytest.fixture
def people(contacts: ContactSet) -> ContactSet:
    load(
        contacts,
        {"plan": "pro", "seats": "12", "beta": True, "seen_at": "2026-03-04T09:15:00+02:00"},
        {"plan": "Pro", "seats": 9.5, "beta": "F", "seen_at": "2026-03-01"},
        {"plan": "", "seats": None},
        [],
        email="ana@example.org",
    )
    return contacts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plan = 'pro' AND seats > 10", "0"),
        ("plan ILIKE 'PRO'", "0 1"),
        ("seats BETWEEN 9 AND 10 OR plan = ''", "1 2"),
        ("beta", "0"),
        ("NOT beta", "1"),
        ("seen_at < TIMESTAMPTZ '2026-03-04T07:15:01Z'", "0 1"),
        ("seen_at < now() - INTERVAL 7 DAY OR seen_at > current_date - 100000", "0 1"),
        ("year(seen_at) = 2026 AND extract(day FROM seen_at) = 4", "0"),
        ("seats IS NULL -- and no more", "2 3"),
        ("CASE WHEN seats > 10 THEN false ELSE email LIKE '%@example.org' END", "1 2 3"),
        ("plan IN ('pro', '') /* of all */", "0 2"),
        ("coalesce(seats, 0) // 2 = 6", "0"),
        ("PLAN || '!' = 'pro!'", "0"),
        ("regexp_matches(plan, '^p')", "0"),
        ("try_cast(plan AS INTEGER) IS NULL", "0 1 2 3"),
        ("email = 'a' OR 1 = 1", "0 1 2 3"),
        ("split_part(email, '@', 2) = 'example.org'", "0 1 2 3"),
        ("  ", "0 1 2 3"),
    ],
)
def test_conditions_in_sql(people: ContactSet, text: str, expected: str) -> None:
    assert people.check_expert(text) is None
    assert " ".join(map(str, uuids(people, expert=text))) == expected


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("plan = 'pro' AND nme = 1", "nme = 1"),
        ("email = 'ünï🦆' AND nme = 1", "nme = 1"),
        ("plan = ", "= "),
        ("plan == 'x' )", ")"),
        ("plan = 'unfinished", "'unfinished"),
        ("plan\n+ 1 = 2", "+ 1 = 2"),
        ("a.b = 1", "a.b = 1"),
        ("seen_at > 'soon'", "'soon'"),
        ("plan = 'a' AND lower(plan, plan)", "lower(plan, plan)"),
        ("plan = 'a' AND getenv('HOME') = ''", "getenv('HOME') = ''"),
        ("plan", None),
        ("seats + 1", None),
        ("x" * (MAX_LENGTH + 1), None),
        ("plan = 'a\0'", "\0'"),
        ("plan = '\ud800'", "\ud800'"),
    ],
)
def test_a_mistake_is_marked_where_it_is(people: ContactSet, text: str, marked: str | None) -> None:
    mistake = people.check_expert(text)
    assert mistake is not None
    assert mistake.sentence.endswith(".")
    assert "\n" not in mistake.sentence
    assert (None if mistake.position is None else text[mistake.position :]) == marked
    with pytest.raises(FilterInvalid):
        people.query(expert=text)
    assert len(people.query()) == 4


def test_what_only_a_cell_shows_comes_when_the_rows_are_read(people: ContactSet) -> None:
    assert people.check_expert("plan::INTEGER = 1") is None
    with pytest.raises(FilterInvalid, match="Could not convert"):
        people.query(expert="plan::INTEGER = 1")
    assert len(people.query(expert="plan = 'pro'")) == 1


ATTACKS = """
1=1; DROP TABLE contact
1=1); DROP TABLE contact; --
1=1) OR (1=1
1=1 /*
1=1)) UNION SELECT n FROM contact; --
true UNION SELECT true
true FROM contact
true AS x
true x
true, true
true WHERE true
true LIMIT 1
true ORDER BY 1
true GROUP BY ALL
true QUALIFY true
true USING SAMPLE 1
DISTINCT true
ALL true
ON (true) true
*
* = 1
COLUMNS('.*') = 'a'
contact.* = 1
contact = 1
n = 1
c0 = 'a'
literals = ''
segment_list = ''
rowid = 1
contact.rowid = 1
main.contact.n = 1
#1 = 1
$1 = 'a'
$x = 'a'
? = 'a'
(SELECT true)
EXISTS (SELECT 1)
email IN (SELECT email FROM contact)
email = ANY (SELECT 'a')
email = (TABLE contact)
email = (VALUES ('a'))
1 = (WITH RECURSIVE t AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t)
ARRAY(SELECT 1) IS NULL
(FROM read_text('/etc/passwd')) IS NULL
(DELETE FROM contact RETURNING n) = 1
(COPY contact TO '/tmp/x') = 1
COPY contact TO '/tmp/x'
ATTACH '/tmp/x'
INSTALL httpfs
LOAD httpfs
SET threads = 1
PRAGMA database_list
CALL pragma_version()
SELECT true
VALUES (true)
CREATE TABLE x (a INT)
PREPARE p AS SELECT 1
EXECUTE p
EXPLAIN SELECT 1
read_text('/etc/passwd') = ''
glob('*') = ''
getenv('HOME') = ''
getvariable('x') = 1
current_setting('home_directory') = ''
system.main.getenv('HOME') = ''
"getenv"('HOME') = ''
main.getenv('HOME') = ''
'HOME'.getenv() = ''
current_user = ''
current_schema() = ''
current_catalog = ''
current_query() = ''
user = ''
session_user = ''
version() = ''
duckdb_settings() = ''
pragma_version() = ''
nextval('s') = 1
currval('s') = 1
txid_current() = 1
setseed(0.5) IS NULL
random() > 0.5
uuid() = gen_random_uuid()
write_log('x') = ''
query('SELECT 1') = ''
query_table('contact') = ''
parse_duckdb_log_message('x', 'y') IS NULL
json_execute_serialized_sql('x') = ''
json_serialize_sql('SELECT 1') = ''
icu_sort_key(email, 'de') = ''
in_search_path('a', 'b')
pg_typeof(email) = ''
getbit(email::BIT, 1) = 1
repeat(email, 1000000000) = ''
repeat('x', 9223372036854775807) = ''
rpad(email, 1000000000, 'x') = ''
lpad(email, 1000000000, 'x') = ''
replace(email, 'a', 'aaaaaaaaaaaaaaaaaaaa') = ''
regexp_replace(email, '', 'aaaaaaaaa', 'g') = ''
array_to_string(range(100000000), ',') = ''
len(range(100000000)) = 1
len(generate_series(1, 100000000)) = 1
list_sum(range(100000000)) = 1
[1, 2] = [1]
{'a': 1} = {'a': 1}
MAP {'a': 1} IS NULL
list_transform([1], x -> x) IS NULL
[x FOR x IN [1]] IS NULL
email[1] = 'a'
(email, plan) = ('a', 'b')
unnest([true])
count(*) > 1
sum(seats) > 1
sum(seats) OVER () > 1
row_number() OVER () > 1
count(*) FILTER (true) > 1
string_agg(email) = ''
lower(DISTINCT email) = ''
lower(email ORDER BY email) = ''
levenshtein(email, plan) > 1
format('{:>1000000000}', 'x') = ''
printf('%1000000000d', 1) = ''
strftime(now(), '%A') = ''
bar(1, 0, 1, 1000000000) = ''
170! > 1
factorial(100000) > 1
email::JSON = '{}'
email::BLOB = ''
email::INTEGER[] IS NULL
email::STRUCT(a INT) IS NULL
email::regclass IS NULL
CAST(email AS main.VARCHAR) = ''
DEFAULT
GROUPING(email) = 1
email = ALL (SELECT 1)
INTERVAL (SELECT 1) DAY IS NULL
email COLLATE nosuch = 'a'
""".strip().splitlines()


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_an_expression_over_the_columns_is_taken(
    people: ContactSet, attack: str
) -> None:
    assert isinstance(people.check_expert(attack), FilterInvalid)
    with pytest.raises(FilterInvalid):
        people.query(expert=attack)
    assert len(people.query()) == 4


PIECES = [
    "(", ")", "'", '"', "--", "/*", "*/", ";", ",", "\n", " ", "$$", "$1", "?", "\\", "E'", "x'",
    "SELECT", "FROM contact", "UNION", "AND", "OR", "NOT", "true", "1", "=", "email", "plan", "n",
    "||", "::", "INT", "CASE", "WHEN", "END", "IN", "BETWEEN", "[", "]", "{", "}", ":", "->", ".",
    "lower(", "WHERE", "DROP TABLE contact", "é", "🦆", "AS x", "WITH", "LIMIT 1", "COLLATE",
]  # fmt: skip


@relaxed
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=20))
@example("(" * 5_000)
@example("-" * 5_000 + "1 = 1")
@example("NOT " * 4_000 + "true")
@example("NOT " * 900 + "true")
@example("true AND " * 2_000 + "true")
@example("1" + "+1" * 900 + " = 1")
@example("1" + "+1" * 5_000 + " = 1")
@example("lower(" * 900 + "plan" + ")" * 900 + " = ''")
@example("CASE WHEN true THEN " * 400 + "true" + " END" * 400)
def test_whatever_is_typed_only_chooses_among_the_rows(contacts: ContactSet, text: str) -> None:
    load(contacts, {"plan": "pro"}, {"plan": "free"})
    checked = contacts.check_expert(text)
    try:
        wanted = uuids(contacts, expert=text)
    except FilterInvalid:
        pass
    else:
        assert checked is None
        assert set(wanted) <= {"0", "1"}
        # Whatever it is, it stands for itself in a larger condition.
        assert uuids(contacts, filter_text="pro", expert=text) == [u for u in wanted if u == "0"]
    assert len(contacts.query()) == 2


def test_names_are_readable_typed_and_never_the_same(contacts: ContactSet) -> None:
    names = [
        "plan", "Plan", "PLAN", "plan_2", "email", "attribute_email", "name", "user_id", "n", "c0",
        "a b", 'q"uote', "a.b", "100%", "🦆", "É", "é", "", "a\0b", "\x1fn", "select", "order",
        "current_date", "now", "account_id", "interval",
    ]  # fmt: skip
    contacts.clear()
    attributes = {name: f"value of {name}" for name in names}
    account = {"attributes": {"id": "1", "size": "9", "": "x"}}
    contact = {"uuid": "u", "attributes": attributes, "account": account}
    contacts.append(json.dumps({"items": [contact]}).encode())
    named = {name.key: name for name in contacts.sql_names()}
    assert {key: named[key].name for key in OWN_NAMES} == OWN_NAMES
    assert len({folded_name(name.name) for name in named.values()}) == len(named)
    assert named["attributes.email"].name == "attribute_email_2"
    assert named["attributes.a b"].sql == '"a b"'
    assert named["attributes.select"].sql == '"select"'
    assert named["account.attributes.size"].name == "account_size"
    assert named["account.attributes.id"].name == "account_attribute_id"
    assert [named[f"attributes.{name}"].name for name in ("PLAN", "Plan", "plan")] == [
        "PLAN", "Plan_3", "plan_4",
    ]  # fmt: skip
    for name in names:
        sql = named[f"attributes.{name}"].sql
        text = f"{sql} = 'value of {name}'".replace("\0b'", "' || chr(0) || 'b'")
        if "\0" not in name:
            assert contacts.check_expert(text) is None, text
            assert uuids(contacts, expert=text) == ["u"]
    assert uuids(contacts, expert="account_size = 9") == ["u"]


def test_a_name_does_not_depend_on_which_column_came_first(contacts: ContactSet) -> None:
    found = []
    for names in (("plan", "Plan", "name"), ("name", "Plan", "plan")):
        load(contacts, *({name: "x"} for name in names))
        found.append({name.key: name.sql for name in contacts.sql_names()})
    assert found[0] == found[1]


def test_every_keyword_can_be_a_name(contacts: ContactSet) -> None:
    rows = contacts._search.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()
    load(contacts, {word: "yes" for (word,) in rows})
    named = contacts.sql_names()
    assert len(named) > len(rows)
    for name in named:
        if name.key.startswith("attributes."):
            assert contacts.check_expert(f"{name.sql} = 'yes'") is None, name.sql


@relaxed
@given(worlds(), st.sampled_from(NAMES), st.data())
def test_equality_agrees_with_python(
    contacts: ContactSet, pages: list[list[dict[str, Any]]], name: str, data: st.DataObject
) -> None:
    expected = loaded(pages, contacts)
    key = f"attributes.{name}"
    named = {n.key: n for n in contacts.sql_names()}
    if key not in named or named[key].kind != "text":
        return
    cells = {contact["uuid"]: text_of(contact, key) for contact in expected}
    value = data.draw(st.sampled_from([*filter(None, cells.values()), "x"]))
    if "\0" in value:
        return
    text = f"{named[key].sql} = '{value.replace(chr(39), chr(39) * 2)}'"
    assert uuids(contacts, expert=text) == [u for u, cell in cells.items() if cell == value]


def test_checking_does_not_wait_for_rows_that_are_being_read(people: ContactSet) -> None:
    with people._search_lock, people._counts_lock:
        assert people.check_expert("plan = 'pro'") is None


def test_a_long_condition_can_be_interrupted(contacts: ContactSet) -> None:
    contacts.clear()
    for page in range(20):
        items = [{"uuid": f"{page}-{i}", "email": "a" * 500} for i in range(2_000)]
        contacts.append(json.dumps({"items": items}).encode())
    slow = " AND ".join(f"regexp_matches(email, '(a|aa)*{i}?$')" for i in range(200))
    outcome: list[DatasetError] = []

    def search() -> None:
        try:
            contacts.query(expert=slow)
        except DatasetError as exc:
            outcome.append(exc)

    thread = threading.Thread(target=search)
    thread.start()
    started = time.monotonic()
    while thread.is_alive() and time.monotonic() - started < 10:
        time.sleep(0.01)
        contacts.interrupt()
    thread.join()
    assert isinstance(outcome[0], Interrupted)


def test_texts_beyond_all_memory_are_refused_before_they_are_built(contacts: ContactSet) -> None:
    load(contacts, *({"note": "x" * 100_000} for _ in range(200)))
    greedy = " || ".join(["note"] * 200) + " = 'x'"
    with pytest.raises(OutOfMemory):
        contacts.query(expert=greedy)
    assert len(contacts.query(expert="lower(note) || note <> 'x'")) == 200


@pytest.mark.parametrize(
    "text",
    [
        "email LIKE 'a' ESCAPE 'bb'",
        "timezone(email, seen_at)::VARCHAR = 'a'",
        "email::DATE > current_date",
        "regexp_matches(email, '^' || repeat_me)",
        "date_part(email, seen_at) > 1",
    ],
)
def test_a_mistake_that_only_a_cell_shows_is_one_of_the_condition(
    people: ContactSet, text: str
) -> None:
    load(people, {"seen_at": "2026-03-04T09:15:00Z", "repeat_me": "("}, email="ana@example.org")
    assert people.check_expert(text) is None
    with pytest.raises(FilterInvalid) as caught:
        people.query(expert=text)
    assert caught.value.key is None
    assert caught.value.sentence.endswith(".")
    assert len(people.query()) == 1
