"""The webhook listener and everything that it has kept."""

from __future__ import annotations

import asyncio
import logging
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener_status import ListenerState, ListenerStatus
from refiner_desktop.services.deliveries.listener_watch import ListenerWatch
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.settings import ListenerSettings, SettingsStore
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.deliveries import DeliveryStore, Kept
from refiner_desktop.storage.delivery_search import EVERYTHING, Search
from refiner_desktop.webhooks.admission import host_name
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.marks import Marks
from refiner_desktop.webhooks.self_test import (
    SelfTestFailed,
    is_loopback,
    post_to_itself,
    reachable,
)

if TYPE_CHECKING:
    from refiner_desktop.webhooks.listener import Listener

_log = logging.getLogger(__name__)

BATCH_SECONDS = 0.05
"""Deliveries are handed to the window together, this far apart."""

TRIM_SECONDS = 10.0
_MEGABYTE = 1024 * 1024


class TokenDemanded(Exception):
    """Others than this machine could reach a hook that has no token; the message names it."""


class DeliveriesService:
    """Starts and stops the listener, watches it, and reads what it kept.

    Deliveries of other environments are kept and passed on like all, and not shown.

    Signals: `changed(status)`; `kept(rows)` with all deliveries of the last 50 ms, oldest first;
    `arrived(rows)` with those of them that are shown; `withheld()` when some are not;
    `hiding_changed()` when other ones are hidden from now on; `trimmed()` when old ones were
    deleted to stay within the limits.
    """

    changed = Signal(ListenerStatus)
    kept = Signal(tuple)
    arrived = Signal(tuple)
    withheld = Signal()
    hiding_changed = Signal()
    trimmed = Signal()

    def __init__(
        self, store: DeliveryStore, hooks: HooksService, settings: SettingsStore, mask: Mask
    ) -> None:
        self._store = store
        self._hooks = hooks
        self._settings = settings
        self._mask = mask
        self._turn = asyncio.Lock()
        self._listener: Listener | None = None
        self._watching: asyncio.Task[None] | None = None
        self._fresh: deque[int] = deque()
        self._flush_due = False
        self._flushing: asyncio.Task[None] | None = None
        self._trimmed_at = -TRIM_SECONDS
        self._tunnel_host = ""
        self._hidden_projects: frozenset[str] = frozenset()
        self.marks = Marks()
        self.status = ListenerStatus()
        hooks.changed.connect(self._admit)

    @property
    def settings(self) -> ListenerSettings:
        """What was chosen about the listener."""
        return self._settings.current.listener

    @property
    def port(self) -> int:
        """The port to listen on, as it was last chosen."""
        return self.settings.port

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """The hooks that are listened for."""
        return self._hooks.hooks

    def url(self, hook: Hook) -> str:
        """Return the address of a hook on this machine."""
        return self.address(hook.path)

    def address(self, path: str) -> str:
        """Return the address of a path of the listener on this machine."""
        host = reachable(self.settings.host)
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{self.status.port or self.port}{path}"

    # Listening

    async def start(self, port: int) -> None:
        """Listen on this port, 0 for any free one.

        Raises `PortInUse`, `PortForbidden`, `TokenDemanded`, or `TokensNotKept` after it has
        started.
        """
        async with self._turn:
            await self._stop()
            self.status = ListenerStatus()
            self._show(state=ListenerState.STARTING, port=port)
            try:
                problem = await self._open(port)
            except BaseException:
                await self._stop()  # it may have opened the port all the same
                raise
            self._watching = asyncio.create_task(ListenerWatch(self._look_after).run())
        if problem is not None:
            raise problem

    async def stop(self) -> None:
        """Stop listening; what was kept stays."""
        async with self._turn:
            await self._stop()

    async def turn_on(self, port: int) -> None:
        """Start, and start again with the application from now on. Raises what `start` does."""
        try:
            await self.start(port)
        finally:
            if self.status.listening:
                await self._save(port=port, autostart=True)

    async def turn_off(self) -> None:
        """Stop listening, and stay off at the next start."""
        await self.stop()
        await self._save(port=self.port, autostart=False)

    async def change(self, settings: ListenerSettings) -> None:
        """Let other settings hold; starts the listener anew where they need it.

        Raises what `start` does, `WrongHost` and `OSError`.
        """
        before, hosts = self.settings, tuple(map(host_name, settings.hosts))
        settings = msgspec.structs.replace(settings, hosts=hosts)
        await self._settings.save(
            msgspec.structs.replace(self._settings.current, listener=settings)
        )
        opened = (settings.host, settings.body_megabytes) != (before.host, before.body_megabytes)
        if opened and self.status.state is not ListenerState.OFF:
            await self.start(self.status.port)
        else:
            self._admit()
        if settings.retention != before.retention:
            await self.trim()

    async def test(self) -> bool:
        """Let the listener test itself now; return whether all is well.

        It is restarted when it does not answer.
        """
        return await self._look_after()

    def let_in(self, host: str) -> None:
        """Accept requests that are addressed to a tunnel's name; empty when there is none."""
        self._tunnel_host = host
        self._admit()

    async def aclose(self) -> None:
        """Stop listening."""
        await self.stop()

    async def _open(self, port: int) -> TokensNotKept | None:
        problem = None
        try:
            await self._hooks.open_tokens()
        except TokensNotKept as exc:
            problem = exc
        host = self.settings.host
        unguarded = [hook.name for hook in self.hooks if not hook.token]
        if unguarded and not is_loopback(host):
            raise TokenDemanded(f"{unguarded[0]} has no token, and {host} is open to others")
        self._loop = asyncio.get_running_loop()
        port = await whole(asyncio.to_thread(self._open_listener, host, port))
        self._show(state=ListenerState.LISTENING, host=host, port=port)
        return problem

    def _open_listener(self, host: str, port: int) -> int:
        from refiner_desktop.webhooks.listener import Listener

        self._listener = Listener(
            self.hooks,
            self._store.add_many,
            self._on_kept,
            self._mask,
            self.marks,
            prove=self._store.prove,
            host=host,
            port=port,
            hosts=self._names,
            browsers=self.settings.browsers,
            body_limit=self.settings.body_megabytes * _MEGABYTE,
        )
        self._store.open()
        _start(self._listener)
        return self._listener.port

    async def _stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
            self._watching = None
        if self._listener is not None:
            await whole(asyncio.to_thread(self._listener.stop))
            if self._flushing is not None:
                await self._flushing
            await self._flush()
            self._listener = None
        if self.status.state is not ListenerState.OFF:
            self._show(state=ListenerState.OFF, problem="")

    async def _look_after(self) -> bool:
        """Test the listener, and restart it when it is dead; return whether all is well."""
        listener = self._listener
        if listener is None:
            return True
        try:
            await self._test(listener)
        except SelfTestFailed as exc:
            if exc.answered and listener.running:  # a restart would only cut senders off
                self._show(problem=str(exc))
                return False
            self._show(state=ListenerState.RESTARTING, problem=str(exc))
            try:
                await whole(asyncio.to_thread(_restart, listener))
                await self._test(listener)
            except Exception as again:  # whatever it is, it is said, and tried again
                _log.warning("the listener could not be restarted: %s", again)
                self._show(problem=str(again))
                return False
        await self._trim_now_and_then()
        return True

    async def _test(self, listener: Listener) -> None:
        hook = next(iter(self.hooks), None)
        seconds = await asyncio.to_thread(
            post_to_itself, listener.host, listener.port, self.marks, hook
        )
        self._count()
        self._show(
            state=ListenerState.LISTENING,
            tested_at=datetime.now(UTC),
            test_seconds=seconds,
            problem="",
        )

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.settings.hosts, self._tunnel_host) if name)

    def _admit(self) -> None:
        if self._listener is not None:
            self._listener.admit(self.hooks, self._names, browsers=self.settings.browsers)

    # What is kept

    async def newest(
        self,
        search: Search = EVERYTHING,
        limit: int = 200,
        *,
        before_id: int | None = None,
        after_id: int | None = None,
    ) -> list[DeliveryRow]:
        """Return what is found, newest first, of an id below or above those that are given."""
        shown = self._shown(search)
        return await asyncio.to_thread(self._store.search, shown, limit, before_id, after_id)

    async def ids(self, search: Search = EVERYTHING) -> array[int]:
        """Return the ids of all that is found, newest first."""
        return await asyncio.to_thread(self._store.ids, self._shown(search))

    async def rows(self, ids: Iterable[int]) -> list[DeliveryRow]:
        """Return the list lines of deliveries, newest first, but of those that were deleted."""
        return await asyncio.to_thread(self._store.rows, list(ids))

    async def count(self, search: Search = EVERYTHING) -> int:
        """Return how many are found."""
        return await asyncio.to_thread(self._store.count, self._shown(search))

    async def get(self, delivery_id: int) -> Delivery | None:
        """Return one delivery with headers and body."""
        return await asyncio.to_thread(self._store.get, delivery_id)

    async def amount(self) -> Kept:
        """Return how much is kept."""
        return await asyncio.to_thread(self._store.kept)

    async def pin(self, ids: Sequence[int], pinned: bool) -> None:
        """Keep deliveries whatever the limits, or no longer. Raises `StorageUnavailable`."""
        await whole(asyncio.to_thread(self._store.pin, ids, pinned))

    async def delete(self, ids: Sequence[int]) -> None:
        """Delete deliveries for good. Raises `StorageUnavailable`."""
        await whole(asyncio.to_thread(self._store.delete, ids))

    async def clear(self, *, pinned_too: bool = False) -> int:
        """Delete everything but what is pinned; return how many. Raises `StorageUnavailable`."""
        return await whole(asyncio.to_thread(self._store.clear, pinned_too=pinned_too))

    async def trim(self) -> None:
        """Delete what is beyond the limits. Raises `StorageUnavailable`."""
        limits = self.settings.retention
        since = datetime.now(UTC) - timedelta(days=limits.days) if limits.days else None
        self._trimmed_at = monotonic()
        size = limits.megabytes * _MEGABYTE
        if await whole(asyncio.to_thread(self._store.trim, limits.deliveries, size, since)):
            self.trimmed.emit()

    def hide_projects(self, projects: frozenset[str]) -> None:
        """Show no delivery that names one of these projects: they are other environments'."""
        projects -= {""}
        if projects != self._hidden_projects:
            self._hidden_projects = projects
            self.hiding_changed.emit()

    async def count_hidden(self) -> int:
        """Return how many deliveries are kept and not shown."""
        if not self._hidden_projects:
            return 0
        hidden = Search(without=(Search(without_projects=self._hidden_projects),))
        return await asyncio.to_thread(self._store.count, hidden)

    def _shown(self, search: Search) -> Search:
        hidden = search.without_projects | self._hidden_projects
        return replace(search, without_projects=hidden)

    async def _trim_now_and_then(self) -> None:
        if monotonic() >= self._trimmed_at + TRIM_SECONDS:
            try:
                await self.trim()
            except StorageUnavailable as exc:
                _log.warning("old deliveries could not be deleted: %s", exc)

    # What arrives

    def _on_kept(self, number: int) -> None:
        """Take over a delivery; called in the listener's thread."""
        self._fresh.append(number)
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon_threadsafe(self._loop.call_later, BATCH_SECONDS, self._flush_soon)

    def _flush_soon(self) -> None:
        self._flush_due = False
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        """Hand over what was kept, as the file has it."""
        while self._fresh:
            ids = [self._fresh.popleft() for _ in range(len(self._fresh))]
            rows = await asyncio.to_thread(self._store.rows, ids)
            self._count(shown=len(ids))
            if rows:
                self._hand_over(tuple(reversed(rows)))
            if self._fresh:  # under heavy load the window needs its turn
                await asyncio.sleep(BATCH_SECONDS)

    def _hand_over(self, rows: tuple[DeliveryRow, ...]) -> None:
        self.kept.emit(rows)
        shown = tuple(row for row in rows if row.project not in self._hidden_projects)
        if shown:
            self.arrived.emit(shown)
        if len(shown) < len(rows):
            self.withheld.emit()

    def _count(self, shown: int = 0) -> None:
        if self._listener is not None:
            counts = msgspec.structs.asdict(self._listener.counts)
            self._show(shown=self.status.shown + shown, **counts)

    async def _save(self, **changes: object) -> None:
        settings = self._settings.current
        listener = msgspec.structs.replace(settings.listener, **changes)
        if listener != settings.listener:
            await self._settings.save(msgspec.structs.replace(settings, listener=listener))

    def _show(self, **changes: object) -> None:
        status = replace(self.status, **changes)  # type: ignore[arg-type]
        if status != self.status:
            self.status = status
            self.changed.emit(status)


def _start(listener: Listener) -> None:
    from refiner_desktop.serving import PortInUse
    from refiner_desktop.webhooks.ports import holder, next_free

    try:
        listener.start()
    except PortInUse as exc:
        free = next_free(exc.host, exc.port)
        raise PortInUse(exc.host, exc.port, holder(exc.port), free) from exc


def _restart(listener: Listener) -> None:
    listener.stop()
    _start(listener)
