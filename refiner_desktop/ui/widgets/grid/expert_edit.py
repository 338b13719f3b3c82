"""A line of SQL that completes the names of columns and underlines a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.styling import code_font
from refiner_desktop.ui.theme import SPACE, theme_of
from refiner_desktop.ui.widgets.grid.expert_words import Word, is_complete, matching, word_at

if TYPE_CHECKING:
    from refiner_desktop.datasets.sql_names import SqlName

SQL_ROLE = Qt.ItemDataRole.UserRole + 1
KIND_ROLE = Qt.ItemDataRole.UserRole + 2
NARROWEST_LIST, WIDEST_LIST = 220, 480
WAVE = 4
"""Pixels from one crest of the underline to the next."""

_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class ExpertEdit(QLineEdit):
    """Offers names as they are typed, and with Ctrl+Space; Tab or Enter takes the marked one."""

    def __init__(self) -> None:
        super().__init__(placeholderText="seats > 10 AND plan = 'pro'", clearButtonEnabled=True)
        self.setFont(code_font())
        self._names: Sequence[SqlName] = ()
        self._mistake: int | None = None
        self._word: Word | None = None
        self._offers = QStandardItemModel(self)
        self._completer = QCompleter(self._offers, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._list = QListView()
        self._list.setAccessibleName("Columns")
        self._completer.setPopup(self._list)
        self._list.setItemDelegate(_NameDelegate(self._list))
        self._completer.activated.connect(self._take)
        self.textEdited.connect(lambda _: self._suggest())

    def set_names(self, names: Sequence[SqlName]) -> None:
        """Offer these columns from now on."""
        self._names = names

    def show_mistake(self, position: int | None) -> None:
        """Underline what stands at this character; None takes the line away."""
        self._mistake = position
        self.update()

    def _suggest(self, *, anything: bool = False) -> None:
        text, cursor = self.text(), self.cursorPosition()
        self._word = word_at(text, cursor)
        if self._word is None and anything:
            self._word = Word(cursor, cursor, "")
        word = self._word
        if word is None or (is_complete(word, text) and not anything):
            self._list.hide()
            return
        found = matching(self._names, word.letters)
        if not found or [name.name for name in found] == [word.letters]:
            self._list.hide()
            return
        self._offer(found, word.letters)

    def _offer(self, names: Sequence[SqlName], letters: str) -> None:
        self._offers.clear()
        for name in names:
            item = QStandardItem(one_line(name.sql))
            item.setData(name.sql, SQL_ROLE)
            item.setData(name.kind, KIND_ROLE)
            item.setData(f"{name.name}, {name.kind}", Qt.ItemDataRole.AccessibleTextRole)
            self._offers.appendRow(item)
        width = self._list.sizeHintForColumn(0) + 4 * SPACE
        place = self.cursorRect()
        place.setWidth(min(max(width, NARROWEST_LIST), WIDEST_LIST))
        self._completer.complete(place)
        # Marked beforehand only where Enter can mean nothing else.
        likely = letters and names[0].name.casefold().startswith(letters.casefold())
        first = self._completer.completionModel().index(0, 0)
        self._list.setCurrentIndex(first if likely else self._offers.index(-1, 0))

    def _take(self) -> None:
        chosen = self._list.currentIndex().data(SQL_ROLE)
        if chosen and self._word:
            self.setSelection(self._word.start, self._word.end - self._word.start)
            self.insert(chosen)  # as if it were typed, so names are offered again
        self._list.hide()
        self._word = None

    def _is_choosing(self) -> bool:
        return self._list.isVisible() and self._list.currentIndex().isValid()

    def _mistake_rect(self, position: int) -> QRect:
        """Return where the wrong word stands, on screen."""
        text, metrics = self.text(), self.fontMetrics()
        position = min(position, len(text))
        word = word_at(text, position + 1)
        end = word.end if word else position + 1
        start = self.cursorRect().center().x() - metrics.horizontalAdvance(
            text[: self.cursorPosition()]
        )
        left = start + metrics.horizontalAdvance(text[:position])
        width = metrics.horizontalAdvance(text[position:end].strip() or "m")
        return QRect(left, self.cursorRect().bottom() - WAVE, width, WAVE)

    # Reimplemented Qt methods

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _TAKING and self._is_choosing():
                event.ignore()  # the list takes it
                return False
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() == Qt.Key.Key_Space and control:
                self._suggest(anything=True)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._mistake is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(SPACE // 2, 0, -SPACE // 2, 0))
        painter.setPen(QPen(QColor(theme_of(self.palette()).danger), 1.4))
        line = self._mistake_rect(self._mistake)
        steps = range(line.left(), line.right() + WAVE, WAVE // 2)
        crests = [
            QPointF(x, line.bottom() - (WAVE // 2 if place % 2 else 0))
            for place, x in enumerate(steps)
        ]
        painter.drawPolyline(crests)


class _NameDelegate(QStyledItemDelegate):
    """Says the kind of the column at the right."""

    # Reimplemented Qt methods

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        kind = option.fontMetrics.horizontalAdvance(f"  {index.data(KIND_ROLE)}")
        return QSize(size.width() + kind + 2 * SPACE, size.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect.adjusted(0, 0, -SPACE, 0), right, index.data(KIND_ROLE))
        painter.restore()
