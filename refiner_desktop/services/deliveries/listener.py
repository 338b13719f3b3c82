"""The webhook listener's life: started, watched, tested, restarted, stopped."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener_status import ListenerState, ListenerStatus
from refiner_desktop.services.deliveries.listener_watch import ListenerWatch
from refiner_desktop.services.deliveries.trimming import Trimming
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.settings import ListenerSettings, SettingsStore
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.admission import host_name
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.hosts import authority, is_local, is_own, is_unspecified
from refiner_desktop.webhooks.marks import Marks
from refiner_desktop.webhooks.self_test import SelfTestFailed, post_to_itself, reachable

if TYPE_CHECKING:
    from refiner_desktop.webhooks.listener import Listener

_log = logging.getLogger(__name__)

_MEGABYTE = 1024 * 1024


class NotListening(Exception):
    """Something is meant for our own listener, and it is off."""


class TokenDemanded(Exception):
    """Others than this machine could reach a hook that has no token; the message names it."""


class ListenerService:
    """Starts and stops the listener and watches it. Signals: `changed(status)`."""

    changed = Signal(ListenerStatus)

    def __init__(
        self,
        store: DeliveryStore,
        deliveries: DeliveriesService,
        arrivals: Arrivals,
        hooks: HooksService,
        settings: SettingsStore,
        mask: Mask,
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._arrivals = arrivals
        self._hooks = hooks
        self._settings = settings
        self._mask = mask
        self._trimming = Trimming(deliveries)
        self._turn = asyncio.Lock()
        self._listener: Listener | None = None
        self._watching: asyncio.Task[None] | None = None
        self._tunnel_host = ""
        self.marks = Marks()
        self.status = ListenerStatus()
        hooks.changed.connect(self._admit)
        arrivals.counted.connect(self._count)
        arrivals.counted.connect(self._trimming.soon)

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
        host = self.status.host if self.status.listening else self.settings.host
        return f"http://{authority(reachable(host), self.status.port or self.port)}{path}"

    async def start(self, port: int) -> None:
        """Listen on this port, 0 for any free one.

        Raises `PortInUse`, `PortForbidden`, `TokenDemanded`, `OSError`, or `TokensNotKept` after
        it has started.
        """
        await self._begin(port, self.settings)

    async def stop(self) -> None:
        """Stop listening; what was kept stays."""
        await self._unwatch()
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

        Where it can't start with them, it goes on with those it had, and they are not saved. Raises
        `WrongHost` and what `start` does.
        """
        settings = msgspec.structs.replace(settings, hosts=tuple(map(host_name, settings.hosts)))
        before, problem = self.settings, None
        opened = (settings.host, settings.body_megabytes) != (before.host, before.body_megabytes)
        if opened and self.status.state is not ListenerState.OFF:
            problem = await self._move(settings, before)
        await self._keep(settings)
        self._admit()
        if settings.retention != before.retention:
            await self._deliveries.trim()
        if problem is not None:
            raise problem

    async def test(self) -> bool:
        """Let the listener test itself now; return whether all is well.

        It is restarted when it does not answer. Raises `NotListening` when it is off.
        """
        async with self._turn:
            if self._listener is None:
                raise NotListening("the listener is off")
            return await self._look_after(self._listener)

    def let_in(self, host: str) -> None:
        """Accept requests that are addressed to a tunnel's name; empty when there is none."""
        self._tunnel_host = host
        self._hooks.exposed_by = self._open_to
        self._admit()

    def is_reached_by(self, host: str, port: int) -> bool:
        """Whether an address of this machine is the listener's, as it listens now."""
        if not self.status.listening or port != self.status.port:
            return False
        if is_unspecified(self.status.host):
            return is_own(host)
        return host == self.status.host or (is_local(self.status.host) and is_local(host))

    @property
    def tunnel_host(self) -> str:
        """The name under which a tunnel leads here; empty when there is none."""
        return self._tunnel_host

    async def aclose(self) -> None:
        """Stop listening."""
        await self.stop()
        await self._trimming.aclose()

    async def _begin(self, port: int, settings: ListenerSettings) -> None:
        await self._unwatch()
        async with self._turn:
            await self._stop()
            self.status = ListenerStatus()
            self._show(state=ListenerState.STARTING, host=settings.host, port=port)
            try:
                problem = await self._open(port, settings)
            except BaseException:
                await self._stop()  # it may have opened the port all the same
                raise
            self._watching = asyncio.create_task(
                ListenerWatch(self._watch_over, self._is_alive).run()
            )
        if problem is not None:
            raise problem

    async def _move(
        self, settings: ListenerSettings, before: ListenerSettings
    ) -> TokensNotKept | None:
        """Start anew with other settings; where that fails, as before, and raise why."""
        port = self.status.port
        try:
            await self._begin(port, settings)
        except TokensNotKept as exc:
            return exc
        except Exception:
            with suppress(Exception):
                await self._begin(port, before)
            raise
        return None

    async def _open(self, port: int, settings: ListenerSettings) -> TokensNotKept | None:
        problem = None
        try:
            await self._hooks.open_tokens()
        except TokensNotKept as exc:
            problem = exc
        host = settings.host
        unguarded = [hook.name for hook in self.hooks if not hook.token]
        if unguarded and not is_local(host):
            raise TokenDemanded(f"{unguarded[0]} has no token, and {host} is open to others")
        self._arrivals.begin()
        port = await whole(asyncio.to_thread(self._open_listener, port, settings))
        self._show(state=ListenerState.LISTENING, host=host, port=port)
        return problem

    def _open_listener(self, port: int, settings: ListenerSettings) -> int:
        from refiner_desktop.webhooks.limits import Limits
        from refiner_desktop.webhooks.listener import Listener

        self._listener = Listener(
            self._store.add_many,
            self._arrivals.take,
            prove=self._store.prove,
            mask=self._mask,
            marks=self.marks,
            host=settings.host,
            port=port,
            limits=Limits(body=settings.body_megabytes * _MEGABYTE),
        )
        self._admit()
        self._store.open()
        _start(self._listener)
        return self._listener.port

    async def _unwatch(self) -> None:
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _stop(self) -> None:
        await self._unwatch()
        if self._listener is not None:
            await whole(asyncio.to_thread(self._listener.stop))
            await self._arrivals.end()
            self._listener = None
        if self.status.state is not ListenerState.OFF:
            self._show(state=ListenerState.OFF, problem="")

    def _is_alive(self) -> bool:
        return self._listener is None or self._listener.running

    async def _watch_over(self) -> bool:
        async with self._turn:
            return self._listener is None or await self._look_after(self._listener)

    async def _look_after(self, listener: Listener) -> bool:
        """Test the listener, and restart it when it is dead; return whether all is well."""
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
        self._trimming.soon()  # they age
        return True

    async def _test(self, listener: Listener) -> None:
        hook = next(iter(self.hooks), None)
        try:
            seconds = await asyncio.to_thread(
                post_to_itself, listener.host, listener.port, self.marks, hook
            )
        finally:
            self._count()  # what hinders the test, a full disk, hinders deliveries too
        self._show(
            state=ListenerState.LISTENING,
            tested_at=datetime.now(UTC),
            test_seconds=seconds,
            problem="",
        )

    @property
    def _names(self) -> tuple[str, ...]:
        public = urlsplit(self.settings.public_address).hostname
        return tuple(name for name in (*self.settings.hosts, public, self._tunnel_host) if name)

    def _admit(self) -> None:
        if self._listener is not None:
            self._listener.admit(self.hooks, self._names, browsers=self.settings.browsers)

    @property
    def _open_to(self) -> str:
        """What others than this machine reach the listener by; empty when nothing."""
        listens_to_others = self._listener is not None and not is_local(self._listener.host)
        return self._tunnel_host or (self.status.host if listens_to_others else "")

    def _count(self) -> None:
        if self._listener is not None:
            counts = msgspec.structs.asdict(self._listener.counts)
            handed = self._arrivals
            self._show(shown=handed.shown, hidden=handed.hidden, gone=handed.gone, **counts)

    async def _save(self, **changes: object) -> None:
        await self._keep(msgspec.structs.replace(self.settings, **changes))

    async def _keep(self, listener: ListenerSettings) -> None:
        if listener != self.settings:
            settings = msgspec.structs.replace(self._settings.current, listener=listener)
            await self._settings.save(settings)

    def _show(self, **changes: object) -> None:
        status = replace(self.status, **changes)  # type: ignore[arg-type]
        self._hooks.exposed_by = self._open_to
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
