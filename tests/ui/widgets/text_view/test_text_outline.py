"""What the brackets of a text say, against plain Python."""

import json

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view import outline as outline_module
from refiner_desktop.ui.widgets.text_view.folding import Folds
from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.outline import outline_of
from refiner_desktop.ui.widgets.text_view.values import path_to, text_of, value_at

STRINGS = st.text(st.sampled_from('ab[]{},:"\\ é\n'), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4),
    max_leaves=30,
)
DOCUMENTS = st.tuples(VALUES, st.sampled_from([None, 1, 2]), st.booleans()).map(
    lambda made: json.dumps(made[0], indent=made[1], ensure_ascii=made[2]).encode()
)


@pytest.fixture(params=[16, 1 << 15], autouse=True, ids="{}-byte blocks".format, scope="module")
def block_size(request):
    """Blocks so small that nearly everything goes on in another one, and as they are."""
    before, outline_module._BLOCK = outline_module._BLOCK, request.param
    yield
    outline_module._BLOCK = before


def outline(data):
    return outline_of(Lines(data))


def brackets(data):
    """The partner of every bracket, and what number of members stands between them."""
    pairs, stack, in_string, escaped = {}, [], False, False
    for offset, code in enumerate(data):
        sign = chr(code)
        if in_string:
            in_string = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            in_string = True
        elif sign in "[{":
            stack.append(offset)
        elif sign in "]}":
            opener = stack.pop()
            pairs[opener] = pairs[offset] = (opener, offset)
    return pairs


@given(DOCUMENTS)
def test_every_bracket_finds_its_partner_and_counts_what_is_between(data):
    structure, expected = outline(data).structure, brackets(data)
    for offset in range(len(data) + 1):
        assert structure.pair_at(offset) == expected.get(offset)
    for opener, closer in set(expected.values()):
        members = json.loads(data[opener : closer + 1])
        assert structure.member_count(opener, closer) == len(members)


@given(DOCUMENTS)
def test_the_path_of_a_place_leads_to_the_value_there(data):
    structure, whole = outline(data).structure, json.loads(data)
    for offset in range(len(data)):
        value = value_at(structure, offset)
        if value is not None:
            written = json.loads(data[value.start : value.end])
            assert jmespath.search(path_to(data, value), whole) == written
            if isinstance(written, str):
                assert text_of(data, value) == written


@given(DOCUMENTS)
def test_what_can_be_folded_are_the_brackets_that_end_in_a_later_line(data):
    lines, regions = Lines(data), outline(data).regions
    expected = {
        lines.at(opener): lines.at(closer) + 1
        for opener, closer in sorted(set(brackets(data).values()), reverse=True)
        if lines.at(closer) > lines.at(opener)
    }
    assert dict(zip(regions.lines.tolist(), regions.ends.tolist(), strict=True)) == expected


@given(DOCUMENTS, st.data())
def test_folds_hide_the_lines_inside_and_number_the_others(data, draw):
    folds = Folds(outline(data).regions)
    chosen = draw.draw(st.sets(st.integers(0, max(len(folds.regions) - 1, 0)), max_size=5))
    hidden = set()
    for region in chosen if len(folds.regions) else ():
        folds = folds.with_folded(region, folded=True)
        hidden |= set(range(folds.regions.lines[region] + 1, folds.regions.ends[region]))
    count = len(Lines(data))
    shown = [line for line in range(count) if line not in hidden]
    assert folds.hidden_count == len(hidden)
    assert [folds.line_of(number) for number in range(len(shown))] == shown
    assert [folds.number_of(line) for line in shown] == list(range(len(shown)))
    assert [folds.after(line) for line in shown] == [*shown[1:], count]
    for line in hidden:
        assert folds.holder(line) == max(other for other in shown if other < line)
        assert folds.showing(line).holder(line) == line


@given(st.binary(max_size=60) | st.text('[]{},":\\\n1', max_size=60).map(str.encode))
def test_no_text_makes_it_fail(data):
    made = outline(data)
    for offset in range(len(data) + 1):
        value = value_at(made.structure, offset)
        if value:
            path_to(data, value)
            text_of(data, value)
    Folds(made.regions).with_all_folded()


def test_a_quote_that_is_missing_spoils_its_line_alone():
    data = b'{\n"a: [\n"b": [\n1\n]\n}'
    assert outline(data).structure.pair_at(data.index(b"[\n1")) == (13, 17)


def test_text_behind_a_closing_bracket_stays_when_folded():
    data = b'[{\n"a": 1\n}, {\n"b": 2\n}]'
    regions = outline(data).regions
    assert (regions.lines.tolist(), regions.ends.tolist()) == ([0, 2], [5, 4])
    assert regions.whole.tolist() == [True, False]


def test_folding_all_keeps_the_outermost_open():
    data = json.dumps({"items": [{"a": 1}], "b": {"c": []}}, indent=2).encode()
    folds = Folds(outline(data).regions).with_all_folded()
    shown = len(Lines(data)) - folds.hidden_count
    assert [folds.line_of(number) for number in range(shown)] == [0, 1, 6, 9]


def test_a_text_that_is_nested_too_deep_has_no_outline():
    assert outline(b"[" * 50_000) is None


def test_a_cancelled_reading_gives_nothing():
    assert outline_of(Lines(b"[1]"), lambda: True) is None


@pytest.mark.parametrize(
    ("at", "path", "text"),
    [
        (b'"plan"', "items[1].attributes.plan", "pro"),
        (b"pro", "items[1].attributes.plan", "pro"),
        (b'"attributes"', "items[1].attributes", '{"plan": "pro", "a b": 1}'),
        (b'{"plan', "items[1].attributes", '{"plan": "pro", "a b": 1}'),
        (b'"a b"', 'items[1].attributes."a b"', "1"),
        (b"[]", "items[0].tags", "[]"),
        (b"]}, {", "items[0].tags", "[]"),
        (b'"count"', "count", "99999999999999999999999999"),
        (b'"name"', "name", 'say "hi"\n\u00e9'),
        (b'"odd"', "odd", r"\ud800"),
    ],
)
def test_values_and_paths_are_what_one_would_paste(at, path, text):
    data = (
        rb'{"items": [{"tags": []}, {"attributes": {"plan": "pro", "a b": 1}}],'
        rb' "count": 99999999999999999999999999, "name": "say \"hi\"\n\u00e9", "odd": "\ud800"}'
    )
    value = value_at(outline(data).structure, data.index(at))
    assert (path_to(data, value), text_of(data, value)) == (path, text)


def test_a_key_that_comes_twice_is_named_at_both_places():
    data = b'{"a": 1, "a": 2}'
    second = value_at(outline(data).structure, data.index(b"2"))
    assert (path_to(data, second), text_of(data, second)) == ("a", "2")
