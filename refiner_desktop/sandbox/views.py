"""Contacts and responses as answers and webhooks show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from refiner_desktop.sandbox.behaviour import Behaviour
from refiner_desktop.sandbox.contacts import Contact
from refiner_desktop.sandbox.happenings import Happening
from refiner_desktop.sandbox.moments import iso
from refiner_desktop.sandbox.responses import Response
from refiner_desktop.sandbox.world import World

TRIGGERED_EVENTS = {
    "survey_completed": "Completed Survey",
    "survey_partial": "Completed Survey",
    "survey_seen": "Saw Survey",
    "survey_dismissed": "Dismissed Survey",
    "segment_entered": "Segment Match",
    "tag_added": "Tag Added",
}


@dataclass(frozen=True, slots=True)
class Views:
    """Draws the world as the behaviour asks for."""

    world: World
    behaviour: Behaviour

    def contact(self, contact: Contact) -> dict[str, Any]:
        """Return a contact object (API reference, section 5.1)."""
        bits = int(self.world.book.segments[contact.row])
        return self._head(contact) | {
            "attributes": self.attributes(contact),
            "segments": self.world.segments.briefs_of(bits),
            "account": contact.account.full(),
        }

    def attributes(self, contact: Contact) -> Any:
        """Return the attributes of a contact."""
        with_unset = self.behaviour.unset_attributes
        return self._map(self.world.attributes(contact, with_unset=with_unset))

    def responses(self, page: list[Response], with_attributes: bool) -> list[dict[str, Any]]:
        """Return the items of a list of responses (API reference, section 4.15)."""
        rows = np.array([response.contact for response in page], dtype=np.int64)
        contacts = self.world.book.many(rows)
        return [
            self._response(response, contact, with_attributes)
            for response, contact in zip(page, contacts, strict=True)
        ]

    def payload(self, happening: Happening) -> dict[str, Any]:
        """Return what a webhook sends (API reference, section 7.3)."""
        contact, world = happening.contact, self.world
        payload = self._head(contact) | {
            "project_uuid": world.project_uuid,
            "attributes": world.attributes(contact, with_unset=True),
            "segments": [
                segment.entered(world.entered_at(contact, segment))
                for segment in world.segments_of(contact)
            ],
            "account": contact.account.full(),
            "triggered_event": TRIGGERED_EVENTS[happening.trigger],
        }
        if contact.cookie_uuid:
            payload["cookie_uuid"] = contact.cookie_uuid
        if happening.response is not None:
            payload["form"] = happening.response.survey.brief()
            payload["response"] = happening.response.delivered() | {
                "tags": self._tags(happening.response)
            }
        return payload

    def _head(self, contact: Contact) -> dict[str, Any]:
        return {
            "uuid": contact.uuid,
            "remote_id": contact.remote_id,
            "email": contact.email,
            "display_name": contact.display_name,
            "first_seen_at": iso(contact.first_seen),
            "last_seen_at": iso(contact.last_seen),
        }

    def _response(
        self, response: Response, contact: Contact, with_attributes: bool
    ) -> dict[str, Any]:
        shown = response.listed()
        shown["data"] = self._map(shown["data"])
        shown["contact"] = contact.brief()
        if with_attributes:
            shown["contact"]["attributes"] = self.attributes(contact)
        if self.behaviour.tags != "absent":
            shown["tags"] = self._tags(response)
        return shown

    def _tags(self, response: Response) -> list[Any]:
        if self.behaviour.tags != "objects":
            return list(response.tags)
        return [{"uuid": self.world.tag_uuid(name), "name": name} for name in response.tags]

    def _map(self, values: dict[str, Any]) -> Any:
        return [] if not values and self.behaviour.empty_maps_as_lists else values
