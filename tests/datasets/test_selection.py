"""Rows that were chosen are still found when newer ones have taken their place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.exports.formats import FORMATS, Format


@pytest.fixture
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *uuids: str, **fields: Any) -> None:
    items = [{"uuid": uuid, **fields} for uuid in uuids]
    contacts.append(json.dumps({"items": items}).encode())


def test_cells_come_whole_and_in_order(contacts: ContactSet) -> None:
    load(contacts, "a", "b", "c", email="x" * 5_000)
    order = contacts.query().at([2, 0])
    assert contacts.cells(order, ["uuid", "gone", "email"]) == [
        ("c", None, "x" * 5_000),
        ("a", None, "x" * 5_000),
    ]
    assert contacts.cells(order.at([]), ["uuid"]) == []


def test_a_chosen_row_leads_to_the_newest_version(contacts: ContactSet) -> None:
    load(contacts, "a", "b", email="old")
    order = contacts.query()
    load(contacts, "a", email="new")
    load(contacts, "a", email="newer")
    assert contacts.cells(order, ["uuid", "email"]) == [("a", "newer"), ("b", "old")]
    assert [row["email"] for row in contacts.rows(order)] == ["newer", "old"]


def test_a_chosen_row_is_found_after_loading_again(contacts: ContactSet, tmp_path: Path) -> None:
    load(contacts, "a", "b", "c")
    order = contacts.query().at([2, 1, 0])
    contacts.clear(keep_ids=True)
    assert contacts.rows(order) == []
    load(contacts, "b", "new", "c", email="again")
    assert contacts.cells(order, ["uuid", "email"]) == [("c", "again"), ("b", "again")]
    assert contacts.row(int(order.ids[0]))["uuid"] == "c"
    path = tmp_path / "rows.jsonl"
    contacts.export(order, FORMATS[3], None, path)
    written = [json.loads(line)["uuid"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert written == ["c", "b"]


def test_without_a_uuid_nobody_is_taken_for_another(contacts: ContactSet) -> None:
    load(contacts, "", "")
    order = contacts.query()
    contacts.clear(keep_ids=True)
    load(contacts, "", "b")
    assert contacts.rows(order) == []


def test_what_was_cleared_for_good_is_not_found_again(contacts: ContactSet) -> None:
    load(contacts, "a")
    order = contacts.query()
    contacts.clear()
    load(contacts, "a")
    assert contacts.cells(order, ["uuid"]) == []
    with pytest.raises(RowGone):
        contacts.row(int(order.ids[0]))


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda each: each.key)
def test_an_export_of_rows_that_are_gone_leaves_the_old_file(
    contacts: ContactSet, tmp_path: Path, file_format: Format
) -> None:
    load(contacts, "a")
    order = contacts.query()
    contacts.clear()
    path = tmp_path / "good"
    path.write_text("of yesterday", encoding="utf-8")
    with pytest.raises(RowGone):
        contacts.export(order, file_format, [Column("uuid", "UUID")], path)
    assert path.read_text(encoding="utf-8") == "of yesterday"
    assert list(tmp_path.iterdir()) == [path]


def test_segments_are_counted_by_uuid_and_once_for_each_row(contacts: ContactSet) -> None:
    beta, nameless = {"uuid": "s-1", "name": "Beta, EU"}, {"name": "No UUID"}
    load(contacts, "a", segments=[beta, beta, nameless])
    load(contacts, "b", segments=[beta, "plain"])
    load(contacts, "c", "d", segments=[])
    order = contacts.query()
    assert contacts.segment_counts(order) == {"s-1": 2, "No UUID": 1, "plain": 1}
    assert contacts.segment_counts(order.at([1, 2])) == {"s-1": 1, "plain": 1}
