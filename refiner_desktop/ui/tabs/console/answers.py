"""Which answer is on the screen: the one of the tab in front, or one from the history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.services.requests.opening import draft_of_call
from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.ui.tabs.console.answer_view import BRINGING_BACK, UNREAD, AnswerView
from refiner_desktop.ui.tabs.console.calls import Calls
from refiner_desktop.ui.tabs.console.compare_page import ComparePage
from refiner_desktop.ui.tabs.console.history_panel import HistoryPanel
from refiner_desktop.ui.tabs.console.open_requests import OpenRequests
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.task_runner import TaskRunner


class Answers(QObject):
    """Lets `view` show what belongs to the tab in front, or what a person chose to look at."""

    def __init__(
        self,
        opened: OpenRequests,
        calls: Calls,
        history: ConsoleHistory,
        panel: HistoryPanel,
        view: AnswerView,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(view)
        self._opened = opened
        self._calls = calls
        self._history = history
        self._panel = panel
        self._view = view
        self._tasks = tasks
        self.compare_page = ComparePage()
        self._pages = QStackedWidget()
        calls.changed.connect(self._on_changed)
        calls.pages_came.connect(view.show_pages_coming)
        calls.pages_ended.connect(view.end_pages)
        view.back_requested.connect(self.show_own)
        view.pages_wanted.connect(self._fetch_all)
        view.pages_stopped.connect(calls.stop_pages)
        self.compare_page.closed.connect(self.show_requests)

    def beside(self, requests: QWidget) -> QWidget:
        """Return what shows requests with their answers, or two answers side by side."""
        self._pages.addWidget(requests)
        self._pages.addWidget(self.compare_page)
        return self._pages

    def show_requests(self) -> None:
        """Leave the comparison."""
        self._pages.setCurrentIndex(0)

    def clear(self) -> None:
        """Show none: another environment has taken over."""
        self._calls.forget()
        self.show_requests()
        self._view.clear()

    def show_own(self) -> None:
        """Show what came back for the tab in front."""
        front = self._opened.front
        since, shown = self._calls.waiting_since(front.id), self._calls.shown(front.id)
        if since is not None:
            self._view.show_waiting(since)
        elif shown is not None:
            self._view.show_call(shown)
        else:
            self._view.clear(BRINGING_BACK if front.exchange is not None else "")
            self._tasks.start("bring back an answer", self._bring_back(front))
        self._panel.set_comparable(shown is not None)

    def look_at(self, call: ShownCall) -> None:
        """Show a call of the history, and a way back."""
        shown = self._view.shown
        if shown is None or shown.exchange != call.exchange:
            self.show_requests()
            self._view.show_call(call, can_go_back=True)

    def open(self, call: ShownCall) -> None:
        """Put a call of the history into a tab, with its answer."""
        tab_id = self._opened.open(draft_of_call(call.request))
        self.show_requests()
        self._calls.remember(tab_id, call)

    def compare(self, titled: Sequence[tuple[str, ShownCall]]) -> None:
        """Show two calls side by side, or one beside the answer of the tab in front."""
        own = self._calls.shown(self._opened.front.id)
        if len(titled) == 1 and own is not None:  # what is chosen is on the screen itself
            titled = [*titled, ("Answer of the tab", own)]
        if len(titled) == 2:
            self._pages.setCurrentWidget(self.compare_page)
            self.compare_page.compare(*titled)

    def _on_changed(self, tab_id: str) -> None:
        if tab_id == self._opened.front.id:
            self.show_own()
        self._opened.mark_busy(self._calls.busy_tabs())

    async def _bring_back(self, tab: RequestTab) -> None:
        """Show what came back for a tab in an earlier session, or too long ago to be here."""
        if tab.exchange is None:
            return
        try:
            record = await self._history.exchange(tab.exchange)
        except Exception:
            self._say_nothing(tab, UNREAD)
            raise
        if self._calls.shown(tab.id) is not None:
            return
        if record is not None:
            self._calls.remember(tab.id, ShownCall.of_record(record))
        else:
            self._say_nothing(tab)

    def _say_nothing(self, tab: RequestTab, why: str = "") -> None:
        """Say that a tab has no answer, unless something else is shown by now."""
        is_front = tab.id == self._opened.front.id
        if is_front and self._view.shown is None and self._calls.waiting_since(tab.id) is None:
            self._view.clear(why)

    def _fetch_all(self, limit: int | None) -> None:
        if self._view.shown is not None:
            front = self._opened.front.id
            self._view.adopt(self._calls.fetch_all(front, self._view.shown, limit))
