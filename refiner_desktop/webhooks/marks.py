"""How the listener knows what this application itself sent: a header that only it can write."""

from __future__ import annotations

import hmac
import secrets

import msgspec

from refiner_desktop.webhooks.delivery import Headers, Origin

HEADER = "X-Refiner-Desktop"
HOP = "Via"
"""Where those that pass a message on leave their names (RFC 9110, section 7.6.3)."""


class Mark(msgspec.Struct, frozen=True):
    """What a request of our own is."""

    origin: Origin = Origin.SENDER
    replay_of: int | None = None
    edited: bool = False
    self_test: bool = False
    """Judged like any other, neither kept nor counted."""


UNMARKED = Mark()
SELF_TEST = Mark(self_test=True)

_decoder = msgspec.json.Decoder(Mark)


class Marks:
    """Writes marks and reads its own; a sender elsewhere cannot know how they begin.

    The listener takes the header off again, so what is kept are the headers that were sent.
    `own_ports` are those that a test of the listener comes from just now.
    """

    def __init__(self) -> None:
        self.own_ports: set[int] = set()
        self._word = secrets.token_hex(16).encode()
        self._name = f"refiner-desktop-{secrets.token_hex(4)}"

    def header(self, mark: Mark) -> tuple[str, str]:
        """Return the header that marks a request to our own listener."""
        return HEADER, (self._word + msgspec.json.encode(mark)).decode()

    @property
    def hop(self) -> tuple[str, str]:
        """The header that is left on what goes elsewhere; it says nothing that opens anything."""
        return HOP, f"1.1 {self._name}"

    def was_here(self, headers: Headers) -> bool:
        """Whether a request was sent on by this application before."""
        return any(name.lower() == HOP.lower() and self._name in value for name, value in headers)

    def read(self, value: bytes) -> Mark | None:
        """Return the mark in a header's value; None when it is not one of ours."""
        word, written = value[: len(self._word)], value[len(self._word) :]
        return _decoder.decode(written) if hmac.compare_digest(word, self._word) else None
