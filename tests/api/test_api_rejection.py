"""What an answer without success means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.api.errors import (
    ApiError,
    KeyMalformed,
    KeyMissing,
    KeyRejected,
    KeyUnknown,
    NotFound,
    RateLimited,
    Redirected,
    Refused,
    ServerFailed,
)
from refiner_desktop.api.rejection import rejection

KEY_BODIES = [
    ('{"error":"No API key found in headers"}', KeyMissing),
    ('{"error":"API key does not look valid"}', KeyMalformed),
    ('{"message":"API key not valid or does not exist"}', KeyUnknown),
]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500])
@pytest.mark.parametrize(("body", "error"), KEY_BODIES)
def test_a_key_failure_is_told_by_its_body_whatever_the_status(
    status: int, body: str, error: type[ApiError]
) -> None:
    assert type(rejection(status, body, {})) is error


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, Redirected),
        (400, Refused),
        (401, KeyRejected),
        (403, KeyRejected),
        (404, NotFound),
        (407, Refused),
        (422, Refused),
        (429, RateLimited),
        (500, ServerFailed),
        (503, ServerFailed),
    ],
)
def test_other_failures_are_told_by_their_status(status: int, error: type[ApiError]) -> None:
    rejected = rejection(status, '{"error":"Contact not found"}', {})
    assert type(rejected) is error
    assert rejected.status == status
    assert rejected.said == "Contact not found"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error":"one","message":"two"}', "one"),
        ('{"error":"","message":"two"}', "two"),
        ('{"error":{"code":7},"message":"two"}', "two"),
        ('{"code":7}', '{"code":7}'),
        ("<h1>Bad gateway</h1>\n", "<h1>Bad gateway</h1>"),
        ("", ""),
        ("x" * 1000, "x" * 300),
    ],
)
def test_the_servers_text_is_error_then_message_then_all_of_it_cut(body: str, said: str) -> None:
    assert rejection(400, body, {}).said == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '{"message":"Invalid.","errors":{"email":["No address.","Taken."],"plan":"Odd."}}',
            "Invalid. email: No address. Taken. plan: Odd.",
        ),
        ('{"message":"Invalid.","errors":{"email":[7, null]}}', "Invalid."),
        ('{"message":"Invalid.","errors":["email"]}', "Invalid."),
        ('{"errors":{"email":["No address."]}}', '{"errors":{"email":["No address."]}}'),
    ],
)
def test_the_fields_that_were_refused_are_named(body: str, said: str) -> None:
    assert rejection(422, body, {}).said == said


def test_a_key_failure_is_one_whatever_else_the_answer_says() -> None:
    body = '{"error":"API key does not look valid","errors":{"key":["Odd."]}}'
    assert type(rejection(401, body, {})) is KeyMalformed


@given(st.integers(300, 599), st.text(), st.text())
def test_any_failure_has_an_error(status: int, body: str, retry_after: str) -> None:
    error = rejection(status, body, {"retry-after": retry_after, "location": body})
    assert error.status == status
    assert str(error)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("60", 60.0), (" 0 ", 0.0), ("", None), ("soon", None), ("-5", None)],
)
def test_retry_after_is_read_in_seconds(retry_after: str, seconds: float | None) -> None:
    error = rejection(429, "", {"retry-after": retry_after})
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_retry_after_is_read_as_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=30), usegmt=True)
    error = rejection(429, "", {"retry-after": soon})
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(30, abs=2)
    late = rejection(429, "", {"retry-after": past})
    assert isinstance(late, RateLimited)
    assert late.retry_after == 0


def test_a_redirect_says_where_to() -> None:
    error = rejection(302, "", {"location": "https://elsewhere.example/"})
    assert isinstance(error, Redirected)
    assert error.location == "https://elsewhere.example/"
