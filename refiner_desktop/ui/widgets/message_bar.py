"""One bar for everything the application has to say; never a modal."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.focus import FocusReturn
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.theme import SPACE, scaled

GOOD_NEWS_MS = 6_000
MOST_MESSAGES = 20
WIDEST, NARROWEST = 720, 400
"""In pixels; a longer sentence takes more lines. The least does not grow with the text: the header
has no more room for it then."""

DISMISS = "✕"
SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person can do about a message right there: the words on the button, and the deed."""

    words: str
    take: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Message:
    problem: Problem
    severity: str
    source: object = None
    offer: Offer | None = field(default=None, compare=False)


class MessageBar(QFrame):
    """Shows one message until it is dismissed; good news leaves by itself, a problem stays.

    A newer problem comes to the top, the one below it returns when it is dismissed. Good news
    stands before a problem for a while, in a bar of its own colour, and waits behind one that
    somebody points at or has the keyboard in. It lies in a `room` of an `area` that is kept free
    for it: it hides nothing, and nothing moves when it comes and goes. What needs more than this
    room, on a narrow window or with its details, reaches beyond it.
    """

    def __init__(self, area: QWidget, room: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._room = room
        for each in (area, room):
            each.installEventFilter(self)
        self.setObjectName("message.bar")
        self.setAccessibleName("Message")
        self._stack: list[_Message] = []
        self._shown: _Message | None = None
        self._text = label(wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._offer_button = button("", "message.offer", role="quiet")
        self._details_button = button("Details", role="quiet")
        self._details_button.setCheckable(True)
        self._dismiss_button = button(DISMISS, "message.dismiss", role="quiet")
        self._dismiss_button.setToolTip("Dismiss")
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS_MS)
        self._lay_out()
        FocusReturn(self)
        self._offer_button.clicked.connect(self._take_offer)
        self._details_button.toggled.connect(self._show_text)
        self._dismiss_button.clicked.connect(self.dismiss)
        self._timer.timeout.connect(self._on_news_read)
        escape = QShortcut(Qt.Key.Key_Escape, self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.dismiss)
        self.hide()

    def show_problem(
        self, problem: Problem, source: object = None, offer: Offer | None = None
    ) -> None:
        """Say what went wrong and what to do next, in place of what the source said before."""
        if source is not None:
            self._stack = [each for each in self._stack if each.source is not source]
        self._push(_Message(problem, "error", source, offer))

    def show_warning(
        self, problem: Problem, source: object = None, offer: Offer | None = None
    ) -> None:
        """Say what to look out for."""
        self._push(_Message(problem, "warning", source, offer))

    def show_success(self, text: str, source: object = None, offer: Offer | None = None) -> None:
        """Say that something worked; older problems of the same source are over."""
        self._stack = [each for each in self._stack if source is None or each.source != source]
        self._push(_Message(Problem(text, ""), SUCCESS, offer=offer), behind=self._is_in_use())

    def dismiss(self) -> None:
        """Take the top message away; the one below it is shown again."""
        if self._stack:
            self._stack.pop()
        self._show_top()

    def take_back(self, problem: Problem) -> None:
        """Take a problem away that is over."""
        kept = [each for each in self._stack if each.problem != problem]
        if len(kept) < len(self._stack):
            self._stack = kept
            self._show_top()

    def forget(self, sources: Collection[object]) -> None:
        """Take away what these sources had to say, and all good news: it is about the past."""
        self._stack = [each for each in self._problems() if each.source not in sources]
        self._show_top()

    def end_news(self) -> None:
        """Take good news away, and nothing that waits for a person."""
        kept = self._problems()
        if len(kept) < len(self._stack):
            self._stack = kept
            self._show_top()

    def enter(self) -> None:
        """Bring the keyboard to what can be done about the message."""
        usable = (each for each in self._buttons() if not each.isHidden())
        next(usable).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def text(self) -> str:
        """Return what the bar says, or nothing while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def _push(self, message: _Message, *, behind: bool = False) -> None:
        kept = [each for each in self._problems() if each != message][-MOST_MESSAGES + 1 :]
        self._stack = [*kept[:-1], message, *kept[-1:]] if behind else [*kept, message]
        announce(self, str(message.problem), urgent=message.severity == "error")
        self._show_top()

    def _problems(self) -> list[_Message]:
        return [each for each in self._stack if each.severity != SUCCESS]

    def _is_in_use(self) -> bool:
        return self.underMouse() or any(each.hasFocus() for each in self._buttons())

    def _on_news_read(self) -> None:
        if self._is_in_use():
            self._timer.start()
        else:
            self.end_news()

    def _show_top(self) -> None:
        self._timer.stop()
        self.setVisible(bool(self._stack))
        if not self._stack:
            return
        top = self._stack[-1]
        if top.severity == SUCCESS:
            self._timer.start()
        below = len(self._stack) - 1
        more = f"{below} more" if below else ""
        self._dismiss_button.setText(f"{DISMISS} {more}".rstrip())
        self._dismiss_button.setAccessibleName(f"Dismiss, {more}" if more else "Dismiss")
        self._offer_button.setText(top.offer.words if top.offer else "")
        self._offer_button.setVisible(top.offer is not None)
        self._details_button.setVisible(bool(top.problem.detail))
        if top is not self._shown:
            self._details_button.setChecked(False)
        self._shown = top
        self._show_text()
        restyle(self, "severity", top.severity)
        self.setAccessibleDescription(str(top.problem))
        self._settle()

    def _show_text(self) -> None:
        problem = self._stack[-1].problem
        detail = f"\n{problem.detail}" if self._details_button.isChecked() else ""
        self._text.setText(f"{problem}{detail}")
        self._settle()

    def _take_offer(self) -> None:
        if self._stack and (offer := self._stack[-1].offer):
            offer.take()

    def _settle(self) -> None:
        """Lie at the right end of the room, as wide and high as the text needs."""
        for room in (self._own_room(), self._more_room()):
            width = min(self._wanted_width(), scaled(WIDEST), room.width())
            height = self.heightForWidth(width)
            if height <= room.height() + 2 * SPACE:
                break
        top = max(room.center().y() - height // 2, SPACE // 2)
        height = min(height, self._area.height() - top)
        self.setGeometry(room.right() - width + 1, top, width, height)
        self.raise_()

    def _own_room(self) -> QRect:
        return QRect(self._room.mapTo(self._area, QPoint()), self._room.size())

    def _more_room(self) -> QRect:
        """Return the room with what is to the right of it, and more where that is not enough."""
        room, whole = self._own_room(), self._area.rect().adjusted(SPACE, 0, -2 * SPACE, 0)
        room.setRight(whole.right())
        room.setLeft(max(min(room.left(), room.right() - NARROWEST), whole.left()))
        return room

    def _wanted_width(self) -> int:
        """Return what the text takes in one line, beside the buttons."""
        buttons = [each for each in self._buttons() if not each.isHidden()]
        text = self._text.fontMetrics().horizontalAdvance(self._text.text())
        return text + sum(each.sizeHint().width() + SPACE for each in buttons) + 4 * SPACE

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self._offer_button, self._details_button, self._dismiss_button)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE + SPACE // 2, SPACE // 2, SPACE // 2, SPACE // 2)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._text, 1)
        for each in self._buttons():
            layout.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self._settle()
        return super().eventFilter(watched, event)
