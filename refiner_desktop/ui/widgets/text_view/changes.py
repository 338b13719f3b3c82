"""What a comparison says about a line."""

from __future__ import annotations

from enum import IntEnum


class Change(IntEnum):
    """How a line differs from the one beside it; `MISSING` lines only keep both sides level."""

    SAME = 0
    CHANGED = 1
    ONLY_HERE = 2
    MISSING = 3

    @property
    def sign(self) -> str:
        """The sign in the margin, for those who cannot tell the colours apart."""
        return {Change.CHANGED: "~", Change.ONLY_HERE: "+"}.get(self, "")
