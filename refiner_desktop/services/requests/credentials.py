"""What is a credential in a request, and requests without any: all that may be written down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from refiner_desktop.api.exchange import Answer, CallRequest, Pairs
from refiner_desktop.api.headers import SECRET_HEADERS
from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK
from refiner_desktop.services.requests.draft import RequestDraft, Row
from refiner_desktop.services.requests.variables import VARIABLE

KEY_PARAMETER = "api_key"
"""The service takes the key as a parameter, too: API reference, section 1.1."""

KEY_NAMES = frozenset({"authorization", KEY_PARAMETER})
"""Headers and parameters, in small letters, that carry a key for the service."""

# What is always there comes first, and is looked behind from: a body may have many megabytes.
_IN_ADDRESS = re.compile(rf"({KEY_PARAMETER}=(?<![^?&\s]{KEY_PARAMETER}=))([^&#\s]+)")
_IN_JSON = re.compile(rf'("{KEY_PARAMETER}"\s*:\s*")((?:[^"\\]|\\.)+)')


def is_credential(name: str) -> bool:
    """Whether a header or parameter of this name carries a secret."""
    name = name.strip().lower()
    return name in SECRET_HEADERS or name == KEY_PARAMETER


def is_secret(name: str, value: str) -> bool:
    """Whether a row holds a secret itself, not a variable that will stand for one."""
    return bool(value) and is_credential(name) and not _is_variable(value)


def with_dots(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows with dots in place of every secret."""
    return tuple(
        replace(row, value=MASK) if is_secret(row.name, row.value) else row for row in rows
    )


def without_dots(rows: Iterable[Row], before: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows with the secrets of those `before` in place of dots, by their names."""
    secrets: dict[str, list[str]] = {}
    for row in before:
        if is_secret(row.name, row.value):
            secrets.setdefault(row.name.lower(), []).append(row.value)
    return tuple(_undotted(row, secrets.get(row.name.lower(), [])) for row in rows)


def _undotted(row: Row, secrets: list[str]) -> Row:
    """Return a row with the next of the secrets that bear its name."""
    return replace(row, value=secrets.pop(0)) if secrets and row.value == MASK else row


def without_credentials(draft: RequestDraft, mask: Mask) -> RequestDraft:
    """Return the draft as it may be kept: with dots for every secret that is known.

    Rows that carry credentials, known or not, lose their value and are switched off; one whose
    value is a variable alone stays.
    """
    return replace(
        draft,
        method=mask.text(draft.method),
        path=text_without_key(mask.text(draft.path)),
        query=_rows(draft.query, mask),
        headers=_rows(draft.headers, mask),
        text=text_without_key(mask.text(draft.text)),
        form=_rows(draft.form, mask),
        file=mask.text(draft.file),
    )


def call_without_credentials(request: CallRequest, mask: Mask) -> CallRequest:
    """Return the request as it may be kept; of a credential's header or parameter the name stays.

    So whoever sends it again knows that it had a key of its own.
    """
    return replace(
        request,
        method=mask.text(request.method),
        path=text_without_key(mask.text(request.path)),
        query=_pairs(request.query, mask),
        headers=_pairs(request.headers, mask),
        body=data_without_key(mask.data(request.body)),
    )


def answer_without_credentials(answer: Answer) -> Answer:
    """Return the answer as it may be kept: its addresses tell what was asked."""
    return replace(
        answer,
        url=text_without_key(answer.url),
        location=text_without_key(answer.location),
    )


def text_without_key(text: str) -> str:
    """Return an address, a form or JSON with dots for a key in a parameter, known or not."""
    if KEY_PARAMETER not in text:
        return text
    return _IN_JSON.sub(_dotted, _IN_ADDRESS.sub(_dotted, text))


def data_without_key(data: bytes) -> bytes:
    """Return a body in which `text_without_key` was done."""
    if KEY_PARAMETER.encode() not in data:
        return data
    return text_without_key(data.decode("utf-8", "surrogateescape")).encode(
        "utf-8", "surrogateescape"
    )


def _pairs(pairs: Pairs, mask: Mask) -> Pairs:
    return tuple(
        (name, "") if is_credential(name) else (mask.text(name), mask.text(value))
        for name, value in pairs
    )


def _rows(rows: tuple[Row, ...], mask: Mask) -> tuple[Row, ...]:
    return tuple(
        Row(row.name, "", on=False)
        if is_secret(row.name, row.value)
        else Row(mask.text(row.name), mask.text(row.value), row.on)
        for row in rows
    )


def _is_variable(value: str) -> bool:
    """Whether a value is a variable, perhaps behind a scheme such as `Bearer`."""
    return bool(re.fullmatch(r"(?:[A-Za-z]+ +)?" + VARIABLE.pattern, value.strip()))


def _dotted(found: re.Match[str]) -> str:
    return found[0] if _is_variable(found[2]) else found[1] + MASK
