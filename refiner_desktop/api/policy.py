"""How patient and how fast the client may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for one attempt: to connect, between two pieces of the answer, and altogether."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 120.0

    def __post_init__(self) -> None:
        if min(self.connect, self.read, self.total) <= 0:
            raise ValueError("timeouts must be longer than 0 seconds")


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls a minute that the service allows: for the key, and for any one user.

    API reference, section 2.3.
    """

    per_key: int = 4000
    per_user: int = 100

    def __post_init__(self) -> None:
        if min(self.per_key, self.per_user) < 2:
            raise ValueError("limits must allow at least 2 calls a minute")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how soon a call that is safe to repeat is tried again; waits in seconds.

    Waits double from `first_wait` to `longest_wait`, plus up to `jitter`. A `Retry-After` is
    honoured up to `patience`; if the server asks for more, the error is raised at once.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 8.0
    jitter: float = 0.5
    patience: float = 90.0
