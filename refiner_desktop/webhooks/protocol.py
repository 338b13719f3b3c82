"""HTTP as the listener needs it: header names as they came, and no sender that holds a place."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_LIMIT = 64 * 1024

_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class DeliveryProtocol(HttpToolsProtocol):
    """uvicorn's protocol on httptools, with three additions.

    `scope["raw_headers"]` holds the headers in the case they came in. A request must be complete
    `read_seconds` after its first byte, its head must end within `HEAD_LIMIT` bytes. And a sender
    that closes its side of the connection after the body still gets its answer.
    """

    def __init__(self, *args: Any, read_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_seconds = read_seconds
        self._deadline: asyncio.TimerHandle | None = None
        self._completed = 0
        self._in_head = True
        self._head_size = 0
        self._raw_headers: list[tuple[bytes, bytes]] = []

    # Reimplemented protocol callbacks

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm_deadline()

    def data_received(self, data: bytes) -> None:
        completed = self._completed
        super().data_received(data)
        if self._completed == completed and not self.transport.is_closing():
            self._await_rest(len(data))

    def eof_received(self) -> bool:  # type: ignore[override]
        cycle = self._newest_cycle
        if cycle is None or cycle.more_body or cycle.response_complete:
            return False
        cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close at once unless a whole delivery waits for its answer."""
        cycle = self._newest_cycle
        if cycle is not None and cycle.more_body:
            self.transport.close()
        else:
            super().shutdown()

    # Reimplemented parser callbacks

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_size = True, 0
        self._raw_headers = []
        self.scope["raw_headers"] = self._raw_headers  # type: ignore[typeddict-unknown-key]

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._raw_headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._completed += 1
        self._cancel_deadline()
        answered_early = self.cycle.response_complete
        super().on_message_complete()
        if answered_early:  # nothing else would end this connection when it falls silent
            self.transport.close()

    def _await_rest(self, size: int) -> None:
        if self._deadline is None:
            self._arm_deadline()
        if self._in_head:
            self._head_size += size
            if self._head_size > HEAD_LIMIT:
                self.send_400_response("The head of the request is too large.")

    @property
    def _newest_cycle(self) -> RequestResponseCycle | None:
        return self.cycle  # None before the first request, which its declaration does not say

    def _arm_deadline(self) -> None:
        self._deadline = self.loop.call_later(self._read_seconds, self._give_up)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        cycle = self._newest_cycle
        if cycle is None or not cycle.response_started:
            self.transport.write(_TIMEOUT)
        self.transport.close()
