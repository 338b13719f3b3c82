"""What the Identify and the Track page have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.problems import describe
from refiner_desktop.services.users.draft_places import changed_place
from refiner_desktop.services.users.form_drafts import Draft, Form, FormDrafts
from refiner_desktop.services.users.sends import KeptSend, SendHistory
from refiner_desktop.services.users.tracking import Sent, TrackingService
from refiner_desktop.ui.steps import Steps, leaves_steps
from refiner_desktop.ui.styling import button, label, pages
from refiner_desktop.ui.tabs.users.draft_marks import DraftMarks
from refiner_desktop.ui.tabs.users.draft_memory import DraftMemory
from refiner_desktop.ui.tabs.users.send_list import READING, UNREAD, SendList
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.draft_form import DraftForm
from refiner_desktop.ui.widgets.headed import headed
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable
from refiner_desktop.ui.widgets.send_result import SendResult
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

NOTHING = "Fill in the form to see what will be sent."
HEIGHTS = (30_000, 20_000)
"""More than there is: what will be sent gets three fifths of it."""

HALF = 10_000
"""More than there is: both sides get the same."""

ENTERED = "entered"
"""The place of the steps that another environment's draft is shown by."""

ROW_ROOM = 60
"""So many pixels are shown above and below the cell that a person goes to."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class UserForms:
    """The services behind the forms for one user."""

    tracking: TrackingService
    sends: SendHistory
    drafts: FormDrafts


@dataclass(frozen=True, slots=True)
class Wording:
    """What a page says. `unknown` is for a call that may have been carried out or not."""

    introduction: str
    action: str
    icon: str
    running: str
    done: str
    unknown: str


class DraftPage(QWidget):
    """A form beside what came back, and what was sent before.

    It is sent once, however often the button is hit or Enter repeats itself. What is typed is
    kept, and can be taken back step by step. Subclasses add their fields and say what stands in
    them. Signals: `announced(text)` and `sent(draft)` after a successful call;
    `contact_wanted(user_id, email)`.
    """

    announced = Signal(str)
    sent = Signal(object)
    contact_wanted = Signal(str, str)

    def __init__(self, form: Form, wording: Wording, forms: UserForms, tasks: TaskRunner) -> None:
        super().__init__()
        self.kind = form
        self.name = form.value
        self._wording = wording
        self.forms = forms
        self.tasks = tasks
        self._lines: dict[str, QLineEdit] = {}
        self._showing = False
        self._environment = ""
        self._memory = DraftMemory(form, forms.drafts, tasks, self._show_kept, self)
        # So long after the last attempt to send, a further one is the same double click.
        self._repeat = QTimer(self, singleShot=True, interval=QApplication.doubleClickInterval())
        self.form = DraftForm()
        self._marks = DraftMarks(self.form)
        self.result = SendResult(f"{self.name}.result")
        self.history = SendList(form)
        self.preview = text_pane(f"{self.name}.preview", "JSON that will be sent", NOTHING)
        self._fields = QWidget()
        self._scroll = QScrollArea(widgetResizable=True)
        self.call = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self.call.setObjectName(f"{self.name}.split.call")
        self._send_button = button(
            wording.action, f"{self.name}.send", role="primary", icon=wording.icon
        )
        self._clear_button = button("Clear", f"{self.name}.clear", role="quiet", icon="mdi6.eraser")
        self._steps = Steps[Draft](f"{self.name}.undo", self._put_back, self)
        self._before = self.empty()
        self.user_id = self.add_line("user_id", "User id", "Your own id of the user")
        self.email = self.add_line("email", "E-mail", "name@example.org")
        self._lay_out()
        self._connect()

    # What subclasses say

    def draft(self) -> Draft:
        """Return what stands in the form."""
        raise NotImplementedError

    def show_draft(self, draft: Draft) -> None:
        """Put a draft into the fields; those that say the same already stay as they are."""
        raise NotImplementedError

    def empty(self) -> Draft:
        """Return the draft of an empty form."""
        raise NotImplementedError

    async def deliver(self, draft: Draft) -> Sent:
        """Send a draft."""
        raise NotImplementedError

    def above(self) -> QWidget:
        """Return what stands above the answer: what will be sent."""
        return headed(self.preview, label("What will be sent", "heading"))

    def commit(self) -> None:
        """Take over what is still being typed."""

    # What a person does

    def add_line(self, field: str, title: str, example: str) -> QLineEdit:
        """Add a line to type into; Enter in it sends the form."""
        edit = QLineEdit(placeholderText=example)
        edit.setObjectName(f"{self.name}.{field}")
        edit.textChanged.connect(self.on_edited)
        edit.returnPressed.connect(self._on_return)
        edit.editingFinished.connect(self._on_left)
        edit.installEventFilter(self)
        self._lines[field] = edit
        self.form.add(field, title, edit)
        return edit

    def send(self) -> None:
        """Send the form once, unless something in it stops the call."""
        self.commit()
        draft = self.draft()
        self.mark_all(draft)
        stops = next((problem for problem in draft.problems() if problem.stops), None)
        if stops is not None:
            self.form.focus(stops.field, stops.row)
            return
        again = self._repeat.isActive() or self.tasks.running(self.name)
        self._repeat.start()
        if not again:
            self.tasks.start(self.name, self._send(draft), label=self._wording.running)

    def replace(self, draft: Draft) -> None:
        """Put another draft into the form, in a step that can be taken back."""
        self._steps.add(self.draft(), draft)
        self._put_back(draft)

    def enter_environment(self, environment: str) -> None:
        """Show what was typed and sent in an environment, by its id; at first that is nothing.

        What stood in the form belongs to another one. It can be brought back in one step.
        """
        self.tasks.cancel(self.name)
        self.result.clear()
        self._steps.forget()
        if self._environment not in ("", environment):
            self._steps.add(self.draft(), self.empty(), ENTERED)
            self._put(self.empty())
        self._environment = environment
        self._memory.enter(environment)
        self.read_history()

    async def put_away(self) -> None:
        """Keep what was typed last."""
        await self._memory.put_away()

    def read_history(self) -> None:
        """Show the calls of before that are wanted."""
        self.tasks.start(f"{self.name} history", self._show_history())

    def on_edited(self) -> None:
        """Mark what is wrong with what was just typed, and keep it."""
        if self._showing:
            return
        draft = self.draft()
        self._marks.show(draft)
        self.on_changed(draft)
        self._steps.add(self._before, draft, changed_place(self._before, draft))
        self._before = draft
        self._memory.remember(draft)

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Let what is written into the fields be no step of its own."""
        self._showing = True
        try:
            yield
        finally:
            self._showing = False

    def mark_all(self, draft: Draft) -> None:
        """Mark everything that is wrong or missing."""
        self._marks.try_to_send()
        self._marks.show(draft)

    def follow(self, table: KeyValueTable) -> None:
        """Keep the cell in sight that a person goes to."""

        def show(place: QRect) -> None:
            at = table.mapTo(self._fields, place.center())
            self._scroll.ensureVisible(at.x(), at.y(), 0, ROW_ROOM)

        table.stepped.connect(show)

    def on_changed(self, draft: Draft) -> None:
        """Show what would be sent now."""
        payload = draft.payload()
        self.preview.view.set_json(msgspec.json.encode(payload) if payload else b"")

    # How it is sent

    async def _send(self, draft: Draft) -> None:
        self.result.show_waiting()
        self._pages.setCurrentIndex(0)
        try:
            sent = await self.deliver(draft)
        except asyncio.CancelledError:
            if self.result.is_waiting:
                self.result.show_cancelled()
            raise
        except Exception as exc:
            unknown = getattr(exc, "maybe_done", False)
            failed = f"{describe(exc).title} The form is as it was; the message above says more."
            self.result.show_failed(self._wording.unknown if unknown else failed, unknown=unknown)
            raise
        self.result.show_sent(sent)
        self.announced.emit(self._wording.done)
        self.sent.emit(draft)

    async def _show_history(self) -> None:
        self.history.say(READING)
        try:
            sends = await self.forms.sends.recent(self.kind, self.history.words)
        except Exception:
            self.history.say(UNREAD)
            raise
        self.history.show_sends(sends)

    def _open(self, kept: KeptSend) -> None:
        self.replace(kept.draft)
        self.result.show_earlier(kept)
        self._pages.setCurrentIndex(0)

    def _repeat_send(self, kept: KeptSend) -> None:
        self.replace(kept.draft)
        self.send()

    # How it looks

    def _put_back(self, draft: Draft) -> None:
        """Show a draft that a person has chosen, and keep it."""
        self._put(draft)
        self._memory.remember(draft)

    def _show_kept(self, draft: Draft) -> None:
        """Show what was typed in this environment before."""
        if self._steps:  # what stood here when it was entered comes back in the same step
            self._steps.add(self.draft(), draft, ENTERED)
        self._put(draft)

    def _put(self, draft: Draft) -> None:
        """Show a draft that nobody types."""
        with self.unheard():
            self.show_draft(draft)
        self._before = draft
        self._marks.begin_anew()
        self._marks.show(draft)
        self.on_changed(draft)

    def _on_left(self) -> None:
        if self._showing or not self.isVisible():
            return  # a window that is taken apart takes the focus from its fields
        self._marks.leave(field for field, edit in self._lines.items() if edit.text().strip())
        self._marks.show(self.draft())

    def _on_return(self) -> None:
        if not any(map(_is_choosing, self._lines.values())):
            self.send()

    def _connect(self) -> None:
        self._send_button.clicked.connect(self.send)
        self._clear_button.clicked.connect(lambda: self.replace(self.empty()))
        self.history.searched.connect(lambda _words: self.read_history())
        self.history.reopened.connect(self._open)
        self.history.repeated.connect(self._repeat_send)
        self.result.contact_wanted.connect(self.contact_wanted)
        self.forms.sends.changed.connect(self._on_sends_changed)

    def _on_sends_changed(self, form: Form) -> None:
        if form is self.kind:
            self.read_history()

    def _lay_out(self) -> None:
        self.call.addWidget(self.above())
        self.call.addWidget(headed(self.result, label("Answer", "heading")))
        self.setTabOrder(self.preview.view, self.result.answer.view)
        self.call.setSizes(HEIGHTS)
        self._pages = pages("Calls", f"{self.name}.pages")
        self._pages.addTab(self.call, "This call")
        self._pages.addTab(self.history, "Earlier calls")
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(SPACE, 0, 0, 0)
        column.addWidget(self._pages)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.setObjectName(f"{self.name}.split.form")
        splitter.addWidget(self._left())
        splitter.addWidget(right)
        splitter.setSizes([HALF, HALF])
        layout = QVBoxLayout(self)
        layout.addWidget(splitter)

    def _left(self) -> QWidget:
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(SPACE * 2)
        column.addWidget(label(self._wording.introduction, "muted", wrap=True))
        column.addWidget(self.form)
        column.addStretch(1)
        self._scroll.setProperty("role", "page")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing to do in it itself
        self._scroll.setWidget(self._fields)
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE * 2)
        layout.addWidget(self._scroll, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._send_button)
        row.addStretch(1)
        row.addWidget(self._steps.button)
        row.addWidget(self._clear_button)
        layout.addLayout(row)
        return side

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter that is held down count once, and leave steps back to the whole form."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return event.isAutoRepeat() and event.key() in _ENTER
        if leaves_steps(event):
            return True
        return super().eventFilter(watched, event)


def write(edit: QLineEdit, text: str) -> None:
    """Let a line say something; its cursor stays where it says it already."""
    if edit.text().strip() != text:
        edit.setText(text)


def _is_choosing(edit: QLineEdit) -> bool:
    """Whether Enter takes an entry of the open list of completions, and means nothing else."""
    completer: QCompleter | None = edit.completer()
    popup = completer.popup() if completer is not None else None
    return popup is not None and popup.isVisible() and popup.currentIndex().isValid()
