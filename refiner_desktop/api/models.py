"""What the service keeps and answers, in this application's words: a form is a survey here.

API reference, sections 4 and 5. Times are aware and in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from msgspec import field

from refiner_desktop.api.reading import Value, mapping

ResponseState = Literal["completed", "partial", "dismissed", "seen"]


class Project(Value, frozen=True):
    """The environment that a key opens."""

    uuid: str = field(name="project_uuid", default="")
    name: str = field(name="project_name", default="")


class Usage(Value, frozen=True):
    """How much of something was used this month. `limit` is None where none is known."""

    count: int = 0
    limit: int | None = None
    updated_at: datetime | None = None


class EnvironmentUsage(Value, frozen=True):
    """What one environment of the account used this month."""

    uuid: str = ""
    name: str = ""
    tracked_users: int = field(name="mtu", default=0)
    events: int = field(name="mte", default=0)
    page_views: int = field(name="mpv", default=0)
    responses: int = field(name="msr", default=0)


class AccountUsage(Value, frozen=True):
    """Plan and usage of the whole account, over all its environments."""

    plan: str = ""
    tracked_users: Usage = field(name="mtu", default=Usage())
    events: Usage = field(name="mte", default=Usage())
    page_views: Usage = field(name="mpv", default=Usage())
    responses: Usage = field(name="msr", default=Usage())
    environments: tuple[EnvironmentUsage, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Self | None:
        """Read `mtu_count`, `mtu_limit` and their like as one `Usage` each."""
        if not isinstance(raw, dict):
            return super().read(raw)
        plan = mapping(raw.get("subscription")) or {}
        usages = {
            name: {
                "count": plan.get(f"{name}_count"),
                "limit": plan.get(f"{name}_limit") or None,
                "updated_at": plan.get(f"{name}_count_updated_at"),
            }
            for name in ("mtu", "mte", "mpv", "msr")
        }
        environments = raw.get("environments")
        return super().read({"plan": plan.get("plan"), "environments": environments, **usages})


class SegmentRef(Value, frozen=True):
    """A segment that a contact is in; the times, where sent, look like those of its entry."""

    uuid: str = ""
    name: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Segment(Value, frozen=True):
    """A segment of the environment. Only manual ones take members through the API."""

    uuid: str = ""
    name: str = ""
    is_manual: bool = False


class Account(Value, frozen=True):
    """The group a contact belongs to. An ungrouped one has an account without `remote_id`."""

    uuid: str = ""
    remote_id: str | None = None
    domain: str | None = None
    display_name: str = ""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


class Contact(Value, frozen=True):
    """A user. `remote_id` is the product's own id, None for anonymous ones."""

    uuid: str = ""
    remote_id: str | None = None
    email: str | None = None
    display_name: str = ""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    segments: tuple[SegmentRef, ...] = ()
    account: Account | None = None


class SurveyRef(Value, frozen=True):
    """The survey that a response answers."""

    uuid: str = ""
    name: str = ""


class Survey(Value, frozen=True):
    """A survey. Everything but `uuid` and `name` comes with the info flag, `config` with its own.

    `folder` has no documented shape. `published_at` None means draft.
    """

    uuid: str = ""
    name: str = ""
    channels: tuple[str, ...] = ()
    published_at: datetime | None = None
    archived_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    first_view_at: datetime | None = field(name="first_form_view_at", default=None)
    last_view_at: datetime | None = field(name="last_form_view_at", default=None)
    responses_count: int | None = None
    views_count: int | None = None
    folder: Any = None
    page_url: str | None = None
    config: dict[str, Any] | None = None


class SurveyVersion(Value, frozen=True):
    """An earlier version of a survey, with its whole configuration as `snapshot`."""

    uuid: str = ""
    action: str = ""
    snapshot: dict[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None


class Tag(Value, frozen=True):
    """A tag on a response. Sent as a bare name or as an object: API reference, section 5.7."""

    name: str = ""
    uuid: str | None = None

    @classmethod
    def read(cls, raw: Any) -> Self | None:
        """Read either form."""
        return cls(name=raw) if isinstance(raw, str) else super().read(raw)


class Response(Value, frozen=True):
    """A contact's view of a survey, with the answers, if any, in `data` by question."""

    uuid: str = ""
    first_shown_at: datetime | None = None
    last_shown_at: datetime | None = None
    show_counter: int | None = None
    first_data_reception_at: datetime | None = None
    last_data_reception_at: datetime | None = None
    completed_at: datetime | None = None
    dismissed_at: datetime | None = None
    received_at: datetime | None = None
    survey: SurveyRef = field(name="form", default=SurveyRef())
    data: dict[str, Any] = field(default_factory=dict)
    contact: Contact = Contact()
    tags: tuple[Tag, ...] = ()

    @property
    def state(self) -> ResponseState:
        """How far the contact came: API reference, section 5.5."""
        if self.completed_at:
            return "completed"
        if self.data:
            return "partial"
        return "dismissed" if self.dismissed_at else "seen"


# What the writing calls answer.


class Acknowledged(Value, frozen=True):
    """Done; `message` is the server's text, usually `ok`."""

    message: str = ""


class Identified(Acknowledged, frozen=True):
    """A user was created or updated."""

    contact_uuid: str = ""


class SegmentChanged(Acknowledged, frozen=True):
    """A user was added to a segment or removed from it."""

    contact_uuid: str = ""
    segment_uuid: str = ""

    @classmethod
    def read(cls, raw: Any) -> Self | None:
        """Read the segment's UUID under either of its two names."""
        if isinstance(raw, dict) and not raw.get("segment_uuid"):
            raw = {**raw, "segment_uuid": raw.get("segment_uid")}
        return super().read(raw)


class SurveyDuplicated(Acknowledged, frozen=True):
    """A copy was made as a new draft."""

    source_uuid: str = field(name="source_form_uuid", default="")
    new_uuid: str = field(name="new_form_uuid", default="")


class ResponseStored(Acknowledged, frozen=True):
    """A response was stored, or the same one was there already."""

    uuid: str = ""
