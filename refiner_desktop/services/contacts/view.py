"""How a person looks at the contacts: what was asked for, filtered, sorted and shown."""

from __future__ import annotations

import msgspec

from refiner_desktop.api.queries import MAX_PAGE_LENGTH, ContactQuery
from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.conditions import Condition


class ContactChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask the service for; `limit` None means all. API reference, section 4.5."""

    survey_uuid: str = ""
    segment_uuid: str = ""
    search: str = ""
    order_by: str = ""
    limit: int | None = 1_000

    def query(self) -> ContactQuery:
        """Return the query, in pages no longer than needed."""
        return ContactQuery(
            order_by=self.order_by or None,  # type: ignore[arg-type]
            survey_uuid=self.survey_uuid or None,
            segment_uuid=self.segment_uuid or None,
            search=self.search or None,
            page_length=min(self.limit or MAX_PAGE_LENGTH, MAX_PAGE_LENGTH),
        )


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


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a saved view brings back. Columns that are not named follow, shown."""

    choice: ContactChoice = ContactChoice()
    filter: RowFilter = RowFilter()
    sort: tuple[SortKey, ...] = ()
    columns: tuple[ColumnLook, ...] = ()
