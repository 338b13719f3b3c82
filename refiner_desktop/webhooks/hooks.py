"""Named webhooks: a path, what it watches, and the token that opens it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from refiner_desktop.secret import MASK, Secret
from refiner_desktop.webhooks.delivery import Headers, Kind

Fields = Mapping[bytes, bytes]
"""Header values by their names in lower case, as ASGI gives them."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A place that Refiner delivers to, such as `/hooks/completed-surveys`."""

    name: str
    path: str
    kinds: frozenset[Kind] = frozenset()
    """What it watches; empty means everything. Other kinds are kept all the same."""
    token: Secret = Secret("")  # noqa: RUF009  (immutable)
    """The secret that its sender must show; empty means that anyone may send."""
    status: int = 200
    """What a genuine delivery is answered, 200 to 599."""
    header: str = "Authorization"
    """Where the token is looked for. API reference, section 7.1: unverified, so it can be set."""
    prefix: str = "Bearer"

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"a final answer has a status from 200 to 599, not {self.status}")

    def watches(self, kind: Kind) -> bool:
        """Whether it was set up for this kind."""
        return not self.kinds or kind in self.kinds

    def accepts(self, fields: Fields) -> bool:
        """Whether the headers show the token. It takes the same time for any wrong one."""
        shown = fields.get(self.header.lower().encode(), b"")
        scheme, prefix = shown[: len(self.prefix)], self.prefix.encode()
        if scheme.lower() == prefix.lower():  # the name of a scheme is in any case
            shown = shown[len(prefix) :].strip()
        return not self.token or hmac.compare_digest(shown, self.token.reveal().encode())

    def unmask(self, headers: Headers) -> Headers:
        """Return headers with the token of now where a masked one was shown, to be sent again.

        Dots in any other header stand for another secret.
        """
        token = self.token.reveal().encode().decode("latin-1")
        return tuple(
            (name, value.replace(MASK, token) if name.lower() == self.header.lower() else value)
            for name, value in headers
        )


def default_hooks() -> tuple[Hook, ...]:
    """Return the two hooks that are there from the start, each with a fresh token."""
    return (
        Hook(
            "Completed surveys",
            "/hooks/completed-surveys",
            frozenset({Kind.SURVEY_COMPLETED, Kind.SURVEY_PARTIAL}),
            new_token(),
        ),
        Hook(
            "Segment entries",
            "/hooks/segment-entries",
            frozenset({Kind.SEGMENT_ENTERED}),
            new_token(),
        ),
    )


def new_token() -> Secret:
    """Return a random token that pastes well into any form."""
    return Secret(secrets.token_urlsafe(24))
