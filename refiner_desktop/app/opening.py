"""What begins once the window is on the screen."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable
from importlib import import_module
from pathlib import Path

from refiner_desktop.app.demo import Demo
from refiner_desktop.app.options import Options
from refiner_desktop.services.problems import Problem, describe
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.ui.main_window import MainWindow

PAINT_SECONDS = 2.0
"""How long to wait for the first paint; a program that drives a hidden window never paints it."""

LATE_PARTS = ("qtawesome", "refiner_desktop.ui.widgets.text_view.document")
"""What the first window does without, and what would hold up the GUI where it is first used."""

COLLECTOR_THRESHOLDS = (20_000, 20, 50)
"""Rounds of the garbage collector are rarer than Python's default (700, 10, 10)."""


class Opening:
    """Connects, listens and shows what earlier sessions left, one step after the other.

    A step that fails says so in the message bar, and the next one begins.
    """

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

    async def run(self, demo: Demo | None) -> None:
        """Do everything that need not be there at the first paint."""
        await self._window.wait_for_paint(PAINT_SECONDS)
        await asyncio.to_thread(_import_late_parts)
        self._window.dress()
        self._window.console_tab.open_history()
        self._window.webhooks_tab.show_newest()
        if demo is not None:
            await self._open_demo(demo)
        else:
            await self._open_own()
        self._window.users_tab.bulk_page.offer_unfinished()
        _spare_the_collector()

    async def _open_demo(self, demo: Demo) -> None:
        await demo.connect()
        self._window.contacts_tab.load()
        await self._workbench.deliveries.start(self._options.listen or 0)
        await demo.deliver()

    async def _open_own(self) -> None:
        connection = self._workbench.connection
        if connection.has_key:
            await self._try(connection.connect(connection.environment))
        listener = self._settings.current.listener
        if self._options.listen is not None:
            await self._try(self._workbench.deliveries.start(self._options.listen))
        elif listener.autostart:
            await self._try(self._workbench.deliveries.start(listener.port))

    async def _try(self, step: Awaitable[None]) -> None:
        try:
            await step
        except Exception as exc:
            self._window.messages.show_problem(describe(exc))


def _spare_the_collector() -> None:
    """Take what will live as long as the window out of the garbage collector's rounds.

    A full round over all modules and widgets holds the interpreter for 60 to 70 ms, and reading
    pages of contacts in a thread set one off every few seconds: the GUI waited.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def _import_late_parts() -> None:
    for name in LATE_PARTS:
        import_module(name)
