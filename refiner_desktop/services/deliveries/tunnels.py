"""The public URL: one tunnel program at a time, started, watched and stopped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from psygnal import Signal

from refiner_desktop.services.deliveries.listener import ListenerService, NotListening
from refiner_desktop.services.deliveries.listener_status import ListenerState, ListenerStatus
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.tunnels import TOOLS, Tool, Tunnel, find_tools

PATIENCE_SECONDS = 30.0
"""A tunnel that has no address after that time waits for something."""


class TunnelNotStarted(Exception):
    """The tunnel program could not be run; the message says why."""


class TunnelState(StrEnum):
    """What the tunnel does."""

    OFF = "off"
    STARTING = "starting"
    UP = "up"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TunnelStatus:
    """How the tunnel is; `url` is its public address, without a slash at its end."""

    state: TunnelState = TunnelState.OFF
    tool: str = ""
    url: str = ""
    trouble: str = ""
    """What hinders it, in the program's own words."""
    lines: tuple[str, ...] = ()
    """The newest lines that the program wrote."""

    @property
    def running(self) -> bool:
        """Whether there is something to be stopped."""
        return self.state in (TunnelState.STARTING, TunnelState.UP)

    @property
    def failed(self) -> bool:
        """Whether it ended by itself."""
        return self.state is TunnelState.FAILED

    @property
    def sentence(self) -> str:
        """The state in words."""
        title = next((tool.title for tool in TOOLS if tool.name == self.tool), "")
        said = f": {self.trouble}" if self.trouble else ""
        return {
            TunnelState.OFF: "No tunnel",
            TunnelState.STARTING: f"{title} is starting{said}",
            TunnelState.UP: f"{title} leads here",
            TunnelState.FAILED: f"{title} has ended{said or '.'}",
        }[self.state]


class TunnelsService:
    """Gives the listener a public URL. Signals: `changed(status)`."""

    changed = Signal(TunnelStatus)

    def __init__(self, listener: ListenerService, *, patience: float = PATIENCE_SECONDS) -> None:
        self._listener = listener
        self._patience = patience
        self._turn = asyncio.Lock()
        self._tunnel: Tunnel | None = None
        self._port = 0
        self._waiting: asyncio.TimerHandle | None = None
        self.status = TunnelStatus()
        listener.changed.connect(self._on_listener_changed)

    def found(self) -> tuple[Tool, ...]:
        """Return the tunnel programs that this machine has."""
        return find_tools()

    def url(self, hook: Hook) -> str:
        """Return a hook's public address; empty without a tunnel."""
        return f"{self.status.url}{hook.path}" if self.status.url else ""

    async def start(self, tool: Tool) -> None:
        """Start a tunnel to the listener, instead of one that there is.

        Raises `NotListening` or `TunnelNotStarted`.
        """
        async with self._turn:
            await self._stop()
            if not self._listener.status.listening:
                raise NotListening
            tunnel = Tunnel(
                tool,
                lambda url: self._on_url(tunnel, url),
                lambda _: self._on_line(tunnel),
                lambda _: self._on_end(tunnel),
            )
            self._tunnel, self._port = tunnel, self._listener.status.port
            self._show(TunnelStatus(TunnelState.STARTING, tool.name))
            try:
                await tunnel.start(self._port)
            except OSError as exc:
                self._tunnel = None
                self._show(TunnelStatus())
                raise TunnelNotStarted(str(exc)) from exc
            self._waiting = asyncio.get_running_loop().call_later(self._patience, self._on_late)

    async def stop(self) -> None:
        """End the tunnel."""
        async with self._turn:
            await self._stop()

    async def aclose(self) -> None:
        """End the tunnel."""
        await self.stop()

    async def _stop(self) -> None:
        tunnel, self._tunnel = self._tunnel, None
        if self._waiting is not None:
            self._waiting.cancel()
        if tunnel is not None:
            self._listener.let_in("")
            await tunnel.stop()
        self._show(TunnelStatus())

    def _on_url(self, tunnel: Tunnel, url: str) -> None:
        if tunnel is self._tunnel:
            self._listener.let_in(urlsplit(url).hostname or "")
            self._show(replace(self.status, state=TunnelState.UP, url=url, trouble=""))

    def _on_line(self, tunnel: Tunnel) -> None:
        if tunnel is self._tunnel:
            self._show(replace(self.status, lines=tuple(tunnel.lines)))

    def _on_late(self) -> None:
        if self._tunnel is not None and self.status.state is TunnelState.STARTING:
            self._show(replace(self.status, trouble=self._tunnel.trouble or "it says nothing"))

    def _on_end(self, tunnel: Tunnel) -> None:
        if tunnel is self._tunnel:
            self._tunnel = None
            self._listener.let_in("")
            failed = replace(self.status, state=TunnelState.FAILED, url="", trouble=tunnel.trouble)
            self._show(failed)

    def _on_listener_changed(self, status: ListenerStatus) -> None:
        if self._tunnel is None or status.state is not ListenerState.LISTENING:
            return
        if status.port != self._port:  # it leads to where nothing is any more
            self._show(replace(self.status, trouble=f"It still leads to port {self._port}"))

    def _show(self, status: TunnelStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)
