"""Programs that give a port of this machine a public URL, and one of them running."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

LINES_KEPT = 200
STOP_SECONDS = 5.0
"""So long a program has to end when it is asked to, before it is made to."""

LAST_WORDS_SECONDS = 0.5
"""What a program has said is read for so long after its end; what it left behind may never end."""

_LONGEST_LINE = 64 * 1024
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Tool:
    """A tunnel program: its command line, with `{address}` in it, and what it says.

    `url` finds the public address in a line of its output, `trouble` what hinders it.
    """

    name: str
    title: str
    needs: str
    """What it asks of a person beforehand, as a sentence."""
    arguments: tuple[str, ...]
    url: re.Pattern[str]
    trouble: re.Pattern[str]
    path: str = ""
    """Where the program is; empty until it is found."""

    def command(self, address: str) -> list[str]:
        """Return the command line that leads to an address of this machine, as `http://…:8787`."""
        return [self.path, *(each.format(address=address) for each in self.arguments)]


TOOLS = (
    Tool(
        "cloudflared",
        "Cloudflare Tunnel",
        "It needs no account; the address is another one at every start.",
        ("tunnel", "--no-autoupdate", "--url", "{address}"),
        re.compile(r"https://(?!api\.)[a-z0-9-]+\.trycloudflare\.com\b"),
        re.compile(r"failed to .*| ERR (.*)"),
    ),
    Tool(
        "ngrok",
        "ngrok",
        "It needs an account, and its token once: ngrok config add-authtoken.",
        ("http", "{address}", "--log", "stdout", "--log-format", "logfmt"),
        re.compile(r'msg="started tunnel".* url=(https://\S+)'),
        re.compile(r'lvl=(?:eror|crit).* err="([^"]+)"|ERROR: +(.+)'),
    ),
    Tool(
        "tailscale",
        "Tailscale Funnel",
        "It needs an account with Funnel allowed; the address stays the same.",
        ("funnel", "{address}"),
        re.compile(r"https://[a-z0-9.-]+\.ts\.net(?::\d+)?"),
        re.compile(r"(?i)(https://login\.tailscale\.com/\S+)|(Funnel is not .*)|error: (.*)"),
    ),
)


def find_tools() -> tuple[Tool, ...]:
    """Return the tunnel programs that are where programs are looked for."""
    found = ((tool, shutil.which(tool.name)) for tool in TOOLS)
    return tuple(replace(tool, path=path) for tool, path in found if path)


class Tunnel:
    """A tunnel program as a child process.

    `on_line` gets each line of its output; `on_url` the public address, without a slash at its
    end, whenever it says one; `on_end` its exit code when it has ended, wanted or not. On Linux
    the program ends with this one, however that ends.
    """

    def __init__(
        self,
        tool: Tool,
        on_url: Callable[[str], None],
        on_line: Callable[[str], None],
        on_end: Callable[[int], None],
    ) -> None:
        self.tool = tool
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._on_url = on_url
        self._on_line = on_line
        self._on_end = on_end
        self._program = _Program(self._on_text)
        self._running: asyncio.Task[None] | None = None

    async def start(self, address: str) -> None:
        """Start the program for an address of this machine. Raises `OSError`."""
        await asyncio.get_running_loop().subprocess_exec(
            lambda: self._program,
            *self.tool.command(address),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,  # it may be but a wrapper: what it started ends with it
            preexec_fn=_end_with_parent(),
        )
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the program and what it started, by force when it does not listen."""
        if self._running is None:
            return
        await self._program.end(by_force=False)
        try:
            await asyncio.wait_for(asyncio.shield(self._running), STOP_SECONDS)
        except TimeoutError:
            await self._program.end(by_force=True)
            with suppress(TimeoutError):  # it was killed: the rest is up to the system
                await asyncio.wait_for(self._running, STOP_SECONDS)

    @property
    def trouble(self) -> str:
        """What the program last said about trouble; its last line if it named none."""
        for line in reversed(self.lines):
            if found := self.tool.trouble.search(line):
                return next((group for group in found.groups() if group), found[0]).strip()
        return self.lines[-1] if self.lines else ""

    async def _run(self) -> None:
        """Wait until the program has ended, whoever may still hold its output."""
        program = self._program
        try:
            await program.ended
            await asyncio.wait({program.silent}, timeout=LAST_WORDS_SECONDS)
        finally:
            program.close()
        self._on_end(await program.ended)

    def _on_text(self, text: str) -> None:
        self.lines.append(text)
        self._on_line(text)
        if found := self.tool.url.search(text):
            self._on_url((found[1] if found.groups() else found[0]).rstrip("/"))


class _Program(asyncio.SubprocessProtocol):
    """A child process and its output. `Process.wait` would wait for the end of that as well."""

    _transport: asyncio.SubprocessTransport

    def __init__(self, on_line: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = loop.create_future()
        """Its exit code, once it has ended."""
        self.silent: asyncio.Future[None] = loop.create_future()
        """Done when nobody writes any more."""
        self._on_line = on_line
        self._rest = b""

    async def end(self, *, by_force: bool) -> None:
        """Tell it and all that it started to end; those that have ended already don't mind."""
        self._signal_group(by_force=by_force)
        if sys.platform == "win32":
            force = ("/F",) if by_force else ()
            pid = str(self._transport.get_pid())
            ending = await asyncio.create_subprocess_exec(
                "taskkill", "/T", *force, "/PID", pid, stdout=DEVNULL, stderr=DEVNULL
            )
            await ending.wait()

    def close(self) -> None:
        """End what it may have left behind, and listen to it no more."""
        self._signal_group(by_force=True)
        self._transport.close()

    def _signal_group(self, *, by_force: bool) -> None:
        if sys.platform != "win32":  # which has no such groups
            # All of them have ended; of those that nobody has waited for, macOS says EPERM.
            with suppress(ProcessLookupError, PermissionError):
                signal_number = signal.SIGKILL if by_force else signal.SIGTERM
                os.killpg(self._transport.get_pid(), signal_number)

    # Reimplemented asyncio methods

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:  # no line is so long: take it as it is
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._on_line(line.decode("utf-8", "replace").rstrip())

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if self._rest:
            self._on_line(self._rest.decode("utf-8", "replace").rstrip())
        if not self.silent.done():
            self.silent.set_result(None)

    def process_exited(self) -> None:
        self.ended.set_result(self._transport.get_returncode() or 0)


def _end_with_parent() -> Callable[[], None] | None:
    """Return what lets the child get SIGTERM when this process dies, where the system can."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    call = ctypes.CDLL(None).prctl
    return lambda: call(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
