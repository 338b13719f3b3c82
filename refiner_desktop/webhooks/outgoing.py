"""What is sent to a receiver of deliveries, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.delivery import Delivery, Headers
from refiner_desktop.webhooks.hooks import Hook

OF_THE_CONNECTION = frozenset(
    {
        "connection", "content-length", "expect", "host", "keep-alive", "origin",
        "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip
"""Headers, in small letters, that are not sent on: they belong to the connection that a delivery
came by (RFC 9110, section 7.6.1), or are made anew. Origin would make it look like a browser's."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it came, or as it was edited. In headers each character is one byte.

    Tokens in it are dotted: `with_token` fills in the one that a hook has now.
    """

    method: str
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, delivery: Delivery) -> Outgoing:
        """Return a delivery as it came."""
        return cls(delivery.method, delivery.headers, delivery.body)

    def with_token(self, hook: Hook) -> Outgoing:
        """Return the same with a hook's token where any hook's was shown."""
        headers = hook.unmask(self.headers)
        if headers == self.headers and any(MASK in value for _, value in headers):
            headers = (*headers, token_header(hook))  # another hook looks for it elsewhere
        return replace(self, headers=headers)

    def with_header(self, name: str, value: str) -> Outgoing:
        """Return the same with one more header."""
        return replace(self, headers=(*self.headers, (name, value)))


@dataclass(frozen=True, slots=True)
class Forwarded:
    """How the receiver answered, or why it did not."""

    status: int | None
    seconds: float
    error: str = ""
    headers: Headers = ()
    """Those of the answer."""
    body: bytes = b""
    """How the answer began."""

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.status is not None and 200 <= self.status < 300


def token_header(hook: Hook) -> tuple[str, str]:
    """Return the header that opens a hook."""
    token = hook.token.reveal().encode().decode("latin-1")
    return hook.header, f"{hook.prefix} {token}".strip()
