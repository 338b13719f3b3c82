"""Which responses a list or a report is about (API reference, sections 4.15 and 4.18)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from refiner_desktop.sandbox.contacts import Contact
from refiner_desktop.sandbox.params import Params
from refiner_desktop.sandbox.responses import Response
from refiner_desktop.sandbox.world import World

Test = Callable[[Response], bool]
INCLUDED = {
    "completed": {"completed"},
    "partials": {"completed", "partial"},
    "all": {"completed", "partial", "dismissed", "seen"},
}


def happened_at(response: Response, include: str) -> int:
    """Return the time that the date range and the order go by."""
    time = response.last_shown if include == "all" else response.last_data
    return time or response.last_data or 0  # stored responses were never shown


def within(since: int | None, until: int | None, include: str) -> Test:
    """Test for a range of time: `since` counts, `until` does not."""
    first, last = since or 0, 2**62 if until is None else until
    return lambda response: first <= happened_at(response, include) < last


def in_surveys(uuids: Iterable[str]) -> Test:
    """Test for one of several surveys; none given means any."""
    wanted = set(uuids)
    return lambda response: not wanted or response.survey.uuid in wanted


def tagged(world: World, uuids: Iterable[str]) -> Test:
    """Test for one of several tags; none given means any."""
    wanted = set(uuids)
    return lambda response: not wanted or not wanted.isdisjoint(map(world.tag_uuid, response.tags))


def of_members(world: World, uuids: Iterable[str]) -> Test:
    """Test for contacts in one of several segments; none given means any."""
    wanted = set(uuids)
    bits = sum(segment.bit for segment in world.segments.all if segment.uuid in wanted)
    return lambda response: not wanted or bool(world.book.segments[response.contact] & bits)


def with_data(world: World, params: Params) -> list[Test]:
    """Tests for answers, traits and account traits that equal given values."""
    answers = _as_texts(params.mapping("response_data"))
    traits = _as_texts(params.mapping("contact_data"))
    account = _as_texts(params.mapping("account_data"))
    tests: list[Test] = []
    if answers:
        tests.append(lambda response: _matches(response.data, answers))
    if traits:
        tests.append(
            _about_contact(world, lambda contact: _matches(world.attributes(contact), traits))
        )
    if account:
        tests.append(
            _about_contact(world, lambda contact: _matches(contact.account.traits, account))
        )
    return tests


def about(world: World, text: str) -> list[Test]:
    """Tests for contacts whose id, UUID, e-mail or name is what was searched for."""
    if not text:
        return []
    found = world.book.matching(text)
    by_uuid = world.book.find(uuid=text)
    row = by_uuid.row if by_uuid else -1
    return [lambda response: bool(found[response.contact]) or response.contact == row]


def select(world: World, tests: Iterable[Test]) -> list[Response]:
    """Return the responses that pass every test."""
    tests = list(tests)
    return [response for response in world.responses if all(test(response) for test in tests)]


def _about_contact(world: World, holds: Callable[[Contact], bool]) -> Test:
    rows = np.unique(np.array([r.contact for r in world.responses], dtype=np.int64))
    found = {contact.row for contact in world.book.many(rows) if holds(contact)}
    return lambda response: response.contact in found


def _as_texts(wanted: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in wanted.items()}


def _matches(values: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(
        wanted_text in map(str, value if isinstance(value, list) else [value])
        for key, wanted_text in wanted.items()
        for value in [values.get(key)]
    )
