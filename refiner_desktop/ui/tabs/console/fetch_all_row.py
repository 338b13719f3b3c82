"""Fetches all pages of a list: how many items, how far it is, and a way to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QWidget

from refiner_desktop.services.requests.all_pages import PagesProgress
from refiner_desktop.storage.exchange_rows import FetchedPages
from refiner_desktop.ui.amounts import number, whole
from refiner_desktop.ui.styling import button, label, name_field, restyle
from refiner_desktop.ui.tabs.console.answer_words import counted_items
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.calm_combo import CalmComboBox

LIMITS = (1_000, 10_000, 100_000)
ALL = "All"
NOT_KEPT = "came then and were not kept. Fetch them again."
READY = "This list goes on in further pages."


class FetchAllRow(QWidget):
    """Signals: `requested(limit)` with a number of items or None for all; `stopped()`."""

    requested = Signal(object)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._limit = CalmComboBox()
        self._limit.setObjectName("console.pages.limit")
        self._limit.setEditable(True)
        name_field(self._limit, "How many items to fetch")
        self._limit.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._limit.addItems([ALL, *map(number, LIMITS)])
        self._limit.setMinimumContentsLength(7)
        self._fetch = button("Fetch all pages", "console.pages.fetch", icon="mdi6.page-next")
        self._stop = button("Stop", "console.pages.stop", icon="mdi6.stop")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Items fetched")
        self._text = label(READY, "muted", elide=True)
        self._text.setObjectName("console.pages.status")
        self._caption = label("Items", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for widget, stretch in (
            (self._text, 2), (self._bar, 1), (self._caption, 0), (self._limit, 0),
            (self._fetch, 0), (self._stop, 0),
        ):  # fmt: skip
            layout.addWidget(widget, stretch)
        self._fetch.clicked.connect(self.fetch)
        self._stop.clicked.connect(self.stopped)
        self.show_ready()

    def abbreviate(self, short: bool) -> None:
        """Take less room."""
        self._caption.setVisible(not short)

    def fetch(self) -> None:
        """Ask for the pages, if the limit is a number."""
        text = self._limit.currentText().strip()
        everything = text.casefold() in ("", ALL.casefold())
        limit = None if everything else whole(text) or 0
        wrong = limit is not None and limit <= 0
        restyle(self._limit, "wrong", "true" if wrong else "false")
        if wrong:
            self._say("How many items? A number, or All.", "danger")
        else:
            self.requested.emit(limit)

    def show_ready(self) -> None:
        """Say that there is more to fetch."""
        self._say(READY)
        self._show_running(False)
        self._fetch.setText("Fetch all pages")

    def show_not_kept(self, fetched: FetchedPages) -> None:
        """Say that what was fetched in an earlier session has to be fetched anew."""
        self._say(f"{counted_items(fetched.pages, fetched.items)} {NOT_KEPT}")

    def show_progress(self, progress: PagesProgress) -> None:
        """Say how far it is."""
        self._show_running(True)
        self._bar.setRange(0, max(progress.wanted, 1))
        self._bar.setValue(progress.items)
        self._say(f"{_came(progress)} so far")

    def show_end(self, progress: PagesProgress, complete: bool) -> None:
        """Say what is here now; without all of it, one can go on."""
        self._show_running(False)
        ended = "All here: " if complete else "Stopped: what came is below, "
        self._say(f"{ended}{_came(progress)}")
        self._fetch.setText("Fetch again" if complete else "Go on")

    def _show_running(self, running: bool) -> None:
        comes, goes = (self._stop, self._fetch) if running else (self._fetch, self._stop)
        had_focus = self.has_focus
        self._bar.setVisible(running)
        comes.show()
        if had_focus:  # before what has it goes away, or it goes anywhere
            comes.setFocus()
        goes.hide()
        self._limit.setEnabled(not running)

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is in this row."""
        now: QWidget | None = self.window().focusWidget()
        return now is not None and self.isAncestorOf(now)

    def _say(self, text: str, role: str = "muted") -> None:
        self._text.setText(text)
        restyle(self._text, "role", role)


def _came(progress: PagesProgress) -> str:
    return counted_items(progress.pages, progress.items, progress.total)
