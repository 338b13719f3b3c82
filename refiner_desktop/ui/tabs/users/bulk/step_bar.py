"""The four steps of a bulk run, each saying how far it is."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import BADGE, SPACE, scaled


class Step(IntEnum):
    """The places of the steps, from left to right."""

    SOURCE, MAPPING, CHECK, RUN = range(4)


TITLES = {
    Step.SOURCE: "Source",
    Step.MAPPING: "Mapping",
    Step.CHECK: "Check",
    Step.RUN: "Run",
}


class StepState(StrEnum):
    """How a step stands."""

    OPEN = "open"
    DONE = "done"
    WARNING = "warning"
    WRONG = "wrong"


_MARKS = {StepState.DONE: "✓", StepState.WARNING: "!", StepState.WRONG: "✕"}
_SPOKEN = {StepState.DONE: "done", StepState.WARNING: "look at it", StepState.WRONG: "to be mended"}


class StepBar(QWidget):
    """Any step is one click or arrow key away. Signals: `chosen(step)`."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons = {step: _StepButton(step) for step in Step}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for step, each in self._buttons.items():
            self._group.addButton(each, step)
            layout.addWidget(each, 1)
        self._group.idClicked.connect(lambda place: self.chosen.emit(Step(place)))
        self.show_step(Step.SOURCE)

    def show_step(self, step: Step) -> None:
        """Mark the step that is in front."""
        self._buttons[step].setChecked(True)

    def show_state(self, step: Step, state: StepState, note: str) -> None:
        """Say in a few words how a step stands."""
        self._buttons[step].show_state(state, note)


class _StepButton(QPushButton):
    """Number or mark, title, and a note that takes no more room than there is."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._step = step
        self.setObjectName(f"bulk.step.{TITLES[step].casefold()}")
        self.setProperty("role", "step")
        self.setCheckable(True)
        self.setMinimumWidth(scaled(BADGE * 5))
        self._badge = label(role="step")
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setFixedSize(scaled(BADGE), scaled(BADGE))
        self._note = label(role="muted", elide=True)
        self._lay_out(label(TITLES[step], "heading"))
        self.show_state(StepState.OPEN, "")

    def show_state(self, state: StepState, note: str) -> None:
        """Say how the step stands, to eyes and to screen readers."""
        self._badge.setText(_MARKS.get(state, str(self._step + 1)))
        restyle(self._badge, "state", state.value)
        self._note.setText(note)
        spoken = ", ".join(part for part in (_SPOKEN.get(state, ""), note) if part)
        self.setAccessibleName(f"Step {self._step + 1}: {TITLES[self._step]}")
        self.setAccessibleDescription(spoken)
        self.setToolTip(self._note.toolTip())

    def _lay_out(self, title: QLabel) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(title)
        texts.addWidget(self._note)
        texts.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE + SPACE // 2, 0, SPACE, 0)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(self._badge)
        layout.addLayout(texts, 1)
        for each in (self._badge, title, self._note):  # a click on them is a click on the step
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
