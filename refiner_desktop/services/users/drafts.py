"""What a person fills in before an identify or track call, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from refiner_desktop.api.queries import RESERVED_TRAITS
from refiner_desktop.datasets.values import is_date_like, parse_date
from refiner_desktop.services.users.traits import COMPUTED, NotThatType, Trait, TraitType, slug

TEXT_LIMIT = 255
"""Longest text that every version of the documentation accepts (API reference, section 6)."""

NOTHING_TYPED = "“{}” is not sent: nothing is typed. Choose “empty” to blank it in Refiner."

NO_DATE = "“{}” is no date to Refiner: write 2026-03-04, with a time if it has one, or a Unix time."
NO_DAY = "“{}” goes out as a text. If it is a day, write it like 2026-03-04, with the type “date”."
NO_DECIMALS = "“{}” goes out as a text: Refiner keeps whole numbers only."

_ACCOUNT_RESERVED = frozenset({"id"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)*")
_DATES = (TraitType.DATE, TraitType.DATE_TIME)
_DAY = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{2}){1,2}|[0-9]{4}([./])[0-9]{1,2}\2[0-9]{1,2}"
)
_DECIMAL = re.compile(r"[+-]?[0-9]+[.,][0-9]+")


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """What is wrong with a field. `row` counts the rows of a key-value field from 0.

    `stops` is false for a warning: the draft can be sent all the same. What is `unfinished` is no
    mistake while a person still types.
    """

    field: str
    text: str
    row: int | None = None
    stops: bool = True
    unfinished: bool = False


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

        Rows with a reserved key, no key, no value or one that is not of its type are left out;
        `problems()` names them.
        """
        account = _readable(self.account_traits, _ACCOUNT_RESERVED)
        payload = _user(self.user_id, self.email) | _readable(self.traits, RESERVED_TRAITS)
        if self.account_id or account:
            payload["account"] = {"id": self.account_id} | account
        return payload

    def _problems(self) -> Iterator[DraftProblem]:
        yield from _user_problems(self.user_id, self.email)
        yield from _trait_problems("traits", self.traits, RESERVED_TRAITS)
        if not self.account_id and any(trait.on for trait in self.account_traits):
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
        elif len(self.event) > TEXT_LIMIT:
            found.append(DraftProblem("event", _too_long(self.event), stops=False))
        return tuple(found)

    def payload(self) -> dict[str, object]:
        """Return the JSON object that is sent."""
        event = {"event": self.event} if self.event else {}
        return _user(self.user_id, self.email) | event


def _user(user_id: str, email: str) -> dict[str, object]:
    return {key: value for key, value in (("id", user_id), ("email", email)) if value}


def _user_problems(user_id: str, email: str) -> Iterator[DraftProblem]:
    if not user_id and not email:
        yield DraftProblem("user_id", "Give a user id or an e-mail address.")
    if email and not _EMAIL.fullmatch(email):
        yield DraftProblem("email", "This is not an e-mail address.")


def _readable(traits: tuple[Trait, ...], reserved: frozenset[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for trait in traits:
        if not trait.on or not trait.key or trait.unfilled or _is_reserved(trait.key, reserved):
            continue
        try:
            values[trait.key] = trait.sent()
        except NotThatType:
            continue
    return values


def _trait_problems(
    field: str, traits: tuple[Trait, ...], reserved: frozenset[str]
) -> Iterator[DraftProblem]:
    seen: dict[str, str] = {}
    for row, trait in enumerate(traits):
        if not trait.on:
            continue
        name = slug(trait.key)
        if text := _stopping(trait, name, reserved, seen):
            yield DraftProblem(field, text, row)
        elif text := _doubtful(trait, name, seen):
            yield DraftProblem(field, text, row, stops=False)
        elif trait.unfilled:
            text = NOTHING_TYPED.format(trait.key)
            yield DraftProblem(field, text, row, stops=False, unfinished=True)
        seen.setdefault(name, trait.key)
        seen[trait.key] = trait.key


def _is_reserved(key: str, reserved: frozenset[str]) -> bool:
    return key in reserved or slug(key) in reserved


def _stopping(trait: Trait, name: str, reserved: frozenset[str], seen: dict[str, str]) -> str:
    if not trait.key:
        return "Give this value a key."
    if not name:
        return "A key needs a letter or a digit."
    if name in reserved:
        return f"“{trait.key}” is a field of its own; as a key it would be misread."
    if seen.get(trait.key) == trait.key:
        return f"“{trait.key}” is there twice; only one value can be sent."
    try:
        trait.sent()
    except NotThatType as exc:
        return str(exc)
    return ""


def _doubtful(trait: Trait, name: str, seen: dict[str, str]) -> str:
    if name in seen:
        return f"Refiner takes this for the same as “{seen[name]}”: one will replace the other."
    if trait.type == TraitType.TEXT and len(trait.value) > TEXT_LIMIT:
        return _too_long(trait.value)
    if trait.type == TraitType.EMPTY and trait.value:
        return "“empty” blanks the trait: the value beside it is not sent."
    if trait.type == TraitType.TEXT and (text := _odd(name, trait.value.strip())):
        return text
    if trait.type in _DATES and not is_date_like(name):
        return f"Refiner reads a date only under a key in “_at” or “_date”, such as “{name}_at”."
    if name in COMPUTED:
        return f"Refiner works out “{name}” itself and may not keep this."
    if name != trait.key:
        return f"Refiner will keep this as “{name}”: it renames keys to lower snake case."
    return ""


def _odd(name: str, value: str) -> str:
    """Say that a text looks as if something else was meant."""
    if _DECIMAL.fullmatch(value):
        return NO_DECIMALS.format(value)
    if is_date_like(name) and value and parse_date(value) is None:
        return NO_DATE.format(cut(value))
    return NO_DAY.format(value) if _DAY.fullmatch(value) else ""


def cut(text: str) -> str:
    """Return a value short enough to stand in a sentence."""
    return text if len(text) <= 40 else f"{text[:39]}…"


def _too_long(text: str) -> str:
    return f"Refiner may cut texts after {TEXT_LIMIT} characters; this has {len(text)}."
