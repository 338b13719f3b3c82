"""A regular expression that works for minutes is stopped at once, and finds the same in slices."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from refiner_desktop.datasets import pattern_work
from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import Interrupted
from refiner_desktop.datasets.pattern_work import pattern_size

KEY = "attributes.x"
SLOW = "a[ab]{900}c"


@pytest.fixture
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *values: str) -> None:
    items = [{"uuid": str(i), "attributes": {"x": value}} for i, value in enumerate(values)]
    contacts.append(json.dumps({"items": items}).encode())


@pytest.mark.parametrize(
    "wish",
    [
        {"conditions": [Condition(KEY, Operator.MATCHES, (SLOW,))]},
        {"expert": f"regexp_matches(x, '{SLOW}')"},
        {"expert": f"x ~ '.*{SLOW}.*'"},
    ],
    ids=["condition", "function", "operator"],
)
def test_a_search_through_long_texts_can_be_stopped(
    contacts: ContactSet, wish: dict[str, Any]
) -> None:
    draw = random.Random(1)
    load(contacts, *("".join(draw.choices("ab", k=20_000)) for _ in range(300)))
    outcome: list[Interrupted] = []

    def search() -> None:
        try:
            contacts.query(**wish)
        except Interrupted as exc:
            outcome.append(exc)

    thread = threading.Thread(target=search)
    thread.start()
    time.sleep(0.3)
    stopped = time.monotonic()
    contacts.interrupt()
    thread.join()
    assert outcome
    assert time.monotonic() - stopped < 5
    assert len(contacts.query(conditions=[Condition(KEY, Operator.MATCHES, ("^a",))])) > 0


def test_slices_find_what_is_found_at_once(
    contacts: ContactSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(contacts, *(f"{'x' * (i % 7)}{i * 7919 % 101}" for i in range(200)), "")
    wishes: list[dict[str, Any]] = [
        {"conditions": [Condition(KEY, Operator.MATCHES, ("x{2}.*1",))]},
        {"conditions": [Condition(KEY, Operator.MATCHES, ("x{2}.*1",))], "sort": [SortKey(KEY)]},
        {"expert": "x ~ 'x{3}.*' AND uuid <> '3'", "filter_text": "5"},
        {"conditions": [Condition(KEY, Operator.MATCHES, ("nowhere",))]},
    ]
    at_once = [contacts.query(**wish).ids.tolist() for wish in wishes]
    monkeypatch.setattr(pattern_work, "_WORK", 100)
    assert [contacts.query(**wish).ids.tolist() for wish in wishes] == at_once
    assert at_once[0]
    contacts.remove([str(i) for i in range(201)])
    assert len(contacts.query(**wishes[0])) == 0


def test_closing_does_not_wait_for_a_search_that_nothing_stops(
    contacts: ContactSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refiner_desktop.datasets.row_set.CLOSE_SECONDS", 0.05)
    contacts._search_lock.acquire()
    began = time.monotonic()
    contacts.close()
    assert time.monotonic() - began < 2
    contacts._search_lock.release()


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("foo.*bar", 8, 20),
        ("a[ab]{900}c", 900, 1_000),
        ("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}", 24, 100),
        ("(a[ab]{30}){30}", 900, 5_000),
        ("x{2,}y{,7}", 2, 100),
    ],
)
def test_a_pattern_is_as_large_as_what_it_counts(pattern: str, least: int, most: int) -> None:
    assert least <= pattern_size(pattern) <= most
