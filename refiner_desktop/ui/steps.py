"""What a person changes, step by step, so that every step can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QPushButton, QWidget

from refiner_desktop.ui.styling import button

MOST = 200
"""So many steps can be taken back."""

_Keys = QKeySequence.StandardKey

Value = TypeVar("Value")


class Steps(QObject, Generic[Value]):
    """The steps between values, such as what stands in a form, that `show` brings back.

    Steps at one `place` in a row are one, as the letters of a word are. The `button` is there while
    there is a step to take back.
    """

    def __init__(self, name: str, show: Callable[[Value], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._show = show
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(MOST)
        self.button = _undo_button(name)
        self.button.clicked.connect(self._stack.undo)
        self._stack.canUndoChanged.connect(self.button.setVisible)
        for keys, act in (
            (_Keys.Undo, self._stack.undo),
            (_Keys.Redo, self._stack.redo),
        ):
            shortcut = QShortcut(keys, parent)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def __bool__(self) -> bool:
        """Whether there is a step to take back."""
        return self._stack.canUndo()

    def add(self, before: Value, after: Value, place: Hashable = None) -> None:
        """Note a step that was made just now."""
        if before != after:
            self._stack.push(_Step(self._show, before, after, place))

    def forget(self) -> None:
        """Let nothing be taken back any more."""
        self._stack.clear()


class _Step(QUndoCommand, Generic[Value]):
    """One step, or several at one place."""

    def __init__(
        self, show: Callable[[Value], None], before: Value, after: Value, place: Hashable
    ) -> None:
        super().__init__()
        self._show = show
        self._before = before
        self._after = after
        self._place = place
        self._made = True

    # Reimplemented Qt methods

    def id(self) -> int:
        return -1 if self._place is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or other._place != self._place:
            return False
        self._after = other._after
        self.setObsolete(self._before == self._after)
        return True

    def undo(self) -> None:
        self._show(self._before)

    def redo(self) -> None:
        if self._made:  # Qt asks for it when the step is added
            self._made = False
        else:
            self._show(self._after)


def _undo_button(name: str) -> QPushButton:
    made = button("Undo", name, role="quiet", icon="mdi6.undo")
    made.setToolTip(QKeySequence(_Keys.Undo).toString())
    made.hide()
    return made


def leaves_steps(event: QEvent) -> bool:
    """Keep a line edit from taking undo and redo for its own letters; say whether it was that.

    The shortcut of the form around it gets them then; without one, the line edit does after all.
    """
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if not (event.matches(_Keys.Undo) or event.matches(_Keys.Redo)):
        return False
    event.ignore()
    return True
