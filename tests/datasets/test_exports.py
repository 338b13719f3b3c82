"""Contacts written to files of every format."""

from __future__ import annotations

import csv
import json
import random
import re
import signal
import stat
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import DatasetError, Interrupted, TooManyRows
from refiner_desktop.datasets.exports import excel_file, parquet_file, rows
from refiner_desktop.datasets.exports.formats import (
    CSV,
    CSV_FOR_EXCEL,
    EXCEL,
    FORMATS,
    JSON,
    JSON_LINES,
    MARKDOWN,
    PARQUET,
    Format,
)
from refiner_desktop.datasets.exports.harmless import harmless

UUID, EMAIL, NAME = (
    Column("uuid", "UUID"),
    Column("email", "Email"),
    Column("display_name", "=Name"),
)
COLUMNS = [UUID, EMAIL, NAME]
NAMES = ["plain", 'a "quoted", comma', "line\r\nbreak", "é🦆", "", None, "=1+1", "a|b\\<i>"]


@pytest.fixture
def contacts(monkeypatch: pytest.MonkeyPatch) -> Iterator[ContactSet]:
    monkeypatch.setattr(rows, "CHUNK_ROWS", 10)
    with ContactSet() as opened:
        yield opened


def load(contacts: ContactSet, *items: dict[str, Any]) -> None:
    contacts.append(json.dumps({"items": items}).encode())


def people(contacts: ContactSet) -> None:
    load(
        contacts,
        *(
            {"uuid": f"{i:03}", "email": f"e{99 - i:02}", "display_name": NAMES[i % len(NAMES)]}
            for i in range(35)
        ),
    )


def typed(contacts: ContactSet) -> list[Column]:
    """Load a row of each kind of value, and one that is empty; return the columns."""
    attributes: dict[str, Any] = {
        "seats": "12",
        "score": -1.5,
        "code": "12345678901234567",
        "beta": True,
        "born": "1815-12-10",
        "seen": "2026-03-04T09:15:00+02:00",
        "paid_at": "1772615702",
        "note": "=1+1",
        "link": "https://example.org",
    }
    load(contacts, {"uuid": "a", "attributes": attributes}, {"uuid": "b"})
    return [Column(f"attributes.{name}", name) for name in attributes]


def test_a_csv_file_reads_back_in_the_order_on_screen(contacts: ContactSet, tmp_path: Path) -> None:
    people(contacts)
    order = contacts.query([SortKey("email")])
    progress: list[tuple[int, int]] = []
    target = tmp_path / "contacts.csv"
    contacts.export(order, CSV, COLUMNS, target, lambda done, total: progress.append((done, total)))
    with target.open(encoding="utf-8", newline="") as file:
        titles, *lines = csv.reader(file)
    assert titles == ["UUID", "Email", "'=Name"]
    expected = contacts.window(order, 0, 35, COLUMNS)
    assert lines == [[harmless(cell) for cell in row] for row in expected]
    assert lines[0][0] == "034"
    assert progress == [(10, 35), (20, 35), (30, 35), (35, 35)]
    assert list(tmp_path.iterdir()) == [target]


def test_csv_for_excel_begins_with_the_mark_of_its_alphabet(
    contacts: ContactSet, tmp_path: Path
) -> None:
    people(contacts)
    for file_format, begins in ((CSV, b"UUID"), (CSV_FOR_EXCEL, b"\xef\xbb\xbfUUID")):
        contacts.export(contacts.query(), file_format, COLUMNS, tmp_path / "x.csv")
        assert (tmp_path / "x.csv").read_bytes().startswith(begins)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd|x", "@sum", "-1+1", "--1", "\uff1d1+1"])
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-1.5", "ana@example.org", "a=b", "plain"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_json_of_all_columns_is_what_the_api_sent(contacts: ContactSet, tmp_path: Path) -> None:
    items = [
        {
            "uuid": f"{i:02}",
            "remote_id": None,
            "email": f"é{i}@example.org",
            "display_name": "",
            "first_seen_at": None,
            "last_seen_at": None,
            "attributes": {"seats": i, "text": "12", "tags": ["a"], 'q"': {"x": None}},
            "segments": [{"uuid": "s", "name": "Beta"}],
            "account": None,
        }
        for i in range(25)
    ]
    load(contacts, *items)
    contacts.export(contacts.query(), JSON, None, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_bytes()) == items
    contacts.export(contacts.query(), JSON_LINES, None, tmp_path / "x.jsonl")
    lines = (tmp_path / "x.jsonl").read_bytes().splitlines()
    assert [json.loads(line) for line in lines] == items


def test_json_of_chosen_columns_is_flat_and_keeps_types(
    contacts: ContactSet, tmp_path: Path
) -> None:
    columns = typed(contacts)[:3]
    columns[2] = Column("attributes.code", "SEATS")
    contacts.export(contacts.query(), JSON, columns, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_bytes()) == [
        {"seats": "12", "score": -1.5, "SEATS (2)": "12345678901234567"},
        {"seats": None, "score": None, "SEATS (2)": None},
    ]


def test_markdown_cells_stay_in_their_cells(contacts: ContactSet, tmp_path: Path) -> None:
    people(contacts)
    contacts.export(contacts.query().at([2, 7, 5]), MARKDOWN, [UUID, NAME], tmp_path / "x.md")
    assert (tmp_path / "x.md").read_text(encoding="utf-8") == (
        "| UUID | =Name |\n| --- | --- |\n"
        "| 002 | line<br>break |\n| 007 | a\\|b\\\\\\<i> |\n| 005 |  |\n"
    )


def sheet(path: Path) -> list[list[tuple[str, str]]]:
    """Return the type and the text of every cell that is there, row by row."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        root = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert root.find(f".//{space}f") is None, "a formula"
    assert root.find(f".//{space}hyperlink") is None
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]
        for row in root.iter(f"{space}row")
    ]


def test_excel_cells_have_types_and_are_never_run(contacts: ContactSet, tmp_path: Path) -> None:
    columns = typed(contacts)
    written = contacts.export(contacts.query(), EXCEL, columns, tmp_path / "x.xlsx")
    titles, first, *rest = sheet(tmp_path / "x.xlsx")
    assert [text for _, text in titles] == [column.title for column in columns]
    assert first == [
        ("n", "12"),
        ("n", "-1.5"),
        ("inlineStr", "12345678901234567"),
        ("b", "1"),
        ("inlineStr", "1815-12-10"),
        ("n", first[5][1]),
        ("n", first[6][1]),
        ("inlineStr", "=1+1"),
        ("inlineStr", "https://example.org"),
    ]
    assert float(first[5][1]) == pytest.approx(46085 + 7.25 / 24)  # 4 March 2026, 07:15 UTC
    assert [cell for row in rest for cell in row] == []
    assert (written.rows, written.cut_cells) == (2, 0)


def test_excel_says_what_it_had_to_cut(contacts: ContactSet, tmp_path: Path) -> None:
    texts = ["🦆" * 16_384, "x" * 32_767, "x" * 100_000, "a\0\ufffe\x0bb"]
    load(contacts, *({"uuid": str(i), "email": text} for i, text in enumerate(texts)))
    written = contacts.export(contacts.query(), EXCEL, [EMAIL], tmp_path / "x.xlsx")
    lengths = [len(row[0][1]) for row in sheet(tmp_path / "x.xlsx")[1:]]
    assert lengths[:3] == [16_383, 32_767, 32_767]
    assert written.cut_cells == 2


def test_excel_refuses_more_rows_than_it_holds(
    contacts: ContactSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_file, "MAX_ROWS", 35)
    people(contacts)
    with pytest.raises(TooManyRows, match="34 rows"):
        contacts.export(contacts.query(), EXCEL, COLUMNS, tmp_path / "x.xlsx")
    contacts.export(contacts.query().at(range(34)), EXCEL, COLUMNS, tmp_path / "x.xlsx")
    assert len(sheet(tmp_path / "x.xlsx")) == 35


def test_parquet_columns_have_types(contacts: ContactSet, tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] folder*"
    folder.mkdir()
    columns = [*typed(contacts), Column("attributes.gone", 'no "column"')]
    contacts.export(contacts.query(), PARQUET, columns, folder / "x.parquet")
    (folder / "x.parquet").rename(tmp_path / "x.parquet")
    with duckdb.connect() as reader:
        found = reader.read_parquet(str(tmp_path / "x.parquet"))
        kinds = dict(zip(found.columns, map(str, found.types), strict=True))
        epochs = found.project("epoch(seen)::INTEGER, epoch(paid_at)::INTEGER, seats").fetchall()
    assert kinds == {
        "seats": "BIGINT",
        "score": "DOUBLE",
        "code": "BIGINT",
        "beta": "BOOLEAN",
        "born": "TIMESTAMP WITH TIME ZONE",
        "seen": "TIMESTAMP WITH TIME ZONE",
        "paid_at": "TIMESTAMP WITH TIME ZONE",
        "note": "VARCHAR",
        "link": "VARCHAR",
        'no "column"': "VARCHAR",
    }
    assert epochs == [(1772608500, 1772615702, 12), (None, None, None)]


def test_parquet_keeps_every_digit(contacts: ContactSet, tmp_path: Path) -> None:
    numbers = ["12345678901234567890", "1.5"]
    load(contacts, *({"uuid": n, "attributes": {"n": n}} for n in numbers))
    columns = [Column("attributes.n", "n")]
    contacts.export(contacts.query(), PARQUET, columns, tmp_path / "x.parquet")
    with duckdb.connect() as reader:
        found = reader.read_parquet(str(tmp_path / "x.parquet")).fetchall()
    assert [n for (n,) in found] == numbers


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda f: f.key)
def test_a_stopped_export_leaves_the_older_file_alone(
    contacts: ContactSet, tmp_path: Path, file_format: Format
) -> None:
    people(contacts)
    target = tmp_path / "contacts"
    target.write_text("older")
    asked = iter([False, True])
    with pytest.raises(Interrupted):
        contacts.export(
            contacts.query(), file_format, None, target, should_stop=lambda: next(asked)
        )
    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda f: f.key)
def test_no_rows_make_a_file_all_the_same(
    contacts: ContactSet, tmp_path: Path, file_format: Format
) -> None:
    target = tmp_path / "contacts"
    assert contacts.export(contacts.query(), file_format, [UUID], target).rows == 0
    assert list(tmp_path.iterdir()) == [target]
    if file_format is JSON:
        assert json.loads(target.read_bytes()) == []


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda f: f.key)
def test_names_and_texts_of_any_kind_can_be_written(
    contacts: ContactSet, tmp_path: Path, file_format: Format
) -> None:
    names = ["plan", "Plan", 'a"b', "a.b", "100%", "🦆", "", "a\0b", "=1", "a|b", "<b>", "x" * 999]
    attributes = {name: f"{name} 🦆\r\n<b>\0" for name in names}
    load(contacts, {"uuid": "u", "attributes": attributes}, {"uuid": "v", "attributes": []})
    written = contacts.export(contacts.query(), file_format, None, tmp_path / "x")
    assert written.rows == 2
    if file_format is JSON:
        assert json.loads((tmp_path / "x").read_bytes())[0]["attributes"] == attributes


def test_an_export_is_one_moment_while_rows_come_and_go(
    contacts: ContactSet, tmp_path: Path
) -> None:
    people(contacts)
    order = contacts.query()
    contacts.remove(["007"])  # gone before the export begins
    wrote = threading.Event()

    def change(done: int, _total: int) -> None:
        if not wrote.is_set():
            wrote.set()
            load(contacts, *({"uuid": f"{i:03}", "attributes": {"new": i}} for i in range(35)))
            contacts.clear()

    written = contacts.export(order, CSV, COLUMNS, tmp_path / "x.csv", change)
    lines = (tmp_path / "x.csv").read_text(encoding="utf-8")
    assert written.rows == 34
    assert sorted(re.findall(r"e[0-9]{2}", lines)) == [f"e{i}" for i in range(65, 100) if i != 92]


def test_a_search_does_not_stop_an_export(contacts: ContactSet, tmp_path: Path) -> None:
    people(contacts)
    target = tmp_path / "x.csv"

    def search(done: int, total: int) -> None:
        contacts.interrupt()
        contacts.interrupt_counts()
        assert len(contacts.query((), "plain")) == 5

    assert contacts.export(contacts.query(), CSV, COLUMNS, target, search).rows == 35


def test_what_cannot_be_written_is_told(contacts: ContactSet, tmp_path: Path) -> None:
    people(contacts)
    with pytest.raises(OSError, match="gone"):
        contacts.export(contacts.query(), CSV, COLUMNS, tmp_path / "gone" / "contacts.csv")
    with pytest.raises(DatasetError, match="columns"):
        contacts.export(contacts.query(), CSV, [], tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda each: each.key)
def test_who_could_read_the_old_file_can_read_the_new_one(
    contacts: ContactSet, tmp_path: Path, file_format: Format
) -> None:
    people(contacts)
    path, new, usual = tmp_path / "x", tmp_path / "new", tmp_path / "usual"
    usual.touch()
    for mode in (0o664, 0o600):
        path.touch()
        path.chmod(mode)
        contacts.export(contacts.query(), file_format, COLUMNS, path)
        assert stat.S_IMODE(path.stat().st_mode) == mode
    contacts.export(contacts.query(), file_format, COLUMNS, new)
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_link_stays_and_the_file_behind_it_is_replaced(
    contacts: ContactSet, tmp_path: Path
) -> None:
    people(contacts)
    (tmp_path / "shared").mkdir()
    path, link = tmp_path / "shared" / "x.csv", tmp_path / "link.csv"
    path.write_text("old", encoding="utf-8")
    link.symlink_to(path)
    contacts.export(contacts.query(), CSV, COLUMNS, link)
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8").startswith("UUID")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana;=1+1", "Ana;'=1+1"),
        ("a,@sum\t+1", "a,'@sum\t'+1"),
        ("a\r\n=1", "a\r\n'=1"),
        ("\t=1", "'\t'=1"),
        ("a;-5;-6,5", "a;-5;-6,5"),
        ("a - b; c", "a - b; c"),
        ("a;-5x", "a;'-5x"),
    ],
)
def test_no_part_of_a_cell_becomes_a_formula_where_lines_are_split_otherwise(
    text: str, expected: str
) -> None:
    assert harmless(text) == expected


def test_csv_for_excel_takes_the_separator_of_the_locale(
    contacts: ContactSet, tmp_path: Path
) -> None:
    load(contacts, {"uuid": "a", "email": "x;y", "display_name": "p,q"})
    path = tmp_path / "x.csv"
    contacts.export(contacts.query(), CSV_FOR_EXCEL, COLUMNS, path, separator=";")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";"))[1] == ["a", "x;y", "p,q"]
    contacts.export(contacts.query(), CSV, COLUMNS, path, separator=";")
    assert path.read_text(encoding="utf-8").startswith("UUID,Email")


def test_markdown_holds_no_live_links_pictures_or_code(
    contacts: ContactSet, tmp_path: Path
) -> None:
    load(contacts, {"uuid": "a", "email": "![p](http://evil/x.png) [c](javascript:x) `q`"})
    contacts.export(contacts.query(), MARKDOWN, [EMAIL], tmp_path / "x.md")
    line = (tmp_path / "x.md").read_text(encoding="utf-8").splitlines()[2]
    assert line == r"| !\[p\](http://evil/x.png) \[c\](javascript:x) \`q\` |"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of the size of files")
@pytest.mark.parametrize("file_format", FORMATS, ids=lambda each: each.key)
def test_a_full_disk_is_told_as_such(
    contacts: ContactSet, tmp_path: Path, file_format: Format
) -> None:
    import resource

    draw = random.Random(1)
    items = [{"uuid": f"{i}", "email": f"{draw.getrandbits(200):x}"} for i in range(3_000)]
    load(contacts, *items)
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.SIG_IGN
    handler = signal.signal(signal.SIGXFSZ, ignored)
    try:
        for size in (0, 60_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
            with pytest.raises(OSError, match="large"):
                contacts.export(contacts.query(), file_format, COLUMNS, tmp_path / "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file_format", [EXCEL, PARQUET], ids=lambda each: each.key)
def test_an_export_can_be_stopped_while_it_is_packed(
    contacts: ContactSet,
    tmp_path: Path,
    file_format: Format,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet_file, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(rows, "CHUNK_ROWS", 50_000)
    draw = random.Random(1)
    load(contacts, *({"uuid": f"{i}", "email": f"{draw.getrandbits(900):x}"} for i in range(5_000)))
    order = contacts.query().at([*range(5_000)] * 4)
    all_read = threading.Event()

    def listen(done: int, total: int) -> None:
        if done == total:
            all_read.set()

    with pytest.raises(Interrupted):
        contacts.export(order, file_format, COLUMNS, tmp_path / "x", listen, all_read.is_set)
    assert all_read.is_set()
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_opens_with_dates_that_can_be_read_and_titles_that_filter(
    contacts: ContactSet, tmp_path: Path
) -> None:
    load(contacts, {"uuid": "1", "last_seen_at": "2026-03-04T09:15:02.000000Z", "email": "a@b.org"})
    path = tmp_path / "contacts.xlsx"
    contacts.export(contacts.query(), EXCEL, None, path, lambda *_: None)
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]
    assert min(widths) >= 9
    assert max(widths) >= 19  # as long as a moment with its seconds
    assert "<autoFilter" in sheet
