"""How calls are found in the console's history: by path, status, time, and the text in bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refiner_desktop.storage.encoding import like_pattern, moment_to_text

INDEXED = 1024 * 1024
"""So many bytes of a body are searched: all of one that the database holds."""

_TRIGRAM = 3
_MOST_TRIGRAMS = 64


@dataclass(frozen=True, slots=True)
class ExchangeSearch:
    """What to look for; everything that is given must hold.

    `text`, in any case of letters, stands in method, path, query or, from three characters on, in
    a body. `status` is how a status begins (`4`, `4xx`, `404`) or a state's name (`failed`).
    """

    text: str = ""
    status: str = ""
    since: datetime | None = None
    until: datetime | None = None
    pinned: bool = False

    def terms(self) -> tuple[list[str], list[Any]]:
        """Return the conditions on `exchange` but for the text, and their values."""
        found: list[tuple[str, Any]] = []
        if status := self.status.strip().lower().rstrip("x"):
            column = "CAST(status AS TEXT)" if status.isdecimal() else "state"
            found.append((rf"{column} LIKE ? ESCAPE '\'", like_pattern(status)[1:]))
        if self.since:
            found.append(("sent_at >= ?", moment_to_text(self.since)))
        if self.until:
            found.append(("sent_at <= ?", moment_to_text(self.until)))
        if self.pinned:
            found.append(("pinned = ?", 1))
        return [term for term, _ in found], [value for _, value in found]


# From the JSON of its pairs to `a=1&b=2`.
_QUERY = """rtrim(replace(replace(substr(query, 4), '"],["', '&'), '","', '='), '"]')"""
_ADDRESS = f"path || CASE query WHEN '[]' THEN '' ELSE '?' END || {_QUERY}"
NAMED = rf"method || ' ' || {_ADDRESS} LIKE ? ESCAPE '\'"


def candidates(text: str) -> tuple[str, list[str]]:
    """Return the condition on what may hold a text, and its values; `mentioned` makes sure.

    It comes true for all that is not indexed yet.
    """
    if len(text) < _TRIGRAM:
        return NAMED, [like_pattern(text)]
    indexed = "SELECT rowid FROM exchange_text WHERE exchange_text MATCH ?"
    return (
        f"({NAMED} OR indexed = 0 OR id IN ({indexed}))",
        [like_pattern(text), _trigrams(searchable([text.encode()]))],
    )


def searchable(bodies: Iterable[bytes]) -> str:
    """Return the text of bodies that is searched."""
    # The index takes a NUL for the end.
    return "\n".join(body[:INDEXED].decode("utf-8", "replace") for body in bodies).replace(
        "\0", " "
    )


def mentioned(text: str) -> Callable[[Iterable[bytes]], bool]:
    """Return what tells whether bodies hold a text, in any case of letters."""
    wanted = searchable([text.encode()]).lower()
    if wanted.isascii():
        word = wanted.encode()
        return lambda bodies: any(word in body[:INDEXED].lower() for body in bodies)
    return lambda bodies: wanted in searchable(bodies).lower()


def _trigrams(text: str) -> str:
    parts = (text[start : start + _TRIGRAM] for start in range(len(text) - _TRIGRAM + 1))
    wanted = dict.fromkeys(part.replace('"', '""') for part in parts)
    return " AND ".join(f'"{part}"' for part in list(wanted)[:_MOST_TRIGRAMS])
