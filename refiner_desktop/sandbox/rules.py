"""What the world does by itself: who enters a segment, and which event makes a user answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Everyone:
    """Every contact is a member."""

    def holds(self, attributes: Attributes, events: frozenset[str]) -> bool:
        """Return whether a contact belongs to the segment."""
        return True


@dataclass(frozen=True, slots=True)
class TraitIs:
    """A trait has that value."""

    trait: str
    value: str

    def holds(self, attributes: Attributes, events: frozenset[str]) -> bool:
        """Return whether a contact belongs to the segment."""
        return attributes.get(self.trait) == self.value


@dataclass(frozen=True, slots=True)
class AnswerWithin:
    """The latest answer to a question is a number from `least` to `most`."""

    question: str
    least: int
    most: int

    def holds(self, attributes: Attributes, events: frozenset[str]) -> bool:
        """Return whether a contact belongs to the segment."""
        try:
            return self.least <= int(attributes.get(self.question) or "") <= self.most
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class EventTracked:
    """An event was tracked for the contact, ever."""

    event: str

    def holds(self, attributes: Attributes, events: frozenset[str]) -> bool:
        """Return whether a contact belongs to the segment."""
        return self.event in events


Rule = Everyone | TraitIs | AnswerWithin | EventTracked

ALL_USERS = "All Users"

DATA_DRIVEN_SEGMENTS: dict[str, Rule] = {
    ALL_USERS: Everyone(),
    "Clicked upgrade": EventTracked("upgrade_clicked"),
    "Detractors": AnswerWithin("nps", 0, 6),
    "Pro plan": TraitIs("plan", "pro"),
    "Promoters": AnswerWithin("nps", 9, 10),
}

# Manual segments, and how large a part of the contacts is a member at the start.
MANUAL_SEGMENTS = {
    "Beta testers": 0.04,
    "Customer advisory board": 0.004,
    "Interview candidates": 0.015,
}

# A user for whom the event is tracked answers the survey at once.
ANSWERED_AFTER_EVENT = {
    "cancellation_confirmed": "Cancellation survey",
    "checkout_completed": "Checkout CSAT",
    "onboarding_finished": "Onboarding experience",
    "project_shared": "Product NPS",
}
