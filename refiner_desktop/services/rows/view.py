"""How a person looks at rows: which of them, and which of their columns."""

from __future__ import annotations

import msgspec

from refiner_desktop.datasets.conditions import Condition


class FilterChip(msgspec.Struct, frozen=True):
    """A condition on a column that can be switched off without being forgotten."""

    condition: Condition
    on: bool = True


class RowFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the loaded rows are shown: all three kinds of filter must hold."""

    words: str = ""
    chips: tuple[FilterChip, ...] = ()
    expert: str = ""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that are switched on."""
        return tuple(chip.condition for chip in self.chips if chip.on)

    @property
    def active(self) -> bool:
        """Whether anything may be filtered out."""
        return bool(self.words.strip() or self.conditions or self.expert.strip())


class ColumnLook(msgspec.Struct, frozen=True):
    """A column's place among the others, by its key; `width` in pixels, 0 for the usual one."""

    key: str
    shown: bool = True
    width: int = 0
