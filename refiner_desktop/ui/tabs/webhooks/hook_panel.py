"""The named hooks: where each one listens, its token, and where its deliveries go on to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import Hook

SETTING_UP = (
    "In Refiner: Integrations > Webhooks > Create Webhook. Choose the trigger, paste the URL as "
    "its target and the token as its secret. Refiner must be able to reach the URL: from outside, "
    "a tunnel leads here."
)
LIST_HEIGHT = 84
WIDTH = 270

TRIGGERS = {
    Kind.SURVEY_COMPLETED: "Survey completed",
    Kind.SURVEY_SEEN: "Survey seen",
    Kind.SURVEY_DISMISSED: "Survey dismissed",
    Kind.SEGMENT_ENTERED: "User enters segment",
    Kind.TAG_ADDED: "Tag added to a response",
}
"""In the words of the dashboard; partial responses have no trigger of their own.

API reference, section 7.2.
"""


class HookView(NamedTuple):
    """A hook with its address here, where it is passed on to, and why that fails just now."""

    hook: Hook
    url: str
    target: str
    failure: str = ""


class HookPanel(QScrollArea):
    """The list of hooks, and what to choose and paste in Refiner for the one that is chosen.

    In a low window it scrolls.

    Signals: `forward_changed(hook, url)` when another target was typed.
    """

    forward_changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setProperty("role", "page")
        self._hooks: tuple[HookView, ...] = ()
        self._list = QListWidget()
        self._list.setObjectName("webhooks.hooks")
        self._list.setAccessibleName("Hooks")
        self._list.setFixedHeight(LIST_HEIGHT)
        self._trigger = _read_only("webhooks.trigger", "Trigger in Refiner")
        self._url = _read_only("webhooks.url", "URL")
        self._token = _read_only("webhooks.token", "Secret token")
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._forward = QLineEdit(placeholderText="http://localhost:3000/webhooks")
        self._forward.setObjectName("webhooks.forward")
        self._forward.setAccessibleName("Pass deliveries on to")
        self._problem = label(role="problem", wrap=True)
        self._problem.setObjectName("webhooks.forward_problem")
        self._lay_out()
        self._list.currentRowChanged.connect(self._show_hook)
        self._forward.textEdited.connect(lambda: self._say_problem(""))
        self._forward.editingFinished.connect(self._on_forward_edited)

    def show_hooks(self, hooks: Sequence[HookView]) -> None:
        """Show these hooks; what is being typed stays."""
        if tuple(hooks) == self._hooks:
            return
        names = [each.hook.name for each in hooks]
        row = max(0, self._list.currentRow())
        if names != [each.hook.name for each in self._hooks]:
            self._list.clear()
            self._list.addItems(names)
        self._hooks = tuple(hooks)
        self._list.setCurrentRow(row)
        self._show_hook(row)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(SPACE)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("Trigger in Refiner", self._trigger)
        form.addRow("URL on this computer", self._with_copy(self._url, "URL"))
        form.addRow("Secret token", self._with_copy(self._token, "token"))
        form.addRow("Pass deliveries on to", self._forward)
        self.setMinimumWidth(WIDTH)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, SPACE, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(label("Hooks", "heading"))
        layout.addWidget(self._list)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        layout.addWidget(label(SETTING_UP, "muted", wrap=True))
        layout.addStretch(1)
        self.setWidget(inner)

    def _with_copy(self, edit: QLineEdit, what: str) -> QWidget:
        copy = button("Copy", icon="mdi6.content-copy")
        copy.setAccessibleName(f"Copy the {what}")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(edit.text()))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(edit, 1)
        layout.addWidget(copy)
        return row

    def _show_hook(self, row: int) -> None:
        if not 0 <= row < len(self._hooks):
            return
        shown = self._hooks[row]
        self._trigger.setText(_triggers(shown.hook))
        self._url.setText(shown.url)
        self._url.setCursorPosition(0)
        self._token.setText(shown.hook.token.reveal())
        if not (self._forward.hasFocus() and self._forward.isModified()):
            self._forward.setText(shown.target)
            self._say_problem(f"Not passed on: {shown.failure}." if shown.failure else "")

    def _on_forward_edited(self) -> None:
        row = self._list.currentRow()
        url = self._forward.text().strip()
        if not 0 <= row < len(self._hooks) or url == self._hooks[row].target:
            return
        if problem := _what_is_wrong(url):
            self._say_problem(problem, wrong=True)
        else:
            self._forward.setModified(False)
            self.forward_changed.emit(self._hooks[row].hook, url)

    def _say_problem(self, text: str, *, wrong: bool = False) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        restyle(self._forward, "wrong", "true" if wrong else "false")


def _what_is_wrong(url: str) -> str:
    """Return why nothing can be passed on to this address; empty is none and fine."""
    if url and "://" not in url:
        return f"Write the whole address, such as http://{url}."
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a broken host, or a port that is none
        fine = False
    if not url or (fine and not any(letter.isspace() for letter in url)):
        return ""
    return "This is no web address. Write it like http://localhost:3000/webhooks."


def _triggers(hook: Hook) -> str:
    named = [words for kind, words in TRIGGERS.items() if kind in hook.kinds]
    return ", ".join(named) or "Any"


def _read_only(name: str, title: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setReadOnly(True)
    edit.setObjectName(name)
    edit.setAccessibleName(title)
    return edit
