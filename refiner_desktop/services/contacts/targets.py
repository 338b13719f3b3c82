"""The contacts that an action is meant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from refiner_desktop.api.queries import UserReference

TARGET_FIELDS = ("uuid", "remote_id", "email", "display_name")
"""What a `Target` is made of: fields of a contact, and columns of the table of contacts."""


class NoReference(ValueError):
    """A contact without user id and e-mail address, which segments take contacts by."""


class AnotherContact(Exception):
    """The service took another contact than the one meant: an e-mail address can be shared."""


@dataclass(frozen=True, slots=True)
class Target:
    """A contact to do something to. Anonymous ones have a UUID alone; `name` is for people."""

    uuid: str
    user_id: str = ""
    email: str = ""
    name: str = ""

    @classmethod
    def of(cls, contact: Mapping[str, Any]) -> Self:
        """Return the target for a contact as in the API reference, section 5.1."""
        return cls.from_cells([contact.get(field) for field in TARGET_FIELDS])

    @classmethod
    def from_cells(cls, cells: Sequence[object]) -> Self:
        """Return the target for the values of `TARGET_FIELDS`; None stands for none."""
        return cls(*("" if cell is None else str(cell) for cell in cells))

    @property
    def reference(self) -> UserReference:
        """How calls that take no UUID name this contact. Raises `NoReference`.

        By one of the two alone: an address sent beside an id could become that user's own.
        """
        if not (self.user_id or self.email):
            raise NoReference(f"{self.uuid} has neither a user id nor an e-mail address")
        return UserReference(id=self.user_id) if self.user_id else UserReference(email=self.email)
