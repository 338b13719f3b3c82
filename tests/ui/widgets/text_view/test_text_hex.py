"""Bytes as digits and characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.document import HexDocument
from refiner_desktop.ui.widgets.text_view.hex import HexText
from refiner_desktop.ui.widgets.text_view.layout import Layout
from refiner_desktop.ui.widgets.text_view.matches import Query
from refiner_desktop.ui.widgets.text_view.search import find

BYTES = st.binary(min_size=1, max_size=70)


def dump(data):
    lines = []
    for begin in range(0, len(data), 16):
        part = data[begin : begin + 16]
        digits = [f"{octet:02x}" for octet in part]
        halves = f"{' '.join(digits[:8]):<23}  {' '.join(digits[8:]):<23}"
        characters = "".join(chr(octet) if 32 <= octet < 127 else "." for octet in part)
        lines.append(f"{begin:08x}  {halves}  {characters}")
    return "\n".join(lines).encode()


@given(BYTES, st.integers(0, 400), st.integers(0, 400))
def test_every_slice_is_that_of_the_whole_dump(data, start, stop):
    text, expected = HexText(data), dump(data)
    assert len(text) == len(expected)
    assert text[start:stop] == expected[start:stop]


@given(BYTES)
def test_a_byte_is_found_at_its_digits_and_its_character(data):
    text, expected = HexText(data), dump(data)
    for byte, octet in enumerate(data):
        digits, character = text.digits_at(byte), text.character_at(byte)
        assert expected[digits : digits + 2] == f"{octet:02x}".encode()
        assert {text.byte_at(digits), text.byte_at(digits + 1), text.byte_at(character)} == {byte}


@given(BYTES)
def test_lines_and_columns_are_those_of_the_dump(data):
    layout, expected = Layout(HexDocument(data).columns), dump(data).decode().split("\n")
    assert layout.row_count == len(expected)
    for number, line in enumerate(expected):
        piece = layout.columns.piece(number, 0, 200)
        assert piece.text == line
        for column in range(len(line) + 1):
            assert layout.place(layout.offset_at(number, column)) == (number, column)


@pytest.mark.parametrize("at", [0, 5, 14, 30])
def test_what_is_found_is_marked_in_digits_and_characters_of_each_line(at):
    data = b"." * at + b"needle" + b"." * 40
    document = HexDocument(data)
    matches = find(document.searched, Query("needle"))
    marked = []
    for line in range(len(document.lines)):
        start, end = document.lines.start(line), document.lines.end(line)
        marked += [
            document.data[begin:stop] for _, begin, stop in document.marks(matches, start, end)
        ]
    assert b"".join(mark for mark in marked if mark.isalpha()) == b"needle"
    digits = b" ".join(mark for mark in marked if not mark.isalpha())
    assert bytes.fromhex(digits.decode()) == b"needle"


def test_a_dump_of_much_costs_what_is_read_of_it():
    text = HexText(bytes(200_000_000))
    assert text[len(text) - 16 :] == b"." * 16
