"""The webhook listener and everything that it has kept."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.hook_tokens import HookTokens
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.secrets import SecretStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow, Verdict
from refiner_desktop.webhooks.hooks import Hook, default_hooks

if TYPE_CHECKING:
    from refiner_desktop.webhooks.forwarder import Forwarded
    from refiner_desktop.webhooks.listener import Listener

BATCH_SECONDS = 0.05
"""Deliveries are handed to the window together, this far apart."""

FORWARDS_AT_ONCE = 8


class NotListening(Exception):
    """Something needs the listener, and it is off."""


class ReplayFailed(Exception):
    """A kept delivery did not reach its receiver; the message says why."""


@dataclass(frozen=True, slots=True)
class ListenerStatus:
    """How the listener is, and how many deliveries it has kept since it was started."""

    listening: bool = False
    port: int = 0
    kept: int = 0
    refused: int = 0

    @property
    def sentence(self) -> str:
        """The state in words, short enough for a status bar."""
        if not self.listening:
            return "Listener off"
        refused = f", {self.refused:,} refused" if self.refused else ""
        return f"Listening on port {self.port} · {self.kept:,} received{refused}"


class DeliveriesService:
    """Starts and stops the listener, reads what it kept, and sends deliveries again.

    Deliveries of other environments are kept and passed on like all, and not shown.

    Signals: `changed(status)`; `arrived(rows)` with the deliveries of the last 50 ms, oldest
    first; `withheld()` when some came that are not shown; `hiding_changed()` when other ones are
    hidden from now on; `forwarded(row, outcome)` when one was passed on.
    """

    changed = Signal(ListenerStatus)
    arrived = Signal(tuple)
    withheld = Signal()
    hiding_changed = Signal()
    forwarded = Signal(DeliveryRow, object)

    def __init__(
        self, store: DeliveryStore, secrets: SecretStore, settings: SettingsStore, mask: Mask
    ) -> None:
        self._store = store
        self._mask = mask
        self._tokens = HookTokens(secrets)
        self._settings = settings
        self._listener: Listener | None = None
        self._fresh: deque[Delivery] = deque()
        self._flush_due = False
        self._forwarding: set[asyncio.Task[None]] = set()
        self._forward_slots = asyncio.Semaphore(FORWARDS_AT_ONCE)
        self._hidden_projects: frozenset[str] = frozenset()
        self.hooks: tuple[Hook, ...] = default_hooks()
        self.status = ListenerStatus()

    @property
    def port(self) -> int:
        """The port to listen on, as it was last chosen."""
        return self._settings.current.listener.port

    def url(self, hook: Hook) -> str:
        """Return the address of a hook on this machine."""
        return f"http://127.0.0.1:{self.status.port or self.port}{hook.path}"

    async def start(self, port: int) -> None:
        """Listen on this port, 0 for any free one.

        Raises `PortInUse`, `PortForbidden`, or `TokensNotKept` after it has started.
        """
        await self.stop()
        self.hooks, problem = await self._tokens.give(self.hooks)
        self._loop = asyncio.get_running_loop()
        try:
            port = await whole(asyncio.to_thread(self._open_listener, port))
        except asyncio.CancelledError:
            await self.stop()  # it may have opened the port all the same
            raise
        self._show(listening=True, port=port, kept=0, refused=0)
        if problem is not None:
            raise problem

    async def stop(self) -> None:
        """Stop listening; what was kept stays."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await whole(asyncio.to_thread(listener.stop))
            self._flush()
            self._show(listening=False)

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

    async def aclose(self) -> None:
        """Stop listening and passing on."""
        await self.stop()
        for task in self._forwarding:
            task.cancel()
        await asyncio.gather(*self._forwarding, return_exceptions=True)

    async def newest(
        self, limit: int, text: str = "", before_id: int | None = None
    ) -> list[DeliveryRow]:
        """Return the newest deliveries, newest first, that contain `text` anywhere."""
        hidden = self._hidden_projects
        return await asyncio.to_thread(
            self._store.newest, limit, before_id, text=text, without_projects=hidden
        )

    def hide_projects(self, projects: frozenset[str]) -> None:
        """Show no delivery that names one of these projects: they are other environments'."""
        projects -= {""}
        if projects != self._hidden_projects:
            self._hidden_projects = projects
            self.hiding_changed.emit()

    async def count_hidden(self) -> int:
        """Return how many deliveries are kept and not shown."""
        return await asyncio.to_thread(self._store.count_of, self._hidden_projects)

    async def get(self, delivery_id: int) -> Delivery | None:
        """Return one delivery with headers and body."""
        return await asyncio.to_thread(self._store.get, delivery_id)

    async def clear(self) -> None:
        """Delete all deliveries for good."""
        await asyncio.to_thread(self._store.clear)

    async def replay(self, delivery_id: int) -> Forwarded:
        """Send the same bytes and headers to the delivery's path once more.

        Raises `NotListening`, or `ReplayFailed` when it got no answer or was deleted meanwhile.
        """
        if self._listener is None:
            raise NotListening
        delivery = await self.get(delivery_id)
        if delivery is None:
            raise ReplayFailed("it was deleted meanwhile")
        url = f"http://127.0.0.1:{self.status.port}{delivery.path}"
        outcome = await self._post(delivery, url)
        if outcome.error:
            raise ReplayFailed(outcome.error)
        return outcome

    def forward_to(self, hook: Hook) -> str:
        """Return the address that a hook's deliveries are passed on to; empty for nowhere."""
        return self._settings.current.listener.forward_to.get(hook.path, "")

    async def set_forward_to(self, hook: Hook, url: str) -> None:
        """Pass on every further delivery of a hook to this address; empty for nowhere.

        Raises `ValueError` for what is no HTTP address.
        """
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or " " in url):
            raise ValueError(f"not an HTTP address: {url}")
        targets = {**self._settings.current.listener.forward_to, hook.path: url}
        await self._save(forward_to={path: to for path, to in targets.items() if to})

    def _open_listener(self, port: int) -> int:
        from refiner_desktop.webhooks import forwarder  # noqa: F401  (httpx, off the GUI thread)
        from refiner_desktop.webhooks.listener import Listener

        listener = Listener(self.hooks, self._store.add_many, self._on_kept, self._mask, port=port)
        listener.start()
        self._listener = listener
        return listener.port

    async def _save(self, **changes: object) -> None:
        settings = self._settings.current
        listener = msgspec.structs.replace(settings.listener, **changes)
        if listener != settings.listener:
            await self._settings.save(msgspec.structs.replace(settings, listener=listener))

    def _on_kept(self, delivery: Delivery) -> None:
        """Take over a delivery; called in the listener's thread."""
        self._fresh.append(delivery)
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon_threadsafe(self._loop.call_later, BATCH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        batch = [self._fresh.popleft() for _ in range(len(self._fresh))]
        if not batch:
            return
        counts = self._listener.counts if self._listener else None
        if counts:
            self._show(kept=counts.kept, refused=counts.refused)
        hidden = self._hidden_projects
        shown = [delivery for delivery in batch if delivery.project not in hidden]
        if shown:
            self.arrived.emit(tuple(DeliveryRow.of(delivery) for delivery in shown))
        if len(shown) < len(batch):
            self.withheld.emit()
        for delivery in batch:
            self._forward(delivery)

    def _forward(self, delivery: Delivery) -> None:
        hook = next((each for each in self.hooks if each.name == delivery.hook), None)
        if hook is None or delivery.verdict is Verdict.REFUSED or not self.forward_to(hook):
            return
        task = asyncio.create_task(self._forward_one(delivery, self.forward_to(hook)))
        self._forwarding.add(task)
        task.add_done_callback(self._forwarding.discard)

    async def _forward_one(self, delivery: Delivery, url: str) -> None:
        async with self._forward_slots:
            outcome = await self._post(delivery, url)
        self.forwarded.emit(DeliveryRow.of(delivery), outcome)

    async def _post(self, delivery: Delivery, url: str) -> Forwarded:
        from refiner_desktop.webhooks.forwarder import post

        hook = next((each for each in self.hooks if each.name == delivery.hook), None)
        headers = hook.unmask(delivery.headers) if hook else delivery.headers
        return await post(url, headers, delivery.body)

    def _show(self, **changes: object) -> None:
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]
        self.changed.emit(self.status)
