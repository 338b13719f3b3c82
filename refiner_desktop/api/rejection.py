"""Which error an answer without success means. API reference, sections 1.2 and 2.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

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

# A key failure is told by its text alone: an unknown key comes as 404, like an unknown contact.
_KEY_FAILURES: dict[str, type[KeyRejected]] = {
    "no api key found in headers": KeyMissing,
    "api key does not look valid": KeyMalformed,
    "api key not valid or does not exist": KeyUnknown,
}


def rejection(status: int, text: str, headers: Mapping[str, str]) -> ApiError:
    """Return the error for a status outside 2xx; the names in `headers` are in small letters."""
    body = _decoded(text)
    said = _sentence(body) or text.strip()
    kind = _KEY_FAILURES.get(said.strip(" .").lower()) or _by_status(status)
    error = kind(" ".join((said, *_fields(body))), status=status)
    if isinstance(error, RateLimited):
        error.retry_after = _seconds(headers.get("retry-after", ""))
    elif isinstance(error, Redirected):
        error.location = headers.get("location")
    return error


def said_in(text: str) -> str:
    """Return the `error` of a JSON body, else its `message`, else the text itself."""
    return _sentence(_decoded(text)) or text.strip()


def _decoded(text: str) -> dict[str, Any]:
    """Return a JSON object, an empty one for anything else."""
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _sentence(body: Mapping[str, Any]) -> str:
    texts = (body.get(name) for name in ("error", "message"))
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")


def _fields(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield what `errors` says about single fields: no source documents it, some answers have it.

    Without a sentence beside it, the whole body is told anyway.
    """
    errors = body.get("errors")
    if not isinstance(errors, dict) or not _sentence(body):
        return
    for field, said in errors.items():
        texts = said if isinstance(said, list) else [said]
        if plain := " ".join(text.strip() for text in texts if isinstance(text, str)):
            yield f"{field}: {plain}"


def _by_status(status: int) -> type[ApiError]:
    exact: dict[int, type[ApiError]] = {
        401: KeyRejected,
        403: KeyRejected,
        404: NotFound,
        429: RateLimited,
    }
    if status in exact:
        return exact[status]
    if status < 400:
        return Redirected
    return Refused if status < 500 else ServerFailed


def _seconds(retry_after: str) -> float | None:
    """Read a wait given in seconds or as the date when it ends."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        end = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    end = end if end.tzinfo else end.replace(tzinfo=UTC)
    return max(0.0, (end - datetime.now(UTC)).total_seconds())
