"""What is done with tunnels: looked for, started, stopped."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.tunnels import TunnelsService
from refiner_desktop.ui.tabs.webhooks.reach_page import ReachPage
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.tunnels import Tool

TUNNEL, LOOK = "tunnel", "look for tunnels"


class ReachWork(QObject):
    """Signals: `announced(text)`."""

    announced = Signal(str)

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
        for copied in (card.copied, page.setup.copied):
            copied.connect(lambda title: self.announced.emit(f"{title} copied."))
        tunnels.changed.connect(lambda _status: self._show())
        listener.changed.connect(lambda _status: self._show())
        self._show()

    def look(self) -> None:
        """Look which tunnel programs this computer has."""
        self._tasks.start(LOOK, self._look())

    async def _look(self) -> None:
        self._page.public.show_tools(await asyncio.to_thread(self._tunnels.found))
        self._show()

    def _start(self, tool: Tool) -> None:
        self._tasks.start(TUNNEL, self._tunnels.start(tool), label=f"Starting {tool.title}")

    def _show(self) -> None:
        listening = self._listener.status.listening
        self._page.public.show_status(self._tunnels.status, listening=listening)
