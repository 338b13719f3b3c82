"""The columns of a table by their titles: their order and their widths."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView

Arrangement = tuple[tuple[str, int], ...]
"""The titles from left to right, each with its width in pixels; 0 where the table sees to it."""


def arranged(header: QHeaderView) -> Arrangement:
    """Return how the columns are arranged."""
    sections = [header.logicalIndex(place) for place in range(header.count())]
    return tuple((_title(header, each), _own_width(header, each)) for each in sections)


def arrange(header: QHeaderView, arrangement: Sequence[tuple[str, int]]) -> None:
    """Arrange the columns like this, unless they are others by now."""
    sections = {_title(header, each): each for each in range(header.count())}
    if set(sections) != {title for title, _ in arrangement}:
        return
    for place, (title, width) in enumerate(arrangement):
        header.moveSection(header.visualIndex(sections[title]), place)
        if width:
            header.resizeSection(sections[title], width)


def _title(header: QHeaderView, section: int) -> str:
    title = header.model().headerData(section, header.orientation(), Qt.ItemDataRole.DisplayRole)
    return str(title or "")


def _own_width(header: QHeaderView, section: int) -> int:
    last = header.visualIndex(section) == header.count() - 1
    if header.isSectionHidden(section) or (last and header.stretchLastSection()):
        return 0
    own = header.sectionResizeMode(section) == QHeaderView.ResizeMode.Interactive
    return header.sectionSize(section) if own else 0
