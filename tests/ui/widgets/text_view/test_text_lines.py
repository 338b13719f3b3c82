"""The index of lines against plain Python."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.lines import Lines

TEXT = st.text(st.sampled_from("a\n\ré"), max_size=40).map(str.encode)


@given(TEXT | st.binary(max_size=60))
def test_lines_are_those_that_plain_python_finds(data):
    lines = Lines(data)
    found = [data[lines.start(line) : lines.end(line)] for line in range(len(lines))]
    assert found == re.split(rb"\r?\n", data)


@given(TEXT | st.binary(max_size=60))
def test_ends_of_many_lines_agree_with_those_of_each(data):
    lines = Lines(data)
    every = range(len(lines))
    assert lines.starts.tolist() == [lines.start(line) for line in every]
    assert lines.ends().tolist() == [lines.end(line) for line in every]
    assert lines.ends(np.array(every[::2])).tolist() == [lines.end(line) for line in every[::2]]


@given(TEXT)
def test_an_offset_belongs_to_the_line_whose_end_follows(data):
    lines = Lines(data)
    for offset in range(len(data) + 1):
        assert lines.at(offset) == data[:offset].count(b"\n")


def test_line_ends_are_found_beyond_the_first_chunk():
    data = b"x" * (4 << 20) + b"\n" + b"y" * (4 << 20) + b"\nz"
    lines = Lines(data)
    assert [lines.start(line) for line in range(len(lines))] == [0, 4194305, 8388610]
