"""Presence, frequent values and summaries of columns, over the rows of an order."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from contact_worlds import fold, loaded, relaxed, sort_value, text_of, worlds
from hypothesis import given

from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import Interrupted
from refiner_desktop.datasets.row_set import RowOrder
from refiner_desktop.datasets.summaries import Dates, Numbers, ValueCount, Values


@pytest.fixture(scope="module")
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *values: Any) -> RowOrder:
    contacts.clear()
    items = [{"uuid": str(i), "attributes": {"x": value}} for i, value in enumerate(values)]
    contacts.append(json.dumps({"items": items}).encode())
    return contacts.query()


def test_presence_counts_the_filtered_rows_only(contacts: ContactSet) -> None:
    order = load(contacts, "a", "", None, "b")
    assert contacts.presence(order)["attributes.x"] == 2
    assert contacts.presence(order)["uuid"] == 4
    assert contacts.presence(order.at([1, 3]))["attributes.x"] == 1
    assert set(contacts.presence(order.at([])).values()) == {0}


def test_frequent_values_are_what_an_is_condition_finds(contacts: ContactSet) -> None:
    order = load(contacts, "pro", "Pro", "pro", "free", "", None, "été", "Ete")
    assert contacts.values(order, "attributes.x", limit=2) == Values(
        filled=6, empty=2, distinct=3, frequent=(ValueCount("pro", 3), ValueCount("été", 2))
    )


def test_booleans_are_two_values_however_they_are_written(contacts: ContactSet) -> None:
    order = load(contacts, True, "T", "true", False, None)
    found = contacts.summary(order, "attributes.x")
    assert isinstance(found, Values)
    assert [(value.text, value.rows) for value in found.frequent] == [("true", 3), ("false", 1)]


def test_each_segment_is_counted(contacts: ContactSet) -> None:
    contacts.clear()
    rows = [["a, b"], ["a, b", "c"], []]
    items = [
        {"uuid": str(i), "segments": [{"uuid": n, "name": n} for n in names]}
        for i, names in enumerate(rows)
    ]
    contacts.append(json.dumps({"items": items}).encode())
    found = contacts.values(contacts.query(), "segments")
    assert found == Values(2, 1, 2, (ValueCount("a, b", 2), ValueCount("c", 1)))


def test_one_number_is_one_value_however_it_is_written(contacts: ContactSet) -> None:
    order = load(contacts, "1", "1.0", 1, "2", "10000000000000001", "10000000000000002")
    found = contacts.values(order, "attributes.x")
    assert [(value.text, value.rows) for value in found.frequent] == [
        *(("1", 3), ("10000000000000001", 1), ("10000000000000002", 1), ("2", 1)),
    ]
    for value in found.frequent:
        condition = Condition("attributes.x", Operator.IS, (value.text,))
        assert len(contacts.query(conditions=[condition])) == value.rows


def test_numbers_have_figures_and_round_bins(contacts: ContactSet) -> None:
    order = load(contacts, *range(101), "", None)
    found = contacts.summary(order, "attributes.x")
    assert isinstance(found, Numbers)
    assert (found.filled, found.empty) == (101, 2)
    assert (found.minimum, found.median, found.mean, found.maximum) == (0, 50, 50, 100)
    assert [(b.start, b.end, b.rows) for b in found.bins][:2] == [(0, 5, 5), (5, 10, 5)]
    assert (found.bins[-1].end, found.bins[-1].rows) == (100, 6)


@pytest.mark.parametrize(
    "values", [[7], [7, 7], [0.1, 0.2], [1e40, -1e40], [1e16, 1e16 + 2], [1, 1 + 2e-16], [1e-99]]
)
def test_odd_numbers_still_have_a_histogram(contacts: ContactSet, values: list[float]) -> None:
    found = contacts.summary(load(contacts, *values), "attributes.x")
    assert isinstance(found, Numbers)
    assert sum(b.rows for b in found.bins) == len(values)
    assert 1 <= len(found.bins) <= 30


def test_dates_have_periods_without_gaps(contacts: ContactSet) -> None:
    order = load(contacts, "2026-01-31", "2026-01-02T23:00:00-02:00", "2026-07-01", None)
    found = contacts.summary(order, "attributes.x")
    assert isinstance(found, Dates)
    assert (found.filled, found.empty) == (3, 1)
    assert found.earliest == datetime(2026, 1, 3, 1, tzinfo=UTC)
    assert found.latest == datetime(2026, 7, 1, tzinfo=UTC)
    assert found.unit == "week"
    assert sum(period.rows for period in found.periods) == 3
    assert found.periods[0].rows == 1
    for one, other in zip(found.periods, found.periods[1:], strict=False):
        assert one.end == other.start


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["2026-03-04"], "minute"),
        (["2026-03-04T09:00:00Z", "2026-03-04T12:00:00Z"], "hour"),
        (["2026-03-04", "2028-03-04"], "month"),
        (["0001-01-01", "9999-12-31T23:59:59-14:00"], "millennium"),
        (["0001-01-01T00:00:00+14:00"], "minute"),
    ],
)
def test_periods_suit_the_span(contacts: ContactSet, values: list[str], unit: str) -> None:
    found = contacts.summary(load(contacts, *values), "attributes.x")
    assert isinstance(found, Dates)
    assert found.unit == unit
    assert sum(period.rows for period in found.periods) == len(values)
    assert len(found.periods) <= 60


def test_a_column_without_values_or_not_here_is_empty(contacts: ContactSet) -> None:
    order = load(contacts, "", None)
    for key in ("attributes.x", "attributes.gone", "last_seen_at"):
        assert contacts.summary(order, key) == Values(0, 2, 0, ())


def test_a_count_can_be_interrupted_without_a_search(contacts: ContactSet) -> None:
    order = load(contacts, *(f"é{i * 7919}" for i in range(20_000)))
    outcome: list[Interrupted] = []

    def count() -> None:
        try:
            while True:
                contacts.summary(order, "attributes.x")
        except Interrupted as exc:
            outcome.append(exc)

    thread = threading.Thread(target=count)
    thread.start()
    deadline = time.monotonic() + 10
    while not outcome and time.monotonic() < deadline:
        time.sleep(0.005)
        contacts.interrupt()
        contacts.interrupt_counts()
    thread.join()
    assert contacts.presence(order)["attributes.x"] == 20_000


@relaxed
@given(worlds())
def test_counts_agree_with_python(contacts: ContactSet, pages: list[list[dict[str, Any]]]) -> None:
    expected = loaded(pages, contacts)
    order = contacts.query()
    present = contacts.presence(order)
    for column in contacts.columns():
        cells = [text_of(contact, column.key) for contact in expected if column.key != "segments"]
        filled = [cell for cell in cells if cell]
        assert present[column.key] == len(filled)
        found = contacts.summary(order, column.key)
        assert (found.filled, found.empty) == (len(filled), len(expected) - len(filled))
        if isinstance(found, Numbers):
            assert found.median == statistics.median(map(float, filled))
            assert sum(b.rows for b in found.bins) == len(filled)
        elif isinstance(found, Dates):
            assert found.earliest == min(sort_value("date", cell) for cell in filled)
            assert sum(period.rows for period in found.periods) == len(filled)
        elif column.kind == "text":
            counts = Counter(map(fold, filled))
            assert {fold(value.text): value.rows for value in found.frequent} == counts
            assert found.distinct == len(counts)
