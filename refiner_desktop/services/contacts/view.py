"""How a person looks at the contacts: what was asked for, filtered, sorted and shown."""

from __future__ import annotations

from typing import Literal

import msgspec

from refiner_desktop.api.queries import MAX_PAGE_LENGTH, ContactOrder, ContactQuery
from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.services.rows.view import ColumnLook, RowFilter


class ContactChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask the service for; `limit` None means all. API reference, section 4.5."""

    survey_uuid: str = ""
    segment_uuid: str = ""
    search: str = ""
    order_by: ContactOrder | Literal[""] = ""
    limit: int | None = 1_000

    def query(self) -> ContactQuery:
        """Return the query, in pages no longer than needed."""
        return ContactQuery(
            order_by=self.order_by or None,
            survey_uuid=self.survey_uuid or None,
            segment_uuid=self.segment_uuid or None,
            search=self.search or None,
            page_length=min(self.limit or MAX_PAGE_LENGTH, MAX_PAGE_LENGTH),
        )


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a saved view brings back. Columns that are not named follow, shown."""

    choice: ContactChoice = ContactChoice()
    filter: RowFilter = RowFilter()
    sort: tuple[SortKey, ...] = ()
    columns: tuple[ColumnLook, ...] = ()
