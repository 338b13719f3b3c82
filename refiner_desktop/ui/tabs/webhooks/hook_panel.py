"""The named hooks: where each one listens, its token, and where its deliveries go on to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.deliveries.language import written
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.webhooks.copy_field import CopyField
from refiner_desktop.ui.tabs.webhooks.delivery_words import sent_as
from refiner_desktop.ui.tabs.webhooks.elided_edit import ElidedEdit
from refiner_desktop.ui.tabs.webhooks.web_address import what_is_wrong
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.webhooks.hooks import Hook

LIST_HEIGHT = 76
WIDTH = 262


class HookView(NamedTuple):
    """A hook with its addresses, here and from outside, and why passing on fails just now.

    `lasting` says whether its token outlives the application.
    """

    hook: Hook
    url: str
    public_url: str = ""
    failure: str = ""
    lasting: bool = True


class HookPanel(QScrollArea):
    """The list of hooks, and what belongs to the one that is chosen. In a low window it scrolls.

    Signals: `forward_changed(hook, url)` when another target was typed; `add_requested()`,
    `edit_requested(hook)`, `remove_requested(hook)`; `setup_requested()` for what Refiner must be
    told; `sample_requested()`; `command_requested(view)` for a cURL command; `hook_chosen()`;
    `only_requested(name)` when the deliveries of one hook are to be listed, those of all without a
    name.
    """

    forward_changed = Signal(object, str)
    add_requested = Signal()
    edit_requested = Signal(object)
    remove_requested = Signal(object)
    setup_requested = Signal()
    sample_requested = Signal()
    command_requested = Signal(object)
    hook_chosen = Signal()
    only_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing to do in it itself
        self.setProperty("role", "page")
        self.setMinimumWidth(scaled(WIDTH))
        self._hooks: tuple[HookView, ...] = ()
        self._make_list()
        self._make_fields()
        self._lay_out()
        self._connect()
        self._show_hook(-1)

    @property
    def chosen(self) -> HookView | None:
        """The hook that is chosen."""
        row = self._list.currentRow()
        return self._hooks[row] if 0 <= row < len(self._hooks) else None

    def show_hooks(self, hooks: Sequence[HookView]) -> None:
        """Show these hooks; what is being typed stays."""
        if tuple(hooks) == self._hooks:
            return
        chosen = self.chosen
        self._hooks = tuple(hooks)
        self._list.blockSignals(True)
        self._fill([each.hook.name for each in hooks])
        ids = [each.hook.id for each in hooks]
        row = ids.index(chosen.hook.id) if chosen and chosen.hook.id in ids else 0
        self._list.setCurrentRow(row)
        self._list.blockSignals(False)
        self._show_hook(row)
        self.hook_chosen.emit()

    def choose(self, hook_id: str) -> None:
        """Choose a hook."""
        ids = [each.hook.id for each in self._hooks]
        if hook_id in ids:
            self._list.setCurrentRow(ids.index(hook_id))

    def follow_filter(self, terms: Sequence[str]) -> None:
        """Tick *List only its deliveries* when these terms of the filter say just that."""
        name = self.chosen.hook.name if self.chosen else ""
        self._only.setChecked(list(terms) == [written("hook", name)])

    def edit_chosen(self) -> None:
        """Ask for the chosen hook to be edited."""
        self._tell(self.edit_requested)

    def remove_chosen(self) -> None:
        """Ask for the chosen hook to be removed."""
        self._tell(self.remove_requested)

    def copy_url(self) -> None:
        """Copy where the chosen hook is reached, from outside where it can be."""
        (self._public if self.chosen and self.chosen.public_url else self._url).copy()

    def copy_token(self) -> None:
        """Copy the chosen hook's token."""
        self._token.copy()

    def _fill(self, names: list[str]) -> None:
        if names != [self._list.item(row).text() for row in range(self._list.count())]:
            self._list.clear()
            self._list.addItems(names)

    def _make_list(self) -> None:
        self._list = QListWidget()
        self._list.setObjectName("webhooks.hooks")
        self._list.setAccessibleName("Hooks")
        self._list.setFixedHeight(scaled(LIST_HEIGHT))
        self._only = QCheckBox("List only its deliveries")
        self._only.setObjectName("webhooks.hooks.only")
        self._add = button("Add…", "webhooks.hook.add")
        self._edit = button("Edit…", "webhooks.hook.edit")
        self._remove = button("Remove", "webhooks.hook.remove")
        for each in (self._add, self._edit, self._remove):
            each.setProperty("size", "small")
            each.setAccessibleName(f"{each.text().removesuffix('…')} hook")
        self._remove_action = QAction("Remove…", self._list)
        self._remove_action.setShortcut(QKeySequence.StandardKey.Delete)
        self._remove_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._list.addAction(self._remove_action)

    def _make_fields(self) -> None:
        self._url = CopyField("webhooks.url", "URL on this computer")
        self._public = CopyField("webhooks.hook.public_url", "Public URL")
        self._token = CopyField("webhooks.token", "Secret token", secret=True)
        self._sent_as = label(role="muted", elide=True)
        self._sent_as.setObjectName("webhooks.sent_as")
        self._command = button("Copy as cURL, with the token", "webhooks.command")
        self._command.setProperty("size", "small")
        self._command.setToolTip("A command for a terminal that delivers to this hook")
        self._forward = ElidedEdit(placeholderText="http://localhost:3000/webhooks")
        self._forward.setObjectName("webhooks.forward")
        self._forward.setAccessibleName("Pass deliveries on to")
        self._problem = label(role="problem", wrap=True)
        self._problem.setObjectName("webhooks.forward_problem")
        self._setup = button("Set up in Refiner", "webhooks.setup", icon="mdi6.web")
        self._sample = button("Send a sample…", "webhooks.sample", icon="mdi6.flask-outline")
        self._sample.setToolTip(
            "An event of your making. The sandbox delivers one of its own when you track "
            "“project_shared” for a user."
        )

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE // 2)
        for each in (self._add, self._edit, self._remove):
            buttons.addWidget(each)
        form = QFormLayout()
        form.setSpacing(SPACE // 2)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._public_title = QLabel("Public URL")
        form.addRow("URL on this computer", self._url)
        form.addRow(self._public_title, self._public)
        form.addRow("Secret token", self._token)
        form.addRow(self._sent_as)
        form.addRow(self._command)
        form.addRow("Pass deliveries on to", self._forward)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, SPACE, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(label("Hooks", "heading"))
        layout.addWidget(self._list)
        layout.addWidget(self._only)
        layout.addLayout(buttons)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        layout.addWidget(self._setup)
        layout.addWidget(self._sample)
        layout.addStretch(1)
        self.setWidget(inner)

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._on_row_changed)
        self._list.itemActivated.connect(lambda _item: self._tell(self.edit_requested))
        self._only.clicked.connect(lambda _checked: self._tell_only())
        self._add.clicked.connect(self.add_requested)
        self._edit.clicked.connect(lambda: self._tell(self.edit_requested))
        self._remove.clicked.connect(lambda: self._tell(self.remove_requested))
        self._remove_action.triggered.connect(lambda: self._tell(self.remove_requested))
        self._setup.clicked.connect(self.setup_requested)
        self._sample.clicked.connect(self.sample_requested)
        self._command.clicked.connect(lambda: self.command_requested.emit(self.chosen))
        self._forward.textEdited.connect(lambda: self._say_problem(""))
        self._forward.editingFinished.connect(self._on_forward_edited)

    def _tell(self, signal: SignalInstance) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen.hook)

    def _tell_only(self) -> None:
        wanted = self.chosen is not None and self._only.isChecked()
        self.only_requested.emit(self.chosen.hook.name if self.chosen and wanted else "")

    def _on_row_changed(self, row: int) -> None:
        self._forward.setModified(False)
        self._show_hook(row)
        if self._only.isChecked():
            self._tell_only()
        self.hook_chosen.emit()

    def _show_hook(self, row: int) -> None:
        shown = self._hooks[row] if 0 <= row < len(self._hooks) else None
        for each in (
            self._only,
            self._edit,
            self._remove,
            self._forward,
            self._setup,
            self._sample,
            self._command,
        ):
            each.setEnabled(shown is not None)
        self._url.set_text(shown.url if shown else "")
        self._token.set_text(shown.hook.token.reveal() if shown else "")
        self._sent_as.setText(sent_as(shown.hook) if shown else "")
        public = shown.public_url if shown else ""
        self._public.set_text(public)
        for part in (self._public, self._public_title):
            part.setVisible(bool(public))
        if not (self._forward.hasFocus() and self._forward.isModified()):
            self._forward.setText(shown.hook.forward_to if shown else "")
            failure = shown.failure if shown else ""
            self._say_problem(f"Not passed on: {failure.rstrip('.')}." if failure else "")

    def _on_forward_edited(self) -> None:
        url = self._forward.text().strip()
        if self.chosen is None or url == self.chosen.hook.forward_to:
            return
        if problem := what_is_wrong(url):
            self._say_problem(problem, wrong=True)
        else:
            self._forward.setModified(False)
            self.forward_changed.emit(self.chosen.hook, url)

    def take_back_forward(self) -> None:
        """Show the target that holds: the one that was typed was not agreed to."""
        self._forward.setModified(False)
        self._show_hook(self._list.currentRow())

    def _say_problem(self, text: str, *, wrong: bool = False) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        restyle(self._forward, "wrong", "true" if wrong else "false")
