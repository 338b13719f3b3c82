"""How many rows are shown, of how many; and the way to those that Refiner has besides."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.contacts import load_words as words
from refiner_desktop.ui.tabs.contacts.loading import Loading
from refiner_desktop.ui.theme import SPACE


class CountLine(QWidget):
    """Says how a load goes and what it has brought.

    Signals: `rest_requested()` to load the contacts that a limit has kept away.
    """

    rest_requested = Signal()

    def __init__(self, contacts: ContactsService, loading: Loading) -> None:
        super().__init__()
        self._contacts = contacts
        self._loading = loading
        self._was_watched = False
        self._status = label(words.NOTHING_LOADED, "muted", elide=True)
        self._status.setObjectName("contacts.status")
        self._rest_button = button(words.LOAD_REST, "contacts.rest", role="quiet")
        self._rest_button.setProperty("size", "small")
        self._rest_button.setToolTip(words.REST_HINT)
        self._rest_button.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._status)
        layout.addWidget(self._rest_button)
        layout.addStretch(1)
        self._rest_button.clicked.connect(self.rest_requested)
        loading.said.connect(self.say)

    def say(self, text: str, role: str) -> None:
        """Say something in place of what is there."""
        if self._loading.running:
            self._was_watched |= self.isVisible()
            self._status.setText(text)
        else:
            tell(self._status, text, urgent=role == "danger", asked=self._was_watched)
            self._was_watched = False
        restyle(self._status, "role", role)
        self._rest_button.hide()

    def show_count(self, shown: int) -> None:
        """Say how many rows are `shown`, unless more are coming at this moment."""
        if self._loading.running:
            return
        sentence = words.count_sentence(
            shown,
            self._contacts.count,
            self._contacts.count + self._loading.missing,
            stopped=self._contacts.resumable,
            stale=self._loading.outdated,
        )
        self.say(sentence, "muted")
        self._rest_button.setVisible(self._loading.missing > 0)
