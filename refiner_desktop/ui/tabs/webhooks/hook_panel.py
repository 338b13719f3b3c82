"""The named hooks: where each one listens, its token, and where its deliveries go on to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.hooks import Hook

SETTING_UP = (
    "In Refiner: Integrations > Webhooks > Create Webhook. Paste the URL as its target and the "
    "token as its secret. Refiner must be able to reach the URL: from outside, a tunnel leads here."
)
LIST_HEIGHT = 84
WIDTH = 270


class HookPanel(QWidget):
    """The list of hooks, and what to paste into Refiner for the one that is chosen.

    Signals: `forward_changed(hook, url)` when another target was typed.
    """

    forward_changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._hooks: tuple[Hook, ...] = ()
        self._urls: tuple[str, ...] = ()
        self._targets: tuple[str, ...] = ()
        self._list = QListWidget()
        self._list.setObjectName("webhooks.hooks")
        self._list.setAccessibleName("Hooks")
        self._list.setFixedHeight(LIST_HEIGHT)
        self._url = _read_only("webhooks.url", "URL")
        self._token = _read_only("webhooks.token", "Secret token")
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._forward = QLineEdit(placeholderText="http://localhost:3000/webhooks")
        self._forward.setObjectName("webhooks.forward")
        self._forward.setAccessibleName("Pass deliveries on to")
        self._lay_out()
        self._list.currentRowChanged.connect(self._show_hook)
        self._forward.editingFinished.connect(self._on_forward_edited)

    def show_hooks(
        self, hooks: Sequence[Hook], urls: Sequence[str], targets: Sequence[str]
    ) -> None:
        """Show these hooks with their addresses here and where they are passed on to."""
        row = max(0, self._list.currentRow())
        self._hooks, self._urls, self._targets = tuple(hooks), tuple(urls), tuple(targets)
        if [self._list.item(at).text() for at in range(self._list.count())] != [
            hook.name for hook in hooks
        ]:
            self._list.clear()
            self._list.addItems([hook.name for hook in hooks])
        self._list.setCurrentRow(row)
        self._show_hook(row)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(SPACE)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("URL on this computer", self._with_copy(self._url, "URL"))
        form.addRow("Secret token", self._with_copy(self._token, "token"))
        form.addRow("Pass deliveries on to", self._forward)
        self.setMinimumWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, SPACE, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(label("Hooks", "heading"))
        layout.addWidget(self._list)
        layout.addLayout(form)
        layout.addWidget(label(SETTING_UP, "muted", wrap=True))
        layout.addStretch(1)

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
        self._url.setText(self._urls[row])
        self._url.setCursorPosition(0)
        self._token.setText(self._hooks[row].token.reveal())
        self._forward.setText(self._targets[row])

    def _on_forward_edited(self) -> None:
        row = self._list.currentRow()
        url = self._forward.text().strip()
        if 0 <= row < len(self._hooks) and url != self._targets[row]:
            self.forward_changed.emit(self._hooks[row], url)


def _read_only(name: str, title: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setReadOnly(True)
    edit.setObjectName(name)
    edit.setAccessibleName(title)
    return edit
