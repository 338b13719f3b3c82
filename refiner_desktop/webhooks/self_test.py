"""A request from the listener to itself, by the way that all requests take."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from time import perf_counter

from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.marks import SELF_TEST, Marks
from refiner_desktop.webhooks.outgoing import token_header

TIMEOUT_SECONDS = 5.0
_BODY = b"{}"


class SelfTestFailed(Exception):
    """The listener did not answer itself as it should; the message says how.

    `answered` is whether it answered at all.
    """

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


def post_to_itself(host: str, port: int, marks: Marks, hook: Hook | None = None) -> float:
    """Post to a hook over a new connection, up to the disk; return the seconds.

    Without a hook, the right answer is that there is none. Raises `SelfTestFailed`.
    """
    headers = dict([marks.header(SELF_TEST)])
    if hook is not None and hook.token:
        headers.update([token_header(hook)])
    started = perf_counter()
    try:
        with _connection(reachable(host), port, marks) as connection:
            connection.request("POST", hook.path if hook else "/", _BODY, headers)
            answer = connection.getresponse()
            said = answer.read().decode("latin-1").strip()
    except (OSError, HTTPException) as exc:
        raise SelfTestFailed(str(exc) or type(exc).__name__) from exc
    if answer.status != (200 if hook else 404):
        raise SelfTestFailed(f"it answered {answer.status}: {said}", answered=True)
    return perf_counter() - started


@contextmanager
def _connection(address: str, port: int, marks: Marks) -> Iterator[HTTPConnection]:
    """Connect from a port that the listener knows, and so keeps a place for."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with closing(HTTPConnection(address, port)) as connection:
        connection.sock = own = socket.socket(family, socket.SOCK_STREAM)
        own.settimeout(TIMEOUT_SECONDS)
        own.bind(("", 0))
        own_port = own.getsockname()[1]
        marks.own_ports.add(own_port)
        try:
            own.connect((address, port))
            yield connection
        finally:
            marks.own_ports.discard(own_port)


def reachable(host: str) -> str:
    """Return where a listener on this address can be reached from this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "::1" if address.version == 6 else "127.0.0.1"
    return host
