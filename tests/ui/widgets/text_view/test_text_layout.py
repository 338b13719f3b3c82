"""Rows of lines, wrapped and not."""

from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.columns import Columns
from refiner_desktop.ui.widgets.text_view.layout import Layout
from refiner_desktop.ui.widgets.text_view.lines import Lines

TEXTS = st.lists(st.text(st.sampled_from("abc  é漢"), max_size=40), max_size=12).map("\n".join)


def layout_of(text, wrap=None):
    return Layout(Columns(Lines(text.encode())), wrap)


def shown(layout):
    """The rows as a person sees them, a wide character taking its cell and the next."""
    rows = []
    for number in range(layout.row_count):
        row = layout.row(number)
        piece = layout.columns.piece(row.line, row.first, row.last)
        cells = zip(piece.text, piece.columns, strict=False)
        text = "".join(c for c, column in cells if row.first <= column < row.last)
        rows.append(" " * row.indent + text)
    return rows


@given(TEXTS, st.integers(8, 20))
def test_the_rows_of_a_line_hold_all_of_it_in_order(text, wrap):
    layout = layout_of(text, wrap)
    lines = [""] * len(layout.lines)
    for number, seen in enumerate(shown(layout)):
        row = layout.row(number)
        assert row.first == 0 or seen.startswith(" " * row.indent)
        lines[row.line] += seen[row.indent :]
    assert lines == text.split("\n")


@given(TEXTS, st.integers(8, 20))
def test_the_last_row_of_a_line_knows_that_it_is(text, wrap):
    layout = layout_of(text, wrap)
    ends = [layout.row(number).line for number in range(layout.row_count)]
    for number, line in enumerate(ends):
        assert layout.row(number).ends_line == (ends[number + 1 : number + 2] != [line])


@given(TEXTS, st.none() | st.integers(8, 20), st.data())
def test_the_place_of_a_character_leads_back_to_it(text, wrap, data):
    layout = layout_of(text, wrap)
    character = data.draw(st.integers(0, len(text)))
    offset = len(text[:character].encode())
    row, cell = layout.place(offset)
    assert layout.offset_at(row, cell) == offset
    assert layout.row(row).line == text[:character].count("\n")


def test_a_wrapped_line_goes_on_under_its_own_indent():
    assert shown(layout_of("    one two three\nnext", 12)) == [
        "    one two ",
        "    three",
        "next",
    ]


def test_a_line_that_fills_its_rows_has_no_empty_one():
    layout = layout_of("a" * 20, 10)
    assert shown(layout) == ["a" * 10, "a" * 10]
    assert layout.place(20) == (1, 10)


def test_a_place_outside_of_the_text_is_the_nearest_inside():
    layout = layout_of("one\ntwo")
    assert layout.offset_at(-5, -5) == 0
    assert layout.offset_at(99, 99) == 7
