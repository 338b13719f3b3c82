"""Sends deliveries on: to a hook again, or to a program that is being developed."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from time import perf_counter

import httpx
import truststore

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.delivery import Headers
from refiner_desktop.webhooks.hosts import is_local
from refiner_desktop.webhooks.outgoing import OF_THE_CONNECTION, Forwarded, Outgoing

TIMEOUT_SECONDS = 10.0

ANSWER_READ = 64 * 1024
"""So much of an answer is read and kept; a shorter one leaves its connection to the next."""

READ_SECONDS = 2.0
"""What was taken stays taken when the rest of a long answer does not come."""


class Forwarder:
    """Keeps connections to receivers open between deliveries. It follows no redirect.

    What goes to this machine goes by no proxy, whatever name it has. To make one reads the system's
    certificates, which takes a while: do it in a thread.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._timeout = timeout
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

        def client(*, trust_env: bool) -> httpx.AsyncClient:
            return httpx.AsyncClient(
                transport=transport, verify=context, timeout=None, trust_env=trust_env
            )

        self._here, self._elsewhere = client(trust_env=False), client(trust_env=True)

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
                response = await self._sent(request)
            return await _answered(response, perf_counter() - started)
        except TimeoutError:
            error = f"No answer within {self._timeout:g} seconds"
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
            error = _sentence(exc)
        return Forwarded(None, perf_counter() - started, error)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._here.aclose()
        await self._elsewhere.aclose()

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if not is_local(host):
            return await self._elsewhere.send(request, stream=True)
        if await _leads_elsewhere(host, request.url.port):
            raise httpx.ConnectError(f"{host} does not lead to this computer")
        return await self._here.send(request, stream=True)


async def _leads_elsewhere(host: str, port: int | None) -> bool:
    """Whether a name server makes another machine of a name that means this one."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port or 80)
    except OSError as exc:
        raise httpx.ConnectError(str(exc)) from exc
    return not all(is_local(str(address[0])) for *_, address in found)


async def _answered(response: httpx.Response, seconds: float) -> Forwarded:
    try:
        body = await _beginning(response)
    finally:
        await response.aclose()
    headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers.raw)
    return Forwarded(response.status_code, seconds, "", headers, body)


async def _beginning(response: httpx.Response) -> bytes:
    body = bytearray()
    with suppress(httpx.HTTPError, TimeoutError):  # the status has come: it was taken
        async with asyncio.timeout(READ_SECONDS):
            async for part in response.aiter_raw():
                body += part
                if len(body) >= ANSWER_READ:
                    break
    return bytes(body[:ANSWER_READ])


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
