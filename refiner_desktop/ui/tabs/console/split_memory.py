"""How a person divided the console: kept for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSplitter

from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.ui.task_runner import TaskRunner

KEEP = "keep the sizes"
QUIET_SECONDS = 0.3


class SplitMemory(QObject):
    """Gives splitters the sizes that they had, and keeps those that they are dragged to.

    A splitter is known by its objectName.
    """

    def __init__(
        self,
        parent: QObject,
        splitters: Iterable[QSplitter],
        settings: SettingsStore,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tasks = tasks
        self._dragged: dict[str, tuple[int, ...]] = {}
        for each in splitters:
            sizes = settings.current.console.splits.get(each.objectName(), ())
            if len(sizes) == each.count():
                each.setSizes(sizes)
            each.splitterMoved.connect(partial(self._on_moved, each))

    async def write(self) -> None:
        """Write the sizes that are not written yet. Raises `OSError`."""
        dragged, self._dragged = self._dragged, {}
        if dragged:
            settings = self._settings.current
            splits = settings.console.splits | dragged
            console = msgspec.structs.replace(settings.console, splits=splits)
            await self._settings.save(msgspec.structs.replace(settings, console=console))

    def _on_moved(self, splitter: QSplitter, _place: int, _handle: int) -> None:
        self._dragged[splitter.objectName()] = tuple(splitter.sizes())
        self._tasks.start(KEEP, self._write_soon())

    async def _write_soon(self) -> None:
        await asyncio.sleep(QUIET_SECONDS)
        await self.write()
