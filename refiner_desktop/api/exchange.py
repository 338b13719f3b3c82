"""A free request of the API console, and what came back for it."""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap

from refiner_desktop.api.policy import Timeouts

Pairs = tuple[tuple[str, str], ...]

Body = bytes | mmap
"""The bytes of an answer; a long one lies in a file, which reads the same but takes no memory."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """Any call. `path` is relative to the base URL, or a whole address.

    `/v1/contacts`, `/contacts` and `contacts` mean the same under a base URL that ends in `/v1`.
    `query` is added to what stands after a `?` in `path`. `headers` win over the automatic ones;
    those that `without` names, in any case of letters, are left out. `timeouts` take the place of
    the client's own.
    """

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    without: tuple[str, ...] = ()
    timeouts: Timeouts | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the seconds of a call went; None for what did not happen or is not known.

    A kept connection has no `connect` and no `tls`, an address without a name no `dns`. `wait` runs
    from the last byte sent to the headers of the answer, `read` from there to its last byte.
    """

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    wait: float | None = None
    read: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHead:
    """Everything about an answer but the bodies.

    `headers` are in the server's order and spelling. `url` and `request_headers` are as sent, with
    every secret replaced by dots; `with_key` says whether our key was among them. `seconds` runs
    from sending to the last byte, `wire_size` counts the bytes of the body as they came, and `cut`
    says, unless it is empty, why more should have come. `location` is where a redirect points, as
    a whole address.
    """

    status: int
    reason: str
    http_version: str
    headers: Pairs
    method: str
    url: str
    request_headers: Pairs
    with_key: bool
    seconds: float
    timings: Timings = Timings()
    wire_size: int = 0
    cut: str = ""
    location: str = ""

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case of letters."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(AnswerHead):
    """What came back, whatever its status.

    `body` is decompressed, and byte for byte what came but for secrets, which are dots in it and
    in `request_body`.
    """

    body: Body
    request_body: bytes = b""
