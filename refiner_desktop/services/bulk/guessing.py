"""A first mapping, from the names of the columns and what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from refiner_desktop.api.queries import RESERVED_TRAITS
from refiner_desktop.services.bulk import mapping as bulk
from refiner_desktop.services.bulk.mapping import (
    SINGLE,
    BulkAction,
    MappedColumn,
    Meaning,
    meanings_of,
)
from refiner_desktop.services.users.known_traits import Known
from refiner_desktop.services.users.traits import COMPUTED, NotThatType, Trait, TraitType, slug
from refiner_desktop.sources.kinds import Kind
from refiner_desktop.sources.result_file import ADDED, is_result
from refiner_desktop.sources.source import Column, Source

_NAMES = {
    Meaning.USER_ID: ("id", "user_id", "userid", "remote_id", "external_id", "customer_id"),
    Meaning.EMAIL: ("email", "e_mail", "mail", "email_address", "e_mail_address", "user_email"),
    Meaning.EVENT: ("event", "event_name"),
    Meaning.ACCOUNT_ID: (
        "account",
        "account_id",
        "account_remote_id",
        "company_id",
        "organization_id",
    ),
}
_MEANINGS = {name: meaning for meaning, names in _NAMES.items() for name in names}
_TYPES = {
    Kind.TEXT: TraitType.TEXT,
    Kind.NUMBER: TraitType.NUMBER,
    Kind.YES_NO: TraitType.YES_NO,
    Kind.DATE: TraitType.DATE,
    Kind.DATE_TIME: TraitType.DATE_TIME,
}
_DATES = (TraitType.DATE, TraitType.DATE_TIME)
_TRAITS = (Meaning.TRAIT, Meaning.ACCOUNT_TRAIT)
_OF_A_CONTACT = frozenset({"segments", "display_name", "account_display_name", "account_domain"})
"""What Refiner's own answers hold beside attributes (API reference, section 5.1)."""

OVERLOOKED = "This looks like the {} too, and is ignored: “{}” is taken for it."
NO_KEY = "No key can be made of this name, so it is ignored: in Mapping, give it a key to send it."


def guess(source: Source, action: BulkAction, known: Known) -> bulk.Mapping:
    """Return a mapping by name: each meaning once, other columns as traits where these are sent.

    `known` are the keys that the environment's contacts have, with their types. What a file says
    about the run that its rows were in is ignored.
    """
    contacts = any(column.name.startswith("attributes.") for column in source.columns)
    columns = zip(source.columns, source.sample_values(), strict=True)
    likely = [_likely(column, cells, known, contacts=contacts) for column, cells in columns]
    if is_result(source.columns):
        added = source.columns[-len(ADDED) :]
        likely[-len(ADDED) :] = [MappedColumn(column.name) for column in added]
    allowed = set(meanings_of(action))
    if not any(each.meaning is Meaning.ACCOUNT_ID for each in likely):
        allowed.discard(Meaning.ACCOUNT_TRAIT)
    return bulk.Mapping(tuple(_once_each(likely, allowed)))


def overlooked(mapping: bulk.Mapping, action: BulkAction) -> Iterator[tuple[str, str]]:
    """Yield the columns that are ignored although they may be meant, with a sentence about each."""
    taken = {each.meaning: each.column for each in mapping.columns}
    for column in mapping.columns:
        if column.meaning is Meaning.IGNORE:
            meaning = _MEANINGS.get(slug(column.column))
            if meaning in taken:
                yield column.column, OVERLOOKED.format(meaning, taken[meaning])
            elif action is BulkAction.IDENTIFY and not slug(column.column):
                yield column.column, NO_KEY


def _likely(
    column: Column, cells: tuple[str, ...], known: Known, *, contacts: bool
) -> MappedColumn:
    meaning = _meaning(column.name, contacts=contacts)
    if meaning not in _TRAITS:
        return MappedColumn(column.name, meaning)
    key = _key(column.name, known)
    return MappedColumn(column.name, meaning, key, _type(known.get(key), column.kind, cells))


def _once_each(columns: list[MappedColumn], allowed: set[Meaning]) -> Iterator[MappedColumn]:
    """Give what comes again no meaning, or if a trait its own name: a check says what it hits."""
    first = {meaning: _first(meaning, columns) for meaning in SINGLE}
    taken: set[tuple[Meaning, str]] = set()
    for column in columns:
        found = column
        if (column.meaning, column.key) in taken and column.meaning in _TRAITS:
            found = replace(column, key=_attribute(column.column))
        chosen = column.meaning in allowed and first.get(column.meaning, column) is column
        if not chosen or (found.meaning, found.key) in taken:
            found = MappedColumn(column.column)
        elif found.meaning is not Meaning.IGNORE:
            taken.add((found.meaning, found.key))
        yield found


def _first(meaning: Meaning, columns: list[MappedColumn]) -> MappedColumn | None:
    """Return the column whose name says most plainly that it has a meaning."""
    names = _NAMES[meaning]
    found = [each for each in columns if each.meaning is meaning]
    return min(found, key=lambda each: names.index(slug(each.column)), default=None)


def _meaning(name: str, *, contacts: bool) -> Meaning:
    plain = slug(name)
    if found := _MEANINGS.get(plain):
        return found
    attribute = slug(_attribute(name))
    if not attribute or attribute in COMPUTED | RESERVED_TRAITS:
        return Meaning.IGNORE
    if contacts and plain in _OF_A_CONTACT:
        return Meaning.IGNORE
    return Meaning.ACCOUNT_TRAIT if name.casefold().startswith("account.") else Meaning.TRAIT


def _attribute(name: str) -> str:
    """Return the name of a trait without the objects that an answer of Refiner's has it in."""
    return name.removeprefix("account.").removeprefix("attributes.")


def _key(name: str, known: Known) -> str:
    attribute = _attribute(name)
    return attribute if attribute in known else slug(attribute)


def _type(known: TraitType | None, kind: Kind, cells: Iterable[str]) -> TraitType:
    """Return the type that the key has, or the one that its column looks like throughout."""
    looks = _TYPES[kind]
    if not all(_is(looks, cell) for cell in cells if cell.strip()):
        looks = TraitType.TEXT
    if known in _DATES and looks in (TraitType.DATE, TraitType.NUMBER):
        return looks  # a date trait takes Unix times too
    return known or looks


def _is(type_: TraitType, cell: str) -> bool:
    try:
        Trait("", type_, cell).sent()
    except NotThatType:
        return False
    return True
