"""Requests as they go out: with the headers left to us, and the key where it may go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from refiner_desktop import __version__
from refiner_desktop.api.decoding import ENCODINGS
from refiner_desktop.api.headers import RawHeaders, names_in

if TYPE_CHECKING:
    from refiner_desktop.api.address import BaseUrl

_AUTOMATIC = (
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", ENCODINGS.encode()),
    (b"User-Agent", f"refiner-desktop/{__version__}".encode()),
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that is ready to be sent, and whether it has our key."""

    request: httpx.Request
    with_key: bool


def outgoing(
    method: str,
    url: httpx.URL,
    base: BaseUrl,
    key: Callable[[], bytes] | None,
    *,
    headers: RawHeaders,
    body: bytes = b"",
    without: frozenset[bytes] = frozenset(),
) -> Outgoing:
    """Return a request with our own headers where `headers` has none of that name.

    Those in `without`, named in small letters, are left out. The key goes to its own origin,
    unless a person wrote another; only then it is asked for.
    """
    settled = names_in(headers) | without
    with_key = key is not None and base.is_home_of(url) and b"authorization" not in settled
    automatic = [*_AUTOMATIC]
    if body:
        automatic.append((b"Content-Type", b"application/json"))
    if key is not None and with_key:
        automatic.append((b"Authorization", b"Bearer " + key()))
    added = [pair for pair in automatic if pair[0].lower() not in settled]
    request = httpx.Request(method, url, headers=[*headers, *added], content=body or None)
    return Outgoing(request, with_key)
