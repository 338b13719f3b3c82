"""Rows as text and back, and from what is pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.requests.draft import Row
from refiner_desktop.services.requests.rows import (
    pasted_rows,
    rows_from_query,
    rows_from_text,
    rows_to_text,
    split_query,
)

texts = st.text(
    st.sampled_from('ab:=#/" \\\n\r\té\u2028\x85ñ[]{}&%?') | st.characters(), max_size=8
)
rows = st.builds(Row, texts, texts, st.booleans())


@given(st.lists(rows, max_size=5).map(tuple))
def test_rows_come_back_from_their_text(rows):
    assert rows_from_text(rows_to_text(rows)) == tuple(r for r in rows if r.name or r.value)


def test_usual_rows_are_lines_that_anybody_reads():
    rows = (Row("form_uuids[]", "63b0"), Row("X-Path", r"C:\new"), Row("page", "2", on=False))
    assert rows_to_text(rows) == "form_uuids[]: 63b0\nX-Path: C:\\new\n# page: 2\n"


def test_lines_of_other_programs_are_read():
    text = "a=1\r\nAccept : text/csv\n//b: 2\n\nalone\nurl: http://x/?a=b\n"
    assert rows_from_text(text) == (
        Row("a", "1"),
        Row("Accept", "text/csv"),
        Row("b", "2", on=False),
        Row("alone", ""),
        Row("url", "http://x/?a=b"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "?form_uuids[]=a&form_uuids%5B%5D=b+c&response_data[nps]=9&empty=",
        "form_uuids[]=a&form_uuids%5B%5D=b+c&response_data[nps]=9&empty=",
        "https://api.refiner.io/v1/responses?form_uuids[]=a&form_uuids[]=b%20c"
        "&response_data[nps]=9&empty=#there",
    ],
)
def test_a_query_that_is_pasted_becomes_rows(text):
    expected = (
        Row("form_uuids[]", "a"),
        Row("form_uuids[]", "b c"),
        Row("response_data[nps]", "9"),
        Row("empty", ""),
    )
    assert pasted_rows(text) == rows_from_query(text) == expected


def test_lines_that_are_pasted_become_rows():
    assert pasted_rows("a: 1\nb: 2\n") == (Row("a", "1"), Row("b", "2"))


@pytest.mark.parametrize(
    "text", ["", "nps", "a sentence = with blanks", "2026-03-04T09:15:02", "a\nb"]
)
def test_a_mere_value_is_not_taken_apart(text):
    assert pasted_rows(text) is None


def test_a_path_parts_from_its_query():
    assert split_query("contacts?a=1&b[]=2") == ("contacts", (Row("a", "1"), Row("b[]", "2")))
    assert split_query("contacts") == ("contacts", ())
