"""From the JSON object that a person has seen to the call that sends exactly it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from refiner_desktop.api.models import Acknowledged, Identified, SegmentChanged
from refiner_desktop.api.queries import UserReference

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient


async def identify(client: RefinerClient, payload: Mapping[str, Any]) -> Identified:
    """Send an identify payload: id, e-mail and traits flat, the account nested (section 4.3)."""
    traits = {key: value for key, value in payload.items() if key not in ("id", "email", "account")}
    return await client.identify(_user(payload), traits, account=payload.get("account"))


async def track(client: RefinerClient, payload: Mapping[str, Any]) -> Acknowledged:
    """Send a track payload: id, e-mail and event (section 4.4)."""
    return await client.track(_user(payload), payload["event"])


async def add_to_segment(client: RefinerClient, payload: Mapping[str, Any]) -> SegmentChanged:
    """Put a user into a manual segment: id, e-mail and segment_uuid (section 4.9)."""
    return await client.add_to_segment(_user(payload), payload["segment_uuid"])


async def remove_from_segment(client: RefinerClient, payload: Mapping[str, Any]) -> SegmentChanged:
    """Take a user out of a manual segment, named in the same way."""
    return await client.remove_from_segment(_user(payload), payload["segment_uuid"])


def _user(payload: Mapping[str, Any]) -> UserReference:
    return UserReference(id=payload.get("id", ""), email=payload.get("email", ""))
