"""Whether the places that deliveries are passed on to take them."""

from __future__ import annotations

from refiner_desktop.storage.forwards import Errand, Forward


class ForwardHealth:
    """Remembers by address why the last delivery did not get through."""

    def __init__(self) -> None:
        self._failing: dict[str, str] = {}

    def note(self, sent: Forward) -> bool:
        """Remember an attempt; return whether its receiver begins to fail with it."""
        if sent.errand is not Errand.FORWARD:
            return False
        if sent.taken:
            self._failing.pop(sent.url, None)
            return False
        begins = sent.url not in self._failing
        self._failing[sent.url] = sent.error or f"the receiver answered {sent.status}"
        return begins

    def failure(self, url: str) -> str:
        """Return why the last delivery to an address did not get through; empty when it did."""
        return self._failing.get(url, "")
