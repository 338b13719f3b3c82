"""Items of any list as rows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import DatasetError
from refiner_desktop.datasets.exports import formats
from refiner_desktop.datasets.items import MOST_COLUMNS, ItemSet

RESPONSES = [
    {"uuid": "r-1", "score": 9, "data": {"nps": 9, "why": {"de": "Größe"}}, "tags": ["a", "b"]},
    {"uuid": "r-2", "score": 10, "data": {"nps": None}, "segments": [{"name": "Beta"}]},
    {"uuid": "r-1", "score": 2.5, "extra": True},
]


@pytest.fixture
def items():
    opened = ItemSet()
    yield opened
    opened.close()


def add(items, *values):
    items.append([json.dumps(value, ensure_ascii=False).encode() for value in values])


def cells(items, order=None, keys=None):
    order = items.query() if order is None else order
    columns = [c for c in items.columns() if keys is None or c.key in keys]
    return items.window(order, 0, len(order), columns)


def test_every_key_is_a_column_and_every_item_a_row(items):
    add(items, *RESPONSES)
    assert [c.key for c in items.columns()] == [
        "uuid", "score", "data.nps", "data.why.de", "tags", "segments", "extra"
    ]  # fmt: skip
    assert cells(items)[0] == ("r-1", "9", "9", "Größe", '["a", "b"]', None, None)
    assert len(items) == 3  # the same uuid twice is two items
    assert {c.key: c.kind for c in items.columns()}["score"] == "number"


def test_rows_are_sorted_by_what_the_values_are(items):
    add(items, *RESPONSES)
    order = items.query([SortKey("score", descending=True)])
    assert [row[0] for row in cells(items, order, {"score"})] == ["10", "9", "2.5"]


def test_rows_are_filtered_by_words_and_conditions(items):
    add(items, *RESPONSES)
    assert [row[0] for row in cells(items, items.query((), "größe"), {"uuid"})] == ["r-1"]
    seven = items.query(conditions=[Condition("score", Operator.GREATER, ("7",))])
    assert [row[0] for row in cells(items, seven, {"uuid"})] == ["r-1", "r-2"]
    beta = items.query(conditions=[Condition("segments", Operator.CONTAINS, ("beta",))])
    assert len(beta) == 1


def test_columns_that_come_later_are_empty_before(items):
    add(items, {"a": 1}, {"a": ""})
    add(items, {"b": "", "a": 2}, 7, "text", None, [1, 2])
    assert [c.key for c in items.columns()] == ["a", "b", "value"]
    assert cells(items) == [
        ("1", None, None),
        ("", None, None),
        ("2", "", None),
        (None, None, "7"),
        (None, None, "text"),
        (None, None, None),
        (None, None, "[1, 2]"),
    ]


def test_an_item_is_there_as_it_came(items):
    odd = b'{"a": 1, "a": 2, "n": %s, "s": "\\ud800", "list": ["\\udfff"], "x": 1e999}' % (
        b"9" * 400
    )
    items.append([odd])
    order = items.query()
    assert items.item(order, 0) == odd
    (row,) = cells(items)
    assert row == ("2", "9" * 400, "\ufffd", '["\ufffd"]', "1e999")


def test_deep_and_wide_items_stay_a_table(items):
    add(items, {"a": {"b": {"c": {"d": {"e": 1}}}}}, {f"k{n}": n for n in range(2 * MOST_COLUMNS)})
    keys = [c.key for c in items.columns()]
    assert keys[0] == "a.b.c.d"
    assert len(keys) == MOST_COLUMNS
    assert json.loads(items.item(items.query(), 1))["k999"] == 999


@pytest.mark.parametrize("file_format", [formats.CSV, formats.JSON, formats.JSON_LINES])
def test_rows_are_exported_whatever_is_in_them(items, tmp_path, file_format):
    add(items, *RESPONSES)
    items.append([b'{"uuid": "\\ud800", "score": %s, "tags": ["\\ud800"]}' % (b"9" * 400)])
    path = tmp_path / "out"
    assert items.export(items.query(), file_format, None, path).rows == 4
    assert "Größe" in path.read_text("utf-8-sig")


def test_an_exported_number_stays_a_number(items, tmp_path):
    add(items, *RESPONSES)
    path = tmp_path / "out.json"
    items.export(items.query(), formats.JSON, None, path)
    assert json.loads(path.read_text())[0]["data.nps"] == 9
    assert json.loads(path.read_text())[0]["tags"] == ["a", "b"]


def test_values_are_counted(items):
    add(items, *RESPONSES)
    found = items.values(items.query(), "uuid")
    assert [(each.text, each.rows) for each in found.frequent] == [("r-1", 2), ("r-2", 1)]


def test_a_closed_set_says_so(items):
    items.close()
    items.close()
    with pytest.raises(DatasetError):
        items.query()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.\0é ", max_size=3), inner)
    ),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=5))
def test_any_list_becomes_a_table(values):
    items = ItemSet()
    try:
        add(items, *values)
        order = items.query()
        assert len(order) == len(values)
        assert [json.loads(items.item(order, place)) for place in range(len(values))] == values
        assert len(cells(items, order)) == len(values)
    finally:
        items.close()


def test_a_name_with_a_dot_is_not_taken_for_a_path(items):
    add(items, {"a.b": 1, "a": {"b": 2, "c.d": 3}}, {"a.b": {"c": 4}, "a": {"b": {"c": 5}}})
    keys = [column.key for column in items.columns()]
    assert keys == ['"a.b"', "a.b", 'a."c.d"', '"a.b".c', "a.b.c"]
    assert cells(items) == [("1", "2", "3", None, None), (None, None, None, "4", "5")]
