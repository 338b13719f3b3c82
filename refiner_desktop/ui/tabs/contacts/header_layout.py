"""The columns of a table as a person arranged them, kept through every change of columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHeaderView

from refiner_desktop.datasets.columns import Column, Kind
from refiner_desktop.services.contacts.view import ColumnLook
from refiner_desktop.ui.tabs.contacts.column_layout import Looks, absorbed, arranged
from refiner_desktop.ui.theme import scaled

WIDTHS: dict[Kind, int] = {"text": 170, "number": 110, "boolean": 90, "date": 150}
WIDE = {"email": 230}
"""Addresses are longer than other texts, and cut in the middle they tell nothing."""


def usual_width(column: Column) -> int:
    """Return how wide a column is until a person says otherwise."""
    return scaled(WIDE.get(column.key, WIDTHS[column.kind]))


class HeaderLayout(QObject):
    """Puts looks on the sections of a header, and reads there what a person makes of them.

    Signals: `changed()` when a person moved, hid or sized a column.
    """

    changed = Signal()

    def __init__(self, header: QHeaderView) -> None:
        super().__init__(header)
        self._header = header
        self._columns: tuple[Column, ...] = ()
        self._looks: Looks = ()
        self._unread = False
        self._applying = False
        header.sectionMoved.connect(self._on_changed)
        header.sectionResized.connect(self._on_changed)

    @property
    def looks(self) -> Looks:
        """The looks of all columns that were ever arranged."""
        self.read()
        return self._looks

    def read(self) -> None:
        """Take over what a person made of the sections, before the header gets others."""
        if self._unread:
            self._unread = False
            self._looks = absorbed(self._looks, self._seen())

    def set_looks(self, looks: Sequence[ColumnLook], columns: Sequence[Column]) -> None:
        """Arrange the columns like this."""
        self._unread = False
        self._looks = tuple(looks)
        self.apply(columns)

    def apply(self, columns: Sequence[Column]) -> None:
        """Arrange these columns, which the sections of the header show now, as the looks say."""
        looks = self.looks
        self._columns = tuple(columns)
        places = {column.key: place for place, column in enumerate(self._columns)}
        self._applying = True
        try:
            for visual, look in enumerate(arranged(self._columns, looks)):
                self._put(places[look.key], visual, look)
        finally:
            self._applying = False

    def _put(self, section: int, visual: int, look: ColumnLook) -> None:
        header = self._header
        if (now := header.visualIndex(section)) != visual:
            header.moveSection(now, visual)
        if header.isSectionHidden(section) == look.shown:
            header.setSectionHidden(section, not look.shown)
        width = look.width or usual_width(self._columns[section])
        if look.shown and header.sectionSize(section) != width:
            header.resizeSection(section, width)

    def _seen(self) -> Looks:
        before = {look.key: look.width for look in self._looks}
        header = self._header
        sections = (header.logicalIndex(visual) for visual in range(len(self._columns)))
        return tuple(self._look(section, before) for section in sections)

    def _look(self, section: int, before: dict[str, int]) -> ColumnLook:
        column = self._columns[section]
        if self._header.isSectionHidden(section):
            return ColumnLook(column.key, False, before.get(column.key, 0))
        width = self._header.sectionSize(section)
        return ColumnLook(column.key, True, 0 if width == usual_width(column) else width)

    def _on_changed(self, *_: int) -> None:
        if not self._applying and self._columns:
            self._unread = True
            self.changed.emit()
