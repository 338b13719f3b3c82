"""What the columns are called in the expert filter."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.fields import Field
from refiner_desktop.datasets.page import ACCOUNT_ATTRIBUTES

OWN_NAMES = {
    "email": "email",
    "remote_id": "user_id",
    "display_name": "name",
    "segments": "segments",
    "last_seen_at": "last_seen",
    "first_seen_at": "first_seen",
    "account.display_name": "account",
    "account.remote_id": "account_id",
    "account.domain": "account_domain",
    "last_form_submission_at": "last_survey_answer",
    "last_tracking_event_at": "last_event",
    "account.last_seen_at": "account_last_seen",
    "account.first_seen_at": "account_first_seen",
    "account.uuid": "account_uuid",
    "uuid": "uuid",
}
"""The contact's and the account's own fields, by their column's key."""

_PLAIN = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True, slots=True)
class SqlName:
    """A column in the expert filter: its name, how to type it (quoted if need be), kind and key.

    An attribute has its own name, an account's attribute has `account_` before it. Where one of
    our own fields has that name, `attribute_` comes before the attribute's; whatever still cannot
    be told apart without case gets `_2`, `_3`… in the order of the keys, so that the same columns
    always have the same names. Control characters are written `_`, and so is no name at all.
    """

    name: str
    sql: str
    kind: Kind
    key: str


def folded_name(name: str) -> str:
    """Return the name as SQL compares it: only the letters A to Z lose their case."""
    return name.translate(_LOWER)


def printable(name: str) -> str:
    """Return the name without control characters, and never empty."""
    return _CONTROL.sub("_", name) or "_"


def quoted(name: str) -> str:
    """Return the name between double quotes."""
    return '"' + name.replace('"', '""') + '"'


def sql_names(
    fields: Iterable[Field], reserved: frozenset[str], own: Mapping[str, str]
) -> dict[str, SqlName]:
    """Return the name of every field by its folded form; reserved words are to be quoted.

    `own` are the names that are given, by the column's key.
    """
    by_key = {field.key: field for field in fields}
    names = {key: name for key, name in own.items() if key in by_key}
    taken = set(names.values())
    attributes = sorted(by_key.keys() - names.keys())
    for own_turn in (True, False):
        for key in attributes:
            if key in names:
                continue
            name = _natural(by_key[key]) if own_turn else _free(by_key[key], taken, own)
            if folded_name(name) not in taken:
                taken.add(folded_name(name))
                names[key] = name
    return {
        folded_name(name): SqlName(name, _typed(name, reserved), by_key[key].column.kind, key)
        for key, name in names.items()
    }


def _natural(field: Field, group: str = "") -> str:
    parent, name = field.path
    account = "account_" if parent == ACCOUNT_ATTRIBUTES else ""
    return f"{account}{group}{printable(name)}"


def _free(field: Field, taken: set[str], own: Mapping[str, str]) -> str:
    name = _natural(field)
    if folded_name(name) in own.values():
        name = _natural(field, "attribute_")
    free, number = name, 2
    while folded_name(free) in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _typed(name: str, reserved: frozenset[str]) -> str:
    plain = _PLAIN.fullmatch(name) and folded_name(name) not in reserved
    return name if plain else quoted(name)
