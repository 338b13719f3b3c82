"""One request on a connection, from its head to its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from refiner_desktop.webhooks.answering import CONTINUE, Answer


class Exchange:
    """A request's place in the order of answers on its connection.

    `on_ready` is called when there is something to send. `close` ends the connection behind the
    answer; `head_only` leaves the body out; `asks` is whether the sender waits for leave to send
    its body; `complete` is whether the request has come to its end.
    """

    __slots__ = (
        "_answer",
        "_loop",
        "_on_ready",
        "_ready",
        "asks",
        "close",
        "complete",
        "head_only",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_ready: Callable[[], None],
        *,
        close: bool,
        head_only: bool = False,
        complete: bool = False,
    ) -> None:
        self._loop = loop
        self._on_ready = on_ready
        self._answer: Answer | None = None
        self._ready = False
        self.asks = False
        self.close = close
        self.complete = complete
        self.head_only = head_only

    def answer(self, answer: Answer | None) -> None:
        """Let the answer be sent after those before it; None when nobody is left to hear it."""
        self._answer = answer
        if answer is not None and answer.delay:
            self._loop.call_later(answer.delay, self.release)
        else:
            self.release()

    def release(self) -> None:
        """Hold an answer that is there back no longer."""
        self._ready = True
        self._on_ready()

    @property
    def held_back(self) -> bool:
        """Whether there is an answer that waits for its time."""
        return self._answer is not None and not self._ready

    def due(self) -> bytes | None:
        """Return what is to be written now; None to wait for more."""
        if self._ready:
            answer = self._answer
            return answer.wire(close=self.close, head_only=self.head_only) if answer else b""
        if self.asks:
            self.asks = False
            return CONTINUE
        return None

    @property
    def over(self) -> bool:
        """Whether nothing follows what `due` returned."""
        return self._ready
