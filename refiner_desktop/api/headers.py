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
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Names, in small letters, whose values are credentials."""


def checked_method(method: str) -> str:
    """Return the method in capitals. Raises `ValueError` for what HTTP does not allow."""
    if not _TOKEN.fullmatch(method.strip()):
        raise ValueError(f"not a method: {method!r}")
    return method.strip().upper()


def checked(pairs: Pairs) -> RawHeaders:
    """Return headers as they go on the wire. Raises `ValueError` for what HTTP does not allow."""
    return [_checked(name.strip(), value.strip()) for name, value in pairs]


def _checked(name: str, value: str) -> tuple[bytes, bytes]:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"not a header name: {name!r}")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"header {name} holds a line break or a character that HTTP cannot carry")
    if name.lower() in _OURS:
        raise ValueError(f"header {name} is set by the application itself")
    return name.encode("ascii"), value.encode("latin-1")


def holds(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bool:
    """Tell whether a header of that (lower-case) name is there."""
    return any(key.lower() == name for key, _ in headers)


def readable(headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Return headers as text, in their order."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def masked(headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Return headers as text, with dots for credentials; a scheme such as `Bearer` stays."""
    return tuple(
        (name, _dots(value) if name.lower() in SECRET_HEADERS else value)
        for name, value in readable(headers)
    )


def _dots(credentials: str) -> str:
    scheme, blank, rest = credentials.partition(" ")
    return f"{scheme} {MASK}" if blank and rest else MASK
