"""HTTP/1.1 as the listener needs it: what came stays as it came, and no sender holds a place."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime
from math import inf
from time import perf_counter
from typing import Any

from refiner_desktop.webhooks.admission import refusal
from refiner_desktop.webhooks.answering import plain_answer
from refiner_desktop.webhooks.budget import Budget
from refiner_desktop.webhooks.delivery import Verdict
from refiner_desktop.webhooks.exchange import Exchange
from refiner_desktop.webhooks.fragments import FRAGMENT_LIMIT
from refiner_desktop.webhooks.hooks import RawHeaders, fields_of
from refiner_desktop.webhooks.limits import MEGABYTE, Limits
from refiner_desktop.webhooks.reception import Reception, Request
from refiner_desktop.webhooks.request_parser import (
    HEAD_LIMIT,
    HeadTooLarge,
    NotHttp,
    RequestParser,
)

IDLE_SECONDS = 10.0
"""How long a connection may stay without a request."""
SURPLUS = 200
"""Connections beyond the limit that are told so; further ones are dropped unheard."""

PIPELINED = 64
"""Requests of one connection that may wait for their answers."""

REFUSED_BODY = 64 * 1024
"""So much is kept of the body of what was refused by its head."""

_TOO_MANY = plain_answer(503, "Too many connections")

log = logging.getLogger(__name__)


class DeliveryProtocol(asyncio.Protocol):
    """Takes requests as they are read, and writes the answers in their order.

    A request must be complete within `limits.seconds` of its first byte, its head within
    `HEAD_LIMIT` bytes. One whose body is too large is answered at once; what still comes of it is
    read and dropped, so that its sender can read why. All unfinished bodies share `budget`; what
    finds it used up is answered 503. A sender that closes its side of the
    connection after the body still gets its answer. What has a head is kept, however it ends; of
    what never gets one, its first bytes are, from the packet on in which it began.

    It runs inside uvicorn's server, which makes it with its first three arguments and calls
    `shutdown`.
    """

    def __init__(
        self,
        config: Any,
        server_state: Any,
        app_state: Any,
        _loop: Any = None,
        *,
        reception: Reception,
        limits: Limits,
        budget: Budget,
    ) -> None:
        self._connections: set[Any] = server_state.connections
        self._reception = reception
        self._limits = limits
        self._budget = budget
        self._loop = asyncio.get_running_loop()
        self._parser = RequestParser(self)
        self._exchanges: deque[Exchange] = deque()
        self._beginning = b""  # of a head that is still to end
        self._lost = self._deaf = self._in_head = self._surplus = False
        self._halted = self._clogged = False
        self._request: Request | None = None
        self._exchange: Exchange | None = None
        self._deadline = inf
        self._check_handle: asyncio.TimerHandle | None = None

    def shutdown(self) -> None:
        """Close at once unless a whole delivery waits for its answer; it is due now."""
        self._deaf = True
        if self._request is not None or not self._exchanges:
            self._transport.close()
            return
        self._exchanges[-1].close = True
        for exchange in [each for each in self._exchanges if each.held_back]:
            exchange.release()

    # Reimplemented protocol callbacks

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("", 0)
        self._peer = f"{peer[0]}:{peer[1]}"
        self._connections.add(self)
        surplus = len(self._connections) - self._limits.connections
        self._surplus = surplus > 0 and not self._reception.expects(peer[1])
        if self._surplus and surplus > SURPLUS:
            self._reception.turn_away()
            transport.abort()
            return
        self._deadline = self._loop.time() + self._limits.seconds
        self._check_later()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        fault = self._fault_in(data)
        if fault or self._in_head:
            self._beginning = (self._beginning + data)[:FRAGMENT_LIMIT]
        elif self._beginning:
            self._beginning = b""
        if fault:
            self._break_off(*fault)
        self._regulate()

    def eof_received(self) -> bool:
        if self._request is not None or not self._exchanges:
            return False
        self._exchanges[-1].close = True
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        cut_off = self._in_head and not self._deaf
        self._lost = self._deaf = True
        self._connections.discard(self)
        if self._check_handle is not None:
            self._check_handle.cancel()
        if self._request is not None:
            self._give_up(None, "The connection ended in mid-body")
        elif cut_off:
            self._keep_fragment(None, "The connection ended in mid-head")

    def pause_writing(self) -> None:
        self._clogged = True
        self._regulate()

    def resume_writing(self) -> None:
        self._clogged = False
        self._regulate()

    def _fault_in(self, data: bytes) -> tuple[int, str] | None:
        """Read on; return status and reason where that cannot be."""
        try:
            self._parser.feed(data)
        except HeadTooLarge:
            return 431, f"The head of the request is over {HEAD_LIMIT // 1024} kB"
        except NotHttp:
            return None if self._deaf else (400, "It is no valid HTTP")
        except Exception:  # a fault of our own: the sender must not take it for delivered
            log.exception("a request could not be read")
            return 503, "The request could not be read"
        return None

    # What the parser finds

    def begin(self) -> None:
        """Give the sender its time for this request."""
        self._in_head = True
        self._started, self._received_at = perf_counter(), datetime.now(UTC)
        self._deadline = self._loop.time() + self._limits.seconds

    def head(self, method: str, target: bytes, headers: RawHeaders, *, goes_on: bool) -> None:
        """Judge the request, and ask for its body where that is waited for."""
        self._in_head = False
        if self._deaf:
            return
        exchange = self._exchange = self._begin(close=not goes_on, head_only=method == "HEAD")
        if self._surplus:
            self._reception.turn_away()
            exchange.close = True
            exchange.answer(_TOO_MANY)
            return
        fields = fields_of(headers)
        path = target.decode("latin-1")
        ruling, mark = self._reception.judge(path, headers, fields)
        self._request = Request(
            method, path, headers, ruling, mark, self._peer, self._received_at, self._started
        )
        length = fields.get(b"content-length", b"")
        if length.isdigit() and int(length) > self._limits.body:
            self._refuse_body()
        elif fields.get(b"expect", b"").lower() == b"100-continue":
            exchange.asks = True
            self._send()

    def body(self, part: bytes) -> None:
        """Hold a part of the body, as long as there is room for it."""
        request = self._request
        if request is None:
            return
        size = len(request.body) + len(part)
        if request.ruling.verdict is Verdict.REFUSED and size > REFUSED_BODY:
            self._cut_body(request, part)
        elif size > self._limits.body:
            self._refuse_body()
        elif self._budget.take(len(part)):
            request.body += part
        else:
            self._give_up(503, "Too many bodies were on their way", with_body=False)

    def end(self) -> None:
        """Hand the request on, whose answer is due now."""
        exchange = self._exchange
        assert exchange is not None
        exchange.complete = True
        self._deaf = exchange.close
        self._deadline = inf  # it is our turn
        if self._request is not None:
            exchange.asks = False
            self._reception.take(self._release(), exchange)
        elif exchange.close and exchange not in self._exchanges:  # it was answered early
            self._transport.close()

    # Answers

    def _begin(self, *, close: bool, head_only: bool = False) -> Exchange:
        exchange = Exchange(self._loop, self._send, close=close, head_only=head_only)
        self._exchanges.append(exchange)
        return exchange

    def _send(self) -> None:
        """Write what is due, in the order of the requests."""
        while self._exchanges and not self._lost:
            first = self._exchanges[0]
            if data := first.due():
                self._transport.write(data)
            if not first.over:
                return
            self._exchanges.popleft()
            if first.close:
                if first.complete:
                    self._transport.close()
                return
        if not self._lost and self._request is None and not self._in_head:
            self._deadline = self._loop.time() + IDLE_SECONDS
        self._regulate()

    def _regulate(self) -> None:
        """Read no further while too many requests wait, or their sender takes no answers."""
        halted = self._clogged or len(self._exchanges) > PIPELINED
        if halted == self._halted or self._lost or self._transport.is_closing():
            return
        self._halted = halted
        if halted:
            self._transport.pause_reading()
            return
        self._transport.resume_reading()
        if self._in_head or self._request is not None:
            self._deadline = self._loop.time() + self._limits.seconds

    # Requests that do not end as they should

    def _refuse_body(self) -> None:
        allowed = f"{self._limits.body / MEGABYTE:g} MB"
        self._give_up(413, f"The body is over {allowed}", with_body=False)

    def _cut_body(self, request: Request, part: bytes) -> None:
        """Keep the beginning of what is refused anyhow, and answer it at once."""
        assert self._exchange is not None
        room = part[: REFUSED_BODY - len(request.body)]
        if self._budget.take(len(room)):
            request.body += room
        ruling = request.ruling
        request.ruling = ruling.because(
            f"{ruling.reason}; its body was cut at {REFUSED_BODY // 1024} kB"
        )
        self._exchange.close, self._exchange.asks = True, False
        self._reception.take(self._release(), self._exchange)

    def _release(self) -> Request:
        """Return the request that is being read; from here on its body is not on its way."""
        request, self._request = self._request, None
        assert request is not None
        self._budget.give_back(len(request.body))
        return request

    def _give_up(self, status: int | None, reason: str, *, with_body: bool = True) -> None:
        """Keep the request that is being read as it is, refuse it, and end the connection."""
        exchange, request = self._exchange, self._release()
        assert exchange is not None
        request.ruling = refusal(status, reason, request.ruling.hook)
        if not with_body:
            request.body = bytearray()
        exchange.close, exchange.asks = True, False
        self._reception.take(request, exchange)

    def _break_off(self, status: int, reason: str) -> None:
        """Answer what cannot go on, and end the connection behind it."""
        self._deaf, self._in_head = True, False
        if self._request is not None:
            assert self._exchange is not None
            self._exchange.complete = True
            self._give_up(status, reason)
        elif self._exchange is not None and not self._exchange.complete:  # it was answered early
            self._transport.close()
        else:
            self._keep_fragment(status, reason)

    def _keep_fragment(self, status: int | None, reason: str) -> None:
        """Keep the first bytes of what is no request, and answer it, if anybody listens."""
        exchange = self._begin(close=True)
        exchange.complete = True
        raw = b"" if self._surplus else self._beginning[:FRAGMENT_LIMIT]
        self._beginning = b""
        self._reception.take_fragment(raw, status, reason, self._peer, exchange)

    def _check_later(self) -> None:
        wait = min(1.0, self._limits.seconds / 4)
        self._check_handle = self._loop.call_later(wait, self._check)

    def _check(self) -> None:
        """End a connection whose sender is late. One such check a second costs next to nothing."""
        ours = self._halted and not self._clogged  # it is we who do not read
        if ours or self._loop.time() < self._deadline:
            self._check_later()
        elif self._idle:
            self._transport.abort()
        else:
            self._deadline = inf
            self._break_off(408, "The request took too long")
            self._deadline = self._loop.time() + IDLE_SECONDS
            self._check_later()

    @property
    def _idle(self) -> bool:
        """Whether nothing is expected of the sender, or no more is to be said to it."""
        if self._deaf:
            return True
        return self._exchange is not None and self._exchange.complete and not self._in_head
