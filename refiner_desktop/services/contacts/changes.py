"""What an identify call would change in a contact, key by key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any

from refiner_desktop.api.models import Contact
from refiner_desktop.datasets.values import parse_boolean, parse_date
from refiner_desktop.services.users.traits import slug


class Effect(StrEnum):
    """What becomes of a key."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNTOUCHED = "not sent"
    """It is not sent, so it stays as it is."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key with its value before and after, as texts; an account's keys begin `account.`."""

    key: str
    effect: Effect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a call would do. `contact` is None for a user whom Refiner does not know yet."""

    contact: Contact | None
    changes: tuple[KeyChange, ...]

    @property
    def counts(self) -> dict[Effect, int]:
        """How many keys there are of each effect that occurs."""
        found = Counter(change.effect for change in self.changes)
        return {effect: found[effect] for effect in Effect if found[effect]}


def compare(payload: Mapping[str, Any], contact: Contact | None) -> Comparison:
    """Compare what an identify call sends with the contact that it meets.

    Of an account that the user is not in yet, nothing is known: all its keys count as new.
    """
    sent = {key: value for key, value in payload.items() if key != "account"}
    account = payload.get("account") or {}
    changes = [*_changes(sent, _kept(contact), "")]
    changes += _changes(account, _kept_account(contact, account.get("id")), "account.")
    order = list(Effect)
    changes.sort(key=lambda change: order.index(change.effect))
    return Comparison(contact, tuple(changes))


def is_same(sent: object, kept: object) -> bool:
    """Whether sending this value leaves what is kept as it is (API reference, section 6).

    Refiner may keep a yes or no as a short text, takes Unix times, and gives dates as moments.
    """
    if sent in ("", None) or kept in ("", None):
        return sent in ("", None) and kept in ("", None)
    if isinstance(sent, bool):
        return kept is sent or parse_boolean(str(kept)) is sent
    text, kept_text = str(sent), str(kept)
    return text == kept_text or (_moment(text) or text) == (_moment(kept_text) or kept_text)


def _changes(sent: Mapping[str, Any], kept: Mapping[str, Any], prefix: str) -> Iterator[KeyChange]:
    names = {key: key if key in kept else slug(key) for key in sent}
    for key, value in sent.items():
        before = kept.get(names[key])
        yield KeyChange(prefix + key, _effect(value, before), _text(before), _text(value))
    for name in sorted(kept.keys() - set(names.values())):
        if kept[name] not in ("", None):
            text = _text(kept[name])
            yield KeyChange(prefix + name, Effect.UNTOUCHED, text, text)


def _effect(sent: object, kept: object) -> Effect:
    if is_same(sent, kept):
        return Effect.UNCHANGED
    return Effect.NEW if kept in ("", None) else Effect.CHANGED


def _kept(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {}
    return {**contact.attributes, "id": contact.remote_id, "email": contact.email}


def _kept_account(contact: Contact | None, sent_id: object) -> dict[str, Any]:
    """Return the account's attributes, its id alone where the call moves the user to another."""
    account = contact.account if contact else None
    if account is None or not account.remote_id:
        return {}
    if sent_id not in (None, "", account.remote_id):
        return {"id": account.remote_id}
    return {**account.attributes, "id": account.remote_id}


def _moment(text: str) -> datetime | None:
    found = parse_date(text)
    if found is None or isinstance(found, datetime):
        return found
    return datetime.combine(found, time(), UTC)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
