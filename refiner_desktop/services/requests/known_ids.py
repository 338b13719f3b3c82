"""Ids to complete with: surveys and segments of the service, users that were loaded."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refiner_desktop.api.endpoint import Parameter, Thing
from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.models import Segment, Survey
from refiner_desktop.datasets.errors import DatasetError
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.environments.connection import ConnectionService, NotConnected

FRESH_SECONDS = 60.0
"""So long surveys and segments are taken for what they were."""

MOST = 50

_USERS: dict[Thing, str] = {"user": "remote_id", "email": "email", "contact": "uuid"}
_LABELS = ("display_name", "email", "remote_id")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownId:
    """An id, and what a person knows it by."""

    value: str
    label: str


class KnownIds:
    """Completes the ids that parameters take. What can't be asked for now completes to nothing."""

    def __init__(self, connection: ConnectionService, contacts: ContactsService) -> None:
        self._connection = connection
        self._contacts = contacts
        self._lists: dict[tuple[str, str, Thing], tuple[float, list[KnownId]]] = {}

    async def known(self, parameter: Parameter, typed: str = "") -> list[KnownId]:
        """Return at most 50 ids that a parameter may take, which `typed` occurs in or is known by.

        Surveys and segments are asked for when they are first wanted, users only if their project
        is loaded on the Contacts tab.
        """
        try:
            if parameter.thing in _USERS:
                return await self._users(_USERS[parameter.thing], typed)
            return _matching(await self._list(parameter.thing), typed)
        except (NotConnected, ApiError, DatasetError) as exc:
            _log.info("no %s to complete with: %s", parameter.name, type(exc).__name__)
            return []

    async def _list(self, thing: Thing) -> list[KnownId]:
        if not thing:
            return []
        environment = self._connection.environment
        place = (environment.id, environment.project, thing)
        asked, found = self._lists.get(place, (-FRESH_SECONDS, []))
        if time.monotonic() - asked >= FRESH_SECONDS:
            found = [KnownId(each.uuid, each.name) for each in await self._asked(thing)]
            self._lists[place] = time.monotonic(), found
        return found

    async def _asked(self, thing: Thing) -> Sequence[Survey | Segment]:
        if thing == "survey":
            return await self._contacts.surveys()
        segments = await self._contacts.segments()
        return [each for each in segments if each.is_manual or thing == "segment"]

    async def _users(self, key: str, typed: str) -> list[KnownId]:
        if self._contacts.project != self._connection.environment.project:
            return []
        keys = (key, *(label for label in _LABELS if label != key))
        found = await self._contacts.find(typed, keys, MOST)
        return [KnownId(value, _label(others)) for value, *others in found if value]


def _matching(known: Iterable[KnownId], typed: str) -> list[KnownId]:
    wanted = typed.strip().casefold()
    found = [each for each in known if wanted in f"{each.label}\n{each.value}".casefold()]
    return found[:MOST]


def _label(cells: Iterable[str | None]) -> str:
    return " · ".join(dict.fromkeys(cell for cell in cells if cell))
