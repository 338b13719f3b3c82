"""A contact and the account it belongs to (API reference, sections 5.1 and 5.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from refiner_desktop.sandbox.moments import iso

Traits = dict[str, str | None]


@dataclass(slots=True)
class Account:
    """A group of contacts; `remote_id` None and no name means "not grouped"."""

    uuid: str
    remote_id: str | None
    display_name: str | None
    domain: str | None
    first_seen: int
    last_seen: int
    traits: Traits = field(default_factory=dict)

    def brief(self) -> dict[str, Any]:
        """Return what a response's contact shows of it."""
        return {
            "uuid": self.uuid,
            "remote_id": self.remote_id,
            "display_name": self.display_name,
            "domain": self.domain,
        }

    def full(self) -> dict[str, Any]:
        """Return what contacts and webhooks show of it."""
        return {
            "uuid": self.uuid,
            "remote_id": self.remote_id,
            "domain": self.domain,
            "display_name": self.display_name,
            "first_seen_at": iso(self.first_seen),
            "last_seen_at": iso(self.last_seen),
            "attributes": self.traits,
        }


@dataclass(slots=True)
class Contact:
    """One user of the product. `row` is its number in the world and never changes."""

    row: int
    uuid: str
    remote_id: str | None
    email: str | None
    display_name: str | None
    cookie_uuid: str | None
    first_seen: int
    last_seen: int
    traits: Traits
    account: Account

    def brief(self) -> dict[str, Any]:
        """Return what a response shows of it."""
        return {
            "uuid": self.uuid,
            "remote_id": self.remote_id,
            "email": self.email,
            "display_name": self.display_name,
            "account": self.account.brief(),
        }
