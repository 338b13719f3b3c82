"""Where the columns of a table stand, whichever of them the rows happen to have."""

from __future__ import annotations

from collections.abc import Sequence

from refiner_desktop.datasets.columns import Column
from refiner_desktop.services.rows.view import ColumnLook

Looks = tuple[ColumnLook, ...]


def arranged(columns: Sequence[Column], looks: Sequence[ColumnLook]) -> Looks:
    """Return a look for every column, in order: those that are named first, then all others."""
    keys = {column.key for column in columns}
    named = [look for look in looks if look.key in keys]
    others = keys - {look.key for look in named}
    return (*named, *(ColumnLook(column.key) for column in columns if column.key in others))


def absorbed(before: Sequence[ColumnLook], now: Sequence[ColumnLook]) -> Looks:
    """Return the looks that a person sees now, with those of columns that are not here.

    Such a column stays behind the one that it stood behind before.
    """
    present = {look.key for look in now}
    followers: dict[str | None, list[ColumnLook]] = {}
    leader: str | None = None
    for look in before:
        if look.key in present:
            leader = look.key
        else:
            followers.setdefault(leader, []).append(look)
    result = [*followers.get(None, ())]
    for look in now:
        result += [look, *followers.get(look.key, ())]
    return tuple(result)
