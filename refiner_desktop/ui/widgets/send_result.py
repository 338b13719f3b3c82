"""What came back from an identify or track call, and the webhooks that it caused."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.services.tracking import Caused, Sent
from refiner_desktop.ui.styling import label, restyle, text_pane
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import Delivery

SHOWN_CAUSES = 5
NOT_SENT = "Nothing sent yet."


class SendResult(QWidget):
    """A sentence, the answer as JSON, and one line for every delivery that followed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._sent: Sent | None = None
        self._waiting = False
        self._early: list[Delivery] = []
        self._causes: list[Caused] = []
        self._sentence = label(NOT_SENT, "muted", wrap=True)
        self._answer = text_pane(name, "Answer")
        self._answer.view.set_placeholder("The answer of the service appears here.")
        self._caused = label(role="success", wrap=True)
        self._caused.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._sentence)
        layout.addWidget(self._caused)
        layout.addWidget(self._answer, 1)

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
        self._begin(waiting=False)
        self._say(NOT_SENT, "muted")

    def show_waiting(self) -> None:
        """Say that the call is on its way."""
        self._begin(waiting=True)
        self._say("Sending…", "muted")

    def show_failed(self) -> None:
        """Say that the call did not work; the message bar says why."""
        self._begin(waiting=False)
        self._say("This did not work. The message below says why.", "danger")

    def show_cancelled(self) -> None:
        """Say that nobody waited for the answer."""
        self._begin(waiting=False)
        self._say("Cancelled. It may have reached Refiner all the same.", "warning")

    def show_sent(self, sent: Sent) -> None:
        """Show the answer and how long it took."""
        self._waiting, self._sent = False, sent
        self._say(f"{sent.sentence} in {sent.seconds * 1000:,.0f} ms.", "success")
        self._answer.view.set_json(sent.answer)
        for delivery in self._early:
            self.show_delivery(delivery)
        self._early.clear()

    def show_delivery(self, delivery: Delivery) -> None:
        """Add a line if the call caused this delivery; it may come before the answer."""
        if self._waiting:
            self._early.append(delivery)
        elif self._sent and (cause := self._sent.caused(delivery)):
            self._causes.append(cause)
            self._caused.setText("\n".join(f"→ {each}" for each in self._causes[-SHOWN_CAUSES:]))
            self._caused.show()

    def _begin(self, *, waiting: bool) -> None:
        self._sent, self._waiting = None, waiting
        self._early.clear()
        self._causes.clear()
        self._caused.hide()
        self._answer.view.clear()

    def _say(self, text: str, role: str) -> None:
        self._sentence.setText(text)
        restyle(self._sentence, "role", role)
