"""A few workers on a short queue; the rows of one user go out one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

WORKERS = 24
"""Calls that are on their way at the same time; the client's other connections stay free."""

RISE_SECONDS = 1.0
"""Over so long the workers set out: the thread is busy for up to 25 ms with each new connection."""

AHEAD = 2 * WORKERS
"""Rows that are ready for the workers; the rest stays in the journal."""

Send = Callable[[int, str], Awaitable[float | None]]
"""Sends a row of a user; returns after how many seconds to try it again, None when it is settled.

Awaits `Pool.on_its_way` before it does what must not be broken off.
"""


class Pool:
    """Sends rows, each user's in their order and never two of one user at a time.

    A user who has reached the limit holds up nobody else: the other rows go on meanwhile. Of what
    lies behind such a user's first row, the numbers alone are kept. It runs once.
    """

    def __init__(
        self,
        rows: AsyncGenerator[tuple[int, str], None],
        send: Send,
        rest_of: Callable[[str], float],
    ) -> None:
        self._rows = rows
        self._send = send
        self._rest_of = rest_of
        self._ready = asyncio.PriorityQueue[tuple[int, str]]()  # the first row of the file first
        self._room = asyncio.Event()
        self._lines: dict[str, deque[int]] = {}
        self._on_their_way: set[asyncio.Task[None] | None] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._all_read = False
        self.stopping = False

    async def run(self) -> None:
        """Return when all rows are settled, or after `stop` when those on their way are.

        Raises what `send` raises, the other calls being broken off.
        """
        try:
            async with asyncio.TaskGroup() as group:
                if not self.stopping:
                    work = [self._read(), *map(self._work, range(WORKERS))]
                    self._tasks = [group.create_task(each) for each in work]
        except BaseExceptionGroup as exc:
            raise exc.exceptions[0] from None

    def stop(self) -> None:
        """Let the rows that are on their way be settled, and begin no others."""
        self.stopping = True
        for task in self._tasks:
            if task not in self._on_their_way:
                task.cancel()

    def on_its_way(self) -> None:
        """Keep `stop` from breaking off what the worker that calls this does with its row."""
        self._on_their_way.add(asyncio.current_task())

    async def _read(self) -> None:
        async with aclosing(self._rows) as rows:
            async for row, user in rows:
                while self._ready.qsize() >= AHEAD:
                    self._room.clear()
                    await self._room.wait()
                if user in self._lines:
                    self._lines[user].append(row)
                else:
                    self._lines[user] = deque()
                    self._offer(row, user, self._rest_of(user))
        self._all_read = True
        self._stop_at_the_end()

    async def _work(self, place: int) -> None:
        await asyncio.sleep(RISE_SECONDS * place / WORKERS)
        while not self.stopping:
            row, user = await self._ready.get()
            self._room.set()
            again = await self._send(row, user)
            self._on_their_way.discard(asyncio.current_task())
            self._go_on_with(user, row, again)

    def _go_on_with(self, user: str, row: int, again: float | None) -> None:
        line = self._lines[user]
        if again is not None:
            self._offer(row, user, again)
        elif line:
            self._offer(line.popleft(), user, self._rest_of(user))
        else:
            del self._lines[user]
            self._stop_at_the_end()

    def _offer(self, row: int, user: str, after: float) -> None:
        if after:
            loop = asyncio.get_running_loop()
            loop.call_later(after, self._ready.put_nowait, (row, user))
        else:
            self._ready.put_nowait((row, user))

    def _stop_at_the_end(self) -> None:
        if self._all_read and not self._lines:
            self.stop()
