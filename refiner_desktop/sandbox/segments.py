"""Segments: groups of contacts, by hand or by a rule (API reference, section 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from refiner_desktop.sandbox.draws import random_uuid
from refiner_desktop.sandbox.moments import iso
from refiner_desktop.sandbox.rules import DATA_DRIVEN_SEGMENTS, MANUAL_SEGMENTS, Rule


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment; `rule` None means manual. `bit` marks its members in the contacts' column."""

    bit: int
    uuid: str
    name: str
    rule: Rule | None

    def brief(self) -> dict[str, Any]:
        """Return what a contact shows of it."""
        return {"uuid": self.uuid, "name": self.name}

    def listed(self) -> dict[str, Any]:
        """Return what the list of segments shows of it."""
        return {**self.brief(), "is_manual": self.rule is None}

    def entered(self, at: int) -> dict[str, Any]:
        """Return what a webhook shows of it for a contact that entered at that time."""
        return {**self.brief(), "created_at": iso(at), "updated_at": iso(at)}


class Segments:
    """The segments of the world, ordered by name."""

    def __init__(self, seed: int) -> None:
        rules: dict[str, Rule | None] = {**DATA_DRIVEN_SEGMENTS, **dict.fromkeys(MANUAL_SEGMENTS)}
        self.all = tuple(
            Segment(1 << at, random_uuid(seed, f"segment {name}"), name, rules[name])
            for at, name in enumerate(sorted(rules))
        )
        self.briefs_of = cache(self._briefs_of)

    def named(self, name: str) -> Segment:
        """Return the segment of that name; raises StopIteration if there is none."""
        return next(segment for segment in self.all if segment.name == name)

    def find(self, uuid: str) -> Segment | None:
        """Return the segment of that UUID."""
        return next((segment for segment in self.all if segment.uuid == uuid), None)

    def of(self, bits: int) -> list[Segment]:
        """Return the segments whose bits are set."""
        return [segment for segment in self.all if segment.bit & bits]

    def _briefs_of(self, bits: int) -> list[dict[str, Any]]:
        return [segment.brief() for segment in self.of(bits)]
