"""One request that reached the listener, as a value."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

Headers = tuple[tuple[str, str], ...]
"""Header names and values in their order and case; each character stands for one byte."""


class Kind(StrEnum):
    """What a payload tells (API reference, section 7.2)."""

    SURVEY_COMPLETED = "survey_completed"
    SURVEY_PARTIAL = "survey_partial"
    SURVEY_SEEN = "survey_seen"
    SURVEY_DISMISSED = "survey_dismissed"
    SEGMENT_ENTERED = "segment_entered"
    TAG_ADDED = "tag_added"
    OTHER = "other"


class Verdict(StrEnum):
    """Whether the listener took a request for a genuine delivery. It keeps both."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Gist(Struct, frozen=True):
    """What a list shows of a payload, so that it need not open any body."""

    subject: str = ""
    """The survey's name, or the names of the contact's segments."""
    user: str = ""
    score: int | None = None
    """An NPS answer, 0 to 10."""
    sentence: str = ""


class Delivery(Struct, frozen=True):
    """A request as it came, what it was taken for, and what it was answered."""

    hook: str
    """Name of the hook it was for; empty when its path belongs to none."""
    received_at: datetime
    method: str
    path: str
    """The request's target as it came: path and query, undecoded."""
    headers: Headers
    body: bytes
    kind: Kind = Kind.OTHER
    verdict: Verdict = Verdict.ACCEPTED
    id: int | None = None
    """None until it is kept."""
    answer: int | None = None
    """The status it was answered with; None when its sender left too early."""
    reason: str = ""
    """Why it was refused, as a sentence."""
    peer: str = ""
    seconds: float = 0.0
    """From its head to the last byte of its body."""
    gist: Gist = Gist()
    project: str = ""
    """UUID of the environment that sent it, as the payload says; empty when it says none."""

    @property
    def size(self) -> int:
        """Length of the body in bytes."""
        return len(self.body)


class DeliveryRow(Struct, frozen=True):
    """A delivery without headers and body: one line of a list."""

    id: int
    hook: str
    received_at: datetime
    method: str
    path: str
    kind: Kind
    verdict: Verdict
    answer: int | None
    size: int
    gist: Gist

    @classmethod
    def of(cls, delivery: Delivery) -> DeliveryRow:
        """Return the line for a delivery that was kept."""
        if delivery.id is None:
            raise ValueError("only a kept delivery has a row")
        return cls(
            delivery.id,
            delivery.hook,
            delivery.received_at,
            delivery.method,
            delivery.path,
            delivery.kind,
            delivery.verdict,
            delivery.answer,
            delivery.size,
            delivery.gist,
        )
