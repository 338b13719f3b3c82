"""Conditions on columns agree with plain Python, and mistakes in them are told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contact_worlds import ALPHABET, fold, loaded, relaxed, sort_value, text_of, uuids, worlds
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.conditions import Condition, Operator, operators
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.values import is_number, parse_date

KEY = "attributes.x"


@pytest.fixture(scope="module")
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *values: Any, name: str = "x") -> None:
    contacts.clear()
    items = [{"uuid": str(i), "attributes": {name: value}} for i, value in enumerate(values)]
    contacts.append(json.dumps({"items": items}).encode())


def found(contacts: ContactSet, operator: Operator, *values: str, key: str = KEY) -> str:
    """Return the places of the rows that hold, as one text."""
    rows = uuids(contacts, conditions=[Condition(key, operator, values)])
    return " ".join(str(row) for row in rows)


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        (Operator.IS, ("PRO",), "0 1"),
        (Operator.IS, ("",), "4 5"),
        (Operator.IS_NOT, ("pro",), "2 3 4 5"),
        (Operator.ONE_OF, ("pro", "", "100%"), "0 1 3 4 5"),
        (Operator.ONE_OF, (), ""),
        (Operator.CONTAINS, ("ré",), "2"),
        (Operator.CONTAINS, ("%",), "3"),
        (Operator.CONTAINS_NOT, ("r",), "3 4 5"),
        (Operator.STARTS_WITH, ("fre",), "2"),
        (Operator.MATCHES, ("^p.o$",), "0"),
        (Operator.MATCHES, ("(?-i)p|1",), "0 3"),
        (Operator.EMPTY, (), "4 5"),
        (Operator.NOT_EMPTY, (), "0 1 2 3"),
        (Operator.GREATER, ("1",), ""),
    ],
)
def test_texts(
    contacts: ContactSet, operator: Operator, values: tuple[str, ...], expected: str
) -> None:
    load(contacts, "pro", "PRÓ", "Frée", "100%", "", None)
    assert found(contacts, operator, *values) == expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        (Operator.IS, ("9",), "1 2"),
        (Operator.IS_NOT, ("9.0",), "0 3 4"),
        (Operator.GREATER, ("9",), "0"),
        (Operator.AT_LEAST, ("9",), "0 1 2"),
        (Operator.LESS, ("0",), "3"),
        (Operator.AT_MOST, ("9",), "1 2 3"),
        (Operator.BETWEEN, ("20", "9"), "0 1 2"),
        (Operator.ONE_OF, ("10", ""), "0 4"),
        (Operator.CONTAINS, ("0",), "0 2"),
    ],
)
def test_numbers(
    contacts: ContactSet, operator: Operator, values: tuple[str, ...], expected: str
) -> None:
    load(contacts, "10", 9, "9.0", "-1.5", None)
    assert found(contacts, operator, *values) == expected


def test_long_ids_are_told_apart_by_their_last_digit(contacts: ContactSet) -> None:
    load(contacts, "9007199254740992", "9007199254740993", "7")
    assert found(contacts, Operator.IS, "9007199254740993") == "1"
    assert found(contacts, Operator.ONE_OF, "9007199254740993", "7") == "1 2"


def test_numbers_are_still_compared_after_a_misfit_came(contacts: ContactSet) -> None:
    load(contacts, "10", "9", "many", "inf", "1_000", "")
    assert found(contacts, Operator.GREATER, "9") == "0"


def test_booleans_are_one_however_they_are_written(contacts: ContactSet) -> None:
    load(contacts, True, "T", "false", None)
    assert found(contacts, Operator.IS, "true") == "0 1"
    assert found(contacts, Operator.IS_NOT, "T") == "2 3"


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        (Operator.IS, ("2026-03-04",), "0 1"),
        (Operator.IS, ("2026-03-04T07:15:00Z",), "1"),
        (Operator.IS_NOT, ("2026-03-04",), "2 3 4"),
        (Operator.BEFORE, ("2026-03-04",), "2"),
        (Operator.AFTER, ("2026-03-04",), "3"),
        (Operator.AFTER, ("2026-03-04T07:14:59Z",), "1 3"),
        (Operator.BETWEEN, ("2026-03-05", "2026-03-04"), "0 1 3"),
        (Operator.BEFORE, ("9999-12-31",), "0 1 2 3"),
    ],
)
def test_dates(
    contacts: ContactSet, operator: Operator, values: tuple[str, ...], expected: str
) -> None:
    moments = "2026-03-04", "2026-03-04T09:15:00+02:00", "2026-03-03T23:59:59Z", "2026-03-05"
    load(contacts, *moments, None)
    assert found(contacts, operator, *values) == expected


def test_the_last_days_end_now(contacts: ContactSet) -> None:
    now = datetime.now(UTC)
    load(contacts, *((now - timedelta(days=days)).isoformat() for days in (0.5, 6.9, 7.1, -1)))
    assert found(contacts, Operator.LAST_DAYS, "7") == "0 1"
    assert found(contacts, Operator.LAST_DAYS, "1e9") == "0 1 2"


def test_unix_times_are_dates_under_a_date_like_name(contacts: ContactSet) -> None:
    load(contacts, "1772615702", "2026-03-05", name="trial_at")
    assert found(contacts, Operator.BEFORE, "2026-03-05", key="attributes.trial_at") == "0"


def test_a_segment_whose_name_holds_commas_is_no_other(contacts: ContactSet) -> None:
    contacts.clear()
    names = [["Trial, Beta, EU"], ["Béta"], ["Beta", "x"], []]
    items = [
        {"uuid": str(i), "segments": [{"uuid": n, "name": n} for n in each]}
        for i, each in enumerate(names)
    ]
    contacts.append(json.dumps({"items": items}).encode())
    assert found(contacts, Operator.IS, "beta", key="segments") == "1 2"
    assert found(contacts, Operator.IS, "Trial, Beta, EU", key="segments") == "0"
    assert found(contacts, Operator.IS_NOT, "Beta", key="segments") == "0 3"
    assert found(contacts, Operator.ONE_OF, "x", "", key="segments") == "2 3"


def test_long_numbers_are_compared_by_all_their_digits(contacts: ContactSet) -> None:
    load(contacts, *(f"1000000000000000{last}" for last in range(4)), "7")
    two = "10000000000000002"
    assert found(contacts, Operator.GREATER, two) == "3"
    assert found(contacts, Operator.AT_MOST, two) == "0 1 2 4"
    assert found(contacts, Operator.BETWEEN, two, "10000000000000001") == "1 2"
    assert found(contacts, Operator.GREATER, "6") == "0 1 2 3 4"


def test_a_segment_is_asked_for_by_its_whole_name(contacts: ContactSet) -> None:
    contacts.clear()
    names = [["Beta"], ["Beta testers", "Été"], []]
    items = [
        {"uuid": str(i), "segments": [{"uuid": n, "name": n} for n in row]}
        for i, row in enumerate(names)
    ]
    contacts.append(json.dumps({"items": items}).encode())
    assert found(contacts, Operator.IS, "beta", key="segments") == "0"
    assert found(contacts, Operator.ONE_OF, "ete", "beta", key="segments") == "0 1"
    assert found(contacts, Operator.IS_NOT, "ete", key="segments") == "0 2"


def test_a_column_that_is_not_here_is_empty_in_every_row(contacts: ContactSet) -> None:
    load(contacts, "a", "b")
    for operator, expected in [
        (Operator.EMPTY, "0 1"),
        (Operator.IS_NOT, "0 1"),
        (Operator.IS, ""),
        (Operator.GREATER, ""),
    ]:
        values = () if operator is Operator.EMPTY else ("7",)
        assert found(contacts, operator, *values, key="attributes.gone") == expected


def test_all_conditions_and_all_words_must_hold(contacts: ContactSet) -> None:
    load(contacts, "a b", "a", "b")
    contains = Condition(KEY, Operator.CONTAINS, ("b",))
    not_b = Condition(KEY, Operator.IS_NOT, ("b",))
    assert uuids(contacts, filter_text="b", conditions=[contains, not_b], expert="x > ''") == ["0"]


@pytest.mark.parametrize(
    ("values", "operator", "typed"),
    [
        (["1"], Operator.IS, ["one"]),
        (["1"], Operator.GREATER, ["nan"]),
        (["1"], Operator.GREATER, ["1_0"]),
        (["1"], Operator.GREATER, []),
        (["1"], Operator.BETWEEN, ["1"]),
        (["1"], Operator.LAST_DAYS, ["-1"]),
        (["true"], Operator.IS, ["yes"]),
        (["2026-03-04"], Operator.BEFORE, ["2026-02-30"]),
        (["a"], Operator.MATCHES, ["("]),
        (["a"], Operator.MATCHES, ["a{99999}"]),
    ],
)
def test_a_value_that_cannot_be_read_is_told_with_its_column(
    contacts: ContactSet, values: list[str], operator: Operator, typed: list[str]
) -> None:
    load(contacts, *values)
    with pytest.raises(FilterInvalid) as caught:
        found(contacts, operator, *typed)
    assert caught.value.key == KEY
    assert caught.value.sentence.endswith(".")
    assert len(contacts.query()) == 1


def test_sql_in_a_value_is_a_value(contacts: ContactSet) -> None:
    typed = "'); DROP TABLE contact; --"
    load(contacts, typed, "b")
    for operator in (Operator.IS, Operator.CONTAINS, Operator.STARTS_WITH):
        assert found(contacts, operator, typed) == "0"


def test_every_kind_offers_what_it_can_answer() -> None:
    kinds: list[Kind] = ["text", "number", "boolean", "date"]
    offered = {kind: operators(kind) for kind in kinds}
    assert set().union(*offered.values()) == set(Operator)
    assert all(len(set(of_kind)) == len(of_kind) for of_kind in offered.values())


def holds(condition: Condition, kind: Kind, text: str) -> bool:
    """Answer for a text that is not empty, in plain Python."""
    value = condition.values[0]
    match condition.operator:
        case Operator.CONTAINS:
            return fold(value) in fold(text)
        case Operator.CONTAINS_NOT:
            return fold(value) not in fold(text)
        case Operator.STARTS_WITH:
            return fold(text).startswith(fold(value))
        case Operator.MATCHES:
            return re.search(re.escape(value), text, re.ASCII | re.IGNORECASE) is not None
        case Operator.IS:
            return same(kind, text, value)
        case Operator.IS_NOT:
            return not same(kind, text, value)
    return (
        is_number(text)
        and {
            Operator.GREATER: float(text) > float(value),
            Operator.AT_LEAST: float(text) >= float(value),
            Operator.LESS: float(text) < float(value),
            Operator.AT_MOST: float(text) <= float(value),
        }[condition.operator]
    )


def same(kind: Kind, text: str, value: str) -> bool:
    if kind == "date" and len(value) == len("2026-03-04"):
        return bool(sort_value(kind, text).date() == parse_date(value))
    return bool(sort_value(kind, text) == sort_value(kind, value))


@relaxed
@given(worlds(), st.data())
def test_conditions_agree_with_python(
    contacts: ContactSet, pages: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    expected = loaded(pages, contacts)
    for column in contacts.columns():
        if not column.key.startswith(("attributes.", "display_name")):
            continue
        cells = [text_of(contact, column.key) or "" for contact in expected]
        if not any(cells):
            continue
        values = st.sampled_from(sorted({cell for cell in cells if cell}))
        operator = data.draw(
            st.sampled_from(
                [
                    Operator.IS,
                    Operator.IS_NOT,
                    Operator.CONTAINS,
                    Operator.CONTAINS_NOT,
                    Operator.STARTS_WITH,
                    Operator.GREATER,
                    Operator.AT_LEAST,
                    Operator.LESS,
                    Operator.AT_MOST,
                ]
            )
        )
        if operator in (Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST):
            values = st.integers(-50, 50).map(str)
        elif operator not in (Operator.IS, Operator.IS_NOT):
            values = st.text(ALPHABET.replace("\0", ""), min_size=1, max_size=2)
        condition = Condition(column.key, operator, (data.draw(values),))
        negated = operator in (Operator.IS_NOT, Operator.CONTAINS_NOT)
        assert uuids(contacts, conditions=[condition]) == [
            contact["uuid"]
            for contact, cell in zip(expected, cells, strict=True)
            if (holds(condition, column.kind, cell) if cell else negated)
        ]
