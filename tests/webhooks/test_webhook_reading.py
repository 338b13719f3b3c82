"""What payloads are taken for, from the shapes of API reference, section 7, to any JSON at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.webhooks.delivery import Gist, Kind
from refiner_desktop.webhooks.reading import Event, classify, read

SHOWN = "2026-03-04T09:14:40.000000Z"


def payload(text="Completed Survey", response=None, **changes):
    contact = {
        "uuid": "0c6a5b4e-17b1-11f1-9c33-1b2c3d4e5f60",
        "remote_id": "u-1042",
        "email": "ana@example.org",
        "display_name": "Ana Example",
        "attributes": {"plan": "pro", "nps": "3"},
        "segments": [{"uuid": "5a1d7f70", "name": "Beta testers"}],
        "triggered_event": text,
    }
    survey = {} if response is None else {"form": {"uuid": "63b0", "name": "NPS March"}}
    answer = {} if response is None else {"response": response}
    return contact | survey | answer | changes


def response(**changes):
    empty = {"first_shown_at": SHOWN, "completed_at": None, "dismissed_at": None, "data": {}}
    return empty | changes


COMPLETED = response(completed_at=SHOWN, data={"nps": "9", "nps_reason": "Saves me time"})


def event(**changes):
    return read(json.dumps(payload(**changes)).encode())


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.SURVEY_COMPLETED, payload("Completed Survey", COMPLETED)),
        (Kind.SURVEY_COMPLETED, payload("Survey Completed", COMPLETED)),
        (Kind.SURVEY_COMPLETED, payload("", COMPLETED)),
        (Kind.SURVEY_PARTIAL, payload("Completed Survey", response(data={"nps": 9}))),
        (Kind.SURVEY_DISMISSED, payload("Dismissed Survey", response(dismissed_at=SHOWN))),
        (Kind.SURVEY_SEEN, payload("Saw Survey", response())),
        (Kind.SURVEY_SEEN, payload("Saw Survey", response(data=[]))),
        (Kind.TAG_ADDED, payload("Tag Added", COMPLETED)),
        (Kind.TAG_ADDED, payload("tag added", response())),
        (Kind.SEGMENT_ENTERED, payload("Segment Match")),
        (Kind.SEGMENT_ENTERED, payload("User enters segment")),
        (Kind.SEGMENT_ENTERED, payload("anything")),
        (Kind.SEGMENT_ENTERED, payload("Segment Match", segments=None)),
        (Kind.OTHER, {"hello": "world"}),
        (Kind.OTHER, {"segments": []}),
        (Kind.OTHER, payload("Completed Survey", "a text")),
        (Kind.OTHER, [payload("Completed Survey", COMPLETED)]),
        (Kind.OTHER, "Completed Survey"),
        (Kind.OTHER, None),
    ],
)
def test_shape_comes_before_text(kind, content):
    assert classify(content) is kind
    assert read(json.dumps(content).encode()).kind is kind


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"survey=1&nps=9",
        b"<html>",
        b"{",
        b'{"uuid": "\xff"}',
        json.dumps(payload()).encode("utf-16"),
        b"[" * 100_000,
        b'{"response": ' * 100_000,
        b'{"response": {"data": {"nps": ' + b"9" * 10_000 + b"}}}",
        b'{"response": {"data": {"nps": 1e999}}}',
        b"NaN",
    ],
)
def test_what_is_no_json_of_refiners_is_other_or_scoreless_and_never_an_error(body):
    found = read(body)
    assert found.score is None
    assert isinstance(found.gist, Gist)


def test_a_byte_order_mark_is_read_over():
    assert read(b"\xef\xbb\xbf" + json.dumps(payload("", COMPLETED)).encode()).score == 9


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
fields = st.sampled_from(list(payload(response=COMPLETED)))
misshapen = st.dictionaries(fields, json_values).map(lambda odd: payload("", COMPLETED) | odd)


@given(json_values | misshapen | misshapen.map(lambda odd: {**odd, "response": odd}))
def test_any_json_of_any_shape_is_read_without_an_error(value):
    found = read(json.dumps(value).encode())
    assert found.kind in Kind
    assert found.score is None or 0 <= found.score <= 10
    assert isinstance(found.person.email, str)
    assert all(isinstance(name, str) for name in (*found.segments, *found.tags))
    json.dumps(dict(found.answers))
    assert isinstance(found.repeat_key, str)
    for line in (found.gist.subject, found.gist.user, found.sentence):
        assert len(line) < 1000
        assert "\n" not in line


@given(st.binary())
def test_any_bytes_are_read_without_an_error(body):
    assert read(body).kind in Kind


def test_a_completed_survey_is_told_in_a_sentence():
    found = event(response=COMPLETED)
    assert found.sentence == "Ana Example completed NPS March: 9, promoter"
    gist = found.gist
    assert (gist.subject, gist.user, gist.score) == ("NPS March", "Ana Example", 9)
    assert gist.uuid == found.person.uuid
    assert gist.person.splitlines()[0] == "Ana Example"
    assert found.person.remote_id in gist.person
    assert found.person.remote_id == "u-1042"
    assert (found.survey, found.survey_uuid) == ("NPS March", "63b0")
    assert found.answers == {"nps": "9", "nps_reason": "Saves me time"}


@pytest.mark.parametrize(
    ("text", "answer", "sentence"),
    [
        ("", response(data={"q": 1}), "Ana Example answered a part of NPS March"),
        ("", response(dismissed_at=SHOWN), "Ana Example dismissed NPS March"),
        ("", response(), "Ana Example saw NPS March"),
        (
            "Tag added",
            response(tags=["vip", {"uuid": "1", "name": "late"}, 7]),
            "Ana Example's response to NPS March was tagged vip and late",
        ),
    ],
)
def test_other_survey_events_are_told_in_a_sentence(text, answer, sentence):
    assert event(text=text, response=answer).sentence == sentence


def test_a_segment_entry_names_all_segments_because_the_event_does_not_say_which():
    segments = [{"name": "All Users"}, {"name": "Beta testers"}]
    found = event(text="Segment Match", segments=segments)
    assert found.segments == ("All Users", "Beta testers")
    assert found.sentence == "Ana Example entered a segment, now in All Users and Beta testers"
    assert found.score is None


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ({"display_name": ""}, "ana@example.org"),
        ({"display_name": None, "email": None}, "u-1042"),
        ({"display_name": 5, "email": [], "remote_id": None}, "An anonymous user"),
        ({"display_name": "Ana\n\t Example "}, "Ana Example"),
    ],
)
def test_a_user_is_called_by_the_best_name_there_is(contact, name):
    assert event(response=COMPLETED, **contact).gist.user == name


@pytest.mark.parametrize(
    ("data", "score", "group"),
    [
        ({"nps": 10}, 10, "promoter"),
        ({"nps": "8"}, 8, "passive"),
        ({"NPS_score": 7.0}, 7, "passive"),
        ({"nps_reason": "10", "nps": "0"}, 0, "detractor"),
        ({"nps_reason": "Saves me time", "our_nps": 6}, 6, "detractor"),
        ({"nps": 11}, None, ""),
        ({"nps": True}, None, ""),
        ({"nps": "9.5"}, None, ""),
        ({"nps": None}, None, ""),
        ({"csat": 2}, None, ""),
        ([["nps", 9]], None, ""),
    ],
)
def test_a_score_is_an_answer_from_0_to_10_under_a_key_that_names_nps(data, score, group):
    found = event(response=response(completed_at=SHOWN, data=data))
    assert (found.score, found.group) == (score, group)


def test_an_event_that_is_not_known_has_nothing_but_a_sentence():
    assert Event(Kind.OTHER).gist == Gist(sentence="Not an event that Refiner is known to send")


def key(text="", **changes):
    return event(
        text=text, response=response(uuid="9f40", completed_at=SHOWN, **changes)
    ).repeat_key


def test_repeats_have_one_key_whatever_else_changed_meanwhile():
    first = event(response=response(uuid="9f40", completed_at=SHOWN, data={"nps": 9}))
    again = event(response=response(uuid="9f40", completed_at=SHOWN), attributes={}, email="b@c.d")
    assert first.repeat_key == again.repeat_key != ""


@pytest.mark.parametrize(
    "changes",
    [
        {"uuid": "other"},
        {"last_data_reception_at": SHOWN},
        {"last_shown_at": SHOWN},
        {"completed_at": None, "data": {"nps": 9}},
    ],
)
def test_another_response_event_or_time_has_another_key(changes):
    usual = response(uuid="9f40", completed_at=SHOWN)
    assert event(response=usual | changes).repeat_key != event(response=usual).repeat_key


def test_a_tag_event_repeats_only_with_the_same_tags_in_any_order():
    assert key("Tag added", tags=["a", "b"]) == key("Tag added", tags=[{"name": "b"}, "a"])
    assert key("Tag added", tags=["a", "b"]) != key("Tag added", tags=["a"])
    assert key(tags=["a"]) == key(tags=["b"])


def test_what_names_no_response_has_no_key():
    assert event(text="Segment Match").repeat_key == ""
    assert event(response=COMPLETED).repeat_key == ""
    assert read(b"no JSON").repeat_key == ""
