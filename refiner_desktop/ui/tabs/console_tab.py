"""The API Console tab: any call, its answer, and every call made before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.requests.code import Language
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.draft import EMPTY, RequestDraft
from refiner_desktop.services.requests.opening import draft_of_call
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.styling import pages
from refiner_desktop.ui.tabs.console.answer_file import AnswerFile
from refiner_desktop.ui.tabs.console.answer_view import AnswerView
from refiner_desktop.ui.tabs.console.answers import Answers
from refiner_desktop.ui.tabs.console.calls import Calls
from refiner_desktop.ui.tabs.console.catalogue_panel import CataloguePanel
from refiner_desktop.ui.tabs.console.history_panel import HistoryPanel
from refiner_desktop.ui.tabs.console.history_work import HistoryWork
from refiner_desktop.ui.tabs.console.open_requests import OpenRequests
from refiner_desktop.ui.tabs.console.path_edit import is_command
from refiner_desktop.ui.tabs.console.request_editor import HEIGHT, RequestEditor
from refiner_desktop.ui.tabs.console.request_menu import RequestMenu
from refiner_desktop.ui.tabs.console.request_strip import RequestStrip
from refiner_desktop.ui.tabs.console.saved_panel import SavedPanel
from refiner_desktop.ui.tabs.console.saved_work import SavedWork
from refiner_desktop.ui.tabs.console.settings_work import SettingsWork
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.theme import SPACE, scaled

SIDE_WIDTH, SIDE_NARROWEST = 300, 248
SHARES = (3, 7)
"""Of the request and of its answer in the height: one is written once and the other read."""
KEY_ON_CLIPBOARD = "The key will stand in what you copy. Copy it anyway?"
NOT_SAVED = "The request in front is not saved yet."
WHO_SEES_IT = "Whoever reads it can do everything that this key allows."
NOTHING_TYPED = "Type a path first, or choose a call from the catalogue."


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """The services behind the console."""

    console: ConsoleService
    requests: RequestsService
    settings: SettingsStore


class ConsoleTab(Tab):
    """Requests in tabs above their answers; beside them the catalogue, saved requests, history.

    Nothing that was typed is ever replaced: whatever is opened goes into a tab of its own, and
    every environment has its own tabs. A click in the history only shows an answer. Signals:
    `recovered()` when a call was answered, so that what went wrong before is over.
    """

    recovered = Signal()

    def __init__(self, services: ConsoleServices) -> None:
        super().__init__("mdi6.console-line")
        self._console = services.console
        self._requests = services.requests
        self._settings = services.settings
        self._make()
        self._lay_out()
        self._connect()
        self._follow_front()

    def register(self, registry: ActionRegistry) -> None:
        """Add everything that can be done here to the menus, the palette and the keyboard."""
        add, part = (
            partial(registry.add, "Console", within=self),
            partial(registry.separate, "Console"),
        )
        on = self.button
        send, cancel = on("console.send"), on("console.cancel")
        awaited = needs(cancel, "No call is on its way.")
        add("Send the request", self.send, "Ctrl+Return", button=send)
        self._cancel_action = add(
            "Cancel the request", self.cancel, "Esc", obstacle=awaited, button=cancel
        )
        registry.add("Console", "Go to the path", self._go_to_path, "Ctrl+L")
        part()
        opened, saved = self._opened, self._saved_work
        newer = on("console.take_newer")
        new, mistake = partial(opened.open, EMPTY, anew=True), on("console.body.go")
        tabs = [
            add("New request", new, "Ctrl+T", button=on("console.new")),
            add("Duplicate the request", opened.duplicate, "Ctrl+Shift+D"),
            add("Close the request", opened.close, "Ctrl+W"),
            add("Reopen the request that was closed last", opened.reopen, "Ctrl+Shift+T"),
        ]
        part()
        kept = [
            add("Save the request", saved.save, "Ctrl+S", button=on("console.save")),
            add("Save the request as…", saved.save_as, "Ctrl+Shift+S"),
            add(
                "Move the request to a folder…",
                saved.move,
                obstacle=lambda: "" if self._requests.tabs.front.saved else NOT_SAVED,
            ),
            add("Bring back the saved request that was deleted last", saved.restore),
            add(
                "Show what another program wrote into the file",
                opened.take_newer,
                obstacle=needs(newer, "The file holds nothing newer."),
                button=newer,
            ),
        ]
        part()
        add("Next request", lambda: self._strip.step(1), "Ctrl+PgDown")
        add("Previous request", lambda: self._strip.step(-1), "Ctrl+PgUp")
        add("Move the request to the right", lambda: self._strip.move_front(1), "Ctrl+Shift+PgDown")
        add("Move the request to the left", lambda: self._strip.move_front(-1), "Ctrl+Shift+PgUp")
        part()
        body, form, side = self._editor.body, on("console.body.format"), on("console.side")
        add("Format the body", opened.format_body, "Ctrl+Shift+F", button=form)
        right = needs(mistake, "There is no mistake in the body.")
        add(
            "Go to the mistake in the body", body.go_to_mistake, "F8",
            obstacle=right, button=mistake,
        )  # fmt: skip
        part()
        self._offer_find(registry)
        add("Filter the answer with JMESPath", self._answer.focus_filter, "Ctrl+J")
        add("Fetch all pages of the list", self._answer.fetch_all, "Ctrl+Shift+A")
        add("Save the answer to a file…", self._answer_file.save, "Ctrl+Alt+S")
        part()
        add("Show or hide the column at the left", self._strip.toggle_side, "Ctrl+B", button=side)
        add("Search Refiner's calls", partial(self._open_side, self._catalogue), "Ctrl+Shift+C")
        add("Search the history", partial(self._open_side, self._history), "Ctrl+H")
        part()
        more = [
            add("Variables…", self._settings_work.edit_variables),
            add("Settings of the console…", self._settings_work.edit_limits),
        ]
        self._menu.fill(kept, tabs, more)
        self._show_busy()

    def _offer_find(self, registry: ActionRegistry) -> None:
        """Let Ctrl+F search the answer from the request, too; a text pane has its own."""
        editor = self._editor
        find = registry.add(
            "Console", "Find in the answer", self._answer.open_find, "Ctrl+F", within=self._strip
        )
        for each in (editor.path, editor.query, editor.headers, editor.body.edit):
            each.addAction(find)

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name the calls that are under way."""
        sentence = "A call of the console is on its way; its answer will not be seen."
        return (sentence,) if self._calls.under_way else ()

    async def put_away(self) -> None:
        """Write what was typed last, and give the memory of the table back."""
        self._opened.put_away()
        await self._requests.tabs.flush()
        await self._answer.put_away()

    def send(self) -> None:
        """Send the request in front; a call that is still awaited is left alone."""
        self._opened.put_away()
        front = self._opened.front
        if is_command(front.draft.path):
            self._opened.import_curl(front.draft.path)
        elif front.draft == EMPTY:
            self._editor.say(NOTHING_TYPED, "warning")
            self._editor.focus_path()
        else:
            self._calls.send(front.id)

    def open_request(self, request: CallRequest) -> None:
        """Put a request into a tab without sending it."""
        self.wanted.emit()
        self._opened.open(draft_of_call(request))

    def cancel(self) -> None:
        """Stop waiting for the answer of the tab in front."""
        self._calls.cancel(self._opened.front.id)

    def open_history(self) -> None:
        """Bring back the tabs, and read saved requests and history from their files."""
        self._saved_work.watch()
        self.tasks.start("enter", self._enter())

    def _make(self) -> None:
        self._editor = RequestEditor()
        self._strip = RequestStrip()
        self._menu = RequestMenu()
        self._editor.add_menu(self._menu.button)
        self._answer = AnswerView(self.tasks)
        self._answer_file = AnswerFile(self._answer, self.tasks)
        self._catalogue = CataloguePanel()
        self._saved = SavedPanel()
        self._history = HistoryPanel()
        self._opened = OpenRequests(
            self._requests, self._console, self._editor, self._strip, self.tasks
        )
        self._calls = Calls(self, self._console, self._requests, self.tasks)
        self._answers = Answers(
            self._opened,
            self._calls,
            self._console.history,
            self._history,
            self._answer,
            self.tasks,
        )
        self._saved_work = SavedWork(self._requests, self._saved, self.tasks)
        self._history_work = HistoryWork(self._console.history, self._history, self.tasks)
        self._settings_work = SettingsWork(self, self._requests, self._settings, self.tasks)
        self._cancel_action = QAction(self)

    def _lay_out(self) -> None:
        self._side = pages("Where requests come from", "console.side")
        for page, title in (
            (self._catalogue, "Catalogue"), (self._saved, "Saved"), (self._history, "History")
        ):  # fmt: skip
            self._side.addTab(page, title)
        untouched = self._settings.current.untouched  # a history that is empty teaches nothing
        self._side.setCurrentWidget(self._catalogue if untouched else self._history)
        self._side.setMinimumWidth(scaled(SIDE_NARROWEST))
        calls = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        calls.addWidget(self._editor)
        calls.addWidget(self._answer)
        for place, share in enumerate(SHARES):
            calls.setStretchFactor(place, share)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._strip)
        column.addWidget(self._answers.beside(calls), 1)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(self._side)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scaled(SIDE_WIDTH), 3 * scaled(SIDE_WIDTH)])
        calls.setSizes([share * HEIGHT for share in SHARES])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.addWidget(splitter)
        splitter.setObjectName("console.split.side")
        calls.setObjectName("console.split.answer")

    def _connect(self) -> None:
        self._editor.send_requested.connect(self.send)
        self._editor.cancel_requested.connect(self.cancel)
        self._strip.side_toggled.connect(self._side.setVisible)
        self._menu.code_wanted.connect(self._copy_code)
        self._catalogue.chosen.connect(self._opened.use_endpoint)
        self._editor.endpoint_changed.connect(self._catalogue.show_endpoint)
        self._saved.opened.connect(
            lambda path: self.tasks.start("open a saved request", self._opened.open_saved(path))
        )
        self._saved_work.changed.connect(self._opened.refresh)
        self._saved_work.read_anew.connect(self._opened.follow_files)
        self._settings_work.variables_changed.connect(self._opened.preview)
        self._settings_work.limits_changed.connect(self._saved_work.read)
        self._opened.front_changed.connect(self._follow_front)
        self._connect_answers()
        self.tasks.changed.connect(self._show_busy)
        self._console.switched.connect(self._on_switched)
        self._console.connection_changed.connect(lambda _status: self._opened.preview())
        self._requests.tabs.troubled.connect(self.tasks.failed.emit)
        for part in (
            self._opened,
            self._saved_work,
            self._history_work,
            self._answer,
        ):
            part.announced.connect(self.announced)
        for written in (self._answer, self._answer_file):
            written.filed.connect(self.filed)
        self._opened.warned.connect(self.warned)

    def _connect_answers(self) -> None:
        self._calls.answered.connect(self.recovered)
        self._calls.made.connect(self._history_work.read_soon)
        self._answer.redirect_wanted.connect(self._open_redirect)
        self._history_work.looked_at.connect(self._answers.look_at)
        self._history_work.opened.connect(self._answers.open)
        self._history_work.repeated.connect(self._repeat)
        self._history_work.curl_wanted.connect(self._copy_call)
        self._history_work.save_wanted.connect(self._save_call)
        self._history_work.compared.connect(self._answers.compare)

    # Tabs and answers

    async def _enter(self) -> None:
        trouble: OSError | None = None
        if self._settings.current.untouched:
            # An environment that was never saved would have another id at the next start.
            try:
                await self._settings.save(self._settings.current)
            except OSError as exc:  # said in the end: the tabs do not need it now
                trouble = exc
        await self._opened.enter()
        self._saved_work.read()  # its tabs may be older than their files
        self._history_work.read()
        if trouble is not None:
            raise trouble

    def _on_switched(self, _environment: Environment) -> None:
        self.tasks.cancel()
        self._history_work.show_none()
        self._answers.clear()
        self.open_history()

    def _follow_front(self) -> None:
        self._answers.show_own()
        self._show_busy()

    def _repeat(self, call: ShownCall) -> None:
        self._answers.open(call)
        self.send()

    def _copy_call(self, call: ShownCall) -> None:
        self.tasks.start("copy as code", self._copy(draft_of_call(call.request), Language.CURL))

    def _save_call(self, call: ShownCall) -> None:
        self._answers.open(call)
        self._saved_work.save_as()

    def _open_redirect(self, address: str) -> None:
        self._opened.open(RequestDraft(path=address), anew=True)

    def _show_busy(self) -> None:
        busy = self._calls.busy(self._opened.front.id)
        self._editor.show_sending(busy)
        self._cancel_action.setEnabled(busy)  # else Esc closes what is open

    # What else can be done

    def _go_to_path(self) -> None:
        self.wanted.emit()
        self._answers.show_requests()
        self._editor.focus_path()

    def _open_side(self, page: CataloguePanel | HistoryPanel) -> None:
        self._strip.set_side(True)
        self._side.setCurrentWidget(page)
        page.focus()

    def _copy_code(self, language: Language, with_key: bool) -> None:
        draft = self._opened.front.draft
        self.tasks.start("copy as code", self._copy(draft, language, with_key))

    async def _copy(self, draft: RequestDraft, language: Language, with_key: bool = False) -> None:
        if with_key and not await confirm(self, KEY_ON_CLIPBOARD, WHO_SEES_IT, "Copy"):
            return
        code = await self._requests.as_code(language, draft, with_key=with_key)
        self._opened.copy(code, language.value)
