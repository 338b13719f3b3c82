"""Fills the list: what the filter finds, rows as they are looked at, deliveries as they arrive."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.storage.delivery_search import EVERYTHING, Search
from refiner_desktop.ui.tabs.webhooks.delivery_list import (
    EMPTY,
    FILTERED,
    READING,
    UNREAD,
    DeliveryList,
)
from refiner_desktop.ui.tabs.webhooks.filter_bar import FilterBar
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.delivery import DeliveryRow

READ, ROWS, FRESH = "read the list", "read rows", "read what arrived"
AGAIN_MS = 150
"""With a filter, what arrives is looked through this long after it came, all together."""

FRESH_AT_ONCE = 1_000


class DeliveryFeed(QObject):
    """Keeps a list and a service together.

    Signals: `changed()` when the list shows other rows; `read_anew()` after it was read whole.
    """

    changed = Signal()
    read_anew = Signal()

    def __init__(
        self,
        deliveries: DeliveriesService,
        arrivals: Arrivals,
        bar: FilterBar,
        listed: DeliveryList,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(listed)
        self._deliveries = deliveries
        self._bar = bar
        self._list = listed
        self._tasks = tasks
        self._search = EVERYTHING
        self._waiting = 0
        self._meanwhile: list[int] = []
        """What has arrived while the list was being read, newest first."""
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._on_again)
        self._from_top = False
        self._scrolled_away = False  # and paused for that, not by a click
        bar.changed.connect(self.read)
        listed.scrolled.connect(self._on_scrolled)
        bar.follow_toggled.connect(self._on_follow_toggled)
        listed.rows.wanted.connect(self._on_wanted)
        arrivals.arrived.connect(self._on_arrived)
        deliveries.trimmed.connect(self._on_trimmed)
        deliveries.hidden.changed.connect(self.read)

    @property
    def search(self) -> Search:
        """What the list shows."""
        return self._search

    @property
    def reading(self) -> bool:
        """Whether other rows are about to be shown."""
        return self._tasks.running(READ)

    @property
    def filtered(self) -> bool:
        """Whether a filter leaves something out."""
        return self._search != EVERYTHING

    def read(self) -> None:
        """Read anew which deliveries there are; another search begins at the top."""
        before, self._search = self._search, self._bar.query().search
        self._from_top |= self._search != before
        self._tasks.start(READ, self._read())

    def refresh(self, ids: Sequence[int]) -> None:
        """Read rows again that have changed."""
        self._tasks.start(f"{ROWS} {ids[0] if ids else 0}", self._refresh(ids))

    async def _read(self) -> None:
        if not self._list.rows.ids:
            self._list.set_empty_text(READING)
        self._meanwhile.clear()
        search = self._search
        empty = UNREAD
        try:
            found: Sequence[int] = await self._deliveries.ids(search)
            empty = FILTERED if self.filtered else EMPTY
        finally:
            self._list.set_empty_text(empty)
        newest = found[0] if len(found) else 0
        newer = [each for each in self._meanwhile if each > newest]
        ids = [*newer, *found] if newer and not self.filtered else found
        self._list.show_ids(ids, from_top=self._from_top)
        self._from_top = False
        self._show_waiting(0)
        self.read_anew.emit()

    async def _refresh(self, ids: Sequence[int]) -> None:
        self._list.put(await self._deliveries.rows(ids))
        self.changed.emit()

    def _on_wanted(self) -> None:
        self._tasks.ensure(ROWS, self._read_rows)

    async def _read_rows(self) -> None:
        model = self._list.rows
        while ids := model.take_wanted():
            try:
                rows = await self._deliveries.rows(ids)
            finally:
                model.release(ids)
            self._list.put(rows)
            self._list.remove(set(ids) - {row.id for row in rows})  # deleted meanwhile
        self.changed.emit()

    def _on_trimmed(self, ids: list[int]) -> None:
        """Let go of what was deleted: a full list would else be read with every arrival."""
        if self.reading:  # it may have found them still
            self.read()
        else:
            self._list.remove(ids)
            self.changed.emit()

    # What arrives

    def _on_arrived(self, rows: tuple[DeliveryRow, ...]) -> None:
        if not self._bar.follows:
            self._show_waiting(self._waiting + len(rows))
        elif self.filtered:
            self._waiting += len(rows)
            if not self._again.isActive():
                self._again.start()
        else:
            self._meanwhile[:0] = [row.id for row in reversed(rows)]
            self._list.add(rows)
            self.changed.emit()

    def _on_again(self) -> None:
        if self._tasks.running(FRESH) or self._tasks.running(READ):
            self._again.start()  # begun anew at each arrival it would never come to an end
        elif self._bar.follows:
            self._waiting = 0
            self._tasks.start(FRESH, self._read_fresh())

    async def _read_fresh(self) -> None:
        """Put on top what the filter finds of the newest."""
        newest = self._list.rows.ids[0] if self._list.rows.ids else 0
        found = await self._deliveries.newest(self._search, FRESH_AT_ONCE, after_id=newest)
        if len(found) == FRESH_AT_ONCE:
            await self._read()
        else:
            self._list.add(found[::-1])
            self.changed.emit()

    def _on_follow_toggled(self, follows: bool) -> None:
        if follows:
            self._scrolled_away = False
            self._list.to_top()
            self.read()

    def _on_scrolled(self, away: bool) -> None:
        """Pause while the person looks at what is further down."""
        if away and self._bar.follows:
            self._scrolled_away = True
            self._bar.set_follows(False)
        elif not away and self._scrolled_away:
            self._bar.set_follows(True)

    def _show_waiting(self, count: int) -> None:
        self._waiting = count
        self._bar.show_waiting(count)
        self.changed.emit()
