"""A text whose objects and lists can be folded, pointed at and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from refiner_desktop.ui.widgets.text_view.canvas import TextCanvas
from refiner_desktop.ui.widgets.text_view.selection import Selection

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.document import Document
    from refiner_desktop.ui.widgets.text_view.folding import Folds
    from refiner_desktop.ui.widgets.text_view.outline import Outline
    from refiner_desktop.ui.widgets.text_view.painter import FoldNote
    from refiner_desktop.ui.widgets.text_view.values import Value


class FoldingCanvas(TextCanvas):
    """Adds what the outline of a JSON text makes possible, as soon as that is known.

    A sign beside a line folds what the line opens; the brackets at the caret are framed.
    Signals: `outline_changed` when there is an outline or none any more.
    """

    outline_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outline: Outline | None = None
        self._fold_notes: dict[int, FoldNote] = {}
        self.viewport().setMouseTracking(True)
        self.selection_changed.connect(self._match_brackets)

    def show_document(self, document: Document | None) -> None:
        """Show a document from its beginning, without an outline."""
        self._outline = None
        super().show_document(document)
        self.outline_changed.emit()

    def set_outline(self, outline: Outline) -> None:
        """Take in what is known of the document that is shown."""
        from refiner_desktop.ui.widgets.text_view.folding import Folds

        self._outline, self._fold_notes = outline, {}
        self._set_folds(Folds(outline.regions))
        self._match_brackets()
        self.outline_changed.emit()

    @property
    def has_outline(self) -> bool:
        """Whether values can be named and folded by now."""
        return self._outline is not None

    # Folding

    @property
    def can_fold(self) -> bool:
        """Whether there is anything to fold."""
        return self._folds is not None and len(self._folds.regions) > 0

    def is_folded(self, line: int) -> bool:
        """Return whether what `line`, counted from 0, opens is folded."""
        region = self._folds.regions.at(line) if self._folds else None
        return self._folds is not None and region is not None and self._folds.is_folded(region)

    def set_folded(self, line: int, folded: bool) -> None:
        """Fold or unfold what `line`, counted from 0, opens; any other line stays as it is."""
        region = self._folds.regions.at(line) if self._folds else None
        if self._folds and region is not None:
            self._set_folds(self._folds.with_folded(region, folded))

    def fold(self) -> None:
        """Fold the innermost object or list around the caret that is not folded."""
        if self._document and self._folds:
            line = self._document.lines.at(self._selection.caret)
            regions = self._folds.regions
            around = [*regions.around(line).tolist(), regions.at(line)]
            unfolded = [r for r in around if r is not None and not self._folds.is_folded(r)]
            if unfolded:
                self.set_folded(int(regions.lines[unfolded[-1]]), folded=True)

    def unfold(self) -> None:
        """Unfold what the line of the caret opens."""
        if self._document:
            self.set_folded(self._document.lines.at(self._selection.caret), folded=False)

    def fold_all(self) -> None:
        """Fold everything inside of the outermost object or list."""
        if self._folds:
            self._set_folds(self._folds.with_all_folded())

    def unfold_all(self) -> None:
        """Show every line."""
        if self._folds:
            self._set_folds(self._folds.with_none_folded())

    def reveal(self, offset: int, *, centred: bool = False) -> None:
        """Unfold what hides `offset`, and scroll just so far that it can be seen."""
        if self._document and self._folds:
            line = self._document.lines.at(offset)
            if self._folds.holder(line) != line:
                self._set_folds(self._folds.showing(line))
        super().reveal(offset, centred=centred)

    def _set_folds(self, folds: Folds) -> None:
        self._folds = folds
        self._lay_out()
        if self._document:
            line = self._document.lines.at(self._selection.caret)
            if (holder := folds.holder(line)) != line:
                caret = self._document.lines.end(holder)
                self._set_selection(Selection(caret, caret))

    def _fold_note(self, region: int) -> FoldNote:
        from refiner_desktop.ui.widgets.text_view.notes import fold_note

        assert self._outline is not None
        if region not in self._fold_notes:
            self._fold_notes[region] = fold_note(self._outline, region)
        return self._fold_notes[region]

    # Values

    def path_at_cursor(self) -> str:
        """Return the JMESPath expression for the value at the caret, or nothing."""
        from refiner_desktop.ui.widgets.text_view.values import path_to

        value = self._value_at_caret()
        return path_to(self._outline.structure.data, value) if self._outline and value else ""

    def value_at_cursor(self) -> str:
        """Return the value at the caret; a string without its quotes and escapes."""
        from refiner_desktop.ui.widgets.text_view.values import text_of

        value = self._value_at_caret()
        return text_of(self._outline.structure.data, value) if self._outline and value else ""

    def _value_at_caret(self) -> Value | None:
        if self._outline is None or self._document is None:
            return None
        from refiner_desktop.ui.widgets.text_view.values import value_at

        lines, caret = self._document.lines, self._selection.caret
        line = lines.at(caret)
        # Behind the end of a line one means that line.
        at_end = caret == lines.end(line) and caret > lines.start(line)
        return value_at(self._outline.structure, caret - at_end)

    def _match_brackets(self) -> None:
        self._brackets = ()
        if self._outline is not None and not self._selection:
            structure, caret = self._outline.structure, self._selection.caret
            before = structure.pair_at(caret - 1) if caret else None
            self._brackets = structure.pair_at(caret) or before or ()
        self.viewport().update()

    # Reimplemented Qt methods

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._folding_line_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and line is not None:
            self.set_folded(line, not self.is_folded(line))
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._folding_line_at(event.position().toPoint()) is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        points_at_fold = self._folding_line_at(event.position().toPoint()) is not None
        shapes = Qt.CursorShape
        self.viewport().setCursor(
            shapes.PointingHandCursor if points_at_fold else shapes.IBeamCursor
        )
        super().mouseMoveEvent(event)

    def _folding_line_at(self, position: QPoint) -> int | None:
        """Return the line whose sign, or whose folded lines, a position is over."""
        if self._layout is None or self._folds is None:
            return None
        number = self.row_at(position)
        if number >= self._layout.row_count:
            return None
        row = self._layout.row(number)
        region = self._folds.regions.at(row.line)
        if region is None:
            return None
        column = self.column_at(position)
        over_sign = column < 0 and row.first == 0
        width = self._layout.columns.width(row.line) - row.first + row.indent
        over_note = self._folds.is_folded(region) and row.ends_line and column > width
        return row.line if over_sign or over_note else None
