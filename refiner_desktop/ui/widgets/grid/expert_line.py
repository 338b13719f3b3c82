"""The expert filter: a condition in SQL, checked while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.grid.expert_edit import ExpertEdit

if TYPE_CHECKING:
    from refiner_desktop.datasets.sql_names import SqlName

CHECK_MS = 100
"""A pause this long in typing has the text checked."""

MISTAKE_MS = 500
"""Who is still typing has not made a mistake yet."""

HINT = "Columns by name, texts in 'single quotes'. Ctrl+Space lists the columns."
KEPT = "The rows still follow the last condition that was right."


class _Mistake(NamedTuple):
    """What is said of a mistake: the error itself would keep alive all that it came through."""

    sentence: str
    position: int | None

    def in_words(self, *, kept: bool) -> str:
        at = "" if self.position is None else f"Character {self.position + 1}: "
        return f"{at}{self.sentence} {KEPT if kept else ''}".strip()


class ExpertLine(QWidget):
    """A line for the condition and a sentence below it: a hint, or what is wrong and where.

    Signals: `changed()` when another condition holds, right or empty; `check_requested(text)`
    while one is typed, to be answered by `show_check`.
    """

    changed = Signal()
    check_requested = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._right = ""
        self._mistake: _Mistake | None = None
        self._edit = ExpertEdit()
        self._edit.setObjectName(f"{name}.expert")
        self._edit.setAccessibleName("SQL condition")
        self._sentence = label(HINT, "muted", elide=True)
        self._pause = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._patience = QTimer(self, singleShot=True, interval=MISTAKE_MS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 4)
        layout.addWidget(self._edit)
        layout.addWidget(self._sentence)
        self.setFocusProxy(self._edit)
        self._edit.textChanged.connect(self._on_typed)
        self._edit.returnPressed.connect(self._on_entered)
        self._pause.timeout.connect(self._ask)
        self._patience.timeout.connect(self._say)

    def condition(self) -> str:
        """Return the last condition that was right; "" for none."""
        return self._right

    def set_condition(self, text: str) -> None:
        """Show a condition that is taken to be right until somebody says otherwise."""
        self._edit.blockSignals(True)
        self._edit.setText(text)
        self._edit.blockSignals(False)
        self._pause.stop()
        self._right = text.strip() and text
        self._note(None)

    def set_names(self, names: Sequence[SqlName]) -> None:
        """Complete the names of these columns."""
        self._edit.set_names(names)

    def show_check(self, text: str, mistake: FilterInvalid | None) -> None:
        """Take the answer to `check_requested`; that to an earlier text is too late."""
        if text != self._edit.text():
            return
        if mistake is None:
            self._note(None)
            self._hold(text)
            return
        self._mistake = _Mistake(mistake.sentence, mistake.position)
        if not self._patience.isActive():
            self._say()

    def show_problem(self, mistake: FilterInvalid | None) -> None:
        """Say what the rows made of the condition that holds."""
        # What is being typed is another one, and has been checked for itself.
        if self._edit.text().strip() == self._right.strip():
            self._note(mistake)

    def _hold(self, text: str) -> None:
        if text != self._right:
            self._right = text
            self.changed.emit()

    def _on_typed(self, text: str) -> None:
        self._note(None)
        self._pause.stop()
        if text.strip():
            self._pause.start()
            self._patience.start()
        else:
            self._hold("")

    def _on_entered(self) -> None:
        self._patience.stop()
        if self._mistake is not None:
            self._say()
        elif self._pause.isActive():
            self._pause.stop()
            self._ask()

    def _ask(self) -> None:
        self.check_requested.emit(self._edit.text())

    def _note(self, mistake: FilterInvalid | None) -> None:
        self._mistake = _Mistake(mistake.sentence, mistake.position) if mistake else None
        self._patience.stop()
        self._say()

    def _say(self) -> None:
        mistake = self._mistake
        said = mistake.in_words(kept=bool(self._right)) if mistake else HINT
        if mistake:
            tell(self._sentence, said)
        else:
            self._sentence.setText(said)
        restyle(self._sentence, "role", "problem" if mistake else "muted")
        restyle(self._edit, "wrong", "true" if mistake else "false")
        self._edit.show_mistake(mistake.position if mistake else None)
        self._edit.setAccessibleDescription(said)
