"""Requests in tabs, kept while they are typed: nothing is lost by a restart or a crash."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.requests.draft import EMPTY, RequestDraft
from refiner_desktop.services.requests.request_tab import RequestTab, new_id, read, written
from refiner_desktop.services.threads import whole
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.request_tabs import RequestTabStore

SCRATCH = "scratch"
"""The id of the tab that is always there."""

NOWHERE = ""
"""Where tabs are kept until the first environment is entered."""

WRITE_SECONDS = 0.2
"""So long after a change it is written, at the latest with all that came in between."""


class RequestTabs:
    """The tabs of one environment at a time, in their order; the scratch one is always there.

    Every change is written soon, without its credentials. Signals: `troubled(exception)` when that
    failed; it is tried again with the next change, and before other tabs take their place.
    """

    troubled = Signal(Exception)

    def __init__(self, store: RequestTabStore, mask: Mask) -> None:
        self._store = store
        self._mask = mask
        self._environment = NOWHERE
        self._unclaimed: frozenset[str] = frozenset()
        self._tabs: dict[str, RequestTab] = {}
        self._front = SCRATCH
        self._closed: dict[str, list[RequestTab]] = {}
        self._changed: set[str] = set()
        self._gone: set[str] = set()
        self._stale = False
        self._failed = False
        self._unwritten: dict[str, tuple[dict[str, RequestTab], str]] = {}
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None
        self._fill({}, SCRATCH)

    @property
    def all(self) -> tuple[RequestTab, ...]:
        """The tabs in their order."""
        return tuple(self._tabs.values())

    @property
    def front(self) -> RequestTab:
        """The tab in front."""
        return self._tabs[self._front]

    def tab(self, tab_id: str) -> RequestTab:
        """Return a tab by its id. Raises `KeyError`."""
        return self._tabs[tab_id]

    async def enter(self, environment: str) -> None:
        """Write what is left to write, and show the tabs of an environment, by its id.

        At the first time, what was typed before stays, under its ids: somebody may hold them. So
        does what an earlier session left that ended before it came so far.
        What another version of the application wrote is left alone. Tabs that could not be written
        stay in memory until they are entered again.
        """
        while True:
            await self.flush()
            texts, front = await asyncio.to_thread(self._store.all, environment)
            if not self._stale:  # nothing was typed into the old tabs meanwhile
                break
        early = await self._early() if self._environment == NOWHERE else ()
        typed = self._front
        if self._failed:
            self._unwritten[self._environment] = self._tabs, self._front
        self._environment = environment
        self._fill({each: tab for each, text in texts.items() if (tab := read(text))}, front)
        if environment in self._unwritten:
            tabs, front = self._unwritten.pop(environment)
            self._fill(tabs, front)
            self._changed |= tabs.keys()
            self._write_soon()
        self._adopt(early, typed)

    def _adopt(self, early: Iterable[RequestTab], front: str) -> None:
        """Put tabs behind those that are here, and bring `front` to the front, or the last one."""
        ids = {tab.id: self._take(tab).id for tab in early}
        if ids:
            self._front = ids.get(front) or [*ids.values()][-1]

    def _take(self, tab: RequestTab) -> RequestTab:
        """Let a tab stand here; a scratch one behind the others where that here is not free."""
        taken = tab.id in self._tabs and self._tabs[tab.id].draft != EMPTY
        return self._note(replace(tab, id=new_id()) if taken else tab)

    async def _early(self) -> tuple[RequestTab, ...]:
        """Return what was typed before any environment was entered, in this session or another."""
        texts, _ = await asyncio.to_thread(self._store.all, NOWHERE)
        kept = {each: tab for each, text in texts.items() if (tab := read(text))}
        self._unclaimed = frozenset(texts)
        kept |= {tab.id: tab for tab in self.all if tab.draft != EMPTY or tab.id not in kept}
        return tuple(tab for tab in kept.values() if tab.draft != EMPTY or tab.id != SCRATCH)

    def open(self, draft: RequestDraft, saved: str = "") -> RequestTab:
        """Put a request into a new tab behind the one in front, and bring it to the front.

        A draft that comes from a file is not edited yet.
        """
        tab = RequestTab(draft=draft, saved=saved, base=draft if saved else EMPTY)
        order = list(self._tabs)
        order.insert(order.index(self._front) + 1, tab.id)
        self._tabs[tab.id] = tab
        self._arrange(order, tab.id)
        return self._note(tab)

    def edit(self, tab_id: str, draft: RequestDraft) -> RequestTab:
        """Let a tab hold this draft from now on."""
        tab = self._tabs[tab_id]
        return tab if tab.draft == draft else self._note(replace(tab, draft=draft))

    def note_call(self, tab_id: str, exchange: int | None) -> None:
        """Note under which number the history has a tab's last call; one that is gone is left."""
        if tab_id in self._tabs:
            self._note(replace(self._tabs[tab_id], exchange=exchange))

    def take(self, tab_id: str, held: RequestDraft) -> RequestTab:
        """Let a tab hold what its file holds by now; `reopen` brings back what was edited in it."""
        tab = self._tabs[tab_id]
        if tab.edited and tab.draft != held:
            self._remember(replace(tab, saved="", base=EMPTY))
        return self._note(replace(tab, draft=held, base=held))

    def swap(self, tab_id: str, draft: RequestDraft) -> RequestTab:
        """Let a tab hold another draft; `reopen` brings back what it had."""
        self._remember(replace(self._tabs[tab_id], saved="", base=EMPTY))
        return self.edit(tab_id, draft)

    def settle(self, tab_id: str, saved: str, base: RequestDraft) -> RequestTab:
        """Note that a tab's request is in a file, which holds `base`; "" for none any more."""
        return self._note(replace(self._tabs[tab_id], saved=saved, base=base))

    def follow(self, old: str, new: str) -> None:
        """Note that saved requests, or a folder of them, have another path."""
        for tab in self.all:
            if tab.saved == old or tab.saved.startswith(f"{old}/"):
                self._note(replace(tab, saved=new + tab.saved.removeprefix(old)))

    def show(self, tab_id: str) -> RequestTab:
        """Bring a tab to the front."""
        self._arrange(self._tabs, tab_id)
        return self._tabs[tab_id]

    def arrange(self, order: Iterable[str]) -> None:
        """Put the tabs in the order of their ids."""
        self._arrange(order, self._front)

    def close(self, tab_id: str) -> RequestTab:
        """Close a tab and return the one that is in front then; the scratch one is emptied."""
        tab = self._tabs[tab_id]
        if tab.draft != EMPTY:
            self._remember(tab)
        if tab_id == SCRATCH:
            self._note(RequestTab(SCRATCH))
            return self.front
        order = list(self._tabs)
        place = order.index(tab_id)
        del self._tabs[tab_id], order[place]
        self._changed.discard(tab_id)
        self._gone.add(tab_id)
        front = order[min(place, len(order) - 1)] if tab_id == self._front else self._front
        self._arrange(order, front)
        return self.front

    def reopen(self) -> RequestTab | None:
        """Open the tab again that was closed last here; None when there is none in this session."""
        if not (closed := self._closed.get(self._environment)):
            return None
        tab = closed.pop()
        opened = self.open(tab.draft)
        return self._note(replace(tab, id=opened.id))

    def _remember(self, closed: RequestTab) -> None:
        self._closed.setdefault(self._environment, []).append(closed)

    async def flush(self) -> None:
        """Write now what is not written yet."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        if self._stale or self._failed:
            await self._write()

    async def aclose(self) -> None:
        """Write what is left at the end of the application."""
        await self.flush()

    def _fill(self, tabs: dict[str, RequestTab], front: str) -> None:
        scratch = {} if SCRATCH in tabs else {SCRATCH: RequestTab(SCRATCH)}
        self._tabs = scratch | tabs
        self._front = front if front in self._tabs else SCRATCH
        self._changed = set(scratch)
        self._gone = set()
        self._failed = False

    def _note(self, tab: RequestTab) -> RequestTab:
        self._tabs[tab.id] = tab
        self._changed.add(tab.id)
        self._write_soon()
        return tab

    def _arrange(self, order: Iterable[str], front: str) -> None:
        """Put the tabs in an order; those that it does not name come last."""
        self._tabs = {each: self._tabs[each] for each in dict.fromkeys((*order, *self._tabs))}
        self._front = self._tabs[front].id
        self._write_soon()

    def _write_soon(self) -> None:
        self._stale = True
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_later(), name="keep the requests")

    async def _write_later(self) -> None:
        while self._stale:
            await asyncio.sleep(WRITE_SECONDS)
            await self._write()

    async def _write(self) -> None:
        async with self._writing:
            changed, gone = self._changed, self._gone
            self._stale, self._changed, self._gone = False, set(), set()
            order, tabs = list(self._tabs), [self._tabs[each] for each in changed]
            put = asyncio.to_thread(
                self._put, self._environment, order, self._front, tabs, frozenset(gone)
            )
            try:
                await whole(put)
                self._failed = False
            except (StorageUnavailable, sqlite3.Error) as exc:
                self._changed |= changed & self._tabs.keys()
                self._gone |= gone
                self._failed = True
                self.troubled.emit(exc)

    def _put(
        self,
        environment: str,
        order: list[str],
        front: str,
        tabs: list[RequestTab],
        gone: frozenset[str],
    ) -> None:
        texts = {tab.id: written(tab, self._mask) for tab in tabs}
        self._store.put(environment, order, front, texts, gone)
        if self._unclaimed and environment != NOWHERE:  # what was early stands here by now
            self._store.put(NOWHERE, [], "", {}, self._unclaimed)
            self._unclaimed = frozenset()
