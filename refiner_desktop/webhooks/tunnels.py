"""Programs that give a port of this machine a public URL, and one of them running."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

LINES_KEPT = 200
STOP_SECONDS = 5.0

_LONGEST_LINE = 64 * 1024
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Tool:
    """A tunnel program: its command line, with `{port}` in it, and what it says.

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

    def command(self, port: int) -> list[str]:
        """Return the command line for a port of this machine."""
        return [self.path, *(each.format(port=port) for each in self.arguments)]


TOOLS = (
    Tool(
        "cloudflared",
        "Cloudflare Tunnel",
        "It needs no account; the address is another one at every start.",
        ("tunnel", "--no-autoupdate", "--url", "http://127.0.0.1:{port}"),
        re.compile(r"https://(?!api\.)[a-z0-9-]+\.trycloudflare\.com\b"),
        re.compile(r"failed to .*| ERR (.*)"),
    ),
    Tool(
        "ngrok",
        "ngrok",
        "It needs an account, and its token once: ngrok config add-authtoken.",
        ("http", "http://127.0.0.1:{port}", "--log", "stdout", "--log-format", "logfmt"),
        re.compile(r'msg="started tunnel".* url=(https://\S+)'),
        re.compile(r'lvl=(?:eror|crit).* err="([^"]+)"|ERROR: +(.+)'),
    ),
    Tool(
        "tailscale",
        "Tailscale Funnel",
        "It needs an account with Funnel allowed; the address stays the same.",
        ("funnel", "{port}"),
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
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self, port: int) -> None:
        """Start the program. Raises `OSError`."""
        self._process = await asyncio.create_subprocess_exec(
            *self.tool.command(port),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            limit=_LONGEST_LINE,
            preexec_fn=_end_with_parent(),
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def stop(self) -> None:
        """End the program, by force when it does not listen."""
        if self._process is None or self._reading is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(self._reading), STOP_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._reading

    @property
    def trouble(self) -> str:
        """What the program last said about trouble; its last line if it named none."""
        for line in reversed(self.lines):
            if found := self.tool.trouble.search(line):
                return next((group for group in found.groups() if group), found[0]).strip()
        return self.lines[-1] if self.lines else ""

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        while line := await _line(process.stdout):
            text = line.decode("utf-8", "replace").rstrip()
            self.lines.append(text)
            self._on_line(text)
            if found := self.tool.url.search(text):
                self._on_url((found[1] if found.groups() else found[0]).rstrip("/"))
        self._on_end(await process.wait())


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readuntil()
    except asyncio.IncompleteReadError as exc:
        return exc.partial
    except asyncio.LimitOverrunError as exc:  # no line is so long: take it as it is
        return await stream.readexactly(exc.consumed)


def _end_with_parent() -> Callable[[], None] | None:
    """Return what lets the child get SIGTERM when this process dies, where the system can."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    call = ctypes.CDLL(None).prctl
    return lambda: call(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
