"""Files of every kind, and files of none, over real files."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.sources.opening import SUFFIXES, open_source
from refiner_desktop.sources.source import (
    SAMPLES,
    Format,
    Kind,
    NothingToRead,
    SourceOptions,
    SourceUnreadable,
)


def names(source):
    return [column.name for column in source.columns]


def test_a_file_is_told_by_what_is_in_it_and_by_its_name(put):
    formats = {
        ("a,b\n1,2\n", "users.csv"): Format.CSV,
        ("[1]\n2\n", "users.csv"): Format.CSV,
        ("a\tb\n1\t2\n", "users.tsv"): Format.CSV,
        ("id;plan\n", "users.txt"): Format.CSV,
        ('[{"a": 1}]', "users.json"): Format.JSON,
        ('{"items":\n[{"a": 1}]}', "users"): Format.JSON,
        ('{"items": [{"a": 1}]}', "users.json"): Format.JSON,
        ('{"a": 1}\n{"a": 2}\n', "users.json"): Format.JSON_LINES,
        ('{"a": 1, "segments": [{"b": 2}]}\n{"a": 2}\n', "users.json"): Format.JSON_LINES,
        ('{"a": 1}\n', "users.jsonl"): Format.JSON_LINES,
    }
    for (content, name), expected in formats.items():
        assert open_source(put(content, name)).options.format is expected, (content, name)


def test_a_chosen_format_goes_before_the_name(put):
    path = put('{"a": 1}\n', "users.csv")
    source = open_source(path, SourceOptions(format=Format.JSON_LINES))
    assert [row.cells for row in source.rows()] == [("1",)]


def test_the_first_rows_are_shown_and_say_what_their_columns_look_like(put):
    header = "id,seats,trial,since,seen,zip,mixed\n"
    line = "u-{0},{0},yes,2026-01-02,2026-01-02T10:00:00Z,0123,{0}\n"
    source = open_source(put(header + "".join(line.format(n) for n in range(60)) + "a,,,,,,x\n"))
    assert len(source.samples) == SAMPLES
    kinds = [column.kind for column in source.columns]
    expected = [Kind.TEXT, Kind.NUMBER, Kind.YES_NO, Kind.DATE, Kind.DATE_TIME, Kind.TEXT]
    assert kinds == [*expected, Kind.NUMBER]


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl", ".xlsx", ""])
def test_an_empty_file_is_said_to_be_empty(put, suffix):
    with pytest.raises(SourceUnreadable, match="empty"):
        open_source(put(b"", f"users{suffix}"))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SourceUnreadable, match="folder"):
        open_source(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "users.csv")
    with pytest.raises(SourceUnreadable, match="not a file"):
        open_source(tmp_path / "users.csv")


def test_a_missing_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_source(tmp_path / "users.csv")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has other permissions")
@pytest.mark.parametrize("name", ["users.csv", "users.json", "users.xlsx"])
def test_a_file_that_may_not_be_read_is_an_error_of_the_system(put, name):
    path = put("a,b\n1,2\n", name)
    path.chmod(stat.S_IWUSR)
    me = os.geteuid()
    if me == 0:  # root may read everything
        os.seteuid(65534)
    try:
        with pytest.raises(PermissionError):
            open_source(path)
    finally:
        os.seteuid(me)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("users.csv", "id,plan\nu-1,pro\n"),
        ("users.json", '[{"id": "u-1"}]'),
        ("users.jsonl", '{"id": "u-1"}'),
    ],
)
def test_a_file_that_is_gone_when_it_is_read_is_an_error_of_the_system(put, name, content):
    path = put(content, name)
    source = open_source(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        list(source.rows())
    with pytest.raises(FileNotFoundError):
        source.fingerprint()


@pytest.mark.skipif(os.name == "nt", reason="this system removes no file that is open")
def test_a_file_that_is_removed_while_it_is_read_is_read_to_its_end(put):
    path = put("id\n" + "".join(f"u-{number}\n" for number in range(100_000)))
    rows = open_source(path).rows()
    next(rows)
    path.unlink()
    assert sum(1 for _ in rows) == 99_999


@pytest.mark.parametrize("name", ["users.csv", "users.json", "users.txt"])
def test_a_picture_is_no_table(put, name):
    with pytest.raises(SourceUnreadable, match="not a text file"):
        open_source(put(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0" + bytes(500), name))


def test_the_fingerprint_is_that_of_the_bytes(put):
    one, other = put("id\nu-1\n", "a.csv"), put("id\nu-2\n", "b.csv")
    assert open_source(one).fingerprint() == open_source(one).fingerprint()
    assert open_source(one).fingerprint() != open_source(other).fingerprint()


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='{}[]",:\\ua1\n\r ;\t\ufeff', max_size=60).map(str.encode),
        st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest),
        st.binary(max_size=100).map(lambda rest: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rest),
    ),
    suffix=st.sampled_from(["", *SUFFIXES]),
    format_=st.sampled_from([None, *Format]),
)
def test_any_bytes_are_a_table_or_said_to_be_none(tmp_path_factory, content, suffix, format_):
    path = Path(tmp_path_factory.getbasetemp()) / f"any{suffix}"
    path.write_bytes(content)
    try:
        source = open_source(path, SourceOptions(format=format_))
        rows = list(source.rows())
    except SourceUnreadable as exc:
        assert str(exc).endswith(".")  # noqa: PT017
        return
    assert all(names(source))
    assert len(set(names(source))) == len(source.columns)
    assert all(len(row.cells) == len(source.columns) for row in rows)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert rows[:SAMPLES] == list(source.samples)


def test_a_folder_is_not_to_be_read_in_another_way_but_to_be_looked_into(tmp_path):
    with pytest.raises(NothingToRead, match="This is a folder"):
        open_source(tmp_path)
