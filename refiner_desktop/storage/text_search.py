"""Words looked for in texts and in JSON, in any capitals of any language.

SQLite's own LIKE knows the capitals of ASCII alone, and JSON writes a quote as two characters.
"""

from __future__ import annotations

import sqlite3

import msgspec


def learn_to_fold(connection: sqlite3.Connection) -> None:
    """Teach a connection `folded(text)`, which makes capitals small as `needle` does."""
    connection.create_function("folded", 1, _folded, deterministic=True)


def needle(text: str) -> str:
    """Return what is in a folded text that holds `text`."""
    return text.casefold()


def needle_in_json(text: str) -> str:
    """Return what is in folded JSON that holds `text` in one of its strings."""
    return msgspec.json.encode(text.casefold()).decode()[1:-1]


def _folded(text: str | None) -> str:
    return (text or "").casefold()
