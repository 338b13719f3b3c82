"""A request with everything that sending adds to it, for other programs to send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.headers import checked, checked_method, checked_names
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.secret import Secret
from refiner_desktop.services.requests.credentials import (
    data_without_key,
    is_credential,
    text_without_key,
)

KEY_VARIABLE = "REFINER_API_KEY"
"""Where code finds the key; this application takes one from there, too."""

_OF_EACH_PROGRAM = frozenset({b"host", b"content-length", b"accept-encoding", b"user-agent"})
"""Headers that every program sends for itself, unless a person wrote them."""


_LONGEST = 100_000
"""Bytes that every system lets an argument have."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header; the value of the environment variable, if there is one, ends it."""

    name: str
    value: str
    variable: str = ""


@dataclass(frozen=True, slots=True)
class SpelledOut:
    """A request that needs nothing added. The body is `body`, or what the file at `file` holds."""

    method: str
    url: str
    headers: tuple[Header, ...]
    body: bytes
    file: str
    seconds: float

    @property
    def has_body(self) -> bool:
        """Whether a body is sent."""
        return bool(self.body or self.file)

    @property
    def text(self) -> str:
        """The body as text; "" where it is none that a command line can carry."""
        try:
            text = self.body.decode() if len(self.body) <= _LONGEST else ""
        except UnicodeDecodeError:
            return ""
        return "" if "\0" in text else text


def spelled_out(
    request: CallRequest, base_url: str, key: Secret | None, file: str = ""
) -> SpelledOut:
    """Return the request as it goes out, its own credentials included only where the key is.

    Raises `ValueError` for what can't be sent.
    """
    from refiner_desktop.api.address import BaseUrl
    from refiner_desktop.api.outgoing import outgoing

    base = BaseUrl(base_url)
    timeouts = request.timeouts or Timeouts()
    own = checked(request.headers)
    sent = outgoing(
        checked_method(request.method),
        base.target(request.path, request.query),
        base,
        bytes,  # what stands for the key is written below
        headers=own,
        body=request.body,
        without=checked_names(request.without),
    )
    written = {name.lower() for name, _ in own}
    kept = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in sent.request.headers.raw
        if name.lower() in written or name.lower() not in _OF_EACH_PROGRAM
    ]
    return SpelledOut(
        method=sent.request.method,
        url=_kept(str(sent.request.url), key),
        headers=tuple(_header(name, value, key, with_key=sent.with_key) for name, value in kept),
        body=b"" if file else _body(request.body, key),
        file=str(Path(file).expanduser()) if file else "",
        seconds=timeouts.total,
    )


def _kept(text: str, key: Secret | None) -> str:
    """Return an address with its key only where a person asked for it."""
    return text if key is not None else text_without_key(text)


def _body(body: bytes, key: Secret | None) -> bytes:
    return body if key is not None else data_without_key(body)


def _header(name: str, value: str, key: Secret | None, *, with_key: bool) -> Header:
    """Return a header; of a credential what a person asked for, or where to find it."""
    if not is_credential(name):
        return Header(name, value)
    if with_key and name.lower() == "authorization":
        return Header(name, "Bearer ", KEY_VARIABLE) if key is None else _ours(name, key)
    if key is not None:
        return Header(name, value)
    scheme = value.partition(" ")[0] + " " if name.lower() != "cookie" and " " in value else ""
    return Header(name, scheme, name.upper().replace("-", "_"))


def _ours(name: str, key: Secret) -> Header:
    return Header(name, f"Bearer {key.reveal()}")
