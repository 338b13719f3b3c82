"""Whether the places that deliveries are passed on to take them."""

from __future__ import annotations

from refiner_desktop.storage.forwards import Errand, Forward


class ForwardHealth:
    """Remembers by address why the last delivery did not get through."""

    def __init__(self) -> None:
        self._failing: dict[str, str] = {}
        self._told: set[str] = set()

    def note(self, sent: Forward) -> bool:
        """Remember an attempt; return whether it is the first that was given up at its receiver.

        While others follow by themselves, nobody need be told.
        """
        if sent.errand is not Errand.FORWARD:
            return False
        if sent.taken:
            self._failing.pop(sent.url, None)
            self._told.discard(sent.url)
            return False
        self._failing[sent.url] = sent.error or f"the receiver answered {sent.status}"
        begins = sent.gave_up and sent.url not in self._told
        if begins:
            self._told.add(sent.url)
        return begins

    def failure(self, url: str) -> str:
        """Return why the last delivery to an address did not get through; empty when it did."""
        return self._failing.get(url, "")
