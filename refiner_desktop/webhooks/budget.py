"""One allowance for what all connections hold."""

from __future__ import annotations


class Budget:
    """Bytes that the unfinished bodies of all senders may take together. For one thread."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def take(self, size: int) -> bool:
        """Claim bytes; return False, and claim none, when there are not so many left."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Return bytes that were claimed."""
        self._left += size
