"""Searching with regular expressions."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view import expressions, matches
from refiner_desktop.ui.widgets.text_view.expressions import TOO_SLOW
from refiner_desktop.ui.widgets.text_view.matches import TOO_MANY, Matches, Mistake, Query
from refiner_desktop.ui.widgets.text_view.search import find


def found(data, text, *, match_case=True):
    matches = find(data, Query(text, match_case=match_case, is_regex=True))
    return list(zip(matches.starts, matches.ends, strict=True))


@given(
    st.text("abA é漢\n", max_size=60),
    st.sampled_from(["a+", "[aé]b", "^a", "b$", r"\bA", "é|漢", "a*", "(?<=a)b", ".b"]),
    st.booleans(),
)
def test_every_match_is_found_as_plain_python_finds_it(text, pattern, match_case):
    flags = re.MULTILINE | (0 if match_case else re.IGNORECASE)
    expected = [
        (len(text[: m.start()].encode()), len(text[: m.end()].encode()))
        for m in re.finditer(pattern, text, flags)
        if m.end() > m.start()
    ]
    assert found(text.encode(), pattern, match_case=match_case) == expected


@pytest.mark.parametrize("line_end", ["\n", ""])
def test_matches_across_blocks_are_found_once(monkeypatch, line_end):
    monkeypatch.setattr(expressions, "_BLOCK", 64)
    text = ("é-1042 漢 name=ana" + line_end) * 60
    assert len(found(text.encode(), r"-\d+")) == 60
    assert len(found(text.encode(), r"name=\w{3}")) == 60
    assert len(found(text.encode(), r"^é")) == (60 if line_end else 1)


def test_bytes_that_are_no_text_are_passed_over():
    assert found(b"\xff\xfe42\xe9\x00 7", r"\d+") == [(2, 4), (7, 8)]


@pytest.mark.parametrize("pattern", ["(", "[a", "*", r"(?P<n>", "(" * 3000])
def test_a_mistake_is_told_in_words(pattern):
    mistake = find(b"text", Query(pattern, is_regex=True))
    assert isinstance(mistake, Mistake)
    assert mistake.sentence.endswith(".")


def test_an_expression_that_would_never_end_is_stopped(monkeypatch):
    monkeypatch.setattr(expressions, "_SECONDS", 0.1)
    began = time.monotonic()
    matches = find(b"ab " + b"a" * 60 + b"!", Query(r"(a|aa)+b|(a|aa)+$", is_regex=True))
    assert time.monotonic() - began < 5
    assert (list(matches.starts), matches.why_partial) == ([0], TOO_SLOW)


@pytest.mark.parametrize("is_regex", [True, False])
def test_more_matches_than_anybody_steps_through_are_not_counted(monkeypatch, is_regex):
    monkeypatch.setattr(matches, "_MOST", 100)
    found = find(b"a" * 1000, Query("a", is_regex=is_regex))
    assert (len(found), found.why_partial) == (100, TOO_MANY)


def test_a_cancelled_search_stops():
    assert find(b"aaa", Query("a", is_regex=True), lambda: True) == Matches()
