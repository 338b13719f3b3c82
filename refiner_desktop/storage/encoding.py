"""How values that SQLite does not know are written into its columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

Pairs = tuple[tuple[str, str], ...]
"""Names and values in their order, repeats included: headers or a query."""

_pairs = msgspec.json.Decoder(Pairs)


def moment_to_text(moment: datetime) -> str:
    """Write an aware moment as ISO 8601 in UTC; texts of this form sort as the moments do."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_from_text(text: str) -> datetime:
    """Read what `moment_to_text` wrote."""
    return datetime.fromisoformat(text)


def pairs_to_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Write pairs as a JSON list of two-item lists."""
    return msgspec.json.encode(tuple(pairs)).decode()


def pairs_from_text(text: str) -> Pairs:
    """Read what `pairs_to_text` wrote."""
    return _pairs.decode(text)


def like_pattern(text: str) -> str:
    r"""Return the LIKE pattern (`ESCAPE '\'`) that finds `text` anywhere."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
