"""Sends deliveries on: to a hook again, or to a program that is being developed."""

from __future__ import annotations

import asyncio
import ssl
from time import perf_counter

import httpx
import truststore

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.delivery import Headers
from refiner_desktop.webhooks.outgoing import OF_THE_CONNECTION, Forwarded, Outgoing

TIMEOUT_SECONDS = 10.0

ANSWER_READ = 64 * 1024
"""So much of an answer is read, unlooked at, that its connection may serve the next delivery."""

# No proxy reaches this machine's own ports.
_WITHOUT_PROXY = ("all://localhost", "all://127.0.0.1", "all://[::1]")


class Forwarder:
    """Keeps connections to receivers open between deliveries. It follows no redirect.

    To make one reads the system's certificates, which takes a while: do it in a thread.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            transport=transport,
            mounts=None if transport else dict.fromkeys(_WITHOUT_PROXY),
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=None,
        )

    async def send(self, url: str, outgoing: Outgoing) -> Forwarded:
        """Send once, with an answer awaited for ten seconds in all.

        A header that holds a masked secret stays behind. Trouble comes back as `error`; none is
        raised.
        """
        started = perf_counter()
        try:
            request = httpx.Request(
                outgoing.method, url, headers=_passed_on(outgoing.headers), content=outgoing.body
            )
            async with asyncio.timeout(self._timeout):
                status = await self._answer(request)
        except TimeoutError:
            error = f"No answer within {self._timeout:g} seconds"
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
            error = _sentence(exc)
        else:
            return Forwarded(status, perf_counter() - started)
        return Forwarded(None, perf_counter() - started, error)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _answer(self, request: httpx.Request) -> int:
        response = await self._client.send(request, stream=True)
        try:
            size = 0
            async for part in response.aiter_raw():
                size += len(part)
                if size > ANSWER_READ:
                    break
        finally:
            await response.aclose()
        return response.status_code


def _passed_on(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in headers
        if name.lower() not in OF_THE_CONNECTION and MASK not in value
    ]


def _sentence(exc: Exception) -> str:
    if isinstance(exc, httpx.ConnectError):
        return f"No connection: {exc}"
    return str(exc) or type(exc).__name__
