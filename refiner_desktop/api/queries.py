"""What a call is about: who, which, from when. Each turns into parameters by `parameters()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode

from refiner_desktop.api.exchange import Pairs
from refiner_desktop.api.reports import ReportType

ContactOrder = Literal[
    "first_seen_at", "last_seen_at", "last_form_submission_at", "display_name", "email"
]
SurveyList = Literal["all", "published", "drafts", "archived", "all_with_archived"]
Include = Literal["completed", "partials", "all"]
Moment = date | datetime

MAX_PAGE_LENGTH = 1000

RESERVED_TRAITS = frozenset({"id", "email", "uuid", "account", "api_key"})
"""Names that a trait must not have (API reference, section 6)."""

RESERVED_ANSWERS = RESERVED_TRAITS | {"form_uuid", "date", "prevent_duplicates", "tags"}
"""Names that an answer must not have (API reference, section 4.16)."""


@dataclass(frozen=True, slots=True)
class UserReference:
    """Names one user: by the product's own `id`, by `email`, or by Refiner's `uuid`.

    Raises `ValueError` if all three are empty. API reference, section 3.
    """

    id: str = ""
    email: str = ""
    uuid: str = ""

    def __post_init__(self) -> None:
        if not (self.id or self.email or self.uuid):
            raise ValueError("a user needs an id, an e-mail address or a UUID")

    @property
    def name(self) -> str:
        """The one reference that counts for the limit per user."""
        return self.id or self.email or self.uuid

    def exact(self) -> dict[str, str]:
        """Return the one parameter that is least likely to hit somebody else."""
        if self.uuid:
            return {"uuid": self.uuid}
        return {"id": self.id} if self.id else {"email": self.email}

    def parameters(self, *, uuid: bool = False) -> dict[str, str]:
        """Return id and e-mail, and the UUID for the calls that take one.

        Raises `ValueError` if nothing is left: most calls would make a new user out of a UUID.
        """
        given = {"id": self.id, "email": self.email, "uuid": self.uuid if uuid else ""}
        if not any(given.values()):
            raise ValueError("this call needs the user's id or e-mail address, not a UUID")
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class ContactQuery:
    """Which contacts, in which order. API reference, section 4.5."""

    order_by: ContactOrder | None = None
    survey_uuid: str | None = None
    segment_uuid: str | None = None
    search: str | None = None
    page_length: int = MAX_PAGE_LENGTH

    def parameters(self) -> dict[str, Any]:
        """Return what is set."""
        return _set_only(
            order_by=self.order_by,
            form_uuid=self.survey_uuid,
            segment_uuid=self.segment_uuid,
            search=self.search,
            page_length=self.page_length,
        )


@dataclass(frozen=True, slots=True)
class ResponseQuery:
    """Which responses. API reference, section 4.15.

    `since` counts, `until` does not: to see the 4th of March, end on the 5th. The three maps pick
    responses whose answers, or whose contact's or account's traits, equal all the values given.
    """

    survey_uuids: tuple[str, ...] = ()
    segment_uuids: tuple[str, ...] = ()
    tag_uuid: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    include: Include | None = None
    search: str | None = None
    response_data: Mapping[str, str] = field(default_factory=dict)
    contact_data: Mapping[str, str] = field(default_factory=dict)
    account_data: Mapping[str, str] = field(default_factory=dict)
    with_attributes: bool = False
    page_length: int = MAX_PAGE_LENGTH

    def parameters(self) -> dict[str, Any]:
        """Return what is set."""
        return _set_only(
            form_uuids=self.survey_uuids,
            segment_uuids=self.segment_uuids,
            tag_uuid=self.tag_uuid,
            date_range_start=written(self.since),
            date_range_end=written(self.until),
            include=self.include,
            search=self.search,
            response_data=self.response_data,
            contact_data=self.contact_data,
            account_data=self.account_data,
            with_attributes=self.with_attributes or None,
            page_length=self.page_length,
        )


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which report, over which responses. Without `since`, the last seven days.

    API reference, section 4.18.
    """

    type: ReportType
    question_identifiers: tuple[str, ...] = ()
    survey_uuids: tuple[str, ...] = ()
    segment_uuids: tuple[str, ...] = ()
    tag_uuids: tuple[str, ...] = ()
    since: Moment | None = None
    until: Moment | None = None
    response_data: Mapping[str, str] = field(default_factory=dict)
    contact_data: Mapping[str, str] = field(default_factory=dict)
    account_data: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, Any]:
        """Return what is set."""
        return _set_only(
            type=self.type,
            question_identifiers=self.question_identifiers,
            form_uuids=self.survey_uuids,
            segment_uuids=self.segment_uuids,
            tag_uuids=self.tag_uuids,
            date_range_start=written(self.since),
            date_range_end=written(self.until),
            response_data=self.response_data,
            contact_data=self.contact_data,
            account_data=self.account_data,
        )


def query_pairs(parameters: Mapping[str, Any]) -> Pairs:
    """Write parameters for a URL: lists as `name[]`, maps as `name[key]`, flags as 1 and 0.

    API reference, section 2.1.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            pairs += [(f"{name}[{key}]", str(inner)) for key, inner in value.items()]
        elif isinstance(value, list | tuple):
            pairs += [(f"{name}[]", str(inner)) for inner in value]
        else:
            pairs.append((name, str(int(value) if isinstance(value, bool) else value)))
    return tuple(pairs)


def query_string(pairs: Pairs) -> str:
    """Return the pairs as they stand after the `?`, blanks as `%20`."""
    return urlencode(pairs, quote_via=quote)


def _set_only(**parameters: Any) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value not in (None, "", (), {})}


def written(moment: Moment | None) -> str | None:
    """Return a date as it is, a time in UTC. API reference, section 2.4."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat() if moment else None
