"""What is done with tunnels: looked for, started, stopped."""

from __future__ import annotations

import asyncio

import msgspec
from PySide6.QtCore import QObject, Signal

from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.tunnels import TunnelsService
from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.tabs.webhooks.reach_page import ReachPage
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.tunnels import Tool

TUNNEL, LOOK, ADDRESS = "tunnel", "look for tunnels", "public address"


class ReachWork(QObject):
    """Signals: `announced(text)`; `moved()` when the public addresses of hooks are others."""

    announced = Signal(str)
    moved = Signal()

    def __init__(
        self,
        tunnels: TunnelsService,
        listener: ListenerService,
        page: ReachPage,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(page)
        self._tunnels = tunnels
        self._listener = listener
        self._page = page
        self._tasks = tasks
        card = page.public
        card.start_requested.connect(self._start)
        card.stop_requested.connect(lambda: tasks.start(TUNNEL, tunnels.stop()))
        card.look_requested.connect(self.look)
        card.address_changed.connect(lambda url: tasks.start(ADDRESS, self._keep_address(url)))
        tunnels.changed.connect(lambda _status: self._show())
        listener.changed.connect(lambda _status: self._show())
        self._show()

    def look(self) -> None:
        """Look which tunnel programs this computer has."""
        self._tasks.start(LOOK, self._look())

    async def _look(self) -> None:
        tools = await asyncio.to_thread(self._tunnels.found)
        self._page.public.show_tools(tools)
        self._page.public.say_looked(tools)
        self._show()

    async def _keep_address(self, url: str) -> None:
        before = self._listener.settings
        if url == before.public_address:
            return
        settings = msgspec.structs.replace(before, public_address=url)
        await self._listener.change(settings)
        self.moved.emit()
        self.announced.emit(f"The public address is {url}." if url else "No public address is set.")

    def _start(self, tool: Tool) -> None:
        self._tasks.start(TUNNEL, self._open(tool), label=f"Starting {tool.title}")

    async def _open(self, tool: Tool) -> None:
        """Start a tunnel, after a question where it would lead strangers to an open hook."""
        danger = self._tunnels.danger()
        if danger is None or await confirm(
            self._page, danger.question, danger.explanation, danger.action
        ):
            await self._tunnels.start(tool, open_too=danger is not None)

    def _show(self) -> None:
        listening = self._listener.status.listening
        self._page.public.show_status(self._tunnels.status, listening=listening)
        self._page.public.show_address(self._listener.settings.public_address)
