"""Sends the requests of the console, each tab its own, and keeps what came back for it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.api.errors import TimedOut
from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.services.problems import describe
from refiner_desktop.services.requests.all_pages import AllPages
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft
from refiner_desktop.services.requests.json_mistakes import Mistake, json_mistake
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.ui.dialogs import confirm, confirm_danger
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.task_runner import TaskRunner

MOST_BYTES = 256 << 20
"""Answers of tabs beyond so many bytes are let go of; they are in the history."""

PAGES = "all pages"
CANCELLED = "Cancelled before the answer came. The server may have carried it out all the same."
NO_JSON = "The body is not valid JSON. Send it anyway?"
FILLED_NO_JSON = "With the values of its variables, the body is not valid JSON. Send it anyway?"
_AT_ONCE = 1 << 16


class Calls(QObject):
    """Signals: `changed(tab_id)` when another answer is there, or a call began; `made()` when the
    history has another call, `answered()` when an answer came; `pages_came(pages)` while pages are
    fetched, `pages_ended(pages)`.
    """

    changed = Signal(str)
    made = Signal()
    answered = Signal()
    pages_came = Signal(object)
    pages_ended = Signal(object)

    def __init__(
        self,
        window: QWidget,
        console: ConsoleService,
        requests: RequestsService,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._console = console
        self._requests = requests
        self._tasks = tasks
        self._since: dict[str, float] = {}
        self._shown: OrderedDict[str, ShownCall] = OrderedDict()
        self._visit = object()
        self._trusted: set[str] = set()

    @property
    def under_way(self) -> int:
        """How many calls are awaited."""
        return len(self._since)

    def waiting_since(self, tab_id: str) -> float | None:
        """Return when a tab's call went out, by `time.monotonic`; None without one."""
        return self._since.get(tab_id)

    def busy(self, tab_id: str) -> bool:
        """Whether a tab's call is under way, or waits for a person to agree to it."""
        return self._tasks.running(_task(tab_id))

    def busy_tabs(self) -> frozenset[str]:
        """Return the tabs whose calls are under way."""
        return frozenset(self._since)

    def shown(self, tab_id: str) -> ShownCall | None:
        """Return what came back for a tab last."""
        return self._shown.get(tab_id)

    def remember(self, tab_id: str, call: ShownCall) -> None:
        """Let this be what came back for a tab."""
        if call.exchange is not None:
            self._requests.tabs.note_call(tab_id, call.exchange)
        self._shown[tab_id] = call
        self._shown.move_to_end(tab_id)
        while len(self._shown) > 1 and sum(each.size for each in self._shown.values()) > MOST_BYTES:
            self._shown.popitem(last=False)
        self.changed.emit(tab_id)

    def forget(self) -> None:
        """Forget everything: another environment has taken over."""
        self._visit = object()
        self._shown.clear()
        self._since.clear()
        self._trusted.clear()

    def send(self, tab_id: str) -> None:
        """Send a tab's request; a call that is still awaited is left alone."""
        if self.busy(tab_id):
            return
        tab = self._requests.tabs.tab(tab_id)
        self._tasks.start(_task(tab_id), self._ask(tab_id, tab.draft), label=tab.draft.title)

    def cancel(self, tab_id: str) -> None:
        """Stop waiting for a tab's answer."""
        self._tasks.cancel(_task(tab_id))

    def fetch_all(self, tab_id: str, call: ShownCall, limit: int | None) -> ShownCall:
        """Fetch all pages of a list, going on where an earlier attempt stopped.

        Returns the call with its pages; if it is the tab's own, it stays that.
        """
        pages = call.pages
        if pages is None or pages.complete or pages.progress.wanted != _wanted(pages, limit):
            pages = self._console.all_pages(call.request, limit)
        fetching = replace(call, pages=pages)
        is_own = self._shown.get(tab_id) is call  # one of the history is nobody's
        if is_own:
            self._shown[tab_id] = fetching
        label = f"Fetching all pages of {call.request.path}"
        self._tasks.start(PAGES, self._fetch(pages, tab_id if is_own else ""), label=label)
        return fetching

    def stop_pages(self) -> None:
        """Fetch no more pages; what came stays."""
        self._tasks.cancel(PAGES)

    async def _ask(self, tab_id: str, draft: RequestDraft) -> None:
        """Send a request once everything that speaks against it was agreed to."""
        try:
            filled = await self._requests.filled(draft)
        except OSError as exc:
            request = self._requests.preview(draft).request
            self.remember(tab_id, ShownCall(request, why=f"Nothing was sent. {describe(exc)}"))
            raise
        if not await self._body_is_meant(draft, filled.request.body):
            return
        if filled.unknown and not await self._unknown_are_meant(filled.unknown):
            return
        if not await self._stranger_is_meant(filled.request):
            return
        danger = self._console.danger(filled.request)
        if danger is not None and not await confirm_danger(self._window, danger):
            return
        await self._send(tab_id, filled.request)

    async def _body_is_meant(self, draft: RequestDraft, body: bytes) -> bool:
        """Ask about JSON with a mistake: as it was typed, or as its variables make it."""
        if draft.body is not BodyKind.JSON:
            return True
        question, mistake = NO_JSON, await _mistake(draft.text)
        if mistake is None and "{{" in draft.text:
            filled = body.decode("utf-8", "surrogateescape")
            question, mistake = FILLED_NO_JSON, await _mistake(filled)
        if mistake is None:
            return True
        return await confirm(self._window, question, str(mistake), "Send anyway")

    async def _stranger_is_meant(self, request: CallRequest) -> bool:
        """Ask before another server hears a secret, once for each server in a session."""
        away = self._console.outlook(request).elsewhere
        if away is None or not away.carries or away.host in self._trusted:
            return True
        secrets = " and ".join(away.carries)
        question = f"Send {secrets} to {away.host}?"
        explanation = f"That is not {away.home}. Whoever runs that server can use what it is told."
        if await confirm(self._window, question, explanation, f"Send to {away.host}"):
            self._trusted.add(away.host)
            return True
        return False

    async def _unknown_are_meant(self, names: tuple[str, ...]) -> bool:
        written = ", ".join(f"{{{{{name}}}}}" for name in names)
        question = f"There is no value for {written}. Send it anyway?"
        explanation = "It goes out as it is written. More > Variables sets values."
        return await confirm(self._window, question, explanation, "Send anyway")

    async def _send(self, tab_id: str, request: CallRequest) -> None:
        visit = self._visit
        self._since[tab_id] = time.monotonic()
        self.changed.emit(tab_id)
        call = ShownCall(request, why=CANCELLED)

        def kept(exchange: int | None) -> None:
            if visit is self._visit:
                self._requests.tabs.note_call(tab_id, exchange)

        try:
            answer: Answer = await self._console.send(request, kept)
            call = ShownCall(request, answer)
            self.answered.emit()
        except Exception as exc:
            call = ShownCall(request, why=_why(exc, request))
            raise
        finally:
            if visit is self._visit:
                del self._since[tab_id]
                self.remember(tab_id, call)
                self.made.emit()

    async def _fetch(self, pages: AllPages, tab_id: str) -> None:
        visit = self._visit
        self.pages_came.emit(pages)
        try:
            await self._console.fetch(pages, lambda _progress: self.pages_came.emit(pages))
        finally:
            if pages.exchange is not None and visit is self._visit:
                self._requests.tabs.note_call(tab_id, pages.exchange)
            self.pages_ended.emit(pages)
            self.made.emit()


async def _mistake(text: str) -> Mistake | None:
    if len(text) > _AT_ONCE:
        return await asyncio.to_thread(json_mistake, text)
    return json_mistake(text)


def _why(error: Exception, request: CallRequest) -> str:
    """Say why there is no answer."""
    if isinstance(error, TimedOut) and (limits := request.timeouts) is not None:
        seconds = f"{limits.connect:g} s to connect, {limits.read:g} s for a piece of the answer"
        return f"No answer within this request's time-outs: {seconds}, {limits.total:g} s in all."
    if isinstance(error, ValueError):  # its words name the field; there are no details here
        return f"Nothing was sent: {error}."
    return f"No answer. {describe(error)}"


def _task(tab_id: str) -> str:
    return f"send {tab_id}"


def _wanted(pages: AllPages, limit: int | None) -> int:
    total = pages.progress.total
    return min(total, limit or total)
