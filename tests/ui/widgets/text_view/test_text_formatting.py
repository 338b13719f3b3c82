"""JSON is made readable or left alone."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.formatting import pretty

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
)


def large(item, separators, **around):
    items = [item | {"n": n} for n in range(900_000 // len(json.dumps(item)))]
    return json.dumps({**around, "items": items, "page": {"next": None}}, separators=separators)


@given(VALUES, st.sampled_from([None, (",", ":")]))
def test_formatting_changes_no_value(value, separators):
    data = json.dumps(value, separators=separators).encode()
    assert json.loads(pretty(data)) == value


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b"[" + b"9" * 400 + b"]",
        b"[1.0e5,1E400,-0,0.10]",
        rb'["\u00e9\/","  two  blanks "]',
        b'["\xff"]',
    ],
)
def test_values_stay_as_they_were_written(data):
    assert pretty(data).replace(b"\n", b"").replace(b"  ", b"").replace(
        b": ", b":"
    ) == data.replace(b"  ", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1,]",
        b"[NaN]",
        b"[1,,2]",
        b"[1,{,2}]",
        b"[1],[2]",
        b"1,2",
        b"[" * 100_000 + b"]" * 100_000,
        b"\xef\xbb\xbf[1]",
        b"1 2",
        b"<html>",
        b"\x00",
    ],
    ids=lambda data: data[:8].hex(),
)
def test_what_cannot_be_formatted_is_left_alone(data):
    assert pretty(data) is None


@given(st.binary(max_size=40))
def test_no_bytes_make_it_fail(data):
    pretty(data)


def test_deep_nesting_that_would_ask_for_gigabytes_of_indents_is_left_alone():
    assert pretty(b"[" * 500 + b",".join([b"1"] * 1_000_000) + b"]" * 500) is None


def test_brackets_in_strings_are_no_nesting():
    data = json.dumps([':-[ {" \\'] * 400_000).encode()
    assert pretty(data) == msgspec.json.format(data)


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("item", [{"a": "}, {"}, {"b": [{"c": {}}, {"d": "]}"}]}, {"é": '"\\'}])
def test_a_large_list_of_objects_is_formatted_as_in_one_go(item, separators):
    data = large(item, separators).encode()
    assert len(data) > 1 << 19
    assert pretty(data) == msgspec.json.format(data)


def test_a_first_list_that_is_not_the_long_one_is_no_trap():
    data = large({"a": 1}, None, first=[{"x": "[{"}], last={"deep": [{}, {}]}).encode()
    assert pretty(data) == msgspec.json.format(data)


@pytest.mark.parametrize("between", ["],[", "]},{", ',{"a":[}', ',{"a":"},{'])
def test_a_large_text_with_a_fault_between_its_items_is_left_alone(between):
    text = large({"a": 1}, None)
    middle = text.index("}, {", len(text) // 2)
    assert pretty((text[: middle + 1] + between + text[middle + 3 :]).encode()) is None


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b'[1, {"a": 2, "b', b'[\n  1,\n  {\n    "a": 2,\n    "b'),
        (b'{"a": [1,2', b'{\n  "a": [\n    1,\n    2'),
        (b"[1,", b"[\n  1,\n  "),
    ],
)
def test_what_was_cut_off_is_formatted_as_far_as_it_came(data, shown):
    assert pretty(data) == shown


def test_a_large_text_that_was_cut_off_is_formatted_too():
    text = large({"a": "b"}, None).encode()
    formatted = pretty(text[:-30])
    assert formatted.count(b"\n") > 3 * text.count(b"{") - 10
    assert formatted.split() == pretty(text)[: len(formatted)].split()[: len(formatted.split())]


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udfff\\", rb"\\\uDC00 \" \\u", b"\xff\\ud800"])
def test_half_a_surrogate_pair_hinders_nothing(escape):
    assert pretty(b'["' + escape + b'",1]') == b'[\n  "' + escape + b'",\n  1\n]'


@pytest.mark.parametrize("value", [[0] * 300_000, {"a": list(range(100_000)), "b": [[]] * 99_999}])
def test_a_large_list_of_anything_is_formatted_as_in_one_go(value):
    data = json.dumps(value).encode()
    assert pretty(data) == msgspec.json.format(data)


def test_a_string_longer_than_a_part_is_kept():
    data = json.dumps([1, "x, [" * 400_000, {"a": 2}]).encode()
    assert pretty(data) == msgspec.json.format(data)


def test_nesting_goes_on_from_part_to_part():
    items = b",".join([b'"abcdefghijklmnopqrstuvwxyz"'] * 40_000)
    data = b'[{"a":' * 50 + b"[" + items + b"]" + b"}]" * 50
    assert pretty(data) == msgspec.json.format(data)
