"""Requests on the wire: the key and where it may go, connections, certificates, timeouts."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpcore  # noqa: F401  else httpx imports it with the first call, on the GUI's thread
import httpx
import truststore

from refiner_desktop.api.errors import ConnectionFailed, KeyMalformed
from refiner_desktop.api.faults import fault
from refiner_desktop.api.headers import RawHeaders
from refiner_desktop.api.intake import Room
from refiner_desktop.api.outgoing import Outgoing, outgoing
from refiner_desktop.api.receiving import Received, Reception, leave_redirects_alone
from refiner_desktop.api.timing import Trace

if TYPE_CHECKING:
    from refiner_desktop.api.address import BaseUrl
    from refiner_desktop.api.policy import Timeouts
    from refiner_desktop.secret import Secret

# A connection is worth keeping: over TLS a new one costs two round trips, and on Linux truststore
# reads the system's certificates for each, 25 ms on the caller's thread.
_POOL = httpx.Limits(max_connections=32, max_keepalive_connections=32, keepalive_expiry=60)

_ROOM = Room()

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
        self._running: dict[asyncio.Timeout, asyncio.Future[None]] = {}
        self.closed = False

    def request(
        self,
        method: str,
        url: httpx.URL,
        *,
        headers: RawHeaders,
        body: bytes = b"",
        without: frozenset[bytes] = frozenset(),
    ) -> Outgoing:
        """Return a request as `outgoing` does. Raises `KeyMalformed` for a key no header takes."""
        key = self._key_bytes if self._key else None
        return outgoing(method, url, self._base, key, headers=headers, body=body, without=without)

    async def send(
        self,
        request: httpx.Request,
        *,
        unsafe: bool,
        room: Room = _ROOM,
        timeouts: Timeouts | None = None,
    ) -> Received:
        """Return what came, whatever its status. Raises `ApiError` if no status did.

        `unsafe` marks a request that must not be repeated blindly.
        """
        trace = Trace()
        try:
            reception = await self._receive(request, unsafe, room, timeouts or self.timeouts, trace)
            return Received(
                response=reception.response,
                wire_size=reception.wire_size,
                seconds=trace.seconds,
                timings=await trace.timings(),
                fault=reception.fault,
                body=await reception.body(),
            )
        finally:
            trace.close()

    async def _receive(
        self, request: httpx.Request, unsafe: bool, room: Room, timeouts: Timeouts, trace: Trace
    ) -> Reception:
        patience = httpx.Timeout(timeouts.read, connect=timeouts.connect, pool=None)
        request.extensions |= {"trace": trace.note, "timeout": patience.as_dict()}
        reception: Reception | None = None
        try:
            async with self._while_open(timeouts.total):
                reception = Reception(await self._begin(request), room)
                await reception.run()
        # A host name too long for DNS comes as a bare UnicodeError, a broken socket as an OSError.
        except (httpx.RequestError, OSError, UnicodeError) as exc:
            sent = trace.sent and unsafe
            if self.closed:
                raise ConnectionFailed("the connection was closed", maybe_done=sent) from exc
            error = fault(exc, sent=sent, answered=reception is not None)
            if reception is None:
                raise error from exc
            reception.end_early(error, exc)
        finally:
            if reception is not None:
                await reception.response.aclose()
        return reception

    async def _begin(self, request: httpx.Request) -> httpx.Response:
        return await self._http().send(request, auth=_NO_AUTH, follow_redirects=False, stream=True)

    @asynccontextmanager
    async def _while_open(self, seconds: float) -> AsyncIterator[None]:
        """Raise `TimeoutError` after so long, or when the wire is closed."""
        ended = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(seconds) as patience:
            self._running[patience] = ended
            try:
                yield
            finally:
                del self._running[patience]
                ended.set_result(None)

    async def aclose(self) -> None:
        """End the requests under way and close all connections; no request may follow."""
        self.closed = True
        running = dict(self._running)
        for patience in running:
            if not patience.expired():
                patience.reschedule(0)
        if running:  # else a connection that is just being opened would be nobody's
            await asyncio.wait(running.values())
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
                event_hooks={"response": [leave_redirects_alone]},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                limits=_POOL,
                transport=self._transport,
            )
        except (ValueError, ImportError) as exc:
            # httpx reads the system's proxy settings here; one it cannot use must not go unnoticed.
            raise ConnectionFailed(f"the system's proxy setting cannot be used: {exc}") from exc
