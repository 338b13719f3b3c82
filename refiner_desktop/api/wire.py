"""Requests on the wire: the key and where it may go, connections, certificates, timeouts."""

from __future__ import annotations

import asyncio
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import TYPE_CHECKING

import httpcore  # noqa: F401  else httpx imports it with the first call, on the GUI's thread
import httpx
import truststore

from refiner_desktop.api.errors import ConnectionFailed, KeyMalformed
from refiner_desktop.api.faults import fault
from refiner_desktop.api.headers import RawHeaders, holds

if TYPE_CHECKING:
    from refiner_desktop.api.address import BaseUrl
    from refiner_desktop.api.policy import Timeouts
    from refiner_desktop.secret import Secret

# A connection is worth keeping: over TLS a new one costs two round trips, and on Linux truststore
# reads the system's certificates for each, 25 ms on the caller's thread.
_POOL = httpx.Limits(max_connections=32, max_keepalive_connections=32, keepalive_expiry=60)

# Keeps httpx from making an Authorization header out of anything else.
_NO_AUTH = httpx.Auth()


class Wire:
    """Sends single requests. Redirects are not followed, cookies not kept.

    Belongs to the event loop of its first request.
    """

    def __init__(
        self,
        base: BaseUrl,
        key: Secret,
        timeouts: Timeouts,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._base = base
        self._key = key
        self.timeouts = timeouts
        self._transport = transport
        self._opened: httpx.AsyncClient | None = None
        self.closed = False

    def carries_key(self, url: httpx.URL, headers: RawHeaders) -> bool:
        """Tell whether the key goes along: to its own origin, unless a person wrote another."""
        return (
            bool(self._key) and self._base.is_home_of(url) and not holds(headers, b"authorization")
        )

    def request(
        self, method: str, url: httpx.URL, *, headers: RawHeaders, body: bytes
    ) -> httpx.Request:
        """Return a request with our own headers where `headers` has none of that name.

        Raises `KeyMalformed` for a key that no header can carry.
        """
        headers = list(headers)
        if body and not holds(headers, b"content-type"):
            headers.append((b"Content-Type", b"application/json"))
        if self.carries_key(url, headers):
            headers.append((b"Authorization", b"Bearer " + self._key_bytes()))
        timeouts = self.timeouts
        return self._http().build_request(
            method,
            url,
            headers=headers,
            content=body or None,
            timeout=httpx.Timeout(timeouts.read, connect=timeouts.connect, pool=None),
        )

    async def send(self, request: httpx.Request, *, unsafe: bool) -> httpx.Response:
        """Return the complete response, whatever its status. Raises `ApiError` if none came.

        `unsafe` marks a request that must not be repeated blindly.
        """
        sent = False

        async def watch(event: str, _: object) -> None:
            nonlocal sent
            sent = sent or event.endswith("send_request_headers.started")

        request.extensions["trace"] = watch
        try:
            async with asyncio.timeout(self.timeouts.total):
                return await self._http().send(request, auth=_NO_AUTH, follow_redirects=False)
        # A host name too long for DNS comes as a bare UnicodeError, a broken socket as an OSError.
        except (httpx.RequestError, OSError, UnicodeError) as exc:
            raise fault(exc, sent=sent and unsafe) from exc
        except RuntimeError as exc:  # httpx, when it is closed under a request
            if not self.closed:
                raise
            raise ConnectionFailed("the connection was closed", maybe_done=sent and unsafe) from exc

    async def aclose(self) -> None:
        """Close all connections; no request may follow."""
        self.closed = True
        if self._opened is not None:
            await self._opened.aclose()

    def _key_bytes(self) -> bytes:
        key = self._key.reveal()
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise KeyMalformed("the key holds a character that no key has")
        return key.encode("ascii")

    def _http(self) -> httpx.AsyncClient:
        if self.closed:
            raise ConnectionFailed("the connection was closed")
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> httpx.AsyncClient:
        try:
            return httpx.AsyncClient(
                headers={
                    "Accept": "application/json",
                    "User-Agent": f"refiner-desktop/{version('refiner-desktop')}",
                },
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                limits=_POOL,
                transport=self._transport,
            )
        except (ValueError, ImportError) as exc:
            # httpx reads the system's proxy settings here; one it cannot use must not go unnoticed.
            raise ConnectionFailed(f"the system's proxy setting cannot be used: {exc}") from exc
