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


class Origin(StrEnum):
    """Who sent a request: somebody else, or this application itself."""

    SENDER = "sender"
    REPLAY = "replay"
    SAMPLE = "sample"


class Gist(Struct, frozen=True):
    """What a list shows of a payload, so that it need not open any body."""

    subject: str = ""
    """The survey's name, or the names of the contact's segments."""
    user: str = ""
    score: int | None = None
    """An NPS answer, 0 to 10."""
    sentence: str = ""
    uuid: str = ""
    """The contact's."""
    person: str = ""
    """What the user is found by: name, e-mail, user id and UUID, a line each."""


class Delivery(Struct, frozen=True):
    """A request as it came, what it was taken for, and what it was answered."""

    hook: str
    """Name of the hook it was for; empty when its path belongs to none."""
    received_at: datetime
    method: str
    """Empty for what was no request: then the body holds its first bytes."""
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
    repeat_key: str = ""
    """The same for repeats: response, event and data time. Empty when it tells of no response."""
    origin: Origin = Origin.SENDER
    replay_of: int | None = None
    """The delivery that was sent again."""
    edited: bool = False
    """Whether it was changed before it was sent again."""
    pinned: bool = False
    seen_before: bool = False
    """Whether an earlier one that was kept at that time had the same `repeat_key`."""
    hook_id: str = ""
    """The hook's id, which outlives a change of its name; where it is missing, its name."""
    waits: bool = False
    """Whether it is still to be passed on."""
    words: str | None = None
    """What it is searched by where its bytes don't say it; never read back."""

    @property
    def is_request(self) -> bool:
        """Whether there was a request at all, rather than bytes that are none."""
        return bool(self.method)

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
    project: str = ""
    origin: Origin = Origin.SENDER
    edited: bool = False
    pinned: bool = False
    seen_before: bool = False
    passed_on: int | None = None
    """The status of the last answer where it was passed on to; 0 when none came, None when never
    tried."""
    hook_id: str = ""
    waits: bool = False
    """Whether it is still to be passed on, be it again."""
