"""What is to be seen of the deliveries, and whether the list follows what arrives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from refiner_desktop.services.deliveries.language import (
    EXAMPLES,
    Query,
    parse,
    written,
)
from refiner_desktop.services.deliveries.language_fields import KnownHook
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.styling import label, restyle, tool
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.marked_edit import MarkedEdit

TYPING_MS = 150
MISTAKE_MS = 600
"""Who is still typing has not made a mistake yet."""

TERMS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "What happened",
        (
            ("Survey completed", "kind:completed"), ("Partial answer", "kind:partial"),
            ("Survey seen", "kind:seen"), ("Survey dismissed", "kind:dismissed"),
            ("Segment entered", "kind:segment"), ("Tag added", "kind:tag"),
            ("Anything else", "kind:other"),
        ),
    ),
    (
        "NPS answer",
        (
            ("Promoters (9, 10)", "score:promoter"), ("Passives (7, 8)", "score:passive"),
            ("Detractors (0 to 6)", "score:detractor"),
        ),
    ),
    ("Verdict", (("Accepted", "verdict:accepted"), ("Refused", "verdict:refused"))),
    (
        "Time",
        (
            ("Last 10 minutes", "since:10m"), ("Last hour", "since:1h"), ("Today", "since:today"),
            ("Last 7 days", "since:7d"),
        ),
    ),
    (
        "Only",
        (
            ("Pinned", "is:pinned"), ("Seen before", "is:repeat"), ("Replays", "is:replay"),
            ("Samples", "is:sample"),
        ),
    ),
)  # fmt: skip
"""Menus, their entries, and the term that each writes into the line."""

FOLLOWS = "The list shows deliveries as they arrive"
PAUSED = "The list is paused; click to see what has arrived, newest on top"

_SEVERAL = ("kind", "hook", "is")
"""Fields of which several terms make sense together."""

HEARD = "Blanks between terms mean “and”; the menu Filters has the terms."


class FilterBar(QWidget):
    """A line in the language of `services.deliveries.language`, and a menu that writes its terms.

    Signals: `changed()` when something else is to be shown; `follow_toggled(follows)`;
    `left_down()` when the keyboard should go to the list.
    """

    changed = Signal()
    follow_toggled = Signal(bool)
    left_down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._hooks: tuple[KnownHook, ...] = ()
        self._waiting = 0
        self._line = MarkedEdit("Filter by words of the payload, kind:completed, user:ana …")
        self._line.setObjectName("webhooks.filter")
        self._line.setAccessibleName("Filter the deliveries")
        self._line.setToolTip(_explained(EXAMPLES))
        self._line.setAccessibleDescription(HEARD)  # or else the tool tip with its HTML is read
        self._problem = label(role="problem", wrap=True)
        self._problem.setObjectName("webhooks.filter.problem")
        self._problem.hide()
        self._terms = tool("Filters", "webhooks.filter.terms", "Terms to filter by", role="menu")
        self._follow = tool("Follow", "webhooks.follow", FOLLOWS, role="toggle")
        self._follow.setChecked(True)
        self.more = tool("More", "webhooks.more", "More about the deliveries", role="menu")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._pause = QTimer(self, singleShot=True, interval=MISTAKE_MS)
        self._lay_out()
        self._fill_terms()
        self._connect()

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self._line.text().strip()

    @property
    def follows(self) -> bool:
        """Whether the list shows deliveries as they arrive."""
        return self._follow.isChecked()

    def query(self) -> Query:
        """Return what the line asks for."""
        return parse(self._line.text(), self._hooks)

    def set_hooks(self, known: Iterable[KnownHook]) -> None:
        """Offer these hooks to filter by."""
        if (hooks := tuple(known)) != self._hooks:
            self._hooks = hooks
            self._fill_terms()

    def show_waiting(self, count: int) -> None:
        """Say how many deliveries have arrived that the list does not show."""
        self._waiting = count
        self._say_follow()

    def _say_follow(self) -> None:
        paused = "" if self.follows else " · paused"
        new = f" ({number(self._waiting)} new)" if self._waiting else ""
        self._follow.setText(f"Follow{new or paused}")
        self._follow.setToolTip(FOLLOWS if self.follows else PAUSED)

    def set_follows(self, follows: bool) -> None:
        """Let the list follow, or stay as it is."""
        self._follow.setChecked(follows)

    def focus(self) -> None:
        """Bring the keyboard into the line."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def set_text(self, text: str) -> None:
        """Filter by another line."""
        self._line.setText(text)
        self._typing.stop()
        self.changed.emit()

    @property
    def hook_terms(self) -> list[str]:
        """The terms of the line that look for hooks."""
        return [term for term in _split(self._line.text()) if term.startswith("hook:")]

    def show_only(self, hook: str) -> None:
        """Look for the deliveries of one hook; without its name, for those of all."""
        terms = [each for each in _split(self._line.text()) if not each.startswith("hook:")]
        self.set_text(" ".join([*terms, written("hook", hook)] if hook else terms))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE // 2)
        row.addWidget(self._line, 1)
        for each in (self._terms, self._follow, self.more):
            row.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(row)
        layout.addWidget(self._problem)

    def _connect(self) -> None:
        self._line.textChanged.connect(self._on_typed)
        self._line.left.connect(self._leave)
        down = QShortcut(Qt.Key.Key_Down, self._line, context=Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self._leave)
        self._line.returnPressed.connect(self._on_entered)
        self._typing.timeout.connect(self.changed)
        self._pause.timeout.connect(self._show_mistakes)
        self._follow.toggled.connect(self._say_follow)
        self._follow.toggled.connect(self.follow_toggled)

    def _fill_terms(self) -> None:
        menu = QMenu(self._terms)
        for title, entries in self._menus():
            sub = menu.addMenu(title)
            for words, term in entries:
                sub.addAction(self._term_action(words, term, sub))
        menu.addSeparator()
        menu.addAction("Clear the filter", self._line.clear)
        before = self._terms.menu()
        self._terms.setMenu(menu)
        if before is not None:
            before.deleteLater()

    def _menus(self) -> list[tuple[str, Sequence[tuple[str, str]]]]:
        names = dict.fromkeys(hook.name for hook in self._hooks)
        hooks = [(name, written("hook", name)) for name in names]
        kinds, *rest = TERMS
        return [kinds, ("Hook", [*hooks, ("None has matched", "hook:none")]), *rest]

    def _term_action(self, words: str, term: str, menu: QMenu) -> QAction:
        action = QAction(f"{words}\t{term}", menu)
        action.triggered.connect(partial(self._add_term, term))
        return action

    def _add_term(self, term: str) -> None:
        """Write a term; of most fields it takes the place of the one that is there."""
        field = term.partition(":")[0]
        terms = [each for each in _split(self._line.text()) if each != term]
        if field not in _SEVERAL:
            terms = [each for each in terms if not each.startswith(f"{field}:")]
        self._line.setText(" ".join([*terms, term]))

    def _on_typed(self) -> None:
        self._show_mistakes(quiet=True)
        self._typing.start()
        self._pause.start()

    def _on_entered(self) -> None:
        self._show_mistakes()
        if not self.query().mistakes:
            self._leave()

    def _leave(self) -> None:
        """Let the list have what stands in the line, and then the keyboard."""
        if self._typing.isActive():
            self._typing.stop()
            self.changed.emit()
        self.left_down.emit()

    def _show_mistakes(self, *, quiet: bool = False) -> None:
        mistakes = () if quiet else self.query().mistakes
        first = mistakes[0] if mistakes else None
        if first:
            self._line.show_mistake(first.start, first.end)
        else:
            self._line.show_mistake(None)
        self._problem.setVisible(bool(mistakes))
        tell(self._problem, " ".join(each.sentence for each in mistakes))
        self._line.setAccessibleDescription(self._problem.text() or HEARD)
        restyle(self._line, "wrong", "true" if mistakes else "false")


def _split(text: str) -> list[str]:
    """Return the terms of a line; blanks between quotes divide nothing."""
    parts = text.split('"')
    marked = [part if at % 2 else part.replace(" ", "\0") for at, part in enumerate(parts)]
    return [term for term in '"'.join(marked).split("\0") if term]


def _explained(examples: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(term)}</code>&nbsp;&nbsp;</td><td>{escape(meaning)}</td></tr>"
        for term, meaning in examples
    )
    return f"<p>Blanks between terms mean “and”.</p><table>{rows}</table>"
