"""The attributes that the loaded contacts have, as keys to choose from with their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refiner_desktop.datasets.columns import Column, Kind
from refiner_desktop.services.users.traits import COMPUTED, TraitType

_TYPES: dict[Kind, TraitType] = {
    "text": TraitType.TEXT,
    "number": TraitType.NUMBER,
    "boolean": TraitType.YES_NO,
    "date": TraitType.DATE_TIME,  # Refiner gives every date back as a moment
}

Known = Mapping[str, TraitType]
"""Keys with their types."""


def known_traits(columns: Iterable[Column]) -> Known:
    """Return the contacts' own attributes, without those that Refiner works out itself."""
    return _known(columns, "attributes.", COMPUTED | {"email"})


def known_account_traits(columns: Iterable[Column]) -> Known:
    """Return the attributes of the contacts' accounts."""
    return _known(columns, "account.attributes.", COMPUTED)


def _known(columns: Iterable[Column], prefix: str, without: frozenset[str]) -> Known:
    found = {
        column.key.removeprefix(prefix): _TYPES[column.kind]
        for column in columns
        if column.key.startswith(prefix)
    }
    return {key: found[key] for key in sorted(found) if key not in without}
