"""One authorized call to an endpoint."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from refiner_desktop.sandbox.behaviour import Behaviour
from refiner_desktop.sandbox.contacts import Contact
from refiner_desktop.sandbox.paging import Window
from refiner_desktop.sandbox.params import Params
from refiner_desktop.sandbox.refusals import BadParameter, not_found
from refiner_desktop.sandbox.segments import Segment
from refiner_desktop.sandbox.surveys import Survey
from refiner_desktop.sandbox.views import Views
from refiner_desktop.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """What an endpoint works on. Its readers raise `BadParameter` or `Refusal`."""

    params: Params
    views: Views

    @property
    def world(self) -> World:
        """The data."""
        return self.views.world

    @property
    def behaviour(self) -> Behaviour:
        """The choices where the service is unknown."""
        return self.views.behaviour

    @property
    def window(self) -> Window:
        """The page that is asked for."""
        return Window.of(self.params, self.behaviour.page_length)

    def user(self, *, uuid: bool = False) -> tuple[str, str, str]:
        """Return id, e-mail and UUID of the user meant; one is there, the others may be empty."""
        uuid_text = self.params.text("uuid") if uuid else ""
        reference = self.params.text("id"), self.params.text("email"), uuid_text
        if not any(reference):
            raise BadParameter("One of the parameters id, email is required")
        return reference

    def contact(self, *, uuid: bool = False) -> Contact:
        """Return the existing contact that is meant."""
        contact = self.world.book.find(*self.user(uuid=uuid))
        if contact is None:
            raise not_found("Contact")
        return contact

    def survey(self) -> Survey:
        """Return the survey of the required parameter `form_uuid`."""
        return self._survey(self.params.required("form_uuid"))

    def segment(self) -> Segment:
        """Return the segment of the required parameter `segment_uuid`."""
        return self._segment(self.params.required("segment_uuid"))

    def surveys_filter(self) -> list[str]:
        """Return the surveys that the answer is limited to, none for all."""
        return [self._survey(uuid).uuid for uuid in self._uuids("form_uuid", "form_uuids")]

    def segments_filter(self) -> list[str]:
        """Return the segments that the answer is limited to, none for all."""
        return [self._segment(uuid).uuid for uuid in self._uuids("segment_uuid", "segment_uuids")]

    def query_number(self, *names: str) -> int:
        """Return a number that stands for the values of these parameters."""
        return zlib.crc32(msgspec.json.encode([self.params.raw(name) for name in names]))

    def account_data(self) -> Mapping[str, Any] | None:
        """Return the `account` parameter, which needs an id."""
        if self.params.raw("account") is None:
            return None
        account = self.params.mapping("account")
        if not account.get("id"):
            raise BadParameter("The parameter account.id is required")
        return account

    def _uuids(self, single: str, several: str) -> list[str]:
        one = self.params.text(single)
        return ([one] if one else []) + self.params.texts(several)

    def _survey(self, uuid: str) -> Survey:
        survey = self.world.find_survey(uuid)
        if survey is None:
            raise not_found("Form")
        return survey

    def _segment(self, uuid: str) -> Segment:
        segment = self.world.segments.find(uuid)
        if segment is None:
            raise not_found("Segment")
        return segment
