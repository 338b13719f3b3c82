"""How the sandbox behaves where nobody knows how Refiner does (API reference, section 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The choices of section 10; each default is the one that the reference makes."""

    page_length: int = 50
    """Length of a page when none is asked for: 50 or 100, the sources differ."""
    bad_parameter_status: Literal[400, 422] = 400
    """400 answers `{"error"}`, 422 answers `{"message"}`."""
    tags: Literal["names", "objects", "absent"] = "names"
    """What stands in `tags` of a listed response; webhooks show names where lists show nothing."""
    html_not_found: bool = False
    """Answer an unknown path with an HTML page."""
    unset_attributes: bool = False
    """List every trait of the environment per contact, null when unset; webhooks always do."""
    empty_maps_as_lists: bool = False
    """Answer `[]` where a response's `data` or a contact's `attributes` is empty."""
    segment_key: Literal["segment_uuid", "segment_uid"] = "segment_uuid"
    """Name of the segment's UUID in the answer of sync-segment."""
    partials_fire: bool = False
    """Let partial responses fire the webhooks meant for completed ones."""
    webhook_retries: int = 0
    """How often a delivery is sent again that was not answered with a 2xx."""
    webhook_repeats: int = 0
    """How often a delivery is sent again although it was accepted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls that are let through in `window` seconds; None means without limit."""

    per_key: int | None = 4_000
    per_user: int | None = 100
    window: float = 60.0
    retry_after: int = 60
    """Seconds that the `Retry-After` header of a 429 says."""
