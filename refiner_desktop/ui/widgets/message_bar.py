"""One bar for everything the application has to say; never a modal."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.styling import restyle
from refiner_desktop.ui.theme import SPACE

GOOD_NEWS_MS = 6_000


class MessageBar(QFrame):
    """Shows one message until it is dismissed; good news leaves by itself, a problem stays.

    While a problem is shown, good news waits its turn instead of hiding it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message.bar")
        self.setAccessibleName("Message")
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._details_button = QPushButton("Details")
        self._details_button.setCheckable(True)
        self._dismiss_button = QPushButton("Dismiss")
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS_MS)
        self._problem = Problem("", "")
        self._lay_out()
        self._details_button.toggled.connect(self._show_text)
        self._dismiss_button.clicked.connect(self.dismiss)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong and what to do next."""
        self._show(problem, "error")

    def show_warning(self, problem: Problem) -> None:
        """Say what to look out for."""
        self._show(problem, "warning")

    def show_success(self, text: str) -> None:
        """Say that something worked; an unread problem stays in sight."""
        if not self.isHidden() and self.property("severity") == "error":
            return
        self._show(Problem(text, ""), "success")
        self._timer.start()

    def dismiss(self) -> None:
        """Hide the bar."""
        self._timer.stop()
        self.hide()

    def text(self) -> str:
        """Return what the bar says, or nothing while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def _show(self, problem: Problem, severity: str) -> None:
        self._timer.stop()
        self._problem = problem
        self._details_button.setVisible(bool(problem.detail))
        self._details_button.setChecked(False)
        self._show_text()
        restyle(self, "severity", severity)
        self.setAccessibleDescription(str(problem))
        self.show()

    def _show_text(self) -> None:
        text = str(self._problem)
        if self._details_button.isChecked():
            text += f"\n{self._problem.detail}"
        self._text.setText(text)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE, SPACE)
        layout.addWidget(self._text, 1)
        for button in (self._details_button, self._dismiss_button):
            button.setProperty("role", "quiet")
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
