"""Days are those of the person, in filters, in words and in figures, as cells show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from refiner_desktop.datasets.cell_format import CellFormat
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.local_time import day_start, offsets
from refiner_desktop.datasets.summaries import Dates, ValueCount

KEY = "attributes.at"
SYDNEY = "Australia/Sydney"
InZone = Callable[[str], None]


@pytest.fixture
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *values: Any) -> None:
    items = [{"uuid": str(i), "attributes": {"at": value}} for i, value in enumerate(values)]
    contacts.append(json.dumps({"items": items}).encode())


def found(contacts: ContactSet, operator: Operator, *values: str) -> list[int]:
    return contacts.query(conditions=[Condition(KEY, operator, values)]).ids.tolist()


def test_a_day_is_the_day_of_the_person(contacts: ContactSet, in_zone: InZone) -> None:
    in_zone(SYDNEY)  # eleven hours ahead in November
    load(contacts, "2026-11-22T13:00:00Z", "2026-11-22T12:59:59Z", "2026-11-23T13:00:00Z")
    assert found(contacts, Operator.IS, "2026-11-23") == [0]
    assert found(contacts, Operator.BEFORE, "2026-11-23") == [1]
    assert found(contacts, Operator.AFTER, "2026-11-23") == [2]
    assert found(contacts, Operator.BETWEEN, "2026-11-23", "2026-11-24") == [0, 2]
    assert found(contacts, Operator.IS, "2026-11-22T13:00:00Z") == [0]


@pytest.mark.parametrize("zone", [SYDNEY, "America/Los_Angeles", "UTC"])
def test_a_plain_day_stays_that_day_in_every_zone(
    contacts: ContactSet, in_zone: InZone, zone: str
) -> None:
    in_zone(zone)
    load(contacts, "2026-11-22", "2026-11-23", "2026-11-24")
    assert found(contacts, Operator.IS, "2026-11-23") == [1]
    assert found(contacts, Operator.BEFORE, "2026-11-23") == [0]
    assert found(contacts, Operator.AFTER, "2026-11-23") == [2]
    assert found(contacts, Operator.BETWEEN, "2026-11-23", "2026-11-30") == [1, 2]
    assert contacts.query((), "11-23").ids.tolist() == [1]


@pytest.mark.parametrize("zone", [SYDNEY, "America/Los_Angeles"])
def test_today_is_among_the_last_days(contacts: ContactSet, in_zone: InZone, zone: str) -> None:
    in_zone(zone)
    today = datetime.now().astimezone().date()
    days = (today + timedelta(days=step) for step in (0, -1, 1))
    load(contacts, *(day.isoformat() for day in days))
    assert found(contacts, Operator.LAST_DAYS, "2") == [0, 1]


def test_a_day_of_summer_time_has_its_own_length(contacts: ContactSet, in_zone: InZone) -> None:
    in_zone("Europe/Berlin")  # 29 March 2026 begins an hour ahead and ends two hours ahead
    load(contacts, "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z")
    assert found(contacts, Operator.IS, "2026-03-29") == [0, 1]
    assert contacts.query((), "2026-03-29").ids.tolist() == [0, 1]
    assert contacts.query((), "23:59").ids.tolist() == [1]


def test_days_are_counted_as_the_condition_finds_them(
    contacts: ContactSet, in_zone: InZone
) -> None:
    in_zone(SYDNEY)
    load(contacts, "2026-11-22T13:00:00Z", "2026-11-23", "2026-11-22T12:00:00Z", None)
    values = contacts.values(contacts.query(), KEY)
    assert values.frequent == (ValueCount("2026-11-23", 2), ValueCount("2026-11-22", 1))
    assert (values.filled, values.empty, values.distinct) == (3, 1, 2)
    for value in values.frequent:
        assert len(found(contacts, Operator.ONE_OF, value.text)) == value.rows


def test_a_summary_has_the_days_of_the_person(contacts: ContactSet, in_zone: InZone) -> None:
    in_zone(SYDNEY)
    load(contacts, "2026-11-22T13:00:00Z", "2026-11-23", "2026-11-30T12:00:00Z")
    summary = contacts.summary(contacts.query(), KEY)
    assert isinstance(summary, Dates)
    assert summary.earliest == summary.periods[0].start == day_start(date(2026, 11, 23))
    assert summary.latest.isoformat() == "2026-11-30T23:00:00+11:00"
    whole = contacts.values(contacts.query(), KEY)
    assert sum(period.rows for period in summary.periods) == whole.filled == 3
    assert summary.periods[0].rows == 2


def test_words_find_dates_as_the_cells_show_them(contacts: ContactSet, in_zone: InZone) -> None:
    in_zone(SYDNEY)
    load(contacts, "2026-11-22T13:05:00Z", "2026-11-22T12:59:59Z", "2026-11-23")
    assert contacts.query((), "2026-11-23").ids.tolist() == [0, 2]
    assert contacts.query((), "2026-11-23 00:05").ids.tolist() == [0]
    assert contacts.query((), "11-22 23:59").ids.tolist() == [1]
    assert contacts.query((), "2026-11-22T13:05:00Z").ids.tolist() == [0]
    assert contacts.query((), "00:00").ids.tolist() == []
    german = CellFormat(day="%d.%m.%y", time="%H.%M")
    assert contacts.query((), "23.11.26 00.05", cell_format=german).ids.tolist() == [0]
    assert contacts.query((), "2026", cell_format=german).ids.tolist() == []


def test_words_find_yes_and_no_as_the_cells_show_them(contacts: ContactSet) -> None:
    load(contacts, True, "T", "false", None)
    assert contacts.query((), "yes").ids.tolist() == [0, 1]
    assert contacts.query((), "NO").ids.tolist() == [2]
    spanish = CellFormat(yes="Sí")
    assert contacts.query((), "si", cell_format=spanish).ids.tolist() == [0, 1]


def test_dates_of_all_ages_are_filtered_and_searched(contacts: ContactSet, in_zone: InZone) -> None:
    in_zone(SYDNEY)
    load(contacts, "0001-01-01", "9999-12-31T23:59:59Z", "2026-11-23", "0001-01-01T00:00:00+14:00")
    assert contacts.query((), "2026-11-23").ids.tolist() == [2]
    assert found(contacts, Operator.BEFORE, "1000-01-01") == [0, 3]
    assert found(contacts, Operator.AFTER, "9999-12-30") == [1]
    assert contacts.values(contacts.query(), KEY).filled == 4


def test_the_clocks_are_known_to_the_minute(in_zone: InZone) -> None:
    in_zone("Europe/Berlin")
    first, last = (
        datetime.fromisoformat(f"2026-{month}-01T00:00:00+00:00") for month in ("01", "12")
    )
    changes = [(str(until)[:16], ahead.seconds // 3_600) for until, ahead in offsets(first, last)]
    assert changes[:2] == [("2026-03-29 01:00", 1), ("2026-10-25 01:00", 2)]
    assert changes[2][1] == 1
