"""Sort, filter and window agree with plain Python on small random worlds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from contact_worlds import (
    ALPHABET,
    fold,
    kind_of,
    loaded,
    newest,
    relaxed,
    sort_value,
    text_of,
    uuids,
    worlds,
    written,
)
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.contacts import ContactSet


@pytest.fixture(scope="module")
def contacts() -> Iterator[ContactSet]:
    with ContactSet() as opened:  # one for all examples, cleared before each
        yield opened


def in_order(contacts: list[dict[str, Any]], column: Column, *, descending: bool) -> list[str]:
    def text(contact: dict[str, Any]) -> str:
        return text_of(contact, column.key) or ""

    filled = [contact for contact in contacts if text(contact)]
    filled.sort(key=lambda c: sort_value(column.kind, text(c)), reverse=descending)
    return [c["uuid"] for c in [*filled, *(c for c in contacts if not text(c))]]


@relaxed
@given(worlds(), st.integers(0, 8), st.integers(0, 8))
def test_columns_and_windows_agree_with_python(
    contacts: ContactSet, pages: list[list[dict[str, Any]]], first: int, count: int
) -> None:
    expected = loaded(pages, contacts)
    columns = contacts.columns()
    assert contacts.window(contacts.query(), first, count, columns) == [
        tuple(text_of(contact, column.key) for column in columns)
        for contact in expected[first : first + count]
    ]
    for column in columns:
        if column.key.startswith("attributes."):
            # Versions that were replaced on a later page count too: a kind never comes back.
            seen = [text_of(c, column.key) for page in pages for c in newest([page])]
            assert column.kind == kind_of(column.key, [text for text in seen if text])


@relaxed
@given(worlds(), st.data())
def test_sorting_agrees_with_python(
    contacts: ContactSet, pages: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    expected = loaded(pages, contacts)
    filled = [c for c in contacts.columns() if c.key.startswith(("attributes", "display"))]
    for column in data.draw(st.lists(st.sampled_from(filled), max_size=3)):
        for descending in (False, True):
            assert uuids(contacts, sort=[SortKey(column.key, descending)]) == in_order(
                expected, column, descending=descending
            )


@relaxed
@given(worlds(), st.lists(st.text(ALPHABET.replace("\0", ""), max_size=3), max_size=3))
def test_filtering_agrees_with_python(
    contacts: ContactSet, pages: list[list[dict[str, Any]]], words: list[str]
) -> None:
    expected = loaded(pages, contacts)
    filter_text = " ".join(words)
    folded = [fold(word) for word in filter_text.split()]
    columns = contacts.columns()
    assert uuids(contacts, filter_text=filter_text) == [
        contact["uuid"] for contact in expected if _matches(contact, columns, folded)
    ]


def _matches(contact: dict[str, Any], columns: tuple[Column, ...], words: list[str]) -> bool:
    def is_in(word: str, column: Column) -> bool:
        text = text_of(contact, column.key) or ""
        return any(word in fold(each) for each in written(column.kind, text))

    return all(any(is_in(word, column) for column in columns) for word in words)


@relaxed
@given(worlds())
def test_every_contact_reads_back_whole(
    contacts: ContactSet, pages: list[list[dict[str, Any]]]
) -> None:
    expected = loaded(pages, contacts)
    for row_id, contact in zip(contacts.query().ids.tolist(), expected, strict=True):
        row = contacts.row(row_id)
        attributes = dict(contact.get("attributes", {}))
        assert row["uuid"] == contact["uuid"]
        assert row["display_name"] == contact["display_name"]
        assert row["attributes"] == {k: v for k, v in attributes.items() if v is not None}
