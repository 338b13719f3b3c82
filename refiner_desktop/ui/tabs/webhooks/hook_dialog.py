"""Everything about one hook, to be made or changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.secret import Secret
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import button, caption, label, pages, restyle
from refiner_desktop.ui.tabs.webhooks.careful_dialog import CarefulDialog
from refiner_desktop.ui.tabs.webhooks.delivery_words import KIND_WORDS
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable
from refiner_desktop.ui.widgets.secret_edit import SecretEdit
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import LONGEST_DELAY, Hook, HookAnswer, new_token, path_for

WIDTH = 560
BODY_HEIGHT, HEADERS_HEIGHT = 70, 130
KINDS = tuple(kind for kind in Kind if kind is not Kind.OTHER)
WATCHES_HINT = "Nothing ticked means everything. What comes besides is kept all the same."
TOKEN_HINT = (
    "Refiner sends it in this header. Without a token, anyone who reaches the hook may deliver."
)
ANSWER_HINT = (
    "What Refiner gets for a genuine delivery, once it is kept. Other statuses and a delay let you "
    "see what the sender makes of them."
)


ProblemsOf = Callable[[Hook], dict[str, str]]
"""What keeps a hook from being as it is just now: a sentence for each wrong field."""


class HookDialog(CarefulDialog):
    """Asks for name, path, what it watches, its token, and the answer that it gives.

    It stays open until `problems_of` has nothing against the hook.
    """

    def __init__(
        self,
        parent: QWidget,
        hook: Hook,
        problems_of: ProblemsOf,
        tasks: TaskRunner,
        *,
        new: bool,
    ) -> None:
        title = "Add a hook" if new else f"Edit {hook.name}"
        super().__init__(parent, title, "Add" if new else "Save", tasks)
        self._hook, self._problems_of = hook, problems_of
        self._follows_name = new
        self._make_identity(hook)
        self._make_answer(hook.answer)
        self._pages = pages("Parts of the hook")
        self._pages.addTab(self._identity_page(), "Hook")
        self._pages.addTab(self._answer_page(), "Answer")
        self.fields.addWidget(self._pages)
        self.setMinimumWidth(scaled(WIDTH))
        self._connect()
        self._check()
        self._name.setFocus()
        self._name.selectAll()

    def hook(self) -> Hook:
        """Return the hook as it was given."""
        answer = HookAnswer(
            self._status.value(),
            tuple((row.key.strip(), row.value) for row in self._headers.rows() if row.on),
            self._body.toPlainText(),
            self._delay.value() / 1000,
        )
        return replace(
            self._hook,
            name=self._name.text().strip(),
            path=self._path.text().strip(),
            watches=frozenset(kind for kind, box in self._kinds.items() if box.isChecked()),
            token=Secret(self._token.edit.text().strip()),
            header=self._header.text().strip(),
            prefix=self._prefix.text().strip(),
            answer=answer,
        )

    def changed(self) -> bool:
        """Whether the hook is another than the one that was given."""
        return self.hook() != self._hook

    def _make_identity(self, hook: Hook) -> None:
        self._name = _line("webhooks.hook.name", hook.name)
        self._path = _line("webhooks.hook.path", hook.path)
        self._random = button("Random suffix", "webhooks.hook.random", icon="mdi6.dice-multiple")
        self._random.setToolTip("Ends the path with what nobody guesses")
        self._kinds = {kind: QCheckBox(KIND_WORDS[kind]) for kind in KINDS}
        for kind, box in self._kinds.items():
            box.setChecked(kind in hook.watches)
        self._token = SecretEdit("webhooks.hook.token", "Secret token")
        self._token.edit.setText(hook.token.reveal())
        self._fresh = button("New", "webhooks.hook.new_token", icon="mdi6.refresh")
        self._fresh.setAccessibleName("New token")
        self._fresh.setToolTip("Makes another token; Refiner must be given it too")
        self._header = _line("webhooks.hook.header", hook.header)
        self._prefix = _line("webhooks.hook.prefix", hook.prefix)
        self._prefix.setMaximumWidth(110)

    def _make_answer(self, answer: HookAnswer) -> None:
        self._status = QSpinBox(minimum=200, maximum=599, value=answer.status)
        self._status.setObjectName("webhooks.hook.status")
        self._status.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._delay = QSpinBox(minimum=0, maximum=round(LONGEST_DELAY * 1000), suffix=" ms")
        self._delay.setObjectName("webhooks.hook.delay")
        self._delay.setGroupSeparatorShown(True)
        self._delay.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._delay.setValue(round(answer.delay * 1000))
        for field in (self._status, self._delay):
            field.lineEdit().setTextMargins(SPACE - 1, 0, SPACE - 1, 0)
        self._headers = KeyValueTable("webhooks.hook.headers", "Headers of the answer")
        self._headers.set_rows([KeyValue(name, value=value) for name, value in answer.headers])
        self._body = QPlainTextEdit(answer.body)
        self._body.setObjectName("webhooks.hook.body")
        self._body.setTabChangesFocus(True)
        self._body.setFixedHeight(scaled(BODY_HEIGHT))
        self._headers.setFixedHeight(scaled(HEADERS_HEIGHT))

    def _identity_page(self) -> QWidget:
        kinds = QGridLayout()
        kinds.setVerticalSpacing(SPACE)
        for place, box in enumerate(self._kinds.values()):
            kinds.addWidget(box, place // 2, place % 2)
        watches = QVBoxLayout()
        watches.setSpacing(SPACE)
        watches.addLayout(kinds)
        watches.addWidget(label(WATCHES_HINT, "muted", wrap=True))
        page, form = _form()
        form.addRow(caption("Name", self._name), self._name)
        form.addRow(caption("Path", self._path), _row(self._path, self._random))
        form.addRow("Events", watches)
        form.addRow(caption("Secret token", self._token), _row(self._token, self._fresh))
        form.addRow(caption("In header", self._header), _row(self._header, self._prefix))
        self._prefix.setAccessibleName("Word before the token")
        form.addRow("", label(TOKEN_HINT, "muted", wrap=True))
        return page

    def _answer_page(self) -> QWidget:
        page, form = _form()
        form.addRow(label(ANSWER_HINT, "muted", wrap=True))
        form.addRow(caption("Status", self._status), self._status)
        form.addRow(caption("Delay", self._delay), self._delay)
        form.addRow(caption("Headers", self._headers, high=True), self._headers)
        form.addRow(caption("Body", self._body, high=True), self._body)
        return page

    def _connect(self) -> None:
        for edit in (self._name, self._path, self._header, self._prefix, self._token.edit):
            edit.textChanged.connect(self._check)
        self._name.textEdited.connect(self._on_name_edited)
        self._path.textEdited.connect(self._on_path_edited)
        self._random.clicked.connect(self._on_random_wanted)
        self._fresh.clicked.connect(lambda: self._token.edit.setText(new_token().reveal()))
        self._status.valueChanged.connect(self._check)
        self._delay.valueChanged.connect(self._check)
        self._headers.edited.connect(self._check)

    def _check(self) -> None:
        problems = self._problems_of(self.hook())
        self.go_on.setEnabled(not problems)
        self.say(" ".join(problems.values()))
        named = {"name": self._name, "path": self._path, "header": self._header}
        for field, edit in (*named.items(), ("token", self._token.edit)):
            restyle(edit, "wrong", "true" if field in problems else "false")
            edit.setAccessibleDescription(problems.get(field, ""))

    def _on_name_edited(self, name: str) -> None:
        if self._follows_name:
            self._path.setText(path_for(name))

    def _on_path_edited(self) -> None:
        self._follows_name = False

    def _on_random_wanted(self) -> None:
        self._follows_name = False
        self._path.setText(path_for(self._name.text(), unguessable=True))

    # Reimplemented Qt methods

    def accept(self) -> None:
        self._check()  # a tunnel may have opened it to others since the last key
        if self.go_on.isEnabled():
            super().accept()


def _line(name: str, text: str) -> QLineEdit:
    edit = QLineEdit(text)
    edit.setObjectName(name)
    return edit


def _form() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(0, SPACE * 2, 0, 0)
    form.setHorizontalSpacing(SPACE * 2)
    form.setVerticalSpacing(SPACE)
    return page, form


def _row(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE)
    row.addWidget(first, 1)
    row.addWidget(second)
    return row
