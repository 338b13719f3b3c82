"""What begins once the window is on the screen."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from pathlib import Path

from refiner_desktop.app.collector import spare_what_is_there
from refiner_desktop.app.options import Options
from refiner_desktop.services.environments.connection_status import ConnectionState
from refiner_desktop.services.problems import Problem
from refiner_desktop.services.threads import whole
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.ui.main_window import MainWindow

PAINT_SECONDS = 2.0
"""How long to wait for the first paint; a program that drives a hidden window never paints it."""

BREATH_SECONDS = 0.001
"""Between two steps of the furnishing; what a person does meanwhile comes before the next."""

LARGE_PART = "numpy"
"""What alone would hold up the GUI for longer than a frame. It knows nothing of Qt."""

PAINTED = "the window is on the screen"
"""What the log says then; benchmarks wait for it."""

_log = logging.getLogger(__name__)


class Opening:
    """Connects, listens and shows what earlier sessions left; each tab tells of its own trouble."""

    def __init__(
        self, window: MainWindow, workbench: Workbench, settings: SettingsStore, options: Options
    ) -> None:
        self._window = window
        self._workbench = workbench
        self._settings = settings
        self._options = options

    def report_damage(self, *moved_aside: Path | None) -> None:
        """Say which damaged files were put aside, so that nobody looks for lost data in vain."""
        files = [str(path) for path in moved_aside if path is not None]
        if files:
            self._window.messages.show_warning(
                Problem(
                    f"A damaged file was found and moved aside: {', '.join(files)}.",
                    "The application goes on with a new one. Nothing was deleted.",
                )
            )

    async def run(self) -> None:
        """Do everything that need not be there at the first paint."""
        await self._window.wait_for_paint(PAINT_SECONDS)
        _log.info(PAINTED)
        if not self._window.furnished.is_set():
            await self._furnish()
        self._window.dress()
        self._window.console_tab.open_history()
        self._window.webhooks_tab.show_newest()
        if not self._options.sandboxed:
            self._open_own()
        elif self._options.tour is None:  # a tour begins as somebody new does
            self._window.connection_tab.try_sandbox()
        self._window.users_tab.bulk_page.offer_unfinished()
        spare_what_is_there()

    async def _furnish(self) -> None:
        await whole(asyncio.to_thread(self._workbench.open))
        await whole(asyncio.to_thread(import_module, LARGE_PART))
        for _ in self._window.furnish():
            await asyncio.sleep(BREATH_SECONDS)

    def _open_own(self) -> None:
        """Take up what was there before: the connection and the listener, each in its tab."""
        listener = self._settings.current.listener
        tab = self._window.connection_tab
        untouched = self._workbench.connection.status.state is ConnectionState.OFF
        if untouched and not tab.tasks.running("connect"):  # a person may have been quicker
            if self._workbench.connection.has_key:
                tab.reconnect()
            else:
                tab.focus_key()
        if self._options.listen is not None:
            self._window.webhooks_tab.listen(self._options.listen)
        elif listener.autostart:
            self._window.webhooks_tab.listen(listener.port)
