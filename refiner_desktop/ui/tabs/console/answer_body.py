"""The body of an answer: as text of any size, as bytes, as an image, or filtered."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from refiner_desktop.api.exchange import Answer, Body
from refiner_desktop.services.requests.charsets import NotDecoded, charset, in_utf_8
from refiner_desktop.services.requests.json_query import QueryMistake, mistake_in, query
from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.styling import button, label, restyle, tool
from refiner_desktop.ui.tabs.console import answer_words as words
from refiner_desktop.ui.tabs.console.image_view import ImageView
from refiner_desktop.ui.tabs.console.query_edit import QueryEdit
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.text_view import ToolRow
from refiner_desktop.ui.widgets.text_view.content import gathered
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

FILTER_MS = 300
ROOM_FOR_TOOLS = 320
"""From so many pixels of height on a row of buttons, where it fits, takes the place of a menu."""

EMPTY = (
    "The answer appears here, whatever its size.\n\n"
    "Choose a call from the catalogue, type a path above, or paste a curl command into it.\n"
    "Ctrl+Enter sends."
)
NO_BODY = "The answer has no body: its status and its headers say all."
DECODING = "Decoding the answer…"
FILTER, IMAGE, DECODE = "filter the answer", "show the image", "decode the answer"


class AnswerBody(QWidget):
    """A filter stands above the body; its result takes the body's place until it is cleared.

    Signals: `save_requested()`; `changed()` when something else is shown.
    """

    save_requested = Signal()
    changed = Signal()

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self._tasks = tasks
        self._answer: Answer | None = None
        self._filtered: bytes | None = None
        self._readable: Body | None = None
        self._decoded = ""
        self.pane = text_pane("console.response", "Body of the answer", EMPTY)
        self._image = ImageView()
        self._filter = QueryEdit()
        self._note = label(role="muted", elide=True)
        self._note.setObjectName("console.filter.note")
        self._save = button("Save…", "console.save_answer", icon="mdi6.download")
        self._save.setToolTip("Writes what is shown into a file")
        self._view = tool("View", "console.view", "How the answer is shown", role="menu")
        self._stack = QStackedWidget()
        self._pause = QTimer(self, singleShot=True, interval=FILTER_MS)
        self._lay_out()
        self._filter.textChanged.connect(self._on_typed)
        self._filter.returnPressed.connect(self._run)
        self._filter.left.connect(lambda: self.pane.setFocus())
        self._pause.timeout.connect(self._run)
        self._save.clicked.connect(self.save_requested)
        self.show_answer(None)

    @property
    def body(self) -> Body:
        """What is shown: the body, or what the filter found in it."""
        if self._filtered is not None:
            return self._filtered
        return self._answer.body if self._answer else b""

    @property
    def text(self) -> Body:
        """What is shown, in UTF-8 whatever charset the answer has."""
        return self._readable if self._filtered is None and self._readable else self.body

    def show_answer(self, answer: Answer | None, nothing: str = "") -> None:
        """Show another answer, through the filter if there is one.

        `nothing` says why there is nothing to show, where there is more to it than that.
        """
        for name in (FILTER, IMAGE, DECODE):
            self._tasks.cancel(name)
        self._answer, self._filtered, self._readable = answer, None, None
        self.pane.view.set_placeholder(nothing or (NO_BODY if answer else EMPTY))
        self._stack.setCurrentWidget(self.pane)
        self._arrange()
        self._save.setEnabled(bool(answer and answer.body))
        self._filter.setEnabled(answer is not None and words.is_json(answer))
        self._decoded = ""
        self._say("")
        is_text = answer is not None and answer.body and not words.is_image(answer)
        if answer is not None and is_text and (name := charset(answer)):
            self.pane.view.set_placeholder(DECODING)
            self.pane.view.clear()
            self._tasks.start(DECODE, self._decode(answer, name))
        else:
            self._show_whole(answer)

    def focus_filter(self) -> None:
        """Bring the keyboard to the filter."""
        self._filter.setFocus()
        self._filter.selectAll()

    def _lay_out(self) -> None:
        self._tools = ToolRow(self.pane)
        self._fill_menu()
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._filter, 3)
        line.addWidget(self._note, 2)
        line.addWidget(self._view)
        line.addWidget(self._save)
        self._stack.addWidget(self.pane)
        self._stack.addWidget(self._image)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(line)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._tools)

    def _fill_menu(self) -> None:
        """Offer in a menu what the row of buttons has: there is not always room for it."""
        tools, menu = self.pane.view.tools, QMenu(self._view)
        menu.addActions(list(tools.modes.values()))
        menu.addSeparator()
        menu.addAction(tools.wrap)
        menu.addActions([tools.fold_all, tools.unfold_all])
        menu.addSeparator()
        menu.addActions([self.pane.line_action, self.pane.find_action])
        self._view.setMenu(menu)

    def _arrange(self) -> None:
        is_text = self._stack.currentWidget() is self.pane
        high = self.height() >= scaled(ROOM_FOR_TOOLS)
        roomy = high and self.width() >= self._tools.sizeHint().width()
        self._tools.setVisible(is_text and roomy)
        self._view.setVisible(is_text and not roomy)

    def _show_whole(self, answer: Answer | None) -> None:
        self._show_body()
        if answer is not None and words.is_image(answer):
            self._tasks.start(IMAGE, self._show_image(answer))
        elif self._filter.isEnabled() and self._filter.text().strip():
            self._run()

    async def _decode(self, answer: Answer, name: str) -> None:
        try:
            self._readable = await asyncio.to_thread(_readable, answer.body, name)
            self._decoded = f"Decoded from {name}; “As it came” and “Hexadecimal” show its bytes."
        except NotDecoded as exc:
            self._decoded = str(exc)
        self._say(self._decoded)
        self._show_whole(answer)

    def _show_body(self) -> None:
        view, answer = self.pane.view, self._answer
        if answer is None or not answer.body:
            view.clear()
        elif words.is_json(answer):
            view.set_json(answer.body, self._readable)
        elif self._readable is None and words.is_binary(answer.body):
            view.set_hex(answer.body)
        else:
            view.set_bytes(answer.body, self._readable)
        self.changed.emit()

    async def _show_image(self, answer: Answer) -> None:
        if await self._image.show_image(answer.body) and answer is self._answer:
            self._stack.setCurrentWidget(self._image)
            self._arrange()
            self._say(self._image.words)

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # The filter

    def _on_typed(self, text: str) -> None:
        self._tasks.cancel(FILTER)
        self._filter.show_mistake(None)
        if not text.strip():
            self._pause.stop()
            self._unfilter()
            return
        self._pause.start()

    def _unfilter(self) -> None:
        self._say(self._decoded)
        if self._filtered is not None:
            self._filtered = None
            self._show_body()

    def _run(self) -> None:
        self._pause.stop()
        expression = self._filter.text().strip()
        if self._answer is None or not expression:
            return
        if mistake := mistake_in(expression):
            self._show_mistake(mistake)
            return
        self._tasks.start(FILTER, self._filter_body(expression, self._answer))

    async def _filter_body(self, expression: str, answer: Answer) -> None:
        self._say("Filtering…")
        try:
            found = await query(expression, self._readable or answer.body)
        except QueryMistake as mistake:
            self._show_mistake(mistake)
            return
        if answer is not self._answer:
            return
        self._filtered = found
        self.pane.view.set_json(found)
        nothing = found.strip() in (b"null", b"[]", b"{}")
        self._say("Nothing matches; clear the filter." if nothing else size(len(found)))
        self.changed.emit()

    def _show_mistake(self, mistake: QueryMistake) -> None:
        blanks = len(self._filter.text()) - len(self._filter.text().lstrip())
        at = None if mistake.position is None else mistake.position + blanks
        self._filter.show_mistake(at)
        self._say(mistake.sentence, "danger")

    def _say(self, text: str, role: str = "muted") -> None:
        tell(self._note, text)
        restyle(self._note, "role", role)
        self._filter.setAccessibleDescription(text)


def _readable(body: Body, name: str) -> Body:
    return gathered(in_utf_8(body, name))
