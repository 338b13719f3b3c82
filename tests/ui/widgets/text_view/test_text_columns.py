"""Columns of characters against plain Python."""

from bisect import bisect_right
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.characters import boundary, cell_width, decode
from refiner_desktop.ui.widgets.text_view.columns import Columns
from refiner_desktop.ui.widgets.text_view.lines import Lines

CHARACTERS = st.sampled_from("ab\t é漢👍e\u0301\u200d\r\nשм") | st.characters(codec="utf-8")
ENCODED = st.text(CHARACTERS, max_size=50).map(str.encode)
# Long enough to have several marks, whatever stands around them.
LONG = st.tuples(ENCODED, ENCODED, ENCODED).map(
    lambda parts: parts[0] * 120 + b"x" * 999 + parts[1] * 60 + parts[2]
)
BROKEN = st.binary(max_size=80)
ANY = ENCODED | BROKEN | LONG | BROKEN.map(lambda data: data * 50)


def characters_of(data, lines, line):
    """Offsets and columns of the characters of a line, the slow and certain way."""
    start, end = lines.start(line), lines.end(line)
    text = decode(data[start:end])
    sizes = [len(c.encode("utf-8", "surrogateescape")) for c in text]
    offsets = list(accumulate(sizes, initial=start))
    columns = list(accumulate(map(cell_width, text), initial=0))
    return text, offsets, columns


@given(ANY)
def test_every_character_has_the_column_that_plain_python_finds(data):
    lines = Lines(data)
    columns = Columns(lines)
    for line in range(len(lines)):
        _, offsets, expected = characters_of(data, lines, line)
        assert columns.widths[line] == expected[-1]
        for number in {0, len(offsets) // 3, len(offsets) // 2, len(offsets) - 1}:
            assert columns.column_of(offsets[number]) == expected[number]


@given(ANY, st.integers(0, 4000))
def test_every_column_leads_back_to_its_character(data, column):
    lines = Lines(data)
    columns = Columns(lines)
    for line in range(min(len(lines), 20)):
        _, offsets, expected = characters_of(data, lines, line)
        assert columns.offset_at(line, column) == offsets[bisect_right(expected, column) - 1]


@given(ANY, st.integers(0, 3000), st.integers(0, 200))
def test_a_piece_holds_what_is_to_be_shown(data, first, width):
    lines = Lines(data)
    columns = Columns(lines)
    text, offsets, expected = characters_of(data, lines, 0)
    piece = columns.piece(0, first, first + width)
    shown = {o: (c, t) for o, c, t in zip(piece.offsets, piece.columns, piece.text, strict=False)}
    for offset, column, character in zip(offsets, expected, text, strict=False):
        if first <= column < first + width and cell_width(character):
            assert shown[offset] == (column, character)


@given(st.binary(max_size=30) | ENCODED, st.integers(0, 60))
def test_a_boundary_never_cuts_a_character(data, offset):
    offset = min(offset, len(data))
    cut = boundary(data, offset)
    assert offset - 4 < cut <= offset
    assert decode(data[:cut]) + decode(data[cut:]) == decode(data)


@pytest.mark.parametrize(
    ("character", "cells"), [("a", 1), ("é", 1), ("\t", 4), ("漢", 2), ("\u0301", 0), ("\ud800", 1)]
)
def test_characters_take_the_cells_of_a_terminal(character, cells):
    assert cell_width(character) == cells


def test_a_long_line_of_marks_without_width_is_cut_short():
    columns = Columns(Lines(("e" + "\u0301" * 200_000).encode()))
    assert len(columns.piece(0, 0, 80).text) < 70_000
