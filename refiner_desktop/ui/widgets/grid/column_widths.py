"""How wide columns are: by their kind, or by what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QFontMetrics

from refiner_desktop.datasets.columns import Column, Kind
from refiner_desktop.ui.models.cell_text import one_line, shown
from refiner_desktop.ui.theme import scaled

SAMPLE_ROWS = 50
"""So many of the first rows say how wide the columns are."""

WIDTHS: dict[Kind, int] = {"text": 170, "number": 110, "boolean": 90, "date": 150}

_LEAST, _MOST = 70, 340
_ROOM_IN_CELL = 24
_ROOM_IN_TITLE = 44
"""Also for the mark of the sort and for the button of the menu."""
_LONGEST = 80


def usual_width(column: Column) -> int:
    """Return how wide a column is while nobody knows what stands in it."""
    return scaled(WIDTHS[column.kind])


def widths_by_content(
    columns: Sequence[Column], rows: Sequence[Sequence[str | None]], metrics: QFontMetrics
) -> Mapping[str, int]:
    """Return by a column's key how wide it is, so that what these rows have in it can be read."""
    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return {
        column.key: _width(column, texts, metrics)
        for column, texts in zip(columns, cells, strict=True)
    }


def _width(column: Column, texts: Sequence[str | None], metrics: QFontMetrics) -> int:
    title = metrics.horizontalAdvance(one_line(column.title)[:_LONGEST]) + scaled(_ROOM_IN_TITLE)
    wanted = max(title, _content(column, texts, metrics), scaled(_LEAST))
    return min(wanted, scaled(_MOST))


def _content(column: Column, texts: Sequence[str | None], metrics: QFontMetrics) -> int:
    """Return the room for the longest text; where none is, the rows after these may have one."""
    longest = max((shown(text, column.kind)[:_LONGEST] for text in texts), key=len, default="")
    if not longest:
        return usual_width(column) if len(texts) >= SAMPLE_ROWS else 0
    return metrics.horizontalAdvance(longest) + scaled(_ROOM_IN_CELL)
