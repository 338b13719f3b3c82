"""A server that says exactly what a test tells it to."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


@dataclass
class Received:
    """One request as it came."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    _reader: asyncio.StreamReader

    async def until_hung_up(self) -> None:
        """Return when the client closes the connection."""
        await self._reader.read()

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def answer(
    status: int = 200,
    body: Any = None,
    *,
    headers: dict[str, str] | None = None,
    reason: str = "Some Reason",
) -> bytes:
    """Return the bytes of an answer; a `body` that is neither bytes nor str becomes JSON."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps({"message": "ok"} if body is None else body).encode()
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


Answering = bytes | Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class ScriptedServer:
    """Gives the `answers` in turn, the last one for ever; a function may do as it likes."""

    answers: deque[Answering] = field(default_factory=lambda: deque([answer()]))
    requests: list[Received] = field(default_factory=list)
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _received: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def will_answer(self, *answers: Answering) -> None:
        self.answers = deque(answers)

    async def until_requested(self, count: int = 1) -> None:
        while len(self.requests) < count:
            self._received.clear()
            await self._received.wait()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[ScriptedServer]:
        listener = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = listener.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            listener.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                received = await _receive(reader)
                self.requests.append(received)
                self._received.set()
                how = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
                if isinstance(how, bytes):
                    writer.write(how)
                    await writer.drain()
                else:
                    await how(received, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def _receive(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name, value.strip()) for name, value in (line.split(":", 1) for line in lines)]
    received = Received(method, target, headers, b"", reader)
    if length := received.header("Content-Length"):
        received.body = await reader.readexactly(int(length))
    return received
