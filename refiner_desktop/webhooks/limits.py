"""What senders may take of this machine."""

from __future__ import annotations

from msgspec import Struct

MEGABYTE = 1024 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """Bytes of a body, seconds for a whole request, and connections at a time.

    `unfinished` are the bytes that all bodies which are being received may take together, or two
    of the largest.
    """

    body: int = 10 * MEGABYTE
    seconds: float = 30.0
    connections: int = 500
    unfinished: int = 128 * MEGABYTE

    @property
    def budget(self) -> int:
        """The bytes that all unfinished bodies may take: two of the largest always fit."""
        return max(self.unfinished, 2 * self.body)
