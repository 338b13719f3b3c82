"""JMESPath: what it finds, what is wrong with it, and that it always ends."""

import asyncio
import json
import mmap
import re
import time

import pytest

from refiner_desktop.services.requests.json_query import QueryMistake, mistake_in, query

pytestmark = pytest.mark.anyio

BODY = json.dumps(
    {"items": [{"email": "ana@example.org", "seats": 3}, {"email": "bo@example.org", "seats": 9}]}
).encode()


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("items[].email", ["ana@example.org", "bo@example.org"]),
        ("items[?seats > `5`] | [0].email", "bo@example.org"),
        ("sum(items[].seats)", 12),
        ("nothing.here", None),
    ],
)
async def test_an_expression_is_answered(expression, found):
    assert json.loads(await query(expression, BODY)) == found


@pytest.mark.parametrize(
    ("expression", "position", "words"),
    [
        ("", 0, "empty"),
        ("items[", 6, "not complete"),
        ("items[?email=='x", 14, "never closed"),
        ("a..b", 2, ". is not expected"),
        ("a b", 2, "b is not expected"),
        ("items[].size(@)", 8, "no function size"),
        ("a || ", 5, "not complete"),
    ],
)
def test_a_mistake_is_told_with_its_place(expression, position, words):
    mistake = mistake_in(expression)
    assert (mistake.position, words in mistake.sentence) == (position, True), mistake.sentence


def test_a_right_expression_has_no_mistake():
    assert mistake_in("items[?contains(email, 'ana')].{who: email, n: length(email)}") is None


@pytest.mark.parametrize(
    ("expression", "body", "words"),
    [
        ("sum(items)", BODY, "In function sum()"),
        ("items", b"<html>", "not JSON"),
        ("items", b"", "not JSON"),
        ("a", b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    ],
)
async def test_a_question_without_an_answer_says_why(expression, body, words):
    with pytest.raises(QueryMistake, match=re.escape(words)):
        await query(expression, body)


async def test_odd_values_come_back_as_they_were():
    body = b'{"n": %s, "s": "\\ud800", "t": "gr\xc3\xb6\xc3\x9fer", "u": "\xff"}' % (b"9" * 400)
    assert await query("n", body) == b"9" * 400
    assert await query("s", body) == b'"\\ud800"'
    assert await query("t", body) == '"größer"'.encode()
    assert await query("u", body) == '"\ufffd"'.encode()


async def test_a_body_in_a_file_is_asked_alike(tmp_path):
    path = tmp_path / "body"
    path.write_bytes(BODY)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as body:
        assert await query("length(items)", body) == b"2"


async def test_what_takes_too_long_is_ended():
    explosion = " | ".join(["[@, @]"] * 40)
    with pytest.raises(QueryMistake, match=r"longer than|memory"):
        await query(explosion, BODY, patience=0.5)


async def test_a_cancelled_question_is_ended_at_once():
    explosion = " | ".join(["[@, @]"] * 40)
    asking = asyncio.create_task(query(explosion, BODY))
    await asyncio.sleep(0.3)
    began = time.perf_counter()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("@", b'{"a": 1.10, "b": 12345678901234567890.5, "c": 1e400, "d": [1E3]}'),
        ("max([a, `1`])", b"1.10"),
        ("sum([a, `1`])", b"2.1"),
        ("d[0] > a", b"true"),
    ],
)
async def test_numbers_keep_their_digits_and_stay_numbers(expression, found):
    body = b'{"a": 1.10, "b": 12345678901234567890.5, "c": 1e400, "d": [1E3]}'
    assert await query(expression, body) == found


@pytest.mark.parametrize(
    ("expression", "body", "words"),
    [("[::0]", b"[1, 2]", "step"), ("a", b'{"a": NaN}', "not JSON")],
)
async def test_a_wrong_question_is_not_taken_for_a_wrong_body(expression, body, words):
    with pytest.raises(QueryMistake, match=words):
        await query(expression, body)
