"""A mistake in JSON is told in words, where it is; good order changes no value."""

import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.requests.json_format import NotJson, format_json
from refiner_desktop.services.requests.json_mistakes import json_mistake


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "{}",
        '{"a": [1, 2.5, -3e10, true, false, null, "\\u00e4\\n"]}',
        "7" * 400,
        "-1" + "0" * 5000,
        '{"a": 1, "a": 2}',
        '"\\ud800"',
        '"\ud800"',
        "[" * 100_000 + "]" * 100_000,
        '{"id": {{id}}, "name": "{{ first-name }} {{x}}"}',
        "{{whole_body}}",
    ],
)
def test_what_is_json_has_no_mistake(text):
    assert json_mistake(text) is None


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{"a": 1,}', 1, 8, "comma before the closing }"),
        ("[1, 2,\n]", 1, 6, "comma before the closing ]"),
        ("{'a': 1}", 1, 2, "straight double quotation marks"),
        ("{“a”: 1}", 1, 2, "straight double quotation marks"),
        ("{a: 1}", 1, 2, "a is no JSON"),
        ('{"a": abc}', 1, 7, "abc is no JSON"),
        ('{"a": True}', 1, 7, "true, in small letters"),
        ('{"a": None}', 1, 7, "it is null"),
        ('{"a": NaN}', 1, 7, "no NaN"),
        ('{"NaN": -Infinity}', 1, 9, "no Infinity"),
        ('{"a" 1}', 1, 6, "colon"),
        ('{"a": 1 "b": 2}', 1, 9, "comma is missing"),
        ("[1 2]", 1, 4, "comma is missing"),
        ("[01]", 1, 3, "A number has"),
        ("[+1]", 1, 2, "A number has"),
        ("[.5]", 1, 2, "A number has"),
        ("[1.]", 1, 3, "A number has"),
        ('{"a":}', 1, 6, "value is missing"),
        ('{"a":,}', 1, 6, "comma too many"),
        ("[1,,2]", 1, 4, "comma too many"),
        ('{\n  "a": {\n    "b": 1\n  \n', 3, 11, "The { of line 2 is never closed: }"),
        ('{"a": [1, 2}', 1, 12, "The [ of line 1 is not closed by }"),
        ('{"a": "b', 1, 7, "no quotation mark at its end"),
        ('{"a": "b\nc"}', 1, 9, "line break in it is written \\n"),
        ('{"a": "b\tc"}', 1, 9, "written \\t"),
        ('{"a": "\x01"}', 1, 8, "U+0001"),
        ('{"a": "\\x"}', 1, 8, "\\x means nothing"),
        ('{"a": "\\u12"}', 1, 8, "Four hexadecimal digits"),
        ('{"a": 1}\n{"b": 2}', 2, 1, "one value only"),
        ('{"a": 1 // one\n}', 1, 9, "no comments"),
        ('{"a": {{id}} "b": 1}', 1, 14, "comma is missing"),
        ('{"ö🦆": x}', 1, 8, "x is no JSON"),
        ("}", 1, 1, "value is missing"),
        ("{", 1, 2, "never closed"),
    ],
)
def test_a_mistake_is_told_where_it_is(text, line, column, words):
    mistake = json_mistake(text)
    assert (mistake.line, mistake.column) == (line, column), mistake
    assert words in mistake.sentence
    lines = text.split("\n")
    assert mistake.place == sum(len(each) + 1 for each in lines[: line - 1]) + column - 1


@given(st.text(string.printable + '{}[]",:ä' * 4 + "\ud800", max_size=40))
def test_any_text_is_json_or_has_a_mistake_in_a_sentence(text):
    mistake = json_mistake(text)
    if mistake is None:
        if text.strip() and "{{" not in text:
            json.loads(text)
    else:
        assert mistake.sentence.endswith(".")
        assert 0 <= mistake.place <= len(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)  # fmt: skip


@given(json_values)
def test_good_order_changes_no_value(value):
    formatted = format_json(json.dumps(value))
    assert json.loads(formatted) == value
    assert format_json(formatted) == formatted


def test_good_order_keeps_numbers_repeats_escapes_and_variables_as_written():
    text = '{"a":1.500,"a":%s,"b":"\\u00e4\\/","c":{{id}},"d":[{{x}},"{{ y }}"]}' % ("9" * 400)
    formatted = format_json(text)
    for written in ("1.500", "9" * 400, '"\\u00e4\\/"', "{{id}}", "{{x}}", '"{{ y }}"'):
        assert written in formatted
    assert formatted.startswith('{\n  "a": 1.500,\n  "a": 999')
    assert json_mistake(formatted) is None


def test_what_is_no_json_is_not_put_in_order():
    with pytest.raises(NotJson, match="Line 1, column 8") as caught:
        format_json('{"a": 1,}')
    assert caught.value.mistake.column == 8


def test_three_megabytes_are_checked_without_a_wait_to_speak_of():
    text = json.dumps([{"name": f"n{n}", "value": [n, n / 2]} for n in range(60_000)])
    started = time.perf_counter()
    assert json_mistake(text) is None
    assert json_mistake(text[:-1]).sentence.startswith("The [ of line 1 is never closed")
    assert time.perf_counter() - started < 5
