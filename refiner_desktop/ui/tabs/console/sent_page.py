"""The request as it went out: address, headers and body, every secret as dots."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from refiner_desktop.services.requests.credentials import data_without_key
from refiner_desktop.ui.tabs.console import answer_words as words
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

NOTHING = "What was sent appears here: the whole address, all headers, the body."


class SentPage(QWidget):
    """Its head is text, its body as it was sent; one that was never answered is as it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self._head = text_pane("console.sent", "Request as sent", NOTHING)
        self._head.view.set_wrap(True)
        self._body = text_pane("console.sent_body", "Body as sent", "It had no body.")
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.setObjectName("console.split.sent")
        splitter.addWidget(self._head)
        splitter.addWidget(self._body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.addWidget(splitter)

    def show_call(self, shown: ShownCall | None, nothing: str = "") -> None:
        """Show what was sent, or nothing and why."""
        self._head.view.set_placeholder(nothing or NOTHING)
        if shown is None:
            self._head.view.clear()
            self._body.view.clear()
            self._body.hide()
            return
        answer = shown.answer
        head = words.as_sent(answer) if answer else words.as_asked(shown.request)
        body = data_without_key(answer.request_body if answer else shown.request.body)
        self._head.view.set_text(head)
        self._body.setVisible(bool(body))
        if words.is_binary(body):
            self._body.view.set_hex(body)
        else:
            self._body.view.set_json(body)
