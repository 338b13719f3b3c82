"""Sample events: made of what the environment has, changed at will, posted to a hook."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.api.errors import ApiError
from refiner_desktop.services.deliveries.bursts import Burst
from refiner_desktop.services.deliveries.samples import Samples
from refiner_desktop.services.environments.connection import NotConnected
from refiner_desktop.services.problems import describe
from refiner_desktop.services.requests.json_mistakes import json_mistake
from refiner_desktop.ui.amounts import milliseconds, number
from refiner_desktop.ui.styling import button, label, restyle, size_dialog
from refiner_desktop.ui.tabs.console.body_edit import BodyEdit
from refiner_desktop.ui.tabs.webhooks.burst_row import BurstRow
from refiner_desktop.ui.tabs.webhooks.sample_choices import SampleChoices
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.samples import ANSWERS, Wish

WIDTH, HEIGHT = 640, 620
CHECK_MS = 150
OFFERS, ANSWERS_OF, CONTACTS, POST, BURST = (
    "offers of samples", "answers of samples", "contacts of samples", "post a sample",
    "post a burst",
)  # fmt: skip
NOT_CONNECTED = "Not connected: the sample is made up. Connect to choose surveys and contacts."
READING = "Reading surveys, segments and contacts to choose from…"
OPEN_AGAIN = "The sample is made up. Close this window and open it again to try again."
NOT_LISTENING = "The listener is off: start it, then send."


class SamplesDialog(QDialog):
    """Stays open while samples are posted; closing it stops a burst.

    Signals: `seen_requested()` when the newest sample is to be seen in the list.
    """

    seen_requested = Signal()

    def __init__(self, parent: QWidget, samples: Samples, tasks: TaskRunner) -> None:
        super().__init__(parent)
        self.setWindowTitle("Send a sample")
        self._samples = samples
        self._tasks = tasks
        self._answers = ANSWERS
        self._listening = True
        self._opened_for = ""
        self._choices = SampleChoices()
        self._body = BodyEdit()
        self._body.setObjectName("webhooks.sample.body")
        self._body.setAccessibleName("Payload of the sample")
        self._note = label(role="muted", wrap=True)
        self._note.setObjectName("webhooks.sample.note")
        self._anew = button("Start over", "webhooks.sample.anew", icon="mdi6.refresh")
        self._anew.setToolTip("Another response with the times of now, without your changes")
        self._post = button("Send", "webhooks.sample.post", role="primary", icon="mdi6.send")
        self._post.setDefault(True)
        self._close = button("Close", "webhooks.sample.close")
        self._burst = BurstRow()
        self._pause = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._lay_out()
        self._connect()

    def open_for(self, hooks: Sequence[Hook], chosen: Hook | None) -> None:
        """Open it, with what the environment offers now.

        What was chosen and written stays, unless it is opened for another hook.
        """
        anew = self._choices.hook is None or (chosen and chosen.id != self._opened_for)
        self._choices.show_hooks(hooks, chosen if anew else None)
        if anew:
            self._opened_for = chosen.id if chosen else ""
            self._draft()
        self._say(READING)
        self._burst.clear()
        self._check()
        self._tasks.start(OFFERS, self._offer())
        self.open()
        self._post.setFocus()

    def show_listening(self, listening: bool) -> None:
        """Say whether there is anybody to post to."""
        self._listening = listening
        self._check()

    def _lay_out(self) -> None:
        size_dialog(self, WIDTH, HEIGHT)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._anew)
        buttons.addStretch(1)
        buttons.addWidget(self._post)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(label("Send a sample", "heading"))
        layout.addWidget(self._choices)
        layout.addWidget(self._body, 1)
        layout.addWidget(self._note)
        layout.addWidget(self._burst)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        choices = self._choices
        choices.changed.connect(self._draft)
        choices.survey_chosen.connect(self._on_survey_chosen)
        choices.contacts_searched.connect(
            lambda words: self._tasks.start(CONTACTS, self._find(words))
        )
        self._body.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._check)
        self._anew.clicked.connect(self._draft)
        self._post.clicked.connect(lambda: self._tasks.start(POST, self._post_one()))
        self._burst.start_requested.connect(self._on_burst_wanted)
        self._burst.stop_requested.connect(lambda: self._tasks.cancel(BURST))
        self._burst.seen_requested.connect(self._on_seen_requested)
        self._close.clicked.connect(self.reject)
        self.finished.connect(self._on_finished)

    def _draft(self) -> None:
        choices = self._choices
        wish = Wish(choices.kind, choices.contact, choices.survey, choices.segment, self._answers)
        self._body.setPlainText(self._samples.draft(wish))
        self._check()

    def _check(self) -> None:
        self._pause.stop()
        mistake = json_mistake(self._body.toPlainText())
        self._body.show_mistake(mistake.place if mistake else None)
        if not self._listening:
            self._say(NOT_LISTENING, "warning")
        elif mistake:
            self._say(f"No JSON, but it can be sent all the same. {mistake}", "warning")
        elif self._note.property("role") == "warning":
            self._say("")
        ready = self._listening and self._choices.hook is not None
        self._post.setEnabled(ready)
        self._burst.allow(allowed=ready)

    async def _offer(self) -> None:
        try:
            surveys, segments = await self._samples.surveys(), await self._samples.segments()
            contacts = await self._samples.contacts()
        except NotConnected:
            if self._note.property("role") != "warning":
                self._say(NOT_CONNECTED)
        except ApiError as exc:
            self._say(f"{describe(exc)} {OPEN_AGAIN}", "danger")
        else:
            self._choices.offer(surveys, segments)
            self._choices.offer_contacts(contacts, choose=False)
            if self._note.text() == READING:
                self._say("")

    async def _find(self, words: str) -> None:
        try:
            contacts = await self._samples.contacts(words)
        except (NotConnected, ApiError) as exc:
            self._say(str(describe(exc)), "danger")
            return
        self._choices.offer_contacts(contacts, choose=True)
        found = f"{number(len(contacts))} contacts" if len(contacts) != 1 else "1 contact"
        several = " Choose one of them." if len(contacts) > 1 else ""
        self._say(f"{found} found.{several}" if contacts else f"No contact is like “{words}”.")
        self._draft()

    def _on_survey_chosen(self, survey: object) -> None:
        self._answers = ANSWERS
        self._draft()
        if survey is not None:
            self._tasks.start(ANSWERS_OF, self._take_answers())

    async def _take_answers(self) -> None:
        """Let the sample have answers of the survey's own questions."""
        survey = self._choices.survey
        if survey is None:
            return
        try:
            self._answers = await self._samples.answers(survey.uuid)
        except (NotConnected, ApiError) as exc:
            self._say(str(describe(exc)), "danger")
        else:
            self._draft()

    async def _post_one(self) -> None:
        if (hook := self._choices.hook) is None:
            return
        outcome = await self._samples.post(hook, self._body.toPlainText())
        if outcome.status is None:
            self._burst.say(f"Not delivered: {outcome.error}", well=False, kept=False)
            return
        took = milliseconds(outcome.seconds)
        said = f"{hook.name} answered {outcome.status} in {took}."
        self._burst.say(said, well=outcome.taken, kept=True)

    def _on_burst_wanted(self, burst: Burst) -> None:
        self._tasks.start(BURST, self._post_many(burst), label="Sending a burst of samples")

    async def _post_many(self, burst: Burst) -> None:
        if (hook := self._choices.hook) is None:
            return
        self._burst.show_running(running=True)
        self._say("")
        try:
            text = self._body.toPlainText()
            await self._samples.burst(hook, text, burst, self._burst.show_state)
        finally:
            self._burst.show_running(running=False)
            self._check()
            self._post.setFocus()

    def _say(self, text: str, role: str = "muted") -> None:
        self._note.setText(text)
        restyle(self._note, "role", role)

    def _on_seen_requested(self) -> None:
        self.reject()
        self.seen_requested.emit()

    def _on_finished(self) -> None:
        for name in (OFFERS, ANSWERS_OF, CONTACTS, POST, BURST):
            self._tasks.cancel(name)
