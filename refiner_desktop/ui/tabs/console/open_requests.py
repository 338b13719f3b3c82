"""The requests that are open: kept as they are typed, shown in the editor, filled in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

from refiner_desktop.api.endpoint import Endpoint, Parameter
from refiner_desktop.services.problems import Problem
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.curl import NotCurl
from refiner_desktop.services.requests.draft import EMPTY, RequestDraft
from refiner_desktop.services.requests.json_format import NotJson, format_json
from refiner_desktop.services.requests.json_mistakes import json_mistake
from refiner_desktop.services.requests.opening import completed, draft_of_endpoint
from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.services.requests.tabs import SCRATCH
from refiner_desktop.ui.dialogs import choose_file, confirm
from refiner_desktop.ui.tabs.console.choices import Choice
from refiner_desktop.ui.tabs.console.preview import Preview
from refiner_desktop.ui.tabs.console.request_editor import RequestEditor
from refiner_desktop.ui.tabs.console.request_strip import RequestStrip
from refiner_desktop.ui.task_runner import TaskRunner

PREVIEW_MS = 120
ON_CLIPBOARD = "It is still on the clipboard: mend it, and paste it again."
CLOSED = "Closed. Ctrl+Shift+T brings it back."
BROUGHT_BACK = "Ctrl+Shift+T brings them back one by one, until the application ends."
EMPTIED = "Emptied. Ctrl+Shift+T brings back what was in it."
TAKEN = "This is what the file holds. Ctrl+Shift+T brings back your request."
HOME = "This goes to the environment in use now. Ctrl+Shift+T brings back your request."
IDS = "find ids"


class OpenRequests(QObject):
    """Lets the editor show the tab in front, and the tab hold what is typed into the editor.

    Signals: `front_changed()` when another tab is in front; `announced(text)`, `warned(problem)`.
    """

    front_changed = Signal()
    announced = Signal(str)
    warned = Signal(object)

    def __init__(
        self,
        requests: RequestsService,
        console: ConsoleService,
        editor: RequestEditor,
        strip: RequestStrip,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(editor)
        self._requests = requests
        self._editor = editor
        self._strip = strip
        self._tasks = tasks
        self._preview = Preview(requests, console, editor)
        self._busy: frozenset[str] = frozenset()
        self._soon = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._soon.timeout.connect(self.preview)
        editor.set_find(self._find)
        editor.edited.connect(self._on_edited)
        editor.endpoint_chosen.connect(self.complete)
        editor.curl_pasted.connect(self.import_curl)
        editor.newer_wanted.connect(self.take_newer)
        editor.home_wanted.connect(self.bring_home)
        editor.body.format_requested.connect(self.format_body)
        editor.body.check_requested.connect(
            lambda: tasks.start("check the body", self._check(self.front.draft.text))
        )
        editor.body.file_wanted.connect(lambda: tasks.start("choose a file", self._choose_file()))
        strip.chosen.connect(self.show)
        strip.closed.connect(self.close)
        strip.others_closed.connect(
            lambda tab_id: tasks.start("close requests", self._close_others(tab_id))
        )
        strip.moved.connect(requests.tabs.arrange)
        strip.new_requested.connect(lambda: self.open(EMPTY, anew=True))
        self.refresh()

    @property
    def front(self) -> RequestTab:
        """The tab in front."""
        return self._requests.tabs.front

    async def enter(self) -> None:
        """Bring back the tabs of the environment in use."""
        await self._requests.enter()
        self._show_front()

    def open(self, draft: RequestDraft, *, anew: bool = False) -> str:
        """Put a request into a tab and return its id: the one in front if there is nothing in it.

        With `anew` it is a new tab in any case.
        """
        front = self.front
        if front.draft == EMPTY and not front.saved and not anew:
            self._requests.tabs.edit(front.id, draft)
        else:
            self._requests.tabs.open(draft)
        self._show_front()
        if draft == EMPTY:
            self._editor.focus_path()
        return self.front.id

    async def open_saved(self, path: str) -> None:
        """Show a saved request."""
        await self._requests.open_saved(path)
        self._show_front()

    def follow_files(self, tabs: Sequence[RequestTab]) -> None:
        """Show what tabs hold since another program has changed their files."""
        if any(tab.id == self.front.id for tab in tabs):
            self._editor.show_draft(self.front.draft)
            self.preview()
        self.refresh()
        if tabs:
            names = " and ".join(dict.fromkeys(tab.saved for tab in tabs))
            self.announced.emit(f"{names} changed on the disk: what it holds now is shown.")

    def take_newer(self) -> None:
        """Show what another program wrote into the file of the request in front."""
        self._requests.take_newer(self.front.id)
        self._show_front()
        self.announced.emit(TAKEN)

    def bring_home(self) -> None:
        """Let the request in front be the same call on the environment's own server."""
        front = self.front
        home = self._requests.brought_home(front.draft)
        if home is not None:
            self._requests.tabs.swap(front.id, home)
            self._editor.focus_path()  # the button that was pressed goes away
            self._show_front()
            self.announced.emit(HOME)

    def show(self, tab_id: str) -> None:
        """Bring a tab to the front."""
        if tab_id and tab_id != self.front.id:
            self._requests.tabs.show(tab_id)
            self._show_front()

    def close(self, tab_id: str = "") -> None:
        """Close a tab, the one in front without an id; nothing is lost."""
        tab = self._requests.tabs.tab(tab_id or self.front.id)
        self._requests.tabs.close(tab.id)
        self._show_front()
        if tab.draft != EMPTY:
            self.announced.emit(EMPTIED if tab.id == SCRATCH else CLOSED)

    def reopen(self) -> None:
        """Bring back the tab that was closed last."""
        if self._requests.tabs.reopen() is not None:
            self._show_front()

    def duplicate(self) -> None:
        """Open the request in front once more."""
        self._requests.tabs.open(self.front.draft)
        self._show_front()

    def mark_busy(self, tab_ids: frozenset[str]) -> None:
        """Mark the tabs whose calls are under way."""
        if tab_ids != self._busy:
            self._busy = tab_ids
            self.refresh()

    def refresh(self) -> None:
        """Show the tabs as they are now."""
        self._strip.show_tabs(self._requests.tabs.all, self.front.id, self._busy)
        self._editor.show_newer(self._requests.has_newer(self.front.id))

    def complete(self, endpoint: Endpoint) -> None:
        """Fill in what a call takes; what was typed for it already stays."""
        draft = completed(self.front.draft, draft_of_endpoint(endpoint))
        self._requests.tabs.edit(self.front.id, draft)
        self._show_front()
        self._editor.focus_parameters()

    def use_endpoint(self, endpoint: Endpoint) -> None:
        """Open an example of a call: in the tab in front if it has no more than a path."""
        front = self.front
        if replace(front.draft, method="GET", path="") == EMPTY and not front.saved:
            self._requests.tabs.edit(front.id, draft_of_endpoint(endpoint))
        else:
            self._requests.tabs.open(draft_of_endpoint(endpoint))
        self._show_front()
        self._editor.focus_parameters()

    def import_curl(self, text: str) -> None:
        """Open what a curl command asks for, and say what of it was left out."""
        try:
            imported = self._requests.from_curl(text)
        except NotCurl as exc:
            self.warned.emit(Problem("This curl command can't be read.", f"{exc} {ON_CLIPBOARD}"))
            return
        front = self.front
        only_curl = replace(front.draft, path="") == EMPTY and not front.saved
        if only_curl:
            self._requests.tabs.edit(front.id, imported.draft)
            self._show_front()
        else:
            self.open(imported.draft)
        if imported.notes:
            self.warned.emit(Problem("The curl command is imported.", " ".join(imported.notes)))
        else:
            self.announced.emit("The curl command is imported. Nothing was sent.")

    def format_body(self) -> None:
        """Put the JSON of the body in order, or go to its mistake."""
        self._tasks.start("format the body", self._format(self.front))

    async def _format(self, tab: RequestTab) -> None:
        text = tab.draft.text
        try:
            formatted = await asyncio.to_thread(format_json, text)
        except NotJson as exc:
            self._editor.open_body()
            self._editor.body.go_to_mistake()
            self.warned.emit(Problem("The body is no JSON yet.", str(exc.mistake)))
            return
        is_same = self.front.id == tab.id and self.front.draft.text == text
        if is_same and formatted != text:
            self._editor.body.take_text(formatted)

    async def _check(self, text: str) -> None:
        self._editor.body.show_mistake(text, await asyncio.to_thread(json_mistake, text))

    def copy(self, text: str, what: str) -> None:
        """Put a text on the clipboard and say so."""
        QGuiApplication.clipboard().setText(text)
        self.announced.emit(f"Copied as {what}.")

    def put_away(self) -> None:
        """Take over what is still being typed into a cell."""
        self._editor.query.table.commit()
        self._editor.headers.rows.table.commit()
        self._editor.body.form.table.commit()

    def _show_front(self) -> None:
        self._editor.show_draft(self.front.draft)
        self.refresh()
        self.preview()
        self.front_changed.emit()

    def _on_edited(self) -> None:
        self._requests.tabs.edit(self.front.id, self._editor.draft)
        self.refresh()
        self._soon.start()

    async def _close_others(self, tab_id: str) -> None:
        """Close all tabs but one, and the scratch one; asks where some are in no file."""
        others = [each for each in self._requests.tabs.all if each.id not in (tab_id, SCRATCH)]
        unsaved = sum(each.edited for each in others)
        if unsaved > 1:
            question = f"Close {len(others)} requests?"
            explanation = f"{unsaved} of them are in no file. {BROUGHT_BACK}"
            if not await confirm(self._editor, question, explanation, "Close"):
                return
        there = {each.id for each in self._requests.tabs.all}
        for each in others:
            if each.id in there:
                self._requests.tabs.close(each.id)
        if tab_id in there:
            self._requests.tabs.show(tab_id)
        self._show_front()

    def preview(self) -> None:
        """Show what will be added to the request in front, and say what is missing from it."""
        self._soon.stop()
        self._preview.show(self.front.draft)

    def _find(
        self, parameter: Parameter, typed: str, tell: Callable[[Sequence[Choice]], None]
    ) -> None:
        self._tasks.start(IDS, self._tell_ids(parameter, typed, tell))

    async def _tell_ids(
        self, parameter: Parameter, typed: str, tell: Callable[[Sequence[Choice]], None]
    ) -> None:
        found = await self._requests.ids.known(parameter, typed)
        listener = getattr(tell, "__self__", None)
        if listener is None or isValid(listener):  # the field may be gone by now
            tell([Choice(each.value, each.label) for each in found])

    async def _choose_file(self) -> None:
        path = await choose_file(self._editor, "Send a file", "All files (*)")
        if path is not None:
            self._editor.body.take_file(path)
