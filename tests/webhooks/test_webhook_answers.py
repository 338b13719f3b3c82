"""Answers in words, and what their numbers say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.webhooks.answers import Answered, answered, in_words


def test_an_answer_is_shown_with_its_question_in_words():
    assert answered({"nps": "9", "nps_reason": "Saves me time"}) == (
        Answered("nps", "NPS", "9", "promoter"),
        Answered("nps_reason", "NPS reason", "Saves me time"),
    )


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("why_did_you_cancel_your_subscription", "Why did you cancel your subscription"),
        ("csat", "CSAT"),
        ("Team-size", "Team size"),
        ("", ""),
        ("__", "__"),
    ],
)
def test_an_identifier_reads_as_the_words_it_was_made_of(identifier, words):
    assert in_words(identifier) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (4, "4"),
        (4.5, "4.5"),
        (["fast", 2, None], "fast, 2, "),
        (["fast", {"x": 1}], '["fast",{"x":1}]'),
        ({"x": 1}, '{"x":1}'),
    ],
)
def test_any_answer_has_a_text(value, text):
    assert answered({"q": value})[0].answer == text


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("nps", 0, "detractor"),
        ("our_nps", "7", "passive"),
        ("nps", "great", ""),
        ("csat", -2, "very unsatisfied"),
        ("csat_support", "1", "satisfied"),
        ("csat", 5, ""),
        ("csat", True, ""),
        ("rating", 2, ""),
    ],
)
def test_a_number_is_explained_where_its_question_names_the_scale(name, value, meaning):
    assert answered({name: value})[0].meaning == meaning


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_any_json_is_shown_without_an_error(answers):
    shown = answered(json.loads(json.dumps(answers)))
    assert [each.identifier for each in shown] == list(answers)
    assert all(isinstance(each.answer, str) for each in shown)
