"""Made-up events in the shapes that Refiner sends (API reference, section 7.3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from refiner_desktop.webhooks.delivery import Kind

Json = dict[str, Any]

TRIGGERED_EVENTS = {
    Kind.SURVEY_COMPLETED: "Completed Survey",
    Kind.SURVEY_PARTIAL: "Completed Survey",
    Kind.SURVEY_SEEN: "Saw Survey",
    Kind.SURVEY_DISMISSED: "Dismissed Survey",
    Kind.SEGMENT_ENTERED: "Segment Match",
    Kind.TAG_ADDED: "Tag Added",
}
"""What Refiner calls them; the texts of section 7.2, as far as they are known."""

ANSWERS: Mapping[str, Any] = {"nps": "9", "nps_reason": "Saves me time"}

_ANSWERED = frozenset({Kind.SURVEY_COMPLETED, Kind.SURVEY_PARTIAL, Kind.TAG_ADDED})
_TO_SEE = timedelta(seconds=22)
_TO_ANSWER = timedelta(seconds=10)
_A_WHILE = timedelta(days=90)
_MADE_UP_SEGMENTS = (("All users", timedelta(days=200)), ("Pro plan", timedelta(days=140)))
_HEAD = ("uuid", "remote_id", "email", "display_name", "first_seen_at", "last_seen_at")


@dataclass(frozen=True, slots=True)
class Named:
    """A survey or segment."""

    uuid: str
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sample is to tell. What is not chosen is made up.

    `contact` is an object as in section 5.1; `project` is the environment's UUID.
    """

    kind: Kind
    contact: Mapping[str, Any] | None = None
    survey: Named | None = None
    segment: Named | None = None
    answers: Mapping[str, Any] = field(default_factory=lambda: ANSWERS)
    tags: Sequence[str] = ("follow-up",)
    project: str = ""


def sample(wish: Wish, now: datetime | None = None) -> Json:
    """Return a payload that tells what was wished for, as if it happened now."""
    now = now or datetime.now(UTC)
    if wish.kind is Kind.OTHER:
        return {"message": "This is no event of Refiner's"}
    contact = wish.contact or _contact(now)
    payload: Json = {key: contact.get(key) for key in _HEAD} | {
        "project_uuid": wish.project or _uuid(),
        "attributes": contact.get("attributes") or {},
        "segments": _segments(wish, contact, now),
        "account": contact.get("account") or _account(None, "", {}, now),
        "triggered_event": TRIGGERED_EVENTS[wish.kind],
    }
    if wish.kind is Kind.SEGMENT_ENTERED:
        return payload
    survey = wish.survey or Named(_uuid(), "NPS March")
    form = {"uuid": survey.uuid, "name": survey.name}
    return payload | {"form": form, "response": _response(wish, now)}


def refreshed(body: bytes, now: datetime | None = None) -> bytes:
    """Return a sample as if it happened once more, now: another response, with other times.

    What is no event with a response stays as it is.
    """
    try:
        payload = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body
    response = payload.get("response") if isinstance(payload, dict) else None
    if not isinstance(response, dict):
        return body
    moment = _iso(now or datetime.now(UTC))
    times = {key: moment for key, value in response.items() if key.endswith("_at") and value}
    fresh = response | times | {"uuid": _uuid()}
    return msgspec.json.encode(payload | {"response": fresh})


def _response(wish: Wish, now: datetime) -> Json:
    answered = wish.kind in _ANSWERED
    completed = wish.kind in (Kind.SURVEY_COMPLETED, Kind.TAG_ADDED)
    seen = _iso(now - _TO_SEE)
    return {
        "uuid": _uuid(),
        "first_shown_at": seen,
        "last_shown_at": seen,
        "show_counter": None,
        "first_data_reception_at": _iso(now - _TO_ANSWER) if answered else None,
        "last_data_reception_at": _iso(now) if answered else None,
        "completed_at": _iso(now) if completed else None,
        "dismissed_at": _iso(now) if wish.kind is Kind.SURVEY_DISMISSED else None,
        "received_at": _iso(now) if answered else None,
        "data": dict(wish.answers) if answered else {},
        "tags": list(wish.tags) if wish.kind is Kind.TAG_ADDED else [],
    }


def _segments(wish: Wish, contact: Mapping[str, Any], now: datetime) -> list[Json]:
    """Return all segments of the contact, the one that was just entered last among them."""
    listed = contact.get("segments")
    there = [dict(each) for each in listed or () if isinstance(each, Mapping)]
    if wish.contact is None:
        there = [_segment(Named(_uuid(), name), now - age) for name, age in _MADE_UP_SEGMENTS]
    of_their_own = wish.contact is not None and bool(there)
    if wish.kind is Kind.SEGMENT_ENTERED and (wish.segment or not of_their_own):
        entered = wish.segment or Named(_uuid(), "Beta testers")
        there = [each for each in there if each.get("uuid") != entered.uuid]
        there.append(_segment(entered, now))
    return [_segment(Named("", ""), now - _A_WHILE) | each for each in there]


def _segment(named: Named, made: datetime) -> Json:
    times = {"created_at": _iso(made), "updated_at": _iso(made)}
    return {"uuid": named.uuid, "name": named.name} | times


def _contact(now: datetime) -> Json:
    earlier = _iso(now - timedelta(days=21))
    attributes = {"email": "ana@example.org", "name": "Ana Example", "plan": "pro", "seats": "12"}
    return {
        "uuid": _uuid(),
        "remote_id": "u-1042",
        "email": "ana@example.org",
        "display_name": "Ana Example",
        "first_seen_at": earlier,
        "last_seen_at": _iso(now),
        "attributes": attributes,
        "account": _account("acme", "Acme Ltd", {"name": "Acme Ltd"}, now),
    }


def _account(remote_id: str | None, name: str, attributes: Json, now: datetime) -> Json:
    """Return an account (section 5.2); that of an ungrouped user has no id and no name."""
    return {
        "uuid": _uuid(),
        "remote_id": remote_id,
        "domain": None,
        "display_name": name,
        "first_seen_at": _iso(now),
        "last_seen_at": _iso(now),
        "attributes": attributes,
    }


def _uuid() -> str:
    return str(uuid.uuid1())


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
