"""The parts of a line of JSON, and where strings are open."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.highlight import Kind, spans
from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.quotes import Strings

JSON_LIKE = st.text(st.sampled_from('"\\{}[]:,09-.eE+ truefalsn\té漢'), max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
)


def kinds(text, **options):
    return [
        (text[s.start : s.end], s.kind) for s in spans(text, **options) if text[s.start].strip()
    ]


@given(JSON_LIKE | st.text(), st.booleans())
def test_spans_cover_any_line_without_overlap(text, in_string):
    position = 0
    for span in spans(text, in_string=in_string):
        assert span.start == position < span.end
        position = span.end
    assert position == len(text)


@given(VALUES)
def test_strings_of_real_json_are_found_whole(value):
    text = json.dumps(value)
    found = [part for part, kind in kinds(text) if kind in {Kind.KEY, Kind.STRING}]
    assert [json.loads(part) for part in found] == [json.loads(part) for part in strings_in(text)]
    assert Kind.OTHER not in [kind for _, kind in kinds(text)]


def strings_in(text):
    found, rest = [], text
    while '"' in rest:
        rest = rest[rest.index('"') :]
        _, end = json.JSONDecoder().raw_decode(rest)
        found.append(rest[:end])
        rest = rest[end:]
    return found


def test_a_line_is_coloured_by_what_its_parts_are():
    assert kinds('"plan" : "pro", "nps": -9.5e3, "vip": true') == [
        ('"plan"', Kind.KEY),
        (":", Kind.PUNCTUATION),
        ('"pro"', Kind.STRING),
        (",", Kind.PUNCTUATION),
        ('"nps"', Kind.KEY),
        (":", Kind.PUNCTUATION),
        ("-9.5e3", Kind.NUMBER),
        (",", Kind.PUNCTUATION),
        ('"vip"', Kind.KEY),
        (":", Kind.PUNCTUATION),
        ("true", Kind.LITERAL),
    ]


def test_what_merely_looks_like_a_literal_is_plain():
    assert kinds("nullable") == [("nullable", Kind.OTHER)]


@pytest.mark.parametrize(("end", "kind"), [('": 1', Kind.KEY), ('", 1', Kind.STRING)])
def test_a_string_that_began_before_goes_on(end, kind):
    assert kinds("Ana" + end, in_string=True)[0] == ('Ana"', kind)


@given(JSON_LIKE, st.data())
def test_an_open_string_is_known_anywhere_in_a_line(text, data):
    encoded = text.encode()
    offset = data.draw(st.integers(0, len(encoded)))
    assert Strings(Lines(encoded)).open_at(offset) == is_open_after(encoded[:offset])


@given(JSON_LIKE.filter(bool), st.integers(0, 60_000))
def test_an_open_string_is_known_far_from_the_start_of_its_line(text, offset):
    encoded = text.encode() * (60_000 // len(text.encode()) + 1)
    assert Strings(Lines(encoded)).open_at(offset) == is_open_after(encoded[:offset])


def is_open_after(data):
    is_open = escaped = False
    for octet in data:
        if escaped:
            escaped = False
        elif octet == ord("\\"):
            escaped = True
        elif octet == ord('"'):
            is_open = not is_open
    return is_open
