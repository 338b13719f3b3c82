"""Between deliveries and the columns of their table."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from refiner_desktop.storage.encoding import (
    moment_from_text,
    moment_to_text,
    pairs_from_text,
    pairs_to_text,
)
from refiner_desktop.storage.text_search import needle
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow, Gist, Kind, Origin, Verdict

INSERT = """
    INSERT INTO delivery (
        hook, hook_id, received_at, method, path, headers, kind, verdict, answer, reason, peer,
        seconds, subject, user, score, sentence, user_uuid, person, project, size, origin,
        replay_of, edited, pinned, waits, repeat_key, seen_before, words, body
    ) VALUES
"""
VALUES = f"({', '.join('?' * 29)})"
HEADERS_PLACE = 5
"""Where the headers stand among the values, as they are written."""

Row = tuple[Any, ...]
ROW = """
    id, received_at, kind, verdict, origin, hook, method, path, answer, size, project, edited,
    pinned, seen_before, passed_on, hook_id, waits, subject, user, score, sentence, user_uuid,
    person
"""
WHOLE = """
    received_at, kind, verdict, origin, headers, id, hook, method, path, body, answer, reason, peer,
    seconds, project, replay_of, edited, pinned, seen_before, hook_id, waits, subject, user, score,
    sentence, user_uuid, person
"""


def to_values(delivery: Delivery, key: int | None, seen_before: bool) -> Row:
    """Return the values that `INSERT` takes; `key` is `short_key` of the delivery's."""
    gist = delivery.gist
    return (
        delivery.hook,
        delivery.hook_id or delivery.hook,
        moment_to_text(delivery.received_at),
        delivery.method,
        delivery.path,
        pairs_to_text(delivery.headers),
        delivery.kind.value,
        delivery.verdict.value,
        delivery.answer,
        delivery.reason,
        delivery.peer,
        delivery.seconds,
        gist.subject,
        gist.user,
        gist.score,
        gist.sentence,
        gist.uuid,
        needle(gist.person),
        delivery.project,
        delivery.size,
        delivery.origin.value,
        delivery.replay_of,
        delivery.edited,
        delivery.pinned,
        delivery.waits,
        key,
        seen_before,
        delivery.words,
        delivery.body,
    )


def to_delivery(row: tuple[Any, ...]) -> Delivery:
    """Make a delivery of the columns of `WHOLE`."""
    received_at, kind, verdict, origin, headers, number, hook, method, path, body, *ours = row
    answer, reason, peer, seconds, project, replay_of, edited, pinned, *ours = ours
    seen_before, hook_id, waits, *gist = ours
    return Delivery(
        id=number,
        hook=hook,
        received_at=moment_from_text(received_at),
        method=method,
        path=path,
        headers=pairs_from_text(headers),
        body=body,
        kind=Kind(kind),
        verdict=Verdict(verdict),
        answer=answer,
        reason=reason,
        peer=peer,
        seconds=seconds,
        gist=Gist(*gist),
        project=project,
        origin=Origin(origin),
        replay_of=replay_of,
        edited=bool(edited),
        pinned=bool(pinned),
        seen_before=bool(seen_before),
        hook_id=hook_id,
        waits=bool(waits),
    )


def to_delivery_row(row: tuple[Any, ...]) -> DeliveryRow:
    """Make a list line of the columns of `ROW`."""
    number, received_at, kind, verdict, origin, hook, method, path, answer, size, *ours = row
    project, edited, pinned, seen_before, passed_on, hook_id, waits, *gist = ours
    return DeliveryRow(
        id=number,
        hook=hook,
        received_at=moment_from_text(received_at),
        method=method,
        path=path,
        kind=Kind(kind),
        verdict=Verdict(verdict),
        answer=answer,
        size=size,
        gist=Gist(*gist),
        project=project,
        origin=Origin(origin),
        edited=bool(edited),
        pinned=bool(pinned),
        seen_before=bool(seen_before),
        passed_on=passed_on,
        hook_id=hook_id,
        waits=bool(waits),
    )


def short_key(text: str) -> int | None:
    """Shorten a key of repeats to what is held cheaply; None for an empty one."""
    if not text:
        return None
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
