"""What is done with saved requests: read, saved, renamed, moved, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from refiner_desktop.services.problems import describe
from refiner_desktop.services.requests.file_names import WrongName, suggested_name
from refiner_desktop.services.requests.request_file import SUFFIX
from refiner_desktop.services.requests.saved import ChangedOnDisk, Deleted, RequestNameTaken
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.tabs.console.dialogs import Place, PlaceDialog
from refiner_desktop.ui.tabs.console.saved_panel import SavedPanel
from refiner_desktop.ui.task_runner import TaskRunner

READ, CHANGE, WATCH = (
    "read the saved requests",
    "change a saved request",
    "watch the saved requests",
)


class SavedWork(QObject):
    """Signals: `changed()` when a tab belongs to another file now; `read_anew(tabs)` when the files
    were read, with the tabs that hold something else since; `announced(text)`.
    """

    changed = Signal()
    read_anew = Signal(object)
    announced = Signal(str)

    def __init__(self, requests: RequestsService, panel: SavedPanel, tasks: TaskRunner) -> None:
        super().__init__(panel)
        self._requests = requests
        self._panel = panel
        self._tasks = tasks
        self._deleted: Deleted | None = None
        panel.save_requested.connect(self.save)
        panel.folder_wanted.connect(lambda parent: self._change(self._add_folder(parent)))
        panel.rename_wanted.connect(lambda path: self._change(self._rename(path)))
        panel.move_wanted.connect(lambda path: self._change(self._move(path)))
        panel.dropped.connect(lambda path, to: self._change(self._move_to(path, to)))
        panel.delete_wanted.connect(lambda path: self._change(self._delete(path)))
        panel.read_wanted.connect(self.read)
        panel.reveal_wanted.connect(lambda: self._change(self._reveal()))
        requests.saved.changed.connect(self.read)

    def read(self) -> None:
        """Read the files anew."""
        self._tasks.start(READ, self._read())

    def watch(self) -> None:
        """Read them, now and whenever another program changes one."""
        self.read()
        self._tasks.start(WATCH, self._requests.saved.watch())

    def save(self) -> None:
        """Save the request in front: into its file, or a new one."""
        front = self._requests.tabs.front
        self._change(self._save(front.id) if front.saved else self._save_as(front.id))

    def save_as(self) -> None:
        """Save the request in front under another name."""
        self._change(self._save_as(self._requests.tabs.front.id))

    def move(self) -> None:
        """Move the file of the request in front into another folder."""
        self._change(self._move(self._requests.tabs.front.saved))

    def restore(self) -> None:
        """Put back what was deleted last."""
        if self._deleted is not None:
            deleted, self._deleted = self._deleted, None
            self._change(self._put_back(deleted))

    def _change(self, work: Awaitable[None]) -> None:
        self._tasks.start(CHANGE, self._changed(work))

    async def _changed(self, work: Awaitable[None]) -> None:
        await work
        self.changed.emit()

    async def _read(self) -> None:
        saved = self._requests.saved
        try:
            tree = await saved.tree()
        except OSError as exc:
            self._panel.say_failed(str(describe(exc)))
            return
        self._panel.show_tree(tree, str(saved.folder))
        self.read_anew.emit(self._requests.follow_files(tree))

    async def _save(self, tab_id: str) -> None:
        try:
            tab = await self._requests.save_tab(tab_id)
        except ChangedOnDisk:
            question = "Another program has changed this file. Replace what is in it?"
            explanation = f"{self._requests.tabs.tab(tab_id).saved} is not as it was opened."
            if not await confirm(self._panel, question, explanation, "Replace"):
                return
            tab = await self._requests.save_tab(tab_id, anyway=True)
        self.announced.emit(f"Saved as {tab.saved}.")

    async def _save_as(self, tab_id: str) -> None:
        tab = self._requests.tabs.tab(tab_id)
        folder = tab.saved.rpartition("/")[0] if tab.saved else ""
        place = Place(folder, suggested_name(tab.title if tab.saved else tab.draft.title))

        async def save(at: Place) -> None:
            saved = await self._requests.save_tab_as(tab_id, at.folder, at.name)
            self.announced.emit(f"Saved as {saved.saved}.")

        await self._ask("Save request", "Save", place, save)

    async def _add_folder(self, parent: str) -> None:
        async def add(at: Place) -> None:
            await self._requests.saved.add_folder(at.folder, at.name)

        await self._ask("New folder", "Make it", Place(parent, ""), add)

    async def _rename(self, path: str) -> None:
        await self._ask("Rename", "Rename", _place(path), partial(self._put, path))

    async def _move(self, path: str) -> None:
        await self._ask("Move to a folder", "Move", _place(path), partial(self._put, path))

    async def _put(self, path: str, at: Place) -> None:
        await self._requests.saved.place(path, at.folder, at.name)

    async def _move_to(self, path: str, folder: str) -> None:
        await self._requests.saved.move(path, folder)

    async def _delete(self, path: str) -> None:
        name = path.rpartition("/")[2]
        is_file = path.endswith(SUFFIX)
        what = "The file goes" if is_file else "The folder goes with all requests in it"
        explanation = f"{what}; open tabs keep what they hold. More > Bring back undoes it."
        question = f"Delete {name.removesuffix(SUFFIX)}?"
        if await confirm(self._panel, question, explanation, "Delete"):
            self._deleted = await self._requests.delete_saved(path)
            self.announced.emit(f"{name} is deleted. More > Bring back undoes it.")

    async def _put_back(self, deleted: Deleted) -> None:
        await self._requests.saved.restore(deleted)
        self.announced.emit("What was deleted is back.")

    async def _ask(
        self, title: str, action: str, place: Place, work: Callable[[Place], Awaitable[None]]
    ) -> None:
        """Ask for name and folder until they can be used, or the person turns away."""
        problem = ""
        while True:
            folders = self._panel.folders()
            dialog = PlaceDialog(self._panel, title, action, place, folders)
            dialog.say(problem)
            if not await ask(dialog):
                return
            place = dialog.place()
            try:
                await work(place)
            except WrongName as exc:
                problem = str(exc)
            except RequestNameTaken as exc:
                problem = str(describe(exc))
            else:
                return

    async def _reveal(self) -> None:
        folder = self._requests.saved.folder
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _place(path: str) -> Place:
    folder, _, name = path.rpartition("/")
    return Place(folder, name.removesuffix(SUFFIX))
