"""Ctrl+K: every action, found by typing a few of its letters."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.ui.actions import ActionRegistry, Entry
from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.focus import FocusReturn
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import SPACE, scaled

WIDTH, HEIGHT = 680, 380
MOST_RECENT = 12
TYPED_MS = 400
"""So long after the last letter is the first that was found read aloud."""
LOOSEST = 4
"""Characters of a title for each typed letter; what is farther apart is found by chance."""
NOTHING = "No action is called that. Type other words; F1 lists all actions."
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
ASIDE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The keys of an action, or why it can't be done now."""


class CommandPalette(QFrame):
    """A list of the actions that match what is typed; Enter runs one, Esc leaves.

    Those that ran last come first; those that can't be done now say why. Signals: `used(names)`
    with the entries that ran last, the latest first.
    """

    used = Signal(tuple)

    def __init__(self, registry: ActionRegistry, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self._registry = registry
        self._window = window
        self._recent: tuple[str, ...] = ()
        self._search = QLineEdit(placeholderText="Type what you want to do")
        self._search.setAccessibleName("Search actions")
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Line(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName("Actions")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = label(NOTHING, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._list)
        layout.addWidget(self._nothing)
        self._focus = FocusReturn(self)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._say)
        self._search.textChanged.connect(self._fill)
        self._search.installEventFilter(self)
        self._list.clicked.connect(self._run)
        self.hide()

    def set_recent(self, names: Sequence[str]) -> None:
        """Say which entries ran last, the latest first."""
        self._recent = tuple(names)

    def pop_up(self) -> None:
        """Show all actions over the middle of the window."""
        window = self._window
        width = min(scaled(WIDTH), window.width())
        self.setGeometry((window.width() - width) // 2, window.height() // 8, width, HEIGHT)
        self._search.clear()
        self._fill("")
        self.show()
        self.raise_()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, typed: str) -> None:
        self._model.clear()
        for entry, why_not in self._found(typed):
            self._model.appendRow(_item(entry, why_not))
        count = self._model.rowCount()
        self._list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        self._choose(0)
        self._typed.start()
        found = self._list.sizeHintForRow(0) * count or self._nothing.sizeHint().height()
        frame = self._search.sizeHint().height() + 4 * SPACE
        self.resize(self.width(), min(frame + found, self._highest()))

    def _found(self, typed: str) -> list[tuple[Entry, str]]:
        """Return what matches and why it can't be done now, the best first.

        Of those that match alike the possible come first, of these the recent.
        """
        places = {name: place for place, name in enumerate(self._recent)}
        ranked = [
            (rank, entry, entry.obstacle())
            for entry in self._registry
            if entry.action.isVisible() and (rank := _rank(typed, _titled(entry))) is not None
        ]
        ranked.sort(
            key=lambda each: (each[0], bool(each[2]), places.get(each[1].name, MOST_RECENT))
        )
        return [(entry, why_not) for _rank, entry, why_not in ranked]

    def _highest(self) -> int:
        return min(scaled(HEIGHT), self._window.height() * 3 // 4)

    def _choose(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row, 0))

    def _step(self, step: int) -> None:
        self._choose((self._list.currentIndex().row() + step) % max(1, self._model.rowCount()))
        self._say()

    def _say(self) -> None:
        """Read the chosen line aloud; the keys stay with the search."""
        self._typed.stop()
        index = self._list.currentIndex()
        chosen = str(index.data(Qt.ItemDataRole.AccessibleTextRole)) if index.isValid() else NOTHING
        announce(self._list, chosen)

    def _leave(self) -> None:
        self._focus.give_back()
        self.hide()

    def _run(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is None or entry.obstacle() or not entry.action.isEnabled():
            return
        others = [name for name in self._recent if name != entry.name]
        self._recent = (entry.name, *others[: MOST_RECENT - 1])
        self.used.emit(self._recent)
        self._leave()
        entry.action.trigger()

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
            self._typed.stop()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self._list.currentIndex())
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            return False
        return True


class _Line(QStyledItemDelegate):
    """Writes the title at the left and its keys, or why it can't be done, at the right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        title, aside = option.text, str(index.data(ASIDE_ROLE))
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        place = option.rect.adjusted(SPACE, 0, -SPACE, 0)
        palette, metrics = option.palette, option.fontMetrics
        possible = not index.data(ENTRY_ROLE).obstacle()
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.save()
        painter.setPen(palette.color(QPalette.ColorRole.Text) if possible else muted)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, title)
        room = place.width() - metrics.horizontalAdvance(title) - 3 * SPACE
        aside = metrics.elidedText(aside, Qt.TextElideMode.ElideRight, max(room, 0))
        painter.setPen(muted)
        painter.drawText(QRect(place), _RIGHT, aside)
        painter.restore()


_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def _titled(entry: Entry) -> str:
    return f"{entry.group}: {entry.title}"


def _item(entry: Entry, why_not: str) -> QStandardItem:
    keys = entry.keys.toString(QKeySequence.SequenceFormat.NativeText)
    item = QStandardItem(_titled(entry))
    item.setData(entry, ENTRY_ROLE)
    item.setData(why_not or keys, ASIDE_ROLE)
    spoken = [_titled(entry), f"not possible now. {why_not}" if why_not else keys]
    item.setData(", ".join(filter(None, spoken)), Qt.ItemDataRole.AccessibleTextRole)
    return item


def _rank(typed: str, title: str) -> float | None:
    """Return how well the title fits what was typed, 0 best; None where it does not.

    Words that begin with the typed ones come before letters found within words, and these before
    letters that occur in their order only, the closer together the better.
    """
    wanted, title = typed.casefold().split(), title.casefold()
    words = title.replace(":", " ").split()
    if all(any(word.startswith(each) for word in words) for each in wanted):
        return 0
    if all(each in title for each in wanted):
        return 1
    letters = "".join(wanted)
    spread = _spread(letters, title)
    return spread if spread <= LOOSEST * len(letters) else None


def _spread(letters: str, title: str) -> float:
    """Return in how few characters the letters occur in their order."""
    starts = (place for place, letter in enumerate(title) if letter == letters[0])
    return min((_reach(letters, title, start) - start for start in starts), default=math.inf)


def _reach(letters: str, title: str, place: int) -> float:
    """Return where the last of the letters is found, each looked for after the one before."""
    for letter in letters:
        place = title.find(letter, place) + 1
        if not place:
            return math.inf
    return place
