"""Method and headers that a person wrote, and headers as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from refiner_desktop.api.exchange import Pairs
from refiner_desktop.secret import MASK

RawHeaders = list[tuple[bytes, bytes]]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_OURS = {"content-length", "transfer-encoding"}  # wrong ones would break the connection
LEAVABLE = frozenset({"accept", "accept-encoding", "user-agent", "content-type", "authorization"})
"""Names, in small letters, of the automatic headers that a call may go without."""
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Names, in small letters, whose values are credentials."""


def checked_method(method: str) -> str:
    """Return the method in capitals. Raises `ValueError` for what HTTP does not allow."""
    if not _TOKEN.fullmatch(method.strip()):
        raise ValueError(f"not a method: {method!r}")
    return method.strip().upper()


def is_reading(method: str) -> bool:
    """Whether a call only reads, so that it may go out unasked and be made again."""
    return method.strip().upper() == "GET"


def checked(pairs: Pairs) -> RawHeaders:
    """Return headers as they go on the wire. Raises `ValueError` for what HTTP does not allow."""
    return [_checked(name.strip(), value.strip()) for name, value in pairs]


def checked_names(names: Iterable[str]) -> frozenset[bytes]:
    """Return the names of headers to leave out, in small letters. Raises `ValueError`."""
    found = {name.strip().lower() for name in names}
    if kept := found - LEAVABLE:
        raise ValueError(f"header {min(kept)} cannot be left out")
    return frozenset(name.encode("ascii") for name in found)


def _checked(name: str, value: str) -> tuple[bytes, bytes]:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"not a header name: {name!r}")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"header {name} holds a line break or a character that HTTP cannot carry")
    if name.lower() in _OURS:
        raise ValueError(f"header {name} is set by the application itself")
    return name.encode("ascii"), value.encode("latin-1")


def names_in(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Return which headers are there, in small letters."""
    return frozenset(name.lower() for name, _ in headers)


def readable(headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Return headers as text, in their order."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def masked(headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Return headers as text, with dots for credentials; a scheme such as `Bearer` stays."""
    return tuple(
        (name, dotted(value) if name.lower() in SECRET_HEADERS else value)
        for name, value in readable(headers)
    )


def dotted(credentials: str) -> str:
    """Return dots for a credential; a scheme before it stays."""
    scheme, blank, rest = credentials.partition(" ")
    return f"{scheme} {MASK}" if blank and rest else MASK
