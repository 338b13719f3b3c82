"""What a bulk run can be told at any step, and how far it is."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.icons import Icons
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.theme import SPACE, theme_of


class Readiness(Enum):
    """How far a file is on its way to a run.

    A file is `SENT` when what was found in it was found before that, and `HOPELESS` when nothing
    can be sent of it as it is.
    """

    NONE, UNCHECKED, HOPELESS, CHECKED, SENT = range(5)


SCALE = 1_000
"""Steps of the progress bar: Qt counts in 32 bits, files do not."""


class Footer(QWidget):
    """Signals: `check_requested()`, `start_requested()`, `pause_requested()`, `cancel_requested()`.

    *Start* says *Go on* where a run was interrupted. What is to be done next stands out.
    """

    check_requested = Signal()
    start_requested = Signal()
    pause_requested = Signal()
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Bulk run")  # it has the focus while its buttons change
        self._check_button = button("Check", "bulk.check", icon="mdi6.clipboard-check")
        self._start_button = button("Start", "bulk.start", icon="mdi6.play")
        for each in (self._check_button, self._start_button):
            each.setProperty("part", "next")
        self._start_button.setToolTip(words.START_HINT)
        self._pause_button = button("Pause", "bulk.pause", icon="mdi6.pause")
        self._cancel_button = button("Cancel run", "bulk.cancel", icon="mdi6.stop")
        self._progress = QProgressBar(textVisible=False, maximum=SCALE)
        self._progress.setObjectName("bulk.progress")
        self._progress.setAccessibleName("Progress")
        self._status = label(words.INTRODUCTION, "muted", wrap=True)
        self._status.setObjectName("bulk.status")
        self._lay_out()
        self._check_button.clicked.connect(self.check_requested)
        self._start_button.clicked.connect(self.start_requested)
        self._pause_button.clicked.connect(self.pause_requested)
        self._cancel_button.clicked.connect(self.cancel_requested)

    def say(self, text: str, role: str = "muted", *, asked: bool = False) -> None:
        """Say how things stand; what a person `asked` for is heard wherever that person is."""
        tell(self._status, text, urgent=role == "danger", asked=asked)
        restyle(self._status, "role", role)

    def follow(self, text: str) -> None:
        """Say how far something is: too often to be read aloud."""
        self._status.setText(text)
        restyle(self._status, "role", "muted")

    def show_progress(self, done: int, total: int) -> None:
        """Say how much is done."""
        self._progress.setValue(SCALE * done // total if total else 0)
        self._progress.setAccessibleDescription(f"{number(done)} of {number(total)}")

    def show_run(
        self, *, running: bool, pausable: bool, endable: bool, resumable: bool, file: Readiness
    ) -> None:
        """Offer what can be done now, to the run that is under way or the one that is shown."""
        goes_on = resumable and not running
        can_begin = file not in (Readiness.NONE, Readiness.HOPELESS)
        self._start_button.setText("Go on" if goes_on else "Start")
        self._cancel_button.setEnabled(endable or goes_on)
        self._check_button.setEnabled(file is not Readiness.NONE)
        self._let_one_be_pressed(start=not running and (can_begin or resumable), pause=pausable)
        self._let_stand_out(
            start=goes_on or (file is Readiness.CHECKED and not running),
            check=file is Readiness.UNCHECKED and not (running or goes_on),
        )

    def _let_stand_out(self, *, start: bool, check: bool) -> None:
        for each, first in ((self._start_button, start), (self._check_button, check)):
            restyle(each, "role", "primary" if first else "")
        if not self._start_button.icon().isNull():
            Icons(theme_of(self.palette())).dress(self)

    def _let_one_be_pressed(self, *, start: bool, pause: bool) -> None:
        """Let the focus go from *Start* to *Pause* and back; Qt would take it to *Cancel run*."""
        places = {self._pause_button: pause, self._start_button: start}
        has_focus = self.hasFocus() or any(each.hasFocus() for each in places)
        for each, usable in places.items():
            if usable:
                each.setEnabled(True)
        if has_focus and not any(each.hasFocus() and usable for each, usable in places.items()):
            next((each for each, usable in places.items() if usable), self).setFocus()
        for each, usable in places.items():
            each.setEnabled(usable)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for each in (
            self._check_button, self._start_button, self._pause_button, self._cancel_button
        ):  # fmt: skip
            buttons.addWidget(each)
        buttons.addSpacing(SPACE)
        buttons.addWidget(self._progress, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._status)
        layout.addLayout(buttons)
