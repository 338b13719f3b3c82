"""Where a draft was changed: letters that are typed at one place belong together."""

from __future__ import annotations

from dataclasses import fields

from refiner_desktop.services.users.form_drafts import Draft
from refiner_desktop.services.users.traits import Trait

DraftPlace = tuple[str, int, str]
"""A field, and of its rows the one, counted from 0, with what of it; "" and 0 where none are."""


def changed_place(before: Draft, after: Draft) -> DraftPlace | None:
    """Return the one place in which two drafts of a form differ, None for more or none."""
    names = [each.name for each in fields(after)]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    if len(changed) != 1:
        return None
    [name] = changed
    old, new = getattr(before, name), getattr(after, name)
    return (name, 0, "") if isinstance(new, str) else _row_place(name, old, new)


def _row_place(field: str, old: tuple[Trait, ...], new: tuple[Trait, ...]) -> DraftPlace | None:
    rows = [at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other]
    if len(new) == len(old) + 1 and not rows:
        return field, len(old), "key" if new[-1].key else "value"
    if len(new) != len(old) or len(rows) != 1:
        return None
    [row] = rows
    parts = [part for part in ("key", "value", "type", "on") if _differ(old[row], new[row], part)]
    return field, row, parts[0]


def _differ(one: Trait, other: Trait, part: str) -> bool:
    return bool(getattr(one, part) != getattr(other, part))
