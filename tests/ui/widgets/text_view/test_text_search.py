"""What is found in a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view.matches import Query
from refiner_desktop.ui.widgets.text_view.search import find


def find_all(data, text, *, match_case, cancelled=lambda: False):
    return find(data, Query(text, match_case=match_case), cancelled)


def found(data, text, *, match_case=True):
    matches = find_all(data, text, match_case=match_case)
    return list(zip(matches.starts, matches.ends, strict=True))


@given(st.text("abA é", max_size=60), st.text("abA é", min_size=1, max_size=3), st.booleans())
def test_every_match_is_found_as_plain_python_finds_it(text, needle, match_case):
    flags = re.NOFLAG if match_case else re.IGNORECASE
    expected = [
        (len(text[: m.start()].encode()), len(text[: m.end()].encode()))
        for m in re.finditer(re.escape(needle), text, flags)
    ]
    assert found(text.encode(), needle, match_case=match_case) == expected


@pytest.mark.parametrize("at", [(1 << 18) - 3, (1 << 18) - 1, 1 << 18, (1 << 18) + 1])
def test_a_match_across_two_chunks_is_found_once(at):
    data = b"." * at + b"needle" + b"." * (1 << 18)
    assert found(data, "NEEDLE", match_case=False) == [(at, at + 6)]


def test_matches_do_not_overlap_across_chunks():
    assert len(found(b"a" * ((1 << 19) + 1), "aaa")) == ((1 << 19) + 1) // 3


def test_letters_beyond_ascii_are_found_in_both_cases():
    assert found("Über ÜBER über".encode(), "über", match_case=False) == [(0, 5), (6, 11), (12, 17)]


def test_signs_have_no_special_meaning():
    assert found(b"a.c abc (", "a.c") == [(0, 3)]
    assert found(b"a.c abc (", "(") == [(8, 9)]


def test_a_cancelled_search_stops_early():
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) > 1

    assert len(find_all(b"a" * (1 << 20), "a", match_case=True, cancelled=cancelled)) == 1 << 18


def test_only_the_matches_that_touch_a_range_are_handed_out():
    matches = find_all(b"ab ab ab ab", "ab", match_case=True)
    assert [number for number, _, _ in matches.between(4, 6)] == [1]
    assert [number for number, _, _ in matches.between(4, 7)] == [1, 2]


def test_the_match_after_the_last_is_the_first():
    matches = find_all(b"ab ab", "ab", match_case=True)
    assert [matches.at_or_after(offset) for offset in (0, 1, 3, 4)] == [0, 1, 1, 0]
