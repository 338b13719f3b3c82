"""Two deliveries side by side."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from refiner_desktop.services.deliveries.comparison import compare
from refiner_desktop.webhooks.delivery import Delivery, Gist

THEN = datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC)


def event(response="r-1", moment="2026-03-04T09:15:02.000000Z", contact="c-1", **more):
    answer = {"uuid": response, "completed_at": moment, "last_data_reception_at": moment}
    return json.dumps({"uuid": contact, "response": answer, **more}).encode()


def delivery(number, body, seconds=0.0, headers=(("X-A", "1"),)):
    received = THEN + timedelta(seconds=seconds)
    return Delivery("Surveys", received, "POST", "/x", headers, body, id=number, gist=Gist())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (event(), "The same bytes"),
        (event(email="b@c.d"), "The same event, told in other bytes"),
        (event(moment="2026-03-05T09:15:02.000000Z"), "Two events of one response"),
        (event(response="r-2"), "Two events of one user"),
        (event(response="r-2", contact="c-2"), "Two different events"),
        (b"no JSON", "Two different events"),
    ],
)
def test_what_two_have_in_common_is_said(body, words):
    assert compare(delivery(1, event()), delivery(2, body)).sentence.startswith(words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.25, "250 ms apart"),
        (3.2, "3200 ms apart"),
        (12.4, "12 s"),
        (180, "3 minutes"),
        (7200, "2 hours"),
        (2e5, "2 days"),
    ],
)
def test_how_far_apart_they_are_is_said(seconds, words):
    assert words in compare(delivery(1, b""), delivery(2, b"", seconds)).sentence


def test_the_older_one_is_on_the_left_whichever_was_chosen_first():
    older, newer = delivery(1, b"a"), delivery(2, b"b", 1)
    assert compare(newer, older) == compare(older, newer)
    assert compare(newer, older).left.body == b"a"


def test_heads_are_compared_line_by_line():
    one = delivery(1, b"", headers=(("X-A", "1"), ("X-B", "1")))
    assert "1 of the header lines differs" in compare(one, delivery(2, b"")).sentence
    assert "headers are the same" in compare(one, one).sentence
    assert compare(one, one).left.head == b"POST /x\nX-A: 1\nX-B: 1"


def test_a_compressed_body_is_compared_with_what_it_holds():
    packed = delivery(1, gzip.compress(b"{}"), headers=(("Content-Encoding", "gzip"),))
    assert compare(packed, delivery(2, b"{}", 1)).left.body == b"{}"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ((("X-A", "1"), ("X-B", "2")), "Their headers are the same."),
        ((("X-B", "2"), ("X-A", "1")), "the same in another order"),
        ((("X-A", "1"), ("X-A", "1"), ("X-B", "2")), "1 of the header lines differs"),
    ],
)
def test_order_and_repeats_of_headers_count(headers, words):
    first = delivery(1, b"", headers=(("X-A", "1"), ("X-B", "2")))
    assert words in compare(first, delivery(2, b"", headers=headers)).sentence
