"""What a person fills in before an identify or track call, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from refiner_desktop.api.queries import RESERVED_TRAITS

TEXT_LIMIT = 255
"""Longest text that every version of the documentation accepts (API reference, section 6)."""

INTEGER_LIMIT = 2_147_483_647
COMPUTED = frozenset(
    {
        "first_seen_at",
        "last_seen_at",
        "form_views_count",
        "form_submissions_count",
        "last_form_view_at",
        "last_form_submission_at",
    }
)
"""Attributes that Refiner works out itself (API reference, section 6)."""

_ACCOUNT_RESERVED = frozenset({"id"})

_SLUG = re.compile(r"[a-z][a-z0-9_]*")
_YES = frozenset({"yes", "true", "1", "y"})
_NO = frozenset({"no", "false", "0", "n"})

JsonValue = str | int | bool | None


class TraitType(StrEnum):
    """How a trait's value is sent."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"
    EMPTY = "empty"


class NotThatType(ValueError):
    """The text can't be read as the chosen type; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One piece of extra data as it was typed."""

    key: str
    type: TraitType
    value: str

    def sent(self) -> JsonValue:
        """Return the JSON value that is sent. Raises `NotThatType`."""
        match self.type:
            case TraitType.NUMBER:
                return _number(self.value)
            case TraitType.YES_NO:
                return _yes_no(self.value)
            case TraitType.DATE:
                return _date(self.value)
            case TraitType.EMPTY:
                return ""
            case _:
                return self.value


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """What is wrong with a field. `row` counts the rows of a key-value field from 0.

    `stops` is false for a warning: the draft can be sent all the same.
    """

    field: str
    text: str
    row: int | None = None
    stops: bool = True


@dataclass(frozen=True, slots=True)
class IdentifyDraft:
    """A user to create or update (API reference, section 4.3)."""

    user_id: str = ""
    email: str = ""
    traits: tuple[Trait, ...] = ()
    account_id: str = ""
    account_traits: tuple[Trait, ...] = ()

    def problems(self) -> tuple[DraftProblem, ...]:
        """Return everything that is wrong, in the order of the form."""
        return tuple(self._problems())

    def payload(self) -> dict[str, object]:
        """Return the JSON object that is sent: traits flat at the top level, the account nested.

        Rows with a reserved key or a value that is not of its type are left out; `problems()`
        names them.
        """
        account = _readable(self.account_traits, _ACCOUNT_RESERVED)
        payload = _user(self.user_id, self.email) | _readable(self.traits, RESERVED_TRAITS)
        if self.account_id or account:
            payload["account"] = {"id": self.account_id} | account
        return payload

    def _problems(self) -> Iterator[DraftProblem]:
        yield from _user_problems(self.user_id, self.email)
        yield from _trait_problems("traits", self.traits, RESERVED_TRAITS)
        if self.account_traits and not self.account_id:
            yield DraftProblem("account_id", "Account data needs the account's id.")
        yield from _trait_problems("account_traits", self.account_traits, _ACCOUNT_RESERVED)


@dataclass(frozen=True, slots=True)
class TrackDraft:
    """An event to record for a user (API reference, section 4.4)."""

    user_id: str = ""
    email: str = ""
    event: str = ""

    def problems(self) -> tuple[DraftProblem, ...]:
        """Return everything that is wrong, in the order of the form."""
        found = list(_user_problems(self.user_id, self.email))
        if not self.event:
            found.append(DraftProblem("event", "Give the event a name."))
        return tuple(found)

    def payload(self) -> dict[str, object]:
        """Return the JSON object that is sent."""
        return _user(self.user_id, self.email) | {"event": self.event}


def _user(user_id: str, email: str) -> dict[str, object]:
    return {key: value for key, value in (("id", user_id), ("email", email)) if value}


def _user_problems(user_id: str, email: str) -> Iterator[DraftProblem]:
    if not user_id and not email:
        yield DraftProblem("user_id", "Give a user id or an e-mail address.")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        yield DraftProblem("email", "This is not an e-mail address.")


def _readable(traits: tuple[Trait, ...], reserved: frozenset[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for trait in traits:
        if trait.key in reserved:
            continue
        try:
            values[trait.key] = trait.sent()
        except NotThatType:
            continue
    return values


def _trait_problems(
    field: str, traits: tuple[Trait, ...], reserved: frozenset[str]
) -> Iterator[DraftProblem]:
    seen: set[str] = set()
    for row, trait in enumerate(traits):
        if text := _stopping(trait, reserved, seen):
            yield DraftProblem(field, text, row)
        elif text := _doubtful(trait):
            yield DraftProblem(field, text, row, stops=False)
        seen.add(trait.key)


def _stopping(trait: Trait, reserved: frozenset[str], seen: set[str]) -> str:
    if not trait.key:
        return "Give this value a key."
    if trait.key in reserved:
        return f"“{trait.key}” is a field of its own; as a key it would be misread."
    if trait.key in seen:
        return f"“{trait.key}” is there twice; only one value can be sent."
    try:
        trait.sent()
    except NotThatType as exc:
        return str(exc)
    return ""


def _doubtful(trait: Trait) -> str:
    if trait.type == TraitType.TEXT and len(trait.value) > TEXT_LIMIT:
        return f"Refiner may cut texts after {TEXT_LIMIT} characters; this has {len(trait.value)}."
    if trait.type == TraitType.EMPTY and trait.value:
        return "“empty” blanks the trait: the value beside it is not sent."
    if trait.type == TraitType.DATE and not trait.key.endswith(("_at", "_date")):
        return "Refiner reads a value as a date only when its key ends in “_at”."
    if not _SLUG.fullmatch(trait.key):
        return "Refiner will rename this key: it keeps lower-case letters, digits and “_”."
    return ""


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise NotThatType("Write a whole number, such as 12.") from None
    if abs(number) > INTEGER_LIMIT:
        raise NotThatType(f"Refiner keeps whole numbers up to {INTEGER_LIMIT:,}.")
    return number


def _yes_no(text: str) -> bool:
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise NotThatType("Write yes or no.")


def _date(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotThatType("Write a date, such as 2026-03-04 or 2026-03-04 09:15.") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
