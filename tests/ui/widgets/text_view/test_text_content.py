"""Content in memory and on disk."""

import mmap

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view import content, formatting
from refiner_desktop.ui.widgets.text_view.content import chunks, contains, gathered
from refiner_desktop.ui.widgets.text_view.document import open_document
from refiner_desktop.ui.widgets.text_view.matches import Query
from refiner_desktop.ui.widgets.text_view.search import find


@given(st.lists(st.binary(min_size=1, max_size=9), max_size=6), st.integers(0, 40))
def test_what_is_too_much_for_memory_goes_to_disk_unchanged(parts, most):
    whole = gathered(parts, most)
    assert isinstance(whole, mmap.mmap) == (sum(map(len, parts)) > most)
    assert whole[:] == b"".join(parts)


@given(st.binary(max_size=40), st.integers(1, 9))
def test_chunks_are_the_whole(data, size):
    assert b"".join(chunks(data, size)) == data
    assert contains(data, b"a") == (b"a" in data)


@pytest.fixture
def mapped(tmp_path):
    file = tmp_path / "body.json"
    file.write_bytes(b'{"items":[' + b",".join([b'{"name":"Zo\xc3\xab","n":1}'] * 40_000) + b"]}")
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def test_a_mapped_file_is_shown_as_bytes_are(mapped, monkeypatch):
    whole = mapped[:]
    monkeypatch.setattr(formatting, "gathered", lambda parts: gathered(parts, 1000))
    document = open_document(mapped, json=True, pretty=True)
    assert isinstance(document.data, mmap.mmap)
    assert document.data[:] == msgspec.json.format(whole)
    raw = open_document(mapped, json=True, pretty=False)
    assert (raw.data, len(raw.lines)) == (mapped, 1)
    assert raw.strings.open_at(whole.index(b"name", 500_000))
    assert (
        len(find(mapped, Query("zoë"))) == len(find(mapped, Query("Zo.", is_regex=True))) == 40_000
    )
    assert len(whole) > content.CHUNK
