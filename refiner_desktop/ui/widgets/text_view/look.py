"""Fonts, sizes and brushes that a text view is painted with."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from refiner_desktop.ui.theme import CodeColours, theme_of

_SAMPLE = 100
_SIGN_CELLS = 2.0
_GAP_CELLS = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The measures of a fixed-pitch font: a cell's width, a row's height, and the base line in it.

    In pixels; the width is not rounded, or it would drift along a row.
    """

    cell: float
    row: int
    ascent: float

    @classmethod
    def of(cls, font: QFont) -> Grid:
        """Measure `font`."""
        metrics = QFontMetricsF(font)
        row = math.ceil(metrics.height() * 1.2)
        ascent = (row - metrics.height()) / 2 + metrics.ascent()
        return cls(max(metrics.horizontalAdvance("0" * _SAMPLE) / _SAMPLE, 1.0), row, ascent)

    def gutter(self, highest: int, *, has_signs: bool) -> Gutter:
        """Return the margin for numbers up to `highest`, 0 for none, and for signs beside them."""
        numbers = (max(len(str(highest)), 2) + 0.5) * self.cell if highest else 0.0
        signs = _SIGN_CELLS * self.cell if has_signs else 0.0
        return Gutter(numbers, numbers + signs + (_GAP_CELLS * self.cell))


@dataclass(frozen=True, slots=True)
class Gutter:
    """The margin beside a text: where its numbers end and signs begin, and where the text does."""

    numbers: float
    width: float


@dataclass(frozen=True, slots=True)
class Look:
    """What the painter needs to know besides the text."""

    grid: Grid
    colours: CodeColours
    base: QColor
    text: QColor
    caret_line: QColor
    selection: QColor
    note: QColor

    @classmethod
    def of(cls, grid: Grid, palette: QPalette) -> Look:
        """Take the look from a widget's palette."""
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        highlight = palette.color(QPalette.ColorRole.Highlight)
        return cls(
            grid,
            theme_of(palette).code,
            base,
            text,
            caret_line=_blend(base, text, 0.05),
            # A tint: the colours of the text have to be readable on it.
            selection=_blend(base, highlight, 0.25),
            note=_blend(base, text, 0.08),
        )


def _blend(under: QColor, over: QColor, share: float) -> QColor:
    def mixed(one: int, other: int) -> int:
        return round(one + (other - one) * share)

    return QColor(
        mixed(under.red(), over.red()),
        mixed(under.green(), over.green()),
        mixed(under.blue(), over.blue()),
    )
