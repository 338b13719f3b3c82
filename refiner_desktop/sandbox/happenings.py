"""What can happen in the world that a webhook may report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from refiner_desktop.sandbox.contacts import Contact
from refiner_desktop.sandbox.responses import Response
from refiner_desktop.sandbox.segments import Segment

Trigger = Literal[
    "survey_completed",
    "survey_partial",
    "survey_seen",
    "survey_dismissed",
    "segment_entered",
    "tag_added",
]


@dataclass(frozen=True, slots=True)
class Happening:
    """A change that a webhook may report."""

    trigger: Trigger
    contact: Contact
    response: Response | None = None
    segment: Segment | None = None


def ignore(happening: Happening) -> None:
    """Hear of a happening and do nothing."""
