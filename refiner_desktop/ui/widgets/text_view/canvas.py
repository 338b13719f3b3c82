"""The visible part of a text: scrolling, painting, caret and selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget

from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.styling import code_font
from refiner_desktop.ui.widgets.text_view.gestures import MouseSelection
from refiner_desktop.ui.widgets.text_view.keys import motion_of
from refiner_desktop.ui.widgets.text_view.look import Grid, Gutter, Look
from refiner_desktop.ui.widgets.text_view.matches import Matches
from refiner_desktop.ui.widgets.text_view.navigation import Motion, moved
from refiner_desktop.ui.widgets.text_view.selection import Selection
from refiner_desktop.ui.widgets.text_view.speaking import spoken

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.document import Document
    from refiner_desktop.ui.widgets.text_view.folding import Folds
    from refiner_desktop.ui.widgets.text_view.layout import Layout
    from refiner_desktop.ui.widgets.text_view.painter import FoldNote

_NARROWEST_WRAP = 8
_NO_MATCH = -1


class TextCanvas(QAbstractScrollArea):
    """Paints a document's visible rows and lets a caret move and select in it.

    The scroll bars count rows and columns. Offsets are bytes from the beginning of the document.
    """

    selection_changed = Signal()
    wrap_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = ""
        self._document: Document | None = None
        self._layout: Layout | None = None
        self._folds: Folds | None = None
        self._brackets: tuple[int, ...] = ()
        self._wrap = True
        self._selection = Selection()
        self._goal_column: int | None = None
        self._matches, self._current_match = Matches(), _NO_MATCH
        self._mouse = MouseSelection(self, self)

        self.setFont(code_font())
        self._measure()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    @property
    def document(self) -> Document | None:
        """What is shown, None for nothing."""
        return self._document

    def show_document(self, document: Document | None) -> None:
        """Show a document from its beginning."""
        self._document, self._layout = document, None
        self._folds, self._brackets = None, ()
        self._matches, self._current_match = Matches(), _NO_MATCH
        self._lay_out()
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)
        self.select(Selection())

    def set_notice(self, text: str) -> None:
        """Set the words that stand in for a document."""
        self._notice = text
        self.viewport().update()

    @property
    def wrap(self) -> bool:
        """Whether long lines go on in the next row."""
        return self._wrap

    def set_wrap(self, wrap: bool) -> None:
        """Wrap long lines, or let them be scrolled to."""
        if wrap != self._wrap:
            self._wrap = wrap
            self._lay_out()
            self.wrap_changed.emit(wrap)

    # Selection and matches

    @property
    def selection(self) -> Selection:
        """What is selected; its caret is the caret of the view."""
        return self._selection

    def select(self, selection: Selection) -> None:
        """Select, and scroll to the caret."""
        self._set_selection(selection)
        self.reveal(selection.caret)

    def select_all(self) -> None:
        """Select the whole text without scrolling."""
        if self._document:
            self._set_selection(Selection(0, len(self._document.data)))

    def selected_text(self) -> str:
        """Return the selected text, without wrapping."""
        if self._document is None:
            return ""
        return self._document.data[self._selection.start : self._selection.end].decode(
            "utf-8", "replace"
        )

    def show_matches(self, matches: Matches, current: int = _NO_MATCH) -> None:
        """Mark `matches` and scroll to the one with the number `current`."""
        self._matches, self._current_match = matches, current
        if self._document and 0 <= current < len(matches):
            self.reveal(self._document.place_of(matches.ends[current] - 1), centred=True)
            self.reveal(self._document.place_of(matches.starts[current]))
        self.viewport().update()

    def _set_selection(self, selection: Selection) -> None:
        self._goal_column = None
        self._selection = selection
        self.viewport().update()
        self.selection_changed.emit()

    def _move(self, motion: Motion, *, extend: bool) -> None:
        if self._layout is None:
            return
        caret = self._selection.caret
        goal = self._goal_column
        if goal is None:
            goal = self._layout.place(caret)[1]
        page = max(self.verticalScrollBar().pageStep() - 1, 1)
        caret = moved(self._layout, caret, motion, page=page, column=goal)
        self.select(self._selection.moved(caret, extend=extend))
        self._goal_column = goal if motion.is_vertical else None

    def _speak(self, motion: Motion) -> None:
        if self._document is not None:
            announce(self, spoken(self._document.lines, self._selection.caret, motion))

    # Geometry

    def offset_at(self, position: QPoint) -> int:
        """Return the offset of the character nearest to a position in the viewport."""
        if self._layout is None:
            return 0
        return self._layout.offset_at(self.row_at(position), round(self.column_at(position)))

    def reveal(self, offset: int, *, centred: bool = False) -> None:
        """Scroll just so far that `offset` can be seen, or to the middle if it could not."""
        if self._layout is not None:
            row, column = self._layout.place(offset)
            _scroll_to(self.verticalScrollBar(), row, centred=centred)
            _scroll_to(self.horizontalScrollBar(), column, centred=False)

    def scroll_by(self, rows: int, columns: int) -> None:
        """Scroll down and to the right, or back if negative."""
        for bar, steps in ((self.verticalScrollBar(), rows), (self.horizontalScrollBar(), columns)):
            bar.setValue(bar.value() + steps)

    def row_at(self, position: QPoint) -> int:
        """Return the row at a position in the viewport, even below the last one."""
        return self.verticalScrollBar().value() + position.y() // self._grid.row

    def column_at(self, position: QPoint) -> float:
        """Return the column over a position in the viewport, negative beside the text."""
        x = position.x() - self._gutter().width
        return x / self._grid.cell + (self.horizontalScrollBar().value() if x >= 0 else 0)

    def _gutter(self) -> Gutter:
        if self._document is None:
            return Gutter(0.0, 0.0)
        return self._grid.gutter(self._document.highest_number, has_signs=self._document.has_signs)

    def _text_columns(self) -> int:
        return int((self.viewport().width() - self._gutter().width) / self._grid.cell) - 1

    def _measure(self) -> None:
        self._grid = Grid.of(self.font())
        self._look = Look.of(self._grid, self.palette())

    def _lay_out(self) -> None:
        """Cut the lines into rows again, keeping the uppermost text where it is."""
        if self._document is None:
            self._layout = None
        else:
            from refiner_desktop.ui.widgets.text_view.layout import Layout

            top = self.offset_at(QPoint(0, 0))
            wraps = self._wrap and self._document.wraps
            wrap = max(self._text_columns(), _NARROWEST_WRAP) if wraps else None
            self._layout = Layout(self._document.columns, wrap, self._folds)
            self._fit_scroll_bars()
            self.verticalScrollBar().setValue(self._layout.place(top)[0])
        self._fit_scroll_bars()
        self.viewport().update()

    def _fit_scroll_bars(self) -> None:
        rows = max(self.viewport().height() // self._grid.row, 1)
        columns = max(self._text_columns(), 1)
        row_count = self._layout.row_count if self._layout else 0
        scrolls = self._document is not None and not (self._wrap and self._document.wraps)
        widest = self._layout.widest if self._layout and scrolls else 0
        _set_range(self.verticalScrollBar(), row_count, rows)
        _set_range(self.horizontalScrollBar(), widest, columns)

    # Painting

    def _paint_notice(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.setFont(QGuiApplication.font())
        area = QRectF(self.viewport().rect()).adjusted(16, 16, -16, -16)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), self._notice)

    def _paint_document(self, painter: QPainter, document: Document, layout: Layout) -> None:
        from refiner_desktop.ui.widgets.text_view.painter import Scene, ScenePainter

        scene = Scene(
            document,
            layout,
            self._gutter(),
            self._selection,
            self._matches,
            self._current_match,
            self._brackets,
            self._fold_note,
            first_row=self.verticalScrollBar().value(),
            first_column=self.horizontalScrollBar().value(),
            has_focus=self.hasFocus(),
        )
        size = self.viewport().size()
        ScenePainter(painter, self._look, scene, size.width(), size.height()).paint()

    def _fold_note(self, region: int) -> FoldNote:
        """Return what stands for a folded region."""
        raise NotImplementedError

    # Reimplemented Qt methods

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        if self._document is not None and self._layout is not None:
            self._paint_document(painter, self._document, self._layout)
        else:
            self._paint_notice(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wrap and event.size().width() != event.oldSize().width():
            self._lay_out()
        else:
            self._fit_scroll_bars()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kind = event.type()
        if kind in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._measure()
            self._lay_out()
        elif kind == QEvent.Type.PaletteChange:
            self._measure()
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if found := motion_of(event):
            motion, extend = found
            self._move(motion, extend=extend)
            self._speak(motion)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._mouse.press(event.position().toPoint(), extend=extend)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.double_click(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._mouse.move(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def _set_range(bar: QScrollBar, size: int, visible: int) -> None:
    bar.setPageStep(visible)
    bar.setRange(0, max(size - visible, 0))


def _scroll_to(bar: QScrollBar, position: int, *, centred: bool) -> None:
    first, visible = bar.value(), bar.pageStep()
    if first <= position < first + visible:
        return
    if centred:
        bar.setValue(position - visible // 2)
    else:
        bar.setValue(position if position < first else position - visible + 1)
