"""A call and what came back for it, as the answer's side of the console shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.services.requests.all_pages import AllPages
from refiner_desktop.storage.exchange_rows import ExchangeRecord, FetchedPages
from refiner_desktop.ui.tabs.console.answer_words import no_answer


@dataclass(frozen=True, slots=True, eq=False)
class ShownCall:
    """`why` says in words why there is no answer, `exchange` is its number in the history.

    `pages` are those that were fetched of it since; `fetched` tells of some that are not kept.
    """

    request: CallRequest
    answer: Answer | None = None
    why: str = ""
    exchange: int | None = None
    lost: bool = False
    pages: AllPages | None = None
    fetched: FetchedPages | None = None

    @classmethod
    def of_record(cls, record: ExchangeRecord) -> ShownCall:
        """Return a call of the history."""
        why = "" if record.answer else no_answer(record)
        found = cls(record.request, record.answer, why, record.id, record.lost)
        return replace(found, fetched=record.fetched)

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""
        return len(self.answer.body) if self.answer and isinstance(self.answer.body, bytes) else 0
