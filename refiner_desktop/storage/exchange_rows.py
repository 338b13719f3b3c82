"""Calls of the console as the history keeps them, and how they are written into its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from refiner_desktop.api.exchange import Answer, AnswerHead, Body, CallRequest, Pairs
from refiner_desktop.storage.encoding import moment_from_text, pairs_from_text


class ExchangeState(StrEnum):
    """How far a call came."""

    IN_FLIGHT = "in_flight"
    ANSWERED = "answered"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The application ended while it waited: whether the call arrived is unknown."""


@dataclass(frozen=True, slots=True)
class FetchedPages:
    """How many items came with how many pages of a list."""

    pages: int
    items: int


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One call as a line of the history; for a list it may stand for all its `pages`."""

    id: int
    sent_at: datetime
    method: str
    path: str
    query: Pairs
    state: ExchangeState
    status: int | None
    seconds: float | None
    error: str | None
    answer_size: int
    pinned: bool
    pages: int = 1


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One call with everything that was sent and what came back.

    `lost` says that the body of the answer is no longer where it was kept. `fetched` tells of the
    pages that were fetched with it, which are not kept.
    """

    id: int
    sent_at: datetime
    request: CallRequest
    state: ExchangeState
    seconds: float | None
    error: str | None
    pinned: bool
    answer: Answer | None
    lost: bool = False
    fetched: FetchedPages | None = None


ROW_COLUMNS = (
    "id, sent_at, method, path, query, state, status, seconds, error, answer_size, pinned, pages"
)

_head = msgspec.json.Decoder(AnswerHead)
_names = msgspec.json.Decoder(tuple[str, ...])
_HEAD_FIELDS = [field.name for field in fields(AnswerHead)]


def to_row(columns: Sequence[Any]) -> ExchangeRow:
    """Read what was selected by `ROW_COLUMNS`."""
    number, sent_at, method, path, query, state, status, *more, pages = columns
    seconds, error, size, pinned = more
    return ExchangeRow(
        id=number,
        sent_at=moment_from_text(sent_at),
        method=method,
        path=path,
        query=pairs_from_text(query),
        state=ExchangeState(state),
        status=status,
        seconds=seconds,
        error=error,
        answer_size=size,
        pinned=bool(pinned),
        pages=pages,
    )


def to_request(
    method: str, path: str, query: str, headers: str, left_out: str, body: bytes
) -> CallRequest:
    """Read a request from its columns."""
    pairs = pairs_from_text(query), pairs_from_text(headers)
    return CallRequest(method, path, *pairs, body, _names.decode(left_out))


def answer_to_text(answer: Answer) -> str:
    """Write an answer without its bodies as JSON."""
    head = AnswerHead(**{name: getattr(answer, name) for name in _HEAD_FIELDS})
    return msgspec.json.encode(head).decode()


def answer_from_text(text: str, body: Body, request_body: bytes) -> Answer:
    """Read what `answer_to_text` wrote, and put the bodies back."""
    head = _head.decode(text)
    kept = {name: getattr(head, name) for name in _HEAD_FIELDS}
    return Answer(**kept, body=body, request_body=request_body)
