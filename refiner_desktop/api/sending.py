"""Sends calls: within the limits, again where that is safe, and with a failure's meaning."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import stamina

from refiner_desktop.api.address import BaseUrl, joined
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
from refiner_desktop.api.exchange import Answer, Body, CallRequest, Pairs
from refiner_desktop.api.headers import (
    checked,
    checked_method,
    checked_names,
    is_reading,
    masked,
    names_in,
    readable,
)
from refiner_desktop.api.intake import Room, without_secrets
from refiner_desktop.api.limits import CallLimiter
from refiner_desktop.api.outgoing import Outgoing
from refiner_desktop.api.queries import query_pairs
from refiner_desktop.api.reach import Reach
from refiner_desktop.api.rejection import rejection, said_in
from refiner_desktop.api.wire import Wire
from refiner_desktop.masking import Mask

if TYPE_CHECKING:
    import httpx

    from refiner_desktop.api.endpoint import Endpoint
    from refiner_desktop.api.policy import Limits, Retries, Timeouts
    from refiner_desktop.api.receiving import Received
    from refiner_desktop.secret import Secret

T = TypeVar("T")
Outcome = Callable[[ApiError | None], None]
"""Hears how each call to the service went: with what error, or None when it worked."""
OnTurn = Callable[[], Awaitable[None]]
"""Is awaited when the limits let a call go, and before it goes."""

_PASSING = {502, 503, 504}
_MASKED_IN_PLACE = 256 * 1024
"""Bytes of a body that are looked through in 1 ms; a longer one is masked in a thread."""
_IN_MEMORY = Room(in_memory=Room().most)
_SHORT = 10_000
"""A longer body, in bytes, is no message about a key."""

# By default stamina logs every retry, with the server's text in it.
stamina.instrumentation.set_on_retry_hooks(())


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the catalogue with its parameters; `user` is whose limit it counts against.

    With `on_turn` it lets calls without one go first, and is sent once at most.
    """

    endpoint: Endpoint
    parameters: Mapping[str, Any]
    user: str | None = None
    on_turn: OnTurn | None = None


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
        if call.endpoint.repeatable and call.on_turn is None:
            return await self._repeat(self._worth_repeating, self._attempt, call, read)
        return await self._attempt(call, read)

    async def exchange(self, wanted: CallRequest, room: Room) -> Answer:
        """Send a free request once and return what comes, whatever its status.

        Raises `ApiError` only if nothing comes, `ValueError` before sending what cannot be sent.
        """
        outgoing = self._free(wanted)
        request = outgoing.request
        self._allow(request.method)
        at_home = self._base.is_home_of(request.url)
        if at_home:
            await self.limiter.admit()
        try:
            received = await self._send(
                request, unsafe=not is_reading(request.method), room=room, timeouts=wanted.timeouts
            )
        except ApiError as exc:
            if at_home:
                self.on_outcome(exc)
            else:
                exc.host = self._mask.text(request.url.host)
            raise
        body = await self._hidden(received.body, room)
        if at_home:
            self._tell_of(received, body)
        asked = bytes(await self._hidden(request.content, room))
        return self._answer(outgoing, received, body, asked)

    def reach(self, wanted: CallRequest) -> Reach:
        """Return where a request goes. Raises `ValueError` for what cannot be sent."""
        return self._base.reach(self._base.target(wanted.path, wanted.query))

    def automatic_headers(self, wanted: CallRequest) -> Pairs:
        """Return what will be added to the headers of a request; the key is dots.

        Raises `ValueError` for what cannot be sent.
        """
        headers = self._free(wanted).request.headers.raw
        own = names_in(checked(wanted.headers))
        return self._masked(masked(pair for pair in headers if pair[0].lower() not in own))

    async def aclose(self) -> None:
        """Close all connections; no call may follow."""
        await self._wire.aclose()

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Be so patient from the next call on."""
        self._wire.timeouts = timeouts

    def _allow(self, method: str) -> None:
        if self.read_only and not is_reading(method):
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
        await self.limiter.admit(call.user, giving_way=call.on_turn is not None)
        if call.on_turn is not None:
            await call.on_turn()
        unsafe = not call.endpoint.repeatable
        received = await self._send(self._request(call), unsafe=unsafe, room=_IN_MEMORY)
        if received.fault is not None:
            received.fault.maybe_done = unsafe
            raise received.fault
        response, body = received.response, bytes(await self._hidden(received.body, _IN_MEMORY))
        if not response.is_success:
            raise self._rejection(received, body, unsafe=unsafe)
        try:
            return read(body)
        except UnreadableAnswer as exc:
            # A reader sees the body alone; what came around it is known here.
            exc.said = said_in(_text(response, body))[:SAID_LENGTH]
            exc.status, exc.maybe_done = response.status_code, unsafe
            raise

    async def _send(
        self,
        request: httpx.Request,
        *,
        unsafe: bool,
        room: Room,
        timeouts: Timeouts | None = None,
    ) -> Received:
        try:
            received = await self._wire.send(request, unsafe=unsafe, room=room, timeouts=timeouts)
        except ApiError as exc:
            self._hide_secrets(exc)
            raise
        if received.fault is not None:
            self._hide_secrets(received.fault)
        return received

    def _hide_secrets(self, error: ApiError) -> None:
        """About an answer that is no HTTP, it quotes the answer."""
        error.args = tuple(map(self._mask.text, error.args))
        error.said = error.args[0][:SAID_LENGTH]

    async def _hidden(self, body: Body, room: Room) -> Body:
        """Return a body without any secret: a service may echo one, and nobody is to read it."""
        if len(body) <= _MASKED_IN_PLACE:
            return self._mask.data(bytes(body))
        return await asyncio.to_thread(without_secrets, body, self._mask, room)

    def _masked(self, headers: Pairs) -> Pairs:
        mask = self._mask.text
        return tuple((mask(name), mask(value)) for name, value in headers)

    def _free(self, wanted: CallRequest) -> Outgoing:
        return self._wire.request(
            checked_method(wanted.method),
            self._base.target(wanted.path, wanted.query),
            headers=checked(wanted.headers),
            body=wanted.body,
            without=checked_names(wanted.without),
        )

    def _answer(self, outgoing: Outgoing, received: Received, body: Body, asked: bytes) -> Answer:
        request, response = outgoing.request, received.response
        mask = self._mask
        return Answer(
            status=response.status_code,
            reason=mask.text(response.reason_phrase),
            http_version=response.http_version,
            headers=self._masked(readable(received.headers.raw)),
            method=request.method,
            url=mask.text(str(request.url)),
            request_headers=self._masked(masked(request.headers.raw)),
            with_key=outgoing.with_key,
            seconds=received.seconds,
            timings=received.timings,
            wire_size=received.wire_size,
            cut=received.cut,
            location=mask.text(_location(received)),
            body=body,
            request_body=asked,
        )

    def _tell_of(self, received: Received, body: Body) -> None:
        """Say how a free call went; what it asked for may well be missing, the key may not."""
        if received.response.is_success:
            self.on_outcome(None)
        elif len(body) <= _SHORT:
            self.on_outcome(self._error(received, bytes(body)))

    def _request(self, call: Call) -> httpx.Request:
        """GET and DELETE speak in the query, POST in JSON: API reference, section 2.1."""
        in_body = call.endpoint.method == "POST"
        query = () if in_body else query_pairs(call.parameters)
        body = msgspec.json.encode(call.parameters) if in_body else b""
        url = self._base.target(call.endpoint.path, query)
        return self._wire.request(call.endpoint.method, url, headers=[], body=body).request

    def _error(self, received: Received, body: bytes) -> ApiError:
        headers = self._masked(readable(received.headers.raw))
        named = {name.lower(): value for name, value in headers}
        response = received.response
        return rejection(response.status_code, _text(response, body), named)

    def _rejection(self, received: Received, body: bytes, *, unsafe: bool) -> ApiError:
        error = self._error(received, body)
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


def _location(received: Received) -> str:
    location = received.headers.get("location", "")
    redirects = location and 300 <= received.response.status_code < 400
    return joined(received.response.request.url, location) if redirects else ""
