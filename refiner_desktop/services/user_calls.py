"""From the JSON object that a person has seen to the call that sends exactly it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from refiner_desktop.api.models import Acknowledged, Identified
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


def _user(payload: Mapping[str, Any]) -> UserReference:
    return UserReference(id=payload.get("id", ""), email=payload.get("email", ""))
