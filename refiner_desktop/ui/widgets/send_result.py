"""What came back from an identify or track call, and the webhooks that it caused."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.services.users.sends import KeptSend
from refiner_desktop.services.users.tracking import Caused, Sent
from refiner_desktop.storage.sends import SendState
from refiner_desktop.ui.amounts import milliseconds, number
from refiner_desktop.ui.moments import clock, exact, moment
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane
from refiner_desktop.webhooks.delivery import Delivery

SHOWN_CAUSES = 5
NOT_SENT = "Nothing sent yet."
ANSWER_HERE = "Fill in the form and send it: the answer of the service appears here."
WAITING = "Waiting for the answer of the service. The status bar has a Cancel for it."
NO_ANSWER = "There is no answer to show; the sentence above says why, and what can be done."
CANCELLED = "Cancelled. It may have reached Refiner all the same."
LISTENER_OFF = "Start the listener on the Webhooks tab to see here which webhooks a call causes."
LISTENER_ON = "The webhooks that this call causes will appear here."
NONE_CAME = (
    "No webhook has come so far. Refiner sends one when a user enters a segment or answers a "
    "survey, and only where a webhook is set up for that."
)
PATIENCE_MS = 5_000
"""Without a webhook; most come within a second."""

_STATES = {
    SendState.IN_FLIGHT: ("Its answer has not come yet.", "muted"),
    SendState.FAILED: ("It did not work: {error}", "danger"),
    SendState.INTERRUPTED: (
        "The application ended before an answer came: it may have been carried out.",
        "warning",
    ),
}


class SendResult(QWidget):
    """A sentence, the answer as JSON, and one line for every delivery that followed.

    Signals: `contact_wanted(user_id, email)` when a person wants to see the contact.
    """

    contact_wanted = Signal(str, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._sent: Sent | None = None
        self._user = ("", "")
        self._waiting = self._listening = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_causes)
        self._early: list[Delivery] = []
        self._causes: list[Caused] = []
        self._sentence = label(NOT_SENT, "muted", wrap=True)
        form = name.partition(".")[0]
        self._link = button("Show the contact", f"{form}.contact", icon="mdi6.account-arrow-right")
        self._link.setToolTip("Opens the contact in the Contacts tab")
        self._link.setEnabled(False)
        self._link.clicked.connect(lambda: self.contact_wanted.emit(*self._user))
        self.answer = text_pane(name, "Answer")
        self.answer.view.set_placeholder(ANSWER_HERE)
        self._caused = label(role="success", wrap=True)
        self._caused.hide()
        self._lay_out()

    @property
    def expects_deliveries(self) -> bool:
        """Whether a call was made whose deliveries are of interest."""
        return self._waiting or self._sent is not None

    @property
    def is_waiting(self) -> bool:
        """Whether a call is on its way."""
        return self._waiting

    def clear(self) -> None:
        """Show nothing of an earlier call."""
        self._begin(ANSWER_HERE)
        self._say(NOT_SENT, "muted")

    def show_waiting(self) -> None:
        """Say that the call is on its way."""
        self._begin(WAITING, waiting=True)
        self._say("Sending…", "muted")

    def show_failed(self, sentence: str, *, unknown: bool) -> None:
        """Say that the call did not work, or that nobody knows whether it did."""
        self._begin(NO_ANSWER)
        self._say(sentence, "warning" if unknown else "danger")

    def show_cancelled(self) -> None:
        """Say that nobody waited for the answer."""
        self._begin(NO_ANSWER)
        self._say(CANCELLED, "warning")

    def show_sent(self, sent: Sent) -> None:
        """Show the answer, when the call was made and how long it took."""
        self._waiting, self._sent = False, sent
        took = f"{sent.sentence} in {milliseconds(sent.seconds)}"
        self._say(f"{took}, at {clock(sent.started_at)}.", "success")
        self._sentence.setToolTip(exact(sent.started_at))
        self._show_answer(sent.answer, (sent.user_id, sent.email))
        self._patience.start()
        self._show_causes()
        for delivery in self._early:
            self.show_delivery(delivery)
        self._early.clear()

    def show_earlier(self, kept: KeptSend) -> None:
        """Show what came back from an earlier call."""
        self._begin(NO_ANSWER)
        said, role = _STATES.get(kept.state, ("", "success"))
        if kept.state is SendState.ANSWERED and kept.seconds is not None:
            said = f"The answer came in {milliseconds(kept.seconds)}."
        self._say(f"Sent {moment(kept.sent_at)}. {said.format(error=kept.error)}", role)
        self._sentence.setToolTip(exact(kept.sent_at))
        self._show_answer(kept.answer, (kept.draft.user_id, kept.draft.email))

    def show_delivery(self, delivery: Delivery) -> None:
        """Add a line if the call caused this delivery; it may come before the answer."""
        if self._waiting:
            self._early.append(delivery)
        elif self._sent and (cause := self._sent.caused(delivery)):
            self._causes.append(cause)
            self._show_causes()

    def show_listening(self, listening: bool) -> None:
        """Say whether webhooks can arrive."""
        self._listening = listening
        self._show_causes()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        layout.addWidget(self.answer, 1)
        layout.addWidget(self._caused)

    def _begin(self, nothing: str, *, waiting: bool = False) -> None:
        """Forget the call so far; `nothing` is what the answer's place says without one."""
        self._sent, self._waiting = None, waiting
        self._early.clear()
        self._causes.clear()
        self._show_causes()
        self._link.setEnabled(False)
        self.answer.view.set_placeholder(nothing)
        self.answer.view.clear()

    def _show_answer(self, answer: bytes, user: tuple[str, str]) -> None:
        self._user = user
        self._link.setEnabled(bool(answer))
        if answer:
            self.answer.view.set_json(answer)

    def _show_causes(self) -> None:
        """Show the deliveries of now, or what it takes to see some."""
        lines = [
            f"→ {cause.sentence}, {milliseconds(cause.seconds_later)} later"
            for cause in self._causes[:SHOWN_CAUSES]
        ]
        if more := len(self._causes) - SHOWN_CAUSES:
            lines += [f"→ and {number(more)} more, on the Webhooks tab"] if more > 0 else []
        expected = LISTENER_ON if self._patience.isActive() else NONE_CAME
        hint = expected if self._listening else LISTENER_OFF
        self._caused.setText("\n".join(lines) or hint)
        restyle(self._caused, "role", "success" if lines else "muted")
        self._caused.setVisible(self._sent is not None)

    def _say(self, text: str, role: str) -> None:
        self._sentence.setText(text)
        self._sentence.setToolTip("")
        restyle(self._sentence, "role", role)
