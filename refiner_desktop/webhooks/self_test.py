"""A request from the listener to itself, by the way that all requests take."""

from __future__ import annotations

import ipaddress
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from time import perf_counter

from refiner_desktop.webhooks.marks import SELF_TEST, Marks

TIMEOUT_SECONDS = 5.0


class SelfTestFailed(Exception):
    """The listener did not answer itself as it should; the message says how."""


def post_to_itself(host: str, port: int, marks: Marks) -> float:
    """Post over a new connection, up to the commit; return the seconds. Raises `SelfTestFailed`."""
    address = reachable(host)
    name, value = marks.header(SELF_TEST)
    started = perf_counter()
    try:
        with closing(HTTPConnection(address, port, timeout=TIMEOUT_SECONDS)) as connection:
            connection.request("POST", "/", b"", {name: value, "Host": "localhost"})
            status = connection.getresponse().status
    except (OSError, HTTPException) as exc:
        raise SelfTestFailed(str(exc) or type(exc).__name__) from exc
    if status != 200:
        raise SelfTestFailed(f"it answered {status}")
    return perf_counter() - started


def reachable(host: str) -> str:
    """Return where a listener on this address can be reached from this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "::1" if address.version == 6 else "127.0.0.1"
    return host
