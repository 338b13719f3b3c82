"""Contacts written to CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from refiner_desktop.datasets import csv_export
from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.csv_export import harmless
from refiner_desktop.datasets.errors import Interrupted

COLUMNS = [Column("uuid", "UUID"), Column("email", "Email"), Column("display_name", "=Name")]


@pytest.fixture
def contacts(monkeypatch: pytest.MonkeyPatch) -> Iterator[ContactSet]:
    monkeypatch.setattr(csv_export, "CHUNK_ROWS", 10)
    names = ["plain", 'a "quoted", comma', "line\r\nbreak", "é🦆", "", None, "=1+1"]
    items = [
        {"uuid": f"{i:03}", "email": f"e{99 - i:02}", "display_name": names[i % len(names)]}
        for i in range(35)
    ]
    with ContactSet() as opened:
        opened.append(json.dumps({"items": items}).encode())
        yield opened


def test_a_csv_file_reads_back_in_the_order_on_screen(contacts: ContactSet, tmp_path: Path) -> None:
    order = contacts.query([SortKey("email")])
    progress: list[tuple[int, int]] = []
    target = tmp_path / "contacts.csv"
    contacts.export_csv(order, COLUMNS, target, lambda done, total: progress.append((done, total)))
    with target.open(encoding="utf-8", newline="") as file:
        titles, *rows = csv.reader(file)
    assert titles == ["UUID", "Email", "'=Name"]
    expected = contacts.window(order, 0, 35, COLUMNS)
    assert rows == [[harmless(cell) for cell in row] for row in expected]
    assert rows[0][0] == "034"
    assert progress == [(10, 35), (20, 35), (30, 35), (35, 35)]
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd|x", "@sum", "-1+1", "--1"])
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-1.5", "ana@example.org", "a=b", "plain"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_stopped_export_leaves_the_older_file_alone(contacts: ContactSet, tmp_path: Path) -> None:
    target = tmp_path / "contacts.csv"
    target.write_text("older")
    asked = iter([False, True])
    with pytest.raises(Interrupted):
        contacts.export_csv(contacts.query(), COLUMNS, target, should_stop=lambda: next(asked))
    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_an_os_error(contacts: ContactSet, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        contacts.export_csv(contacts.query(), COLUMNS, tmp_path / "gone" / "contacts.csv")
