"""Takes an answer off the wire, however odd it is, and keeps what came."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from refiner_desktop.api.decoding import Damaged, Decoder
from refiner_desktop.api.errors import ApiError, TimedOut, TooLong, UnreadableAnswer
from refiner_desktop.api.exchange import Body, Timings
from refiner_desktop.api.intake import Intake, Room

if TYPE_CHECKING:
    import httpx


AS_CAME = "refiner_desktop.headers"


async def leave_redirects_alone(response: httpx.Response) -> None:
    """Keep httpx from looking where a redirect points: it fails over what is no address."""
    if "location" in response.headers:
        response.extensions[AS_CAME] = response.headers.copy()
        del response.headers["location"]


@dataclass(frozen=True, slots=True)
class Received:
    """An answer whose body is here, as far as it came.

    `fault` says why more should have come, None for a whole answer.
    """

    response: httpx.Response
    body: Body
    wire_size: int
    seconds: float
    timings: Timings
    fault: ApiError | None

    @property
    def headers(self) -> httpx.Headers:
        """The headers as they came."""
        headers: httpx.Headers = self.response.extensions.get(AS_CAME, self.response.headers)
        return headers

    @property
    def cut(self) -> str:
        """Why more should have come, in words; empty for a whole answer."""
        if self.fault is None:
            return ""
        if isinstance(self.fault, UnreadableAnswer):
            return self.fault.said
        if isinstance(self.fault, TimedOut):
            return "nothing more came in time"
        promised = self.response.headers.get("content-length", "")
        if promised.isdecimal():
            return f"the connection closed after {self.wire_size} of {int(promised)} bytes"
        return f"the connection broke off: {self.fault.said}"


class Reception:
    """The body of one answer while it comes. What came so far is kept whatever happens."""

    def __init__(self, response: httpx.Response, room: Room) -> None:
        self.response = response
        self._most = room.most
        self._decoder = Decoder(response.headers.get("content-encoding", ""))
        self._intake = Intake(room)
        self.wire_size = 0
        self.fault: ApiError | None = None

    async def run(self) -> None:
        """Read to the end or the cap. Raises what httpx does, for which `fault` has no word."""
        try:
            async for data in cast("httpx.AsyncByteStream", self.response.stream):
                self.wire_size += len(data)
                if not await self._taken(data):
                    # While the stream is still held: what is let go of unclosed closes itself in a
                    # place where it can't, and says so on the terminal.
                    await self.response.aclose()
                    return
            if self.fault is None:
                self._decoder.finish()
        except Damaged as exc:
            self.fault = UnreadableAnswer(str(exc))
        except OSError as exc:
            self.fault = UnreadableAnswer(f"it could not be kept: {exc.strerror}")

    def end_early(self, fault: ApiError, cause: BaseException) -> None:
        """Note why no more comes."""
        fault.__cause__ = cause
        self.fault = fault

    async def body(self) -> Body:
        """Return what came."""
        return await self._intake.body()

    async def _taken(self, data: bytes) -> bool:
        """Decode some bytes and keep them; return whether more are wanted."""
        first = self.wire_size == len(data)
        try:
            return await self._kept(data)
        except Damaged as exc:
            if self._intake.size or not first:
                raise
            # Not compressed at all, or in another way: so it is shown as it came.
            self.fault = UnreadableAnswer(str(exc))
            self._decoder = Decoder("")
            return await self._kept(data)

    async def _kept(self, data: bytes) -> bool:
        for number, piece in enumerate(self._decoder.pieces(data)):
            if number:  # a bomb: others get their turn between two pieces
                await asyncio.sleep(0)
            if not await self._intake.take(piece):
                self.fault = TooLong(f"only the first {self._most} bytes of it were taken")
                return False
        return True
