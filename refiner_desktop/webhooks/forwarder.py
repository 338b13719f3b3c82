"""Sends a kept delivery on: to a hook again, or to a program that is being developed."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from time import perf_counter

import httpx
import truststore

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.delivery import Headers

TIMEOUT_SECONDS = 10.0

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# They belong to the connection that the delivery came by (RFC 9110, section 7.6.1), or are made
# anew; Origin would make a replay look like a browser's page.
_LEFT_OUT = frozenset(
    {
        "connection", "content-length", "expect", "host", "keep-alive", "origin",
        "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forwarded:
    """How the receiver answered, or why it did not."""

    status: int | None
    seconds: float
    error: str = ""


async def post(
    url: str,
    headers: Headers,
    body: bytes,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Forwarded:
    """Post the same bytes and headers to `url`, once, following no redirect.

    A header that holds a masked secret stays behind. Trouble comes back as `error`; none is raised.
    """
    started = perf_counter()
    try:
        request = httpx.Request("POST", url, headers=_passed_on(headers), content=body)
        async with _client(request.url.host, transport) as client:
            response = await client.send(request, stream=True)
            await response.aclose()
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        return Forwarded(None, perf_counter() - started, _sentence(exc))
    return Forwarded(response.status_code, perf_counter() - started)


def _client(host: str, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        timeout=TIMEOUT_SECONDS,
        trust_env=host not in _LOOPBACK,  # no proxy reaches this machine's own ports
    )


def _passed_on(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in headers
        if name.lower() not in _LEFT_OUT and MASK not in value
    ]


def _sentence(exc: Exception) -> str:
    if isinstance(exc, httpx.TimeoutException):  # its own text is empty
        return f"No answer within {TIMEOUT_SECONDS:g} seconds"
    if isinstance(exc, httpx.ConnectError):
        return f"No connection: {exc}"
    return str(exc) or type(exc).__name__
