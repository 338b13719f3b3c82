"""Text from a clipboard, read as rows of keys and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from refiner_desktop.datasets.values import is_date_like, parse_iso_date
from refiner_desktop.services.users.drafts import IdentifyDraft
from refiner_desktop.services.users.known_traits import Known
from refiner_desktop.services.users.traits import INTEGER_LIMIT, NotThatType, Trait, TraitType, slug
from refiner_desktop.sources.kinds import YES_NO

_LINE = re.compile(r"""\s*(["']?)(?P<key>[^:\t]*?[^:\s])\1\s*:(?:\s+(?P<value>.*)|\s*)""")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,9})")
_FIELDS = {
    "id": ("id", "user_id"),
    "email": ("email", "e_mail"),
    "account": ("account",),
    "account_id": ("account_id",),
}
"""Which keys, as `slug` writes them, are fields of their own (API reference, section 4.3)."""

Pairs = list[tuple[str, Any]]


class _Typed(str):
    """A value that somebody wrote down without saying its type."""

    __slots__ = ()


def read_user(text: str, known: Known, known_of_accounts: Known) -> IdentifyDraft | None:
    """Return what a text says about a user, None where it is no rows of keys and values.

    It may be a JSON object, `key: value` lines or two columns of a spreadsheet. Id, e-mail and
    account are told apart from the traits, as in the API reference, section 4.3.
    """
    pairs = _pairs(text)
    if pairs is None:
        return None
    fields, traits = _told_apart(pairs)
    account = fields.get("account")
    inner = dict(account) if isinstance(account, dict) else {"id": account}
    account_id = _plain(inner.pop("id", None)) or _plain(fields.get("account_id"))
    return IdentifyDraft(
        _plain(fields.get("id")),
        _plain(fields.get("email")),
        _traits(traits, known),
        account_id,
        _traits(list(inner.items()), known_of_accounts),
    )


def read_traits(text: str, known: Known) -> tuple[Trait, ...] | None:
    """Return a text's rows of keys and values, None where it has none; as `read_user` does."""
    pairs = _pairs(text)
    return None if pairs is None else _traits(pairs, known)


def trait_of(key: str, value: object, known: Known) -> Trait:
    """Return the row that sends a value from JSON."""
    match value:
        case None:
            return Trait(key, TraitType.EMPTY, "")
        case "" if not isinstance(value, _Typed):
            return Trait(key, TraitType.EMPTY, "")
        case bool():
            return _answer(key, value)
        case int() if abs(value) <= INTEGER_LIMIT:
            return Trait(key, TraitType.NUMBER, str(value))
        case str():
            return _read(key, str(value), known, guess_plain=isinstance(value, _Typed))
        case list():
            return Trait(key, TraitType.TEXT, ", ".join(map(str, value)))
        case _:
            return Trait(key, TraitType.TEXT, str(value))


def _traits(pairs: Pairs, known: Known) -> tuple[Trait, ...]:
    return tuple(trait_of(key, value, known) for key, value in _flat(pairs, ""))


def _told_apart(pairs: Pairs) -> tuple[dict[str, Any], Pairs]:
    """Return what belongs into fields of the form, by field, and the other pairs."""
    places = {slug(key): at for at, (key, _) in reversed(list(enumerate(pairs)))}
    found = {
        field: next((places[name] for name in names if name in places), None)
        for field, names in _FIELDS.items()
    }
    fields = {field: pairs[at][1] for field, at in found.items() if at is not None}
    return fields, [pair for at, pair in enumerate(pairs) if at not in found.values()]


def _plain(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _pairs(text: str) -> Pairs | None:
    """Return keys and values: as in JSON, or as `_Typed` where only a look can tell their types."""
    if text.lstrip().startswith("{"):
        return _from_json(text)
    found = _from_columns(text) or _from_lines(text)
    pairs = [(key.strip(), _Typed(value.strip())) for key, value in found if key.strip()]
    return pairs or None


def _from_json(text: str) -> Pairs | None:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    return list(value.items())


def _flat(items: Iterable[tuple[str, Any]], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in items:
        if isinstance(value, dict):
            yield from _flat(value.items(), f"{prefix}{key}_")
        else:
            yield prefix + key, value


def _from_columns(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not all("\t" in line for line in lines):
        return []
    cells = (line.split("\t") for line in lines)
    return [(_unquoted(key), _unquoted(value)) for key, value, *_ in cells]


def _from_lines(text: str) -> list[tuple[str, str]]:
    lines = [line.strip().rstrip(",") for line in text.splitlines() if line.strip()]
    matches = [_LINE.fullmatch(line) for line in lines]
    if not all(matches):
        return []
    return [(match["key"], _unquoted(match["value"] or "")) for match in matches if match]


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].replace('""', '"')
    return text


def _read(key: str, text: str, known: Known, *, guess_plain: bool) -> Trait:
    if key in known and (trait := _as_known(key, text, known[key])):
        return trait
    moment = parse_iso_date(text) if guess_plain or is_date_like(slug(key)) else None
    if moment is not None:
        is_day = len(text) == len("2026-03-04")
        return Trait(key, TraitType.DATE if is_day else TraitType.DATE_TIME, text)
    if guess_plain and text.casefold() in YES_NO:
        return _answer(key, YES_NO[text.casefold()])
    if guess_plain and _NUMBER.fullmatch(text) and abs(int(text)) <= INTEGER_LIMIT:
        return Trait(key, TraitType.NUMBER, text)
    return Trait(key, TraitType.TEXT, text)


def _as_known(key: str, text: str, kind: TraitType) -> Trait | None:
    trait = Trait(key, kind, text)
    try:
        sent = trait.sent()
    except NotThatType:
        return None
    return _answer(key, sent) if isinstance(sent, bool) else trait


def _answer(key: str, yes: bool) -> Trait:
    return Trait(key, TraitType.YES_NO, "yes" if yes else "no")
