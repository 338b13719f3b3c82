"""The webhook listener as a person has it: on or off, where it listens, whom it hears."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import msgspec
from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener_life import ListenerLife
from refiner_desktop.services.deliveries.listener_status import ListenerState, ListenerStatus
from refiner_desktop.services.deliveries.trimming import Trimming
from refiner_desktop.settings.settings import ListenerSettings, SettingsStore
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.admission import host_name
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.hosts import authority
from refiner_desktop.webhooks.marks import Marks
from refiner_desktop.webhooks.self_test import reachable


class ListenerService:
    """Turns the listener on and off and lets its settings hold. Signals: `changed(status)`."""

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
        self._deliveries = deliveries
        self._hooks = hooks
        self._settings = settings
        self._life = ListenerLife(store, arrivals, hooks, mask)
        self._trimming = Trimming(deliveries)
        self._tunnel_host = ""
        self._life.changed.connect(self._on_changed)

    @property
    def status(self) -> ListenerStatus:
        """How the listener is."""
        return self._life.status

    @property
    def marks(self) -> Marks:
        """What this application's own requests are known by."""
        return self._life.marks

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

    @property
    def tunnel_host(self) -> str:
        """The name under which a tunnel leads here; empty when there is none."""
        return self._tunnel_host

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
        self._welcome()
        await self._life.begin(port, self.settings)

    async def stop(self) -> None:
        """Stop listening; what was kept stays."""
        await self._life.end()

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
        self._welcome()
        if settings.retention != before.retention:
            await self._deliveries.trim()
        if problem is not None:
            raise problem

    async def test(self) -> bool:
        """Let the listener test itself now; return whether all is well.

        It is restarted when it does not answer. Raises `NotListening` when it is off.
        """
        return await self._life.test()

    def let_in(self, host: str) -> None:
        """Accept requests that are addressed to a tunnel's name; empty when there is none."""
        self._tunnel_host = host
        self._guard()
        self._welcome()

    async def aclose(self) -> None:
        """Stop listening."""
        await self.stop()
        await self._trimming.aclose()

    async def _move(
        self, settings: ListenerSettings, before: ListenerSettings
    ) -> TokensNotKept | None:
        """Start anew with other settings; where that fails, as before, and raise why."""
        port = self.status.port
        try:
            await self._life.begin(port, settings)
        except TokensNotKept as exc:
            return exc
        except Exception:
            with suppress(Exception):  # the first reason is told; the status says that it is off
                await self._life.begin(port, before)
            raise
        return None

    @property
    def _names(self) -> tuple[str, ...]:
        public = urlsplit(self.settings.public_address).hostname
        return tuple(name for name in (*self.settings.hosts, public, self._tunnel_host) if name)

    def _welcome(self) -> None:
        self._life.welcome(self._names, browsers=self.settings.browsers)

    def _guard(self) -> None:
        """Let no hook be opened while others than this machine reach the listener."""
        status = self.status
        self._hooks.exposed_by = self._tunnel_host or (status.host if status.is_open else "")

    def _on_changed(self, status: ListenerStatus) -> None:
        self._guard()
        if status.listening:
            self._trimming.soon()  # others have come, or those that are here have aged
        self.changed.emit(status)

    async def _save(self, *, port: int, autostart: bool) -> None:
        await self._keep(msgspec.structs.replace(self.settings, port=port, autostart=autostart))

    async def _keep(self, listener: ListenerSettings) -> None:
        if listener != self.settings:
            settings = msgspec.structs.replace(self._settings.current, listener=listener)
            await self._settings.save(settings)
