"""From a draft to the request that is sent: variables, body, and the body's type."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from refiner_desktop.api.exchange import CallRequest, Pairs
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.variables import (
    Values,
    filled,
    filled_json,
    filled_path,
    unfilled,
)

CONTENT_TYPE = "Content-Type"
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
TEXT_TYPE = "text/plain; charset=utf-8"
UNKNOWN_TYPE = "application/octet-stream"
LEAST_SECONDS, MOST_SECONDS = 1, 3_600


@dataclass(frozen=True, slots=True)
class Filled:
    """A request that is ready to be sent.

    `unknown` names what is left between double braces, which stands in it as it was typed. `added`
    are headers that the kind of the body brings along; those that every call has come with sending.
    """

    request: CallRequest
    unknown: tuple[str, ...] = ()
    added: Pairs = ()


def fill(draft: RequestDraft, values: Values, content: bytes = b"") -> Filled:
    """Return the request that a draft means; `content` is that of its file."""
    body = _body(draft, values) if draft.body is not BodyKind.FILE else content
    added = ((CONTENT_TYPE, kind),) if body and (kind := _added_type(draft)) else ()
    return Filled(
        CallRequest(
            method=draft.method.strip().upper(),
            path=filled_path(draft.path.strip(), values).strip(),
            query=_pairs(draft.query, values),
            headers=(*_pairs(draft.headers, values), *added),
            body=body,
            without=draft.without,
            timeouts=_timeouts(draft),
        ),
        unknown=unfilled(_texts(draft), values),
        added=added,
    )


def usual_type(draft: RequestDraft) -> str:
    """Return the `Content-Type` that the body has unless a person says another; "" without one."""
    match draft.body:
        case BodyKind.JSON:
            return JSON_TYPE
        case BodyKind.FORM:
            return FORM_TYPE
        case BodyKind.TEXT:
            return TEXT_TYPE
        case BodyKind.FILE:
            return mimetypes.guess_type(Path(draft.file).name)[0] or UNKNOWN_TYPE
    return ""


def encoded(text: str) -> bytes:
    """Return a text in UTF-8; bytes that were never UTF-8 are again what they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _body(draft: RequestDraft, values: Values) -> bytes:
    match draft.body:
        case BodyKind.JSON:
            return encoded(filled_json(draft.text, values))
        case BodyKind.TEXT:
            return encoded(filled(draft.text, values))
        case BodyKind.FORM:
            pairs = _pairs(draft.form, values)
            return urlencode([(encoded(name), encoded(value)) for name, value in pairs]).encode()
    return b""


def _added_type(draft: RequestDraft) -> str:
    """Return the type to add: JSON's comes with sending, and a person may have said another."""
    left_out = any(name.strip().lower() == "content-type" for name in draft.without)
    if draft.body is BodyKind.JSON or left_out or draft.header(CONTENT_TYPE):
        return ""
    return usual_type(draft)


def _pairs(rows: tuple[Row, ...], values: Values) -> Pairs:
    return tuple(
        (filled(row.name, values), filled(row.value, values))
        for row in rows
        if row.on and (row.name or row.value)
    )


def _texts(draft: RequestDraft) -> Iterator[str]:
    """Yield what is sent of a draft."""
    form = draft.form if draft.body is BodyKind.FORM else ()
    yield draft.path
    for row in (*draft.query, *draft.headers, *form):
        if row.on:
            yield from (row.name, row.value)
    if draft.body in (BodyKind.JSON, BodyKind.TEXT):
        yield draft.text


def _timeouts(draft: RequestDraft) -> Timeouts | None:
    """Return a request's own time-outs; a file written by hand may hold any numbers."""
    if draft.patience is None:
        return None
    given = (draft.patience.connect, draft.patience.read, draft.patience.total)
    return Timeouts(*(min(max(seconds, LEAST_SECONDS), MOST_SECONDS) for seconds in given))
