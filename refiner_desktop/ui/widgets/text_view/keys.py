"""Which key moves the caret how."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent, QKeySequence

from refiner_desktop.ui.widgets.text_view.navigation import Motion

_Key = QKeySequence.StandardKey
_KEYS = {
    Motion.LEFT: (_Key.MoveToPreviousChar, _Key.SelectPreviousChar),
    Motion.RIGHT: (_Key.MoveToNextChar, _Key.SelectNextChar),
    Motion.WORD_LEFT: (_Key.MoveToPreviousWord, _Key.SelectPreviousWord),
    Motion.WORD_RIGHT: (_Key.MoveToNextWord, _Key.SelectNextWord),
    Motion.UP: (_Key.MoveToPreviousLine, _Key.SelectPreviousLine),
    Motion.DOWN: (_Key.MoveToNextLine, _Key.SelectNextLine),
    Motion.PAGE_UP: (_Key.MoveToPreviousPage, _Key.SelectPreviousPage),
    Motion.PAGE_DOWN: (_Key.MoveToNextPage, _Key.SelectNextPage),
    Motion.LINE_START: (_Key.MoveToStartOfLine, _Key.SelectStartOfLine),
    Motion.LINE_END: (_Key.MoveToEndOfLine, _Key.SelectEndOfLine),
    Motion.TEXT_START: (_Key.MoveToStartOfDocument, _Key.SelectStartOfDocument),
    Motion.TEXT_END: (_Key.MoveToEndOfDocument, _Key.SelectEndOfDocument),
}


def motion_of(event: QKeyEvent) -> tuple[Motion, bool] | None:
    """Return how a key moves the caret, and whether it selects on the way."""
    for motion, (move, extend) in _KEYS.items():
        if event.matches(move):
            return motion, False
        if event.matches(extend):
            return motion, True
    return None
