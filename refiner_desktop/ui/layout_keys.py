"""By keys what a mouse does with dividers, column edges and inner pages."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QSplitter, QTableView, QTabWidget, QWidget

from refiner_desktop.ui.actions import ActionRegistry

STEP = 32
"""Pixels that a divider or an edge moves with one stroke."""

NO_TABLE = "Go into a table first."
NO_DIVIDER = "No divider of this kind is beside what has the keyboard."


class LayoutKeys(QObject):
    """Registers what acts on whatever is around the focus."""

    def __init__(self, registry: ActionRegistry, window: QWidget) -> None:
        super().__init__(window)
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        for title, keys, orientation, step in (
            ("Move the divider left", "Alt+Shift+Left", across, -STEP),
            ("Move the divider right", "Alt+Shift+Right", across, STEP),
            ("Move the divider up", "Alt+Shift+Up", down, -STEP),
            ("Move the divider down", "Alt+Shift+Down", down, STEP),
        ):
            registry.add(
                "Layout", title, partial(_move_divider, orientation, step), keys,
                obstacle=partial(_lacks_divider, orientation),
            )  # fmt: skip
        for title, keys, run in (
            ("Make the column narrower", "Alt+-", partial(_widen, -STEP)),
            ("Make the column wider", "Alt++", partial(_widen, STEP)),
            ("Move the column to the left", "Alt+Left", partial(_move_column, -1)),
            ("Move the column to the right", "Alt+Right", partial(_move_column, 1)),
        ):
            registry.add("Layout", title, run, keys, obstacle=_lacks_table)
        for title, keys, by in (
            ("Next page", "Ctrl+Tab", 1),
            ("Previous page", "Ctrl+Shift+Tab", -1),
        ):
            registry.add("Go", title, partial(_turn, by), keys)


def _around(kind: type[QWidget]) -> list[QWidget]:
    """Return the widgets of a kind around the focus, the innermost first."""
    found, step = [], QApplication.focusWidget()
    while step is not None:
        if isinstance(step, kind):
            found.append(step)
        step = None if step.isWindow() else step.parentWidget()
    return found


def _splitter(orientation: Qt.Orientation) -> QSplitter | None:
    around = (each for each in _around(QSplitter) if isinstance(each, QSplitter))
    return next((each for each in around if each.orientation() == orientation), None)


def _lacks_divider(orientation: Qt.Orientation) -> str:
    return "" if _splitter(orientation) else NO_DIVIDER


def _move_divider(orientation: Qt.Orientation, step: int) -> None:
    splitter = _splitter(orientation)
    if splitter is not None:
        before, after, *others = splitter.sizes()
        splitter.setSizes([before + step, after - step, *others])
        splitter.splitterMoved.emit(splitter.sizes()[0], 1)


def _table() -> QTableView | None:
    found = next(iter(_around(QTableView)), None)
    return found if isinstance(found, QTableView) else None


def _lacks_table() -> str:
    table = _table()
    return "" if table is not None and table.currentIndex().isValid() else NO_TABLE


def _widen(step: int) -> None:
    if (table := _table()) is not None:
        header, column = table.horizontalHeader(), table.currentIndex().column()
        width = header.sectionSize(column) + step
        header.resizeSection(column, max(width, header.minimumSectionSize()))


def _move_column(by: int) -> None:
    """Move the current column past its neighbour, those that are hidden left aside."""
    if (table := _table()) is None or not table.horizontalHeader().sectionsMovable():
        return
    header = table.horizontalHeader()
    place = header.visualIndex(table.currentIndex().column())
    target = place + by
    while 0 <= target < header.count() and header.isSectionHidden(header.logicalIndex(target)):
        target += by
    if 0 <= target < header.count():
        header.moveSection(place, target)


def _pages() -> QTabWidget | None:
    """Return the pages that are nearest to the focus: around it, or else beside it."""
    step = QApplication.focusWidget()
    while step is not None:
        pages = [step] if isinstance(step, QTabWidget) else step.findChildren(QTabWidget)
        if shown := next((each for each in pages if each.isVisible()), None):
            return shown
        step = step.parentWidget()
    return None


def _turn(by: int) -> None:
    """Turn to the next page, around the ends; those that are greyed are left out."""
    if (pages := _pages()) is None:
        return
    places = [place for place in range(pages.count()) if pages.isTabEnabled(place)]
    at = places.index(pages.currentIndex())
    pages.setCurrentIndex(places[(at + by) % len(places)])
