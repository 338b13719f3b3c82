"""A free request of the API console, and what came back for it."""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallRequest:
    """Any call. `path` is relative to the base URL, or a whole address.

    `/v1/contacts`, `/contacts` and `contacts` mean the same under a base URL that ends in `/v1`.
    `query` is added to what stands after a `?` in `path`. `headers` win over the client's own.
    """

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status.

    `headers` are in the server's order and spelling, `body` is decompressed, `wire_size` counts the
    bytes of the body before that. `seconds` runs from sending to the last byte. `url` and
    `request_headers` are as sent, with every secret replaced by dots; `with_key` says whether our
    key was among them.
    """

    status: int
    reason: str
    http_version: str
    headers: Pairs
    body: bytes
    seconds: float
    url: str
    request_headers: Pairs
    with_key: bool
    wire_size: int

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case of letters."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
