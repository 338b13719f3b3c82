"""The public URL: one tunnel program at a time, started, watched and stopped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from psygnal import Signal

from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.listener_life import NotListening, TokenDemanded
from refiner_desktop.services.deliveries.listener_status import ListenerStatus
from refiner_desktop.services.deliveries.receivers import Danger
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.tunnels import TOOLS, Tool, Tunnel, find_tools

_LISTENER_OFF = "the listener is off"

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
    def well(self) -> bool:
        """Whether what is sent to it arrives."""
        return self.state is TunnelState.UP and not self.trouble

    @property
    def failed(self) -> bool:
        """Whether it ended by itself."""
        return self.state is TunnelState.FAILED

    @property
    def sentence(self) -> str:
        """The state in words."""
        title = next((tool.title for tool in TOOLS if tool.name == self.tool), "")
        said = f": {self.trouble}" if self.trouble else ""
        but = f", but {self.trouble}" if self.trouble else ""
        return {
            TunnelState.OFF: "No tunnel",
            TunnelState.STARTING: f"{title} is starting{said}",
            TunnelState.UP: f"{title} leads here{but}",
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
        self._address = ""
        self._moving: asyncio.Task[None] | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self.status = TunnelStatus()
        listener.changed.connect(self._on_listener_changed)

    def found(self) -> tuple[Tool, ...]:
        """Return the tunnel programs that this machine has."""
        return find_tools()

    def url(self, hook: Hook) -> str:
        """Return a hook's public address; empty without a tunnel, this one or a person's own."""
        public = self.status.url or self._listener.settings.public_address
        return f"{public}{hook.path}" if public else ""

    def danger(self) -> Danger | None:
        """Return the question to ask before a tunnel leads to hooks without a token, else None."""
        hooks = [hook.name for hook in self._listener.hooks if not hook.token]
        if not hooks:
            return None
        return Danger(
            hooks[0],
            f"Let anyone send to {hooks[0]}?",
            f"It has no token, and a tunnel leads to it from the whole internet: whoever finds the "
            f"address can send what looks like a delivery. Give {hooks[0]} a token first.",
            "Start without a token",
        )

    async def start(self, tool: Tool, *, open_too: bool = False) -> None:
        """Start a tunnel to the listener, instead of one that there is.

        Raises `NotListening`, `TunnelNotStarted`, or `TokenDemanded` for a hook without a token
        unless a person has agreed to `danger`: `open_too`.
        """
        async with self._turn:
            await self._start(tool, open_too=open_too)

    async def stop(self) -> None:
        """End the tunnel."""
        async with self._turn:
            await self._stop()

    async def aclose(self) -> None:
        """End the tunnel."""
        self._listener.changed.disconnect(self._on_listener_changed, missing_ok=True)
        if self._moving is not None:
            self._moving.cancel()
            await asyncio.gather(self._moving, return_exceptions=True)
        await self.stop()

    async def _start(self, tool: Tool, *, open_too: bool) -> None:
        await self._stop()
        if not self._listener.status.listening:
            raise NotListening("a tunnel would lead nowhere")
        if not open_too and (danger := self.danger()):
            raise TokenDemanded(f"{danger.host} has no token, and a tunnel is open to others")
        tunnel = Tunnel(
            tool,
            lambda url: self._on_url(tunnel, url),
            lambda _: self._on_line(tunnel),
            lambda _: self._on_end(tunnel),
        )
        self._tunnel, self._address = tunnel, self._listener.address("")
        self._show(TunnelStatus(TunnelState.STARTING, tool.name))
        try:
            await tunnel.start(self._address)
        except OSError as exc:
            self._tunnel = None
            self._show(TunnelStatus())
            raise TunnelNotStarted(str(exc)) from exc
        self._waiting = asyncio.get_running_loop().call_later(self._patience, self._on_late)

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
            trouble = "" if self._listener.status.listening else _LISTENER_OFF
            self._show(replace(self.status, state=TunnelState.UP, url=url, trouble=trouble))

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
        """Say that nobody listens, and follow the listener to where it listens next."""
        if self._tunnel is None:
            return
        if not status.listening:
            if self.status.state is TunnelState.UP:
                self._show(replace(self.status, trouble=_LISTENER_OFF))
        elif self._listener.address("") != self._address:
            if self._moving is None or self._moving.done():
                self._moving = asyncio.create_task(self._move(), name="move the tunnel")
        elif self.status.trouble == _LISTENER_OFF:
            self._show(replace(self.status, trouble=""))

    async def _move(self) -> None:
        """Start the tunnel anew, to where the listener is now; who let it in did so for good."""
        async with self._turn:
            if self._tunnel is None or self._listener.address("") == self._address:
                return
            tool = self._tunnel.tool
            try:
                await self._start(tool, open_too=True)
            except (NotListening, TunnelNotStarted) as exc:
                self._show(TunnelStatus(TunnelState.FAILED, tool.name, trouble=str(exc)))

    def _show(self, status: TunnelStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)
