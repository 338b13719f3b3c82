"""Selections, words, lines and moves of the caret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.columns import Columns
from refiner_desktop.ui.widgets.text_view.layout import Layout
from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.navigation import Motion, moved
from refiner_desktop.ui.widgets.text_view.selection import Selection, line_at, word_at

TEXT = st.text(st.sampled_from("ab -é漢e\u0301\t\n"), max_size=40)


def layout_of(text, wrap=None):
    return Layout(Columns(Lines(text.encode())), wrap)


def go(layout, offset, motion):
    return moved(layout, offset, motion, page=3, column=layout.place(offset)[1])


def walk(layout, motion, offset):
    path = [offset]
    while (offset := go(layout, path[-1], motion)) != path[-1]:
        path.append(offset)
    return path


@given(TEXT, st.none() | st.integers(8, 12))
def test_left_and_right_visit_the_same_places_and_reach_both_ends(text, wrap):
    layout = layout_of(text, wrap)
    there = walk(layout, Motion.RIGHT, 0)
    assert there[-1] == len(text.encode())
    # A mark without a character before it is passed on the way there and entered on no way back.
    if not any(line.startswith("\u0301") for line in text.split("\n")):
        assert walk(layout, Motion.LEFT, there[-1]) == there[::-1]


@given(TEXT, st.none() | st.integers(8, 12), st.sampled_from(Motion), st.data())
def test_no_motion_lands_inside_a_character(text, wrap, motion, data):
    offset = len(text[: data.draw(st.integers(0, len(text)))].encode())
    target = go(layout_of(text, wrap), offset, motion)
    text.encode()[:target].decode("utf-8", "strict")


@given(TEXT)
def test_words_lead_from_one_end_to_the_other(text):
    layout = layout_of(text)
    assert walk(layout, Motion.WORD_RIGHT, 0)[-1] == len(text.encode())
    assert walk(layout, Motion.WORD_LEFT, len(text.encode()))[-1] == 0


def test_up_and_down_keep_the_column():
    layout = layout_of("long line\nx\nlong line")
    assert moved(layout, 5, Motion.DOWN, page=1, column=5) == 11
    assert moved(layout, 11, Motion.DOWN, page=1, column=5) == 17
    assert go(layout, 5, Motion.UP) == 0
    assert go(layout, 17, Motion.DOWN) == 21


@pytest.mark.parametrize(
    ("offset", "word"),
    [(0, "ana"), (2, "ana"), (3, "ana"), (4, "example"), (14, "0c6a-17b1"), (24, "Zoë")],
)
def test_the_word_at_an_offset_is_selected_whole(offset, word):
    data = "ana@example  0c6a-17b1 Zoë".encode()
    selection = word_at(Lines(data), offset)
    assert data[selection.start : selection.end].decode() == word


@given(TEXT, st.data())
def test_word_and_line_hold_the_offset(text, data):
    offset = len(text[: data.draw(st.integers(0, len(text)))].encode())
    lines = Lines(text.encode())
    for selection in (word_at(lines, offset), line_at(lines, offset)):
        assert selection.start <= offset <= selection.end


def test_a_selection_by_words_grows_to_both_sides_of_the_first():
    word = Selection(10, 15)
    assert word.grown(Selection(20, 25)) == Selection(10, 25)
    assert word.grown(Selection(2, 5)) == Selection(15, 2)
