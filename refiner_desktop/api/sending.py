"""Sends calls: within the limits, again where that is safe, and with a failure's meaning."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import stamina

from refiner_desktop.api.address import BaseUrl
from refiner_desktop.api.errors import (
    SAID_LENGTH,
    ApiError,
    ConnectionFailed,
    RateLimited,
    ReadOnly,
    ServerFailed,
    TlsFailed,
    UnreadableAnswer,
)
from refiner_desktop.api.exchange import Answer, CallRequest, Pairs
from refiner_desktop.api.headers import checked, checked_method, masked, readable
from refiner_desktop.api.limits import CallLimiter
from refiner_desktop.api.queries import query_pairs
from refiner_desktop.api.rejection import rejection, said_in
from refiner_desktop.api.wire import Wire
from refiner_desktop.masking import Mask

if TYPE_CHECKING:
    import httpx

    from refiner_desktop.api.catalogue import Endpoint
    from refiner_desktop.api.policy import Limits, Retries, Timeouts
    from refiner_desktop.secret import Secret

T = TypeVar("T")
Outcome = Callable[[ApiError | None], None]
"""Hears how each call to the service went: with what error, or None when it worked."""

_HARMLESS = {"GET", "HEAD", "OPTIONS"}
_PASSING = {502, 503, 504}
_MASKED_IN_PLACE = 256 * 1024
"""Bytes of a body that are looked through in 1 ms; a longer one is masked in a thread."""
_SHORT = 10_000
"""A longer body, in bytes, is no message about a key."""

# By default stamina logs every retry, with the server's text in it.
stamina.instrumentation.set_on_retry_hooks(())


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the catalogue with its parameters; `user` is whose limit it counts against."""

    endpoint: Endpoint
    parameters: Mapping[str, Any]
    user: str | None = None


class Sender:
    """Sends the calls of one client."""

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        timeouts: Timeouts,
        limits: Limits,
        retries: Retries,
        transport: httpx.AsyncBaseTransport | None,
        mask: Mask | None = None,
    ) -> None:
        self.limiter = CallLimiter(limits)
        self.read_only = False
        self.on_outcome: Outcome = lambda error: None
        self._base = BaseUrl(base_url)
        self._mask = mask or Mask()
        self._mask.learn(key)
        self._wire = Wire(self._base, key, timeouts, transport)
        self._retries = retries
        self._repeat = stamina.AsyncRetryingCaller(
            attempts=retries.attempts,
            timeout=None,
            wait_initial=retries.first_wait,
            wait_max=retries.longest_wait,
            wait_jitter=retries.jitter,
        )

    async def fetch(self, call: Call, read: Callable[[bytes], T]) -> T:
        """Send a call, again if that is safe and helps, and read its body. Raises `ApiError`."""
        if call.endpoint.repeatable:
            return await self._repeat(self._worth_repeating, self._attempt, call, read)
        return await self._attempt(call, read)

    async def exchange(self, wanted: CallRequest) -> Answer:
        """Send a free request once and return what comes, whatever its status.

        Raises `ApiError` only if nothing comes, `ValueError` before sending what cannot be sent.
        """
        url = self._base.target(wanted.path, wanted.query)
        headers = checked(wanted.headers)
        method = checked_method(wanted.method)
        self._allow(method)
        request = self._wire.request(method, url, headers=headers, body=wanted.body)
        at_home = self._base.is_home_of(url)
        if at_home:
            await self.limiter.admit()
        began = time.perf_counter()
        try:
            response = await self._send(request, unsafe=method not in _HARMLESS)
        except ApiError as exc:
            if at_home:
                self.on_outcome(exc)
            raise
        seconds = time.perf_counter() - began
        body = await self._body(response)
        if at_home:
            self._tell_of(response, body)
        return Answer(
            status=response.status_code,
            reason=self._mask.text(response.reason_phrase),
            http_version=response.http_version,
            headers=self._masked(readable(response.headers.raw)),
            body=body,
            seconds=seconds,
            url=self._mask.text(str(request.url)),
            request_headers=self._masked(masked(request.headers.raw)),
            with_key=self._wire.carries_key(url, headers),
            wire_size=response.num_bytes_downloaded,
        )

    async def aclose(self) -> None:
        """Close all connections; no call may follow."""
        await self._wire.aclose()

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Be so patient from the next call on."""
        self._wire.timeouts = timeouts

    def _allow(self, method: str) -> None:
        if self.read_only and method != "GET":
            raise ReadOnly(f"{method} was not sent")

    async def _attempt(self, call: Call, read: Callable[[bytes], T]) -> T:
        self._allow(call.endpoint.method)
        try:
            found = await self._once(call, read)
        except ApiError as exc:
            self.on_outcome(exc)
            raise
        self.on_outcome(None)
        return found

    async def _once(self, call: Call, read: Callable[[bytes], T]) -> T:
        await self.limiter.admit(call.user)
        unsafe = not call.endpoint.repeatable
        response = await self._send(self._request(call), unsafe=unsafe)
        body = await self._body(response)
        if not response.is_success:
            raise self._rejection(response, body, unsafe=unsafe)
        try:
            return read(body)
        except UnreadableAnswer as exc:
            # A reader sees the body alone; what came around it is known here.
            exc.said = said_in(_text(response, body))[:SAID_LENGTH]
            exc.status, exc.maybe_done = response.status_code, unsafe
            raise

    async def _send(self, request: httpx.Request, *, unsafe: bool) -> httpx.Response:
        try:
            return await self._wire.send(request, unsafe=unsafe)
        except ApiError as exc:  # about an answer that is no HTTP, it quotes the answer
            exc.args = tuple(map(self._mask.text, exc.args))
            exc.said = exc.args[0][:SAID_LENGTH]
            raise

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the body without any secret: a service may echo one, and nobody is to read it."""
        if len(response.content) <= _MASKED_IN_PLACE:
            return self._mask.data(response.content)
        return await asyncio.to_thread(self._mask.data, response.content)

    def _masked(self, headers: Pairs) -> Pairs:
        mask = self._mask.text
        return tuple((mask(name), mask(value)) for name, value in headers)

    def _tell_of(self, response: httpx.Response, body: bytes) -> None:
        """Say how a free call went; what it asked for may well be missing, the key may not."""
        if response.is_success:
            self.on_outcome(None)
        elif len(body) <= _SHORT:
            self.on_outcome(self._error(response, body))

    def _request(self, call: Call) -> httpx.Request:
        """GET and DELETE speak in the query, POST in JSON: API reference, section 2.1."""
        in_body = call.endpoint.method == "POST"
        query = () if in_body else query_pairs(call.parameters)
        body = msgspec.json.encode(call.parameters) if in_body else b""
        url = self._base.target(call.endpoint.path, query)
        return self._wire.request(call.endpoint.method, url, headers=[], body=body)

    def _error(self, response: httpx.Response, body: bytes) -> ApiError:
        headers = self._masked(readable(response.headers.raw))
        named = {name.lower(): value for name, value in headers}
        return rejection(response.status_code, _text(response, body), named)

    def _rejection(self, response: httpx.Response, body: bytes, *, unsafe: bool) -> ApiError:
        error = self._error(response, body)
        # 503 says that nothing was done; any other failure may have come half-way or later.
        error.maybe_done = unsafe and isinstance(error, ServerFailed) and error.status != 503
        return error

    def _worth_repeating(self, exc: Exception) -> bool | float:
        """Answer stamina: no, yes after the usual wait, or yes after so many seconds."""
        if self._wire.closed:
            return False
        if isinstance(exc, RateLimited) and exc.retry_after is not None:
            if exc.retry_after > self._retries.patience:
                return False
            return exc.retry_after + random.uniform(0, self._retries.jitter)
        if isinstance(exc, ServerFailed):
            return exc.status in _PASSING
        return isinstance(exc, RateLimited | ConnectionFailed) and not isinstance(exc, TlsFailed)


def _text(response: httpx.Response, body: bytes) -> str:
    return body.decode(response.encoding or "utf-8", errors="replace")
