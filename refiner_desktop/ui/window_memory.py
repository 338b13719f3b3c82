"""How a person left the window: kept for the next start."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QByteArray, QDynamicPropertyChangeEvent, QEvent, QObject, QTimer
from PySide6.QtWidgets import QSplitter, QTableView, QTabWidget, QWidget

from refiner_desktop.settings.settings import LayoutSettings, SettingsStore
from refiner_desktop.ui.column_order import arrange, arranged
from refiner_desktop.ui.dialogs import FOLDER
from refiner_desktop.ui.task_runner import TaskRunner

KEEP = "keep the layout"
QUIET_MS = 300
"""What is being dragged says so with every pixel."""

_OF_WINDOW = ("place", "folder")
"""There is one of each."""

W = TypeVar("W", bound=QWidget)


class WindowMemory(QObject):
    """Gives the window its place, and what lies in it its pages, sizes and columns.

    A part is known by its objectName. One without a name is left alone, and so is a table that
    has no columns yet: they depend on what will be in it.
    """

    def __init__(self, window: QWidget, settings: SettingsStore, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._kept = settings.current.layout
        self._changed: dict[tuple[str, str], Callable[[], Any]] = {}
        self._soon = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._soon.timeout.connect(lambda: tasks.start(KEEP, self.write()))
        window.setProperty(FOLDER, self._kept.folder)
        window.restoreGeometry(QByteArray.fromBase64(self._kept.place.encode()))
        window.installEventFilter(self)

    def take_up(self, root: QWidget) -> None:
        """Bring back how `root` and what lies in it were left, and watch them from now on."""
        for pages in _named(root, QTabWidget):
            self._take_up_pages(pages)
        for splitter in _named(root, QSplitter):
            self._take_up_splitter(splitter)
        for table in _named(root, QTableView):
            if table.horizontalHeader().count():
                self._take_up_columns(table)

    async def write(self) -> None:
        """Write what has changed since it was last written. Raises `OSError`."""
        self._soon.stop()
        changed, self._changed = self._changed, {}
        layout = msgspec.to_builtins(self._settings.current.layout)
        for (part, name), read in changed.items():
            layout[part] = read() if part in _OF_WINDOW else layout[part] | {name: read()}
        kept = msgspec.convert(layout, LayoutSettings)
        await self._settings.save(msgspec.structs.replace(self._settings.current, layout=kept))

    def _take_up_pages(self, pages: QTabWidget) -> None:
        place = self._kept.pages.get(pages.objectName(), pages.currentIndex())
        if place < pages.count() and pages.isTabEnabled(place):
            pages.setCurrentIndex(place)
        pages.currentChanged.connect(self._noting("pages", pages, pages.currentIndex))

    def _take_up_splitter(self, splitter: QSplitter) -> None:
        sizes = self._kept.splits.get(splitter.objectName(), ())
        if len(sizes) == splitter.count():
            splitter.setSizes(sizes)
            splitter.splitterMoved.emit(sizes[0], 1)  # a person did it, if not now
        splitter.splitterMoved.connect(self._noting("splits", splitter, splitter.sizes))

    def _take_up_columns(self, table: QTableView) -> None:
        header = table.horizontalHeader()
        arrange(header, self._kept.columns.get(table.objectName(), ()))
        note = self._noting("columns", table, partial(arranged, header))
        header.sectionResized.connect(note)
        header.sectionMoved.connect(note)

    def _noting(self, part: str, of: QWidget, read: Callable[[], Any]) -> Callable[..., None]:
        """Return what notes that this part of the layout is to be read and written soon."""

        def note(*_: object) -> None:
            self._changed[part, of.objectName()] = read
            self._soon.start()

        return note

    def _place(self) -> str:
        return base64.b64encode(self._window.saveGeometry().data()).decode()

    def _folder(self) -> str:
        return str(self._window.property(FOLDER) or "")

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDynamicPropertyChangeEvent) and event.propertyName() == FOLDER:
            self._noting("folder", self._window, self._folder)()
        moved = event.type() in (QEvent.Type.Resize, QEvent.Type.Move)
        if moved and self._window.isVisible():
            self._noting("place", self._window, self._place)()
        return super().eventFilter(watched, event)


def _named(root: QWidget, kind: type[W]) -> Iterator[W]:
    around = [root] if isinstance(root, kind) else []
    return (each for each in (*around, *root.findChildren(kind)) if each.objectName())
