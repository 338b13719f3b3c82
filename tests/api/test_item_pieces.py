"""Items of large bodies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.api import item_pieces
from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.item_pieces import pieces_of
from refiner_desktop.api.pages import items_in


@pytest.fixture(autouse=True, scope="module")
def small_pieces():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(item_pieces, "PIECE", 16)
        yield


def together(body):
    return tuple(item for piece in pieces_of(body) for item in piece)


ITEMS = st.lists(
    st.recursive(
        st.none() | st.integers() | st.sampled_from(["},{", "]", '"', "\\", "é"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner),
        max_leaves=6,
    ),
    max_size=12,
)


@given(ITEMS, st.booleans(), st.sampled_from([None, 1]), st.booleans())
def test_items_that_are_read_in_pieces_are_the_items(items, enveloped, indent, marked):
    value = {"items": items, "pagination": {"items_count": 1}} if enveloped else items
    body = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    assert together(b"\xef\xbb\xbf" + body if marked else body) == items_in(body)


def test_a_long_list_is_read_in_several_pieces():
    body = json.dumps([{"a": each} for each in range(20)]).encode()
    assert len(list(pieces_of(body))) > 3


def test_a_list_that_breaks_off_is_unreadable():
    body = json.dumps([{"a": each} for each in range(20)]).encode()[:-3]
    with pytest.raises(UnreadableAnswer):
        together(body)
