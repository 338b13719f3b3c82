"""Which column of a file means what, and the values that every row gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from refiner_desktop.services.users.drafts import DraftProblem, IdentifyDraft
from refiner_desktop.services.users.traits import Trait, TraitType
from refiner_desktop.sources.source import Source


class BulkAction(StrEnum):
    """What is done with each row."""

    IDENTIFY = "identify"
    TRACK = "track"
    ADD_TO_SEGMENT = "add to segment"
    REMOVE_FROM_SEGMENT = "remove from segment"


SEGMENT_ACTIONS = (BulkAction.ADD_TO_SEGMENT, BulkAction.REMOVE_FROM_SEGMENT)


class Meaning(StrEnum):
    """What a column of the file, or a fixed value, is."""

    IGNORE = "ignore"
    USER_ID = "user id"
    EMAIL = "e-mail"
    EVENT = "event name"
    TRAIT = "trait"
    ACCOUNT_ID = "account id"
    ACCOUNT_TRAIT = "account trait"


SINGLE = (Meaning.USER_ID, Meaning.EMAIL, Meaning.EVENT, Meaning.ACCOUNT_ID)
"""Of these a row has one."""

_USER = (Meaning.IGNORE, Meaning.USER_ID, Meaning.EMAIL)
_IDENTIFY = (*_USER, Meaning.TRAIT, Meaning.ACCOUNT_ID, Meaning.ACCOUNT_TRAIT)

_VALID = {
    TraitType.TEXT: "2026-01-01",
    TraitType.NUMBER: "1",
    TraitType.YES_NO: "yes",
    TraitType.DATE: "2026-01-01",
    TraitType.DATE_TIME: "2026-01-01",
}
"""A value of each type for a look at keys alone; what blanks a trait has none."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """What a column is. Key and type matter for traits alone."""

    column: str
    meaning: Meaning = Meaning.IGNORE
    key: str = ""
    type: TraitType = TraitType.TEXT


@dataclass(frozen=True, slots=True)
class FixedValue:
    """A value that every row gets: an event's name, an account's id, or a trait's value."""

    meaning: Meaning
    key: str
    type: TraitType
    value: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns in the order of the file, and the fixed values.

    With `blank_empty`, an empty cell blanks its trait; without, it is not sent. With
    `leave_out_unreadable`, a row is sent without the values of traits that are not of their type;
    without, such a row is skipped.
    """

    columns: tuple[MappedColumn, ...]
    fixed: tuple[FixedValue, ...] = ()
    blank_empty: bool = False
    leave_out_unreadable: bool = False


def meanings_of(action: BulkAction) -> tuple[Meaning, ...]:
    """Return what a column can be for an action; events and segments take no other values."""
    if action is BulkAction.IDENTIFY:
        return _IDENTIFY
    return (*_USER, Meaning.EVENT) if action is BulkAction.TRACK else _USER


def fitted(mapping: Mapping, source: Source) -> Mapping:
    """Lay a mapping on another file by the names of its columns; what it lacks is ignored."""
    by_name = {each.column.casefold(): each for each in mapping.columns}
    by_name |= {each.column: each for each in mapping.columns}
    columns = []
    for column in source.columns:
        found = by_name.get(column.name) or by_name.get(column.name.casefold())
        meaning = (found.meaning, found.key, found.type) if found else ()
        columns.append(MappedColumn(column.name, *meaning))
    return replace(mapping, columns=tuple(columns))


def problems(mapping: Mapping, action: BulkAction) -> tuple[str, ...]:
    """Return what stops the whole run."""
    return tuple(_problems(mapping, action))


def warnings(mapping: Mapping) -> tuple[tuple[str, str], ...]:
    """Return what is doubtful about the keys of traits: column, or key if fixed, and sentence."""
    return tuple((name, problem.text) for name, problem in _of_keys(mapping) if not problem.stops)


def _problems(mapping: Mapping, action: BulkAction) -> Iterator[str]:
    counts = Counter(_meanings(mapping))
    if not counts[Meaning.USER_ID] and not counts[Meaning.EMAIL]:
        yield "Choose the column that holds the user id or the e-mail address."
    if action is BulkAction.TRACK and not counts[Meaning.EVENT]:
        yield "Choose the column that holds the event name, or add it as a fixed value."
    for meaning in SINGLE:
        if counts[meaning] > 1:
            yield f"“{meaning}” is mapped {counts[meaning]} times; only one can be."
    for meaning in [each for each in counts if each not in meanings_of(action)]:
        yield f"“{meaning}” is mapped, but {action} does not send it: ignore that column."
    yield from _problems_of_fixed(mapping)
    for name, problem in _of_keys(mapping):
        if problem.stops:
            yield f"{name}: {problem.text}" if name else problem.text


def _meanings(mapping: Mapping) -> list[Meaning]:
    return [each.meaning for each in mapping.columns] + [each.meaning for each in mapping.fixed]


def _problems_of_fixed(mapping: Mapping) -> Iterator[str]:
    for fixed in mapping.fixed:
        if fixed.meaning in (Meaning.USER_ID, Meaning.EMAIL):
            yield f"A fixed {fixed.meaning} would be the same user in every row."
        elif fixed.meaning in SINGLE and not fixed.value.strip():
            yield f"The fixed {fixed.meaning} is empty."


def _of_keys(mapping: Mapping) -> Iterator[tuple[str, DraftProblem]]:
    """Let the form's rules judge the keys, and the fixed values, as if they were one user's."""
    traits = list(_probes(mapping, Meaning.TRAIT))
    accounts = list(_probes(mapping, Meaning.ACCOUNT_TRAIT))
    draft = IdentifyDraft(
        user_id="any",
        traits=tuple(trait for _, trait in traits),
        account_id="any" if Meaning.ACCOUNT_ID in _meanings(mapping) else "",
        account_traits=tuple(trait for _, trait in accounts),
    )
    for problem in draft.problems():
        probes = traits if problem.field == "traits" else accounts
        yield "" if problem.row is None else probes[problem.row][0], problem


def _probes(mapping: Mapping, meaning: Meaning) -> Iterator[tuple[str, Trait]]:
    for column in mapping.columns:
        if column.meaning is meaning:
            yield column.column, Trait(column.key, column.type, _VALID.get(column.type, ""))
    for fixed in mapping.fixed:
        if fixed.meaning is meaning:
            yield fixed.key, Trait(fixed.key, fixed.type, fixed.value)
