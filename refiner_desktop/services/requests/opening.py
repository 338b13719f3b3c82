"""Drafts of what is there already: calls of the history, and the catalogue's endpoints."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl

import msgspec

from refiner_desktop.api.endpoint import Endpoint, Parameter
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.requests.credentials import KEY_NAMES, is_credential
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.filling import (
    CONTENT_TYPE,
    FORM_TYPE,
    usual_type,
)
from refiner_desktop.settings.settings import Patience

_PART = rb"(?:[^&=]+=[^&]*|=[^&]+)"
_PARTS = re.compile(_PART + rb"(?:&" + _PART + rb")*")


def draft_of_call(request: CallRequest) -> RequestDraft:
    """Return the draft that would send this request again.

    Credentials of its own that were not kept are rows without a value, switched off; the key of the
    environment does not silently take their place.
    """
    draft = RequestDraft(
        method=request.method,
        path=request.path,
        query=_rows(request.query),
        headers=_rows(request.headers),
        without=_without(request),
        patience=_patience(request),
    )
    return _with_body(draft, request.body) if request.body else draft


def draft_of_endpoint(endpoint: Endpoint) -> RequestDraft:
    """Return an example of a call, with all its parameters.

    In a query those that it needs are switched on, and wait for a value; a body is the catalogue's.
    """
    path = endpoint.path.lstrip("/") or "/"
    if endpoint.example is not None:
        example = msgspec.json.format(msgspec.json.encode(endpoint.example), indent=2).decode()
        return RequestDraft(endpoint.method, path, body=BodyKind.JSON, text=example)
    return RequestDraft(endpoint.method, path, query=_parameter_rows(endpoint.parameters))


def completed(draft: RequestDraft, example: RequestDraft) -> RequestDraft:
    """Return the example with what a person has written already in place of its own."""
    written = {row.name: row for row in draft.query if row.value}
    rows = [written.pop(row.name, row) for row in example.query]
    has_body = draft.body is not BodyKind.NONE and (draft.text.strip() or draft.form or draft.file)
    return replace(
        draft,
        method=example.method,
        path=example.path,
        query=(*rows, *written.values()),
        body=draft.body if has_body else example.body,
        text=draft.text if has_body else example.text,
    )


def _parameter_rows(parameters: tuple[Parameter, ...]) -> tuple[Row, ...]:
    one_of = next((parameter for parameter in parameters if parameter.one_of), None)
    return tuple(
        Row(
            parameter.query_name,
            parameter.default if parameter.default in parameter.allowed else "",
            on=parameter.required or parameter is one_of,
        )
        for parameter in parameters
    )


def _rows(pairs: tuple[tuple[str, str], ...]) -> tuple[Row, ...]:
    return tuple(
        Row(name, value, on=bool(value) or not is_credential(name)) for name, value in pairs
    )


def _without(request: CallRequest) -> tuple[str, ...]:
    rows = _rows((*request.query, *request.headers))
    own_key = any(not row.on and row.name.strip().lower() in KEY_NAMES for row in rows)
    return tuple(dict.fromkeys((*request.without, *(["authorization"] if own_key else ()))))


def _with_body(draft: RequestDraft, body: bytes) -> RequestDraft:
    """Say what a body is made of; its type is no row of its own where it goes without saying."""
    header = draft.header(CONTENT_TYPE)
    written = header.value.strip().lower() if header else ""
    if written == FORM_TYPE and _PARTS.fullmatch(body):
        draft = replace(draft, body=BodyKind.FORM, form=_form(body))
    else:
        kind = BodyKind.JSON if "json" in written or not header else BodyKind.TEXT
        draft = replace(draft, body=kind, text=body.decode("utf-8", "surrogateescape"))
    if header and written == usual_type(draft):
        others = tuple(row for row in draft.headers if row is not header)
        return replace(draft, headers=others)
    return draft


def _form(body: bytes) -> tuple[Row, ...]:
    text = body.decode("utf-8", "surrogateescape")
    return _rows(tuple(parse_qsl(text, keep_blank_values=True, errors="surrogateescape")))


def _patience(request: CallRequest) -> Patience | None:
    if request.timeouts is None:
        return None
    waits = request.timeouts
    return Patience(
        connect=_whole(waits.connect), read=_whole(waits.read), total=_whole(waits.total)
    )


def _whole(seconds: float) -> int:
    return max(round(seconds), 1)
