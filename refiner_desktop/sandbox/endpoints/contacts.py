"""Endpoints about contacts and segments (API reference, sections 4.3 to 4.9)."""

from __future__ import annotations

from typing import Any

import numpy as np

from refiner_desktop.sandbox.contact_book import ORDERS
from refiner_desktop.sandbox.draws import Mask
from refiner_desktop.sandbox.endpoints.call import Call
from refiner_desktop.sandbox.paging import cursor_after, key_of_cursor, page_of
from refiner_desktop.sandbox.refusals import refused
from refiner_desktop.sandbox.segments import Segment


def identify_user(call: Call) -> dict[str, Any]:
    """Create or update a user."""
    user_id, email, _ = call.user()
    account = call.account_data()
    traits = call.params.others("id", "email", "uuid", "account")
    contact = call.world.identify(user_id, email, traits, account)
    return {"message": "ok", "contact_uuid": contact.uuid}


def track_event(call: Call) -> dict[str, Any]:
    """Record an event."""
    user_id, email, _ = call.user()
    call.world.track(user_id, email, call.params.required("event"))
    return {"message": "ok"}


def list_contacts(call: Call) -> dict[str, Any]:
    """List contacts, newest first or from A to Z."""
    order_by = call.params.one_of("order_by", ORDERS, "first_seen_at")
    window = call.window
    book = call.world.book
    ordering = book.ordered(order_by)
    rows, keys = ordering.rows, ordering.keys
    for mask in _filters(call):
        kept = mask[rows]
        rows, keys = rows[kept], keys[kept]
    query = call.query_number("order_by", "form_uuid", "segment_uuid", "search")
    after = None
    if window.cursor:
        kind = bytes if keys.dtype.kind == "S" else int
        key = key_of_cursor(window.cursor, query, kind)
        after = int(np.searchsorted(keys, np.array(key, keys.dtype), side="right"))
    start = window.start(after)
    end = start + window.length
    items = [call.views.contact(contact) for contact in book.many(rows[start:end])]
    cursor = cursor_after(keys[end - 1].item(), query) if end < len(rows) else None
    return window.envelope(items, len(rows), cursor)


def show_contact(call: Call) -> dict[str, Any]:
    """Return one contact."""
    return call.views.contact(call.contact(uuid=True))


def delete_contact(call: Call) -> dict[str, Any]:
    """Delete a contact and its responses."""
    call.world.delete(call.contact(uuid=True))
    return {"message": "ok"}


def list_segments(call: Call) -> dict[str, Any]:
    """List segments by name."""
    segments = call.world.segments.all
    items = [segment.listed() for segment in page_of(segments, call.window)]
    return call.window.envelope(items, len(segments))


def add_to_segment(call: Call) -> dict[str, Any]:
    """Add a user to a manual segment."""
    segment = _manual_segment(call)
    contact = call.world.contact_for(*call.user())
    call.world.enter(contact, segment)
    return {
        "message": "ok",
        "contact_uuid": contact.uuid,
        call.behaviour.segment_key: segment.uuid,
    }


def remove_from_segment(call: Call) -> dict[str, Any]:
    """Remove a user from a manual segment."""
    segment = _manual_segment(call)
    contact = call.contact()
    call.world.leave(contact, segment)
    return {
        "message": "ok",
        "contact_uuid": contact.uuid,
        call.behaviour.segment_key: segment.uuid,
    }


def _manual_segment(call: Call) -> Segment:
    segment = call.segment()
    if segment.rule is not None:
        raise refused("The segment is not a manual segment")
    return segment


def _filters(call: Call) -> list[Mask]:
    book = call.world.book
    masks = []
    for uuid in call.surveys_filter():
        linked = [r.contact for r in call.world.responses if r.survey.uuid == uuid]
        mask = np.zeros(len(book.alive), bool)
        mask[linked] = True
        masks.append(mask)
    segments = call.segments_filter()
    if segments:
        bits = sum(s.bit for s in call.world.segments.all if s.uuid in segments)
        masks.append((book.segments & bits) != 0)
    if search := call.params.text("search"):
        masks.append(book.matching(search))
    return masks
