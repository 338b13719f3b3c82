"""What calls carry besides their queries; `ValueError` for what the service would misread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

TraitValue = str | int | float | bool | datetime | None
AnswerValue = str | int | float | bool | Sequence[str] | None

MAX_TAGS = 20


def beside(
    free: Mapping[str, Any] | None, reserved: frozenset[str], own: dict[str, Any]
) -> dict[str, Any]:
    """Put traits or answers beside the call's own parameters, which they must not replace."""
    if taken := reserved & (free or {}).keys():
        raise ValueError(f"not a name for a trait or answer: {', '.join(sorted(taken))}")
    return {**(free or {}), **own}


def account_of(account: Mapping[str, TraitValue] | None) -> dict[str, Any]:
    """Return a user's account, its own `id` among its traits; nothing for None."""
    if account is None:
        return {}
    if not account.get("id"):
        raise ValueError("an account needs an id")
    return {"account": dict(account)}


def tag_names(tags: Sequence[str]) -> list[str]:
    """Return tags as one call takes them."""
    if not 1 <= len(tags) <= MAX_TAGS:
        raise ValueError(f"a call takes 1 to {MAX_TAGS} tags")
    return list(tags)


def given(value: str, what: str) -> str:
    """Return a value that must not be empty; `what` names it."""
    if not value:
        raise ValueError(f"the {what} is missing")
    return value


def place(page: int | None, cursor: str | None) -> dict[str, Any]:
    """Return which page is meant: that of a cursor, that of a number, or the first."""
    if cursor:
        return {"page_cursor": cursor}
    return {"page": page} if page else {}
