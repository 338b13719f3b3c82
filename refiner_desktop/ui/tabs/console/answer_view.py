"""What came back: status, times, sizes, body, headers, items, and the request as it was sent."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.api.exchange import Answer, Body
from refiner_desktop.services.requests.all_pages import AllPages
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.models.cell_text import tool_tip
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label, pages, restyle
from refiner_desktop.ui.tabs.console import answer_words as words
from refiner_desktop.ui.tabs.console.answer_body import NO_BODY, AnswerBody
from refiner_desktop.ui.tabs.console.fetch_all_row import FetchAllRow
from refiner_desktop.ui.tabs.console.items_page import ItemsPage
from refiner_desktop.ui.tabs.console.sent_page import SentPage
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable

Pair = tuple[str, str]
NO_CALL = "No answer here yet"
WAITING = "Waiting for the answer…"
FROM_HISTORY = "from the history"
REDIRECT = "Redirects are not followed; this opens the address as a request"
LOST = "Its body is no longer where it was kept."
BRINGING_BACK = "Bringing its last answer back from the history…"
UNREAD = (
    "Its last answer could not be read from the history; the message above says why. "
    "Press Send to get a new one."
)
WAITED_FOR = f"{WAITING} Esc cancels."
SEND_AGAIN = "Press Send to try again."
RESEND = "Press Resend in the history to send it again."
NO_HEADERS = "The headers of the answer appear here. Ctrl+Enter sends the request."
TICK_MS = 200
NARROW = 560
"""Below this width the tools below a table go without their words."""
SLOW_SECONDS = 1.0
_HEADERS = 2


class AnswerView(QWidget):
    """The answer of the tab in front, or one from the history.

    Signals: `redirect_wanted(address)`; `save_requested()`; `back_requested()` from the history to
    the answer of the tab; `pages_wanted(limit)`, `pages_stopped()`; `announced(text)`;
    `filed(text, path)`.
    """

    redirect_wanted = Signal(str)
    save_requested = Signal()
    back_requested = Signal()
    pages_wanted = Signal(object)
    pages_stopped = Signal()
    announced = Signal(str)
    filed = Signal(str, object)

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self._shown: ShownCall | None = None
        self._nothing = ""
        self._since = 0.0
        self._tick = QTimer(self, interval=TICK_MS)
        self._make(tasks)
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def shown(self) -> ShownCall | None:
        """The call whose answer is on the screen."""
        return self._shown

    @property
    def body(self) -> Body:
        """What is shown of the body: all of it, or what the filter found."""
        return self._body.body

    def clear(self, nothing: str = "") -> None:
        """Show no answer: before the first call, or as `nothing` says why."""
        self._show(None, None, nothing)
        self._status.setText(NO_CALL)  # not read: what comes in its place may be
        restyle(self._status, "role", "muted")

    def show_waiting(self, since: float) -> None:
        """Say that a call is on its way, since a moment of `time.monotonic`."""
        self._show(None, None, WAITED_FOR)
        self._since = since
        self._tick.start()
        self._say(WAITING, "muted")

    def show_call(self, shown: ShownCall, *, can_go_back: bool = False) -> None:
        """Show what came back for a call; one can go back to the tab's own where it is another."""
        answer, waited = shown.answer, self._tick.isActive()
        again = RESEND if can_go_back else SEND_AGAIN
        lack = LOST if shown.lost else shown.why
        self._show(shown, answer, f"{lack}\n\n{again}" if lack else "")
        source = f" · {FROM_HISTORY}" if shown.exchange is not None else ""
        if answer is None:
            self._say(f"{shown.why}{source}", "danger", asked=waited)
        else:
            line = f"{words.status_line(answer)}{source}"
            self._say(line, words.role_of(answer.status), asked=waited)
        self._back.setVisible(can_go_back)
        self._show_warning()
        if shown.pages is not None:
            self.show_pages(shown.pages)
        elif shown.fetched is not None:
            self._fetch_all.show_not_kept(shown.fetched)

    def show_pages(self, pages: AllPages) -> None:
        """Show the items of all pages that were fetched as one table."""
        self._fetch_all.show_end(pages.progress, pages.complete)
        if pages.progress.pages and self._shown is not None and self._shown.answer is not None:
            line = words.pages_line(pages.progress, self._shown.answer)
            self._say(line, "success" if pages.complete else "warning")
            self._facts.setText("")
        self._items.offer(pages.items)
        self._pages.setCurrentWidget(self._items)

    def show_pages_coming(self, pages: AllPages) -> None:
        """Say how far the fetching is, if it is for the call on the screen."""
        if self._is_for(pages):
            self._fetch_all.show_progress(pages.progress)

    def end_pages(self, pages: AllPages) -> None:
        """Show what was fetched, if it is for the call on the screen."""
        if self._is_for(pages):
            had_focus = self._fetch_all.has_focus
            self.show_pages(pages)
            if had_focus and pages.progress.items:
                self._items.focus_rows()

    def adopt(self, call: ShownCall) -> None:
        """Take the call on the screen for this one, which has pages."""
        self._shown = call

    def _is_for(self, pages: AllPages) -> bool:
        return self._shown is not None and self._shown.pages is pages

    def fetch_all(self) -> None:
        """Ask for all pages, with the limit that stands there."""
        if not self._fetch_all.isHidden():
            self._fetch_all.fetch()

    def open_find(self) -> None:
        """Search in the body, or in the table where that is in front."""
        if self._pages.currentWidget() is self._items:
            self._items.focus_filter()
            return
        self._pages.setCurrentIndex(0)
        self._body.pane.open_find()

    def focus_filter(self) -> None:
        """Go to the filter of the body."""
        self._pages.setCurrentIndex(0)
        self._body.focus_filter()

    async def put_away(self) -> None:
        """Give the memory of the table back."""
        await self._items.put_away()

    def _make(self, tasks: TaskRunner) -> None:
        self._status = label(NO_CALL, "muted", elide=True)
        self._status.setObjectName("console.status")
        self._facts = label(role="muted", elide=True)
        self._facts.setObjectName("console.facts")
        self._warning = label(role="warning", wrap=True)
        self._warning.setObjectName("console.warning")
        self._redirect = button("", "console.redirect", icon="mdi6.arrow-right-bold")
        self._back = button("Back to the tab's answer", "console.back", icon="mdi6.arrow-left")
        self._body = AnswerBody(tasks)
        self._fetch_all = FetchAllRow()
        self._items = ItemsPage(tasks)
        self._sent = SentPage()
        self._headers = RecordTableModel[Pair](
            (Column("Header", lambda pair: pair[0]), Column("Value", lambda pair: pair[1])),
            parent=self,
        )
        self._header_table = DataTable(
            "console.response_headers", "Headers of the answer", self._headers
        )
        self._header_table.setColumnWidth(0, scaled(220))
        self._header_table.horizontalHeader().setStretchLastSection(True)

    def _lay_out(self) -> None:
        self._pages = pages("Parts of the answer", "console.answer.pages")
        self._pages.addTab(self._body, "Answer")
        self._pages.addTab(self._items, "Table")
        self._pages.addTab(self._header_table, "Answer headers")
        self._pages.addTab(self._sent, "Request as sent")
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._status, 3)
        line.addWidget(self._facts, 4)
        line.addWidget(self._back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(line)
        layout.addWidget(self._warning)
        layout.addWidget(self._redirect)
        layout.addWidget(self._pages, 1)
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(self._items.count)
        below.addWidget(self._fetch_all, 1)
        below.addWidget(self._items.tools)
        layout.addLayout(below)
        self._show_tools()

    def _connect(self) -> None:
        self._tick.timeout.connect(self._show_seconds)
        self._redirect.clicked.connect(self._follow_redirect)
        self._back.clicked.connect(self.back_requested)
        self._body.save_requested.connect(self.save_requested)
        self._body.changed.connect(self._on_body_changed)
        self._body.pane.view.content_changed.connect(self._show_warning)
        self._fetch_all.requested.connect(self.pages_wanted)
        self._fetch_all.stopped.connect(self.pages_stopped)
        self._items.announced.connect(self.announced)
        self._items.filed.connect(self.filed)
        self._pages.currentChanged.connect(lambda _: self._show_tools())

    def _show(self, shown: ShownCall | None, answer: Answer | None, nothing: str = "") -> None:
        """Show a call in all parts; `nothing` is what those say that have nothing to show."""
        self._tick.stop()
        self._shown, self._nothing = shown, nothing
        self._back.hide()
        self._warn("")
        self._facts.setText(words.facts(answer) if answer else "")
        self._body.show_answer(answer, nothing)
        self._headers.set_rows(answer.headers if answer else ())
        self._header_table.set_empty_text(nothing or NO_HEADERS)
        count = f" {len(answer.headers)}" if answer and answer.headers else ""
        self._pages.setTabText(_HEADERS, f"Answer headers{count}")
        self._sent.show_call(shown, nothing)
        location = answer.location if answer else ""
        self._redirect.setVisible(bool(location))
        self._redirect.setText(f"Open {words.shortened(location)}")
        self._redirect.setToolTip(tool_tip(f"{REDIRECT}\n{location}"))
        self._fetch_all.setVisible(answer is not None and words.is_paged(answer))
        self._fetch_all.show_ready()

    def _show_tools(self) -> None:
        """Show what belongs to the table beside it only."""
        has_table = self._pages.currentWidget() is self._items
        self._items.count.setVisible(has_table)
        self._items.tools.setVisible(has_table)

    def _on_body_changed(self) -> None:
        """Let the table follow the body, or what was found in it."""
        body = self._body.text
        if len(body):
            self._items.offer(partial(_here, body))
        elif self._nothing or self._shown is None:
            self._items.clear(self._nothing)
        else:
            self._items.clear(NO_BODY)

    def _follow_redirect(self) -> None:
        if self._shown and self._shown.answer:
            self.redirect_wanted.emit(self._shown.answer.location)

    def _show_seconds(self) -> None:
        seconds = time.monotonic() - self._since
        if seconds >= SLOW_SECONDS:
            self._status.setText(f"{WAITING} {seconds:.0f} s")

    def _show_warning(self) -> None:
        """Say what is missing from the answer, or why it is not laid out."""
        note = self._body.pane.view.note
        self._warn((_warning(self._shown) if self._shown else "") or note)

    def _warn(self, text: str) -> None:
        self._warning.setText(text)
        self._warning.setVisible(bool(text))

    def _say(self, text: str, role: str, *, asked: bool = False) -> None:
        tell(self._status, text, asked=asked)
        restyle(self._status, "role", role)

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        short = self.width() < scaled(NARROW)
        self._fetch_all.abbreviate(short)
        self._items.abbreviate(short)


async def _here(body: Body) -> Body:
    return body


def _warning(shown: ShownCall) -> str:
    answer = shown.answer
    if answer is None:
        return ""
    if shown.lost:
        return LOST
    if answer.cut:
        return f"Not all of the answer is here: {answer.cut}."
    return ""
