"""The connection in use: which environment, with which key, and what that key opens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from psygnal import Signal

from refiner_desktop.api import errors
from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.models import AccountUsage, Project
from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.clients import (
    OpenClient,
    adjust,
    open_client,
    what_it_opens,
)
from refiner_desktop.services.environments.connection_status import (
    ConnectionState,
    ConnectionStatus,
)
from refiner_desktop.services.environments.keys import NONE, THIS_SESSION, Keys
from refiner_desktop.services.environments.session_addresses import SessionAddresses
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.address import origin
from refiner_desktop.settings.settings import Environment, SettingsStore

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

SLOW_KEYRING_SECONDS = 3.0
"""After so long a person is told that the keyring has not answered yet."""

LOSSES = (
    errors.ConnectionFailed,
    errors.TimedOut,
    errors.KeyMissing,
    errors.KeyMalformed,
    errors.KeyUnknown,
    errors.NotRefiner,
)
"""Failures of a call that say something about the connection and not about the call."""

_log = logging.getLogger(__name__)


class NotConnected(Exception):
    """Something needs a connection and there is none."""


class AnotherEnvironment(Exception):
    """Something belongs to an environment that is not the one in use."""


class Superseded(asyncio.CancelledError):
    """Another connection was begun, or this one given up: nobody waits for it any more."""


class ConnectionService:
    """Opens, checks, remembers and forgets the connection to one environment at a time.

    Of several that are begun, the last one wins: an earlier one ends as `Superseded`. Signals:
    `changed(status)` at every step; `switched(environment)` when what is shown belongs to another
    environment, server or project from now on.
    """

    changed = Signal(ConnectionStatus)
    switched = Signal(Environment)

    def __init__(
        self, settings: SettingsStore, keys: Keys, open_client: OpenClient = open_client
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._open_client = open_client
        self._client: RefinerClient | None = None
        self._addresses = SessionAddresses()
        self._turn = object()
        self.status = ConnectionStatus(ConnectionState.OFF, settings.current.environment())

    @property
    def client(self) -> RefinerClient:
        """The client of the connection. Raises `NotConnected`."""
        if self._client is None:
            raise NotConnected
        return self._client

    def uses(self, client: RefinerClient) -> bool:
        """Whether this client is still the one in use."""
        return self._client is client

    @property
    def calls(self) -> tuple[int, int] | None:
        """Calls of the last minute and how many are allowed; None while there is no client."""
        client = self._client
        return (client.calls_last_minute, client.calls_per_minute) if client else None

    @property
    def environment(self) -> Environment:
        """The environment in use, connected or not."""
        return self.status.environment

    @property
    def has_key(self) -> bool:
        """Whether a key for the environment in use is at hand or in the keyring."""
        return self._keys.known(self.environment)

    async def key(self) -> Secret:
        """Return the key of the environment in use, for a person who asked for it.

        Raises `NoKey` or `KeyringProblem`.
        """
        return await self._keys.find(self.environment)

    def offer_key(self, key: Secret) -> None:
        """Use this key for the environment in use; it is never written to the keyring."""
        self._keys.offer(self.environment, key)

    def use_url(self, url: str) -> None:
        """Reach the environment in use at another address, for this session only."""
        environment = self._addresses.use(self.environment, url)
        self._show(replace(self.status, environment=environment))

    def as_saved(self, environment: Environment) -> Environment:
        """Return the environment with its own address and key in place of those of a session."""
        return self._addresses.as_saved(environment, self._settings.current)

    async def switch(self, environment: Environment) -> None:
        """Make another environment current; connect it where a key is at hand."""
        environment = self._addresses.in_session(environment)
        await self._enter(environment)
        await self._keep()
        if self.has_key:
            await self.connect(environment)

    async def connect(self, environment: Environment, key: Secret = NONE) -> None:
        """Check the key against the service and use it from now on.

        Without a `key` the remembered one is read. Raises `NoKey`, `ApiError`, `ValueError` for
        an address that is none, or `KeyringProblem` when the key could not be read. A key that
        works but can't be kept leaves the connection open and raises `KeyringProblem` afterwards.
        """
        turn = await self._enter(environment)
        with suppress(OSError):  # the one at the end will say so
            await self._keep()
        try:
            self._step(turn, ConnectionState.READING_KEY)
            with self.patient_with_keyring():
                found = await self._keys.find(environment, key)
            self._step(turn, ConnectionState.CALLING)
            await self._open(turn, environment, found)
        except asyncio.CancelledError:
            if turn is self._turn:
                self._step(turn, ConnectionState.OFF)
            raise
        except Exception as exc:
            self._step(turn, ConnectionState.FAILED, exc)
            raise
        await self._remember(turn)

    async def check(self) -> None:
        """Ask again what the key opens; the connection stays. Raises what `connect` does."""
        client = self.client
        project, usage = await what_it_opens(client)
        if self.uses(client):
            connected = ConnectionState.CONNECTED
            self._show(
                replace(self.status, state=connected, project=project, usage=usage, error=None)
            )

    def adopt(self, environment: Environment) -> None:
        """Let other settings of the environment in use hold from the next call on."""
        environment, before = self._addresses.in_session(environment), self.environment
        if self._client is not None:
            adjust(self._client, environment)
        self._show(replace(self.status, environment=environment))
        if origin(environment.base_url) != origin(before.base_url):
            self.switched.emit(environment)

    async def remember(self) -> None:
        """Keep the key as the environment in use wishes. Raises `KeyringProblem`."""
        await self._remember(self._turn)

    async def forget(self) -> None:
        """Disconnect and remove the key of the environment in use. Raises `KeyringProblem`."""
        await self.disconnect()
        with self.patient_with_keyring():
            keyless = await self._keys.forget(self.environment)
        self._show(replace(self.status, environment=keyless))
        await self._keep()

    async def disconnect(self) -> None:
        """Close the client; the environment stays. Calls under way fail with `ConnectionFailed`."""
        await self._enter(self.environment)

    async def aclose(self) -> None:
        """Close the client at the end of the application."""
        await self.disconnect()

    async def _enter(self, environment: Environment) -> object:
        """Leave the connection that there is; return the turn of the one that begins."""
        before, client = self.environment, self._client
        self._client = None
        self._turn = turn = object()
        self._show(ConnectionStatus(ConnectionState.OFF, environment))
        if _place(environment) != _place(before):
            self.switched.emit(environment)  # before calls fail for want of a connection
        if client is not None:
            await whole(client.aclose())
        return turn

    def _step(self, turn: object, state: ConnectionState, error: Exception | None = None) -> None:
        """Show how far a connection is; its environment may have been edited since it was begun."""
        if turn is not self._turn:
            raise Superseded
        self._show(ConnectionStatus(state, self.environment, error=error))

    async def _open(self, turn: object, environment: Environment, key: Secret) -> None:
        client = await asyncio.to_thread(self._open_client, environment, key, self._keys.mask)
        try:
            project, usage = await what_it_opens(client)
            if turn is not self._turn:
                raise Superseded
        except BaseException:
            await whole(client.aclose())
            raise
        self._keys.use(environment, key)
        await self._use(client, project, usage)

    async def _use(
        self, client: RefinerClient, project: Project, usage: AccountUsage | None
    ) -> None:
        """Let calls go through this client."""
        before = self.environment
        adjust(client, before)
        self._client = client
        client.watch(partial(self._on_outcome, client))
        environment = msgspec.structs.replace(before, project=project.uuid)
        connected = ConnectionState.CONNECTED
        self._show(ConnectionStatus(connected, environment, project, usage, THIS_SESSION))
        if before.project not in ("", project.uuid):  # the key opens another project than it did
            self.switched.emit(environment)
        with suppress(OSError):
            await self._keep()

    def _on_outcome(self, client: RefinerClient, error: ApiError | None) -> None:
        """Show a connection as lost when a call fails for it, and as back when one works."""
        if not self.uses(client):
            return
        if isinstance(error, LOSSES):
            self._show(replace(self.status, state=ConnectionState.LOST, error=error))
        elif error is None and self.status.state is ConnectionState.LOST:
            self._show(replace(self.status, state=ConnectionState.CONNECTED, error=None))

    async def _remember(self, turn: object) -> None:
        environment, kept_in = self.environment, THIS_SESSION
        if self._addresses.hold_for(environment):
            return
        key_origin = environment.key_origin
        try:
            with self.patient_with_keyring():
                kept, kept_in = await self._keys.remember(environment)
            key_origin = kept.key_origin
        except asyncio.CancelledError:
            if environment.remember:  # the keyring may yet keep it, and must be asked to forget it
                key_origin = origin(environment.base_url)
            raise
        finally:
            if turn is self._turn:
                learned = msgspec.structs.replace(self.environment, key_origin=key_origin)
                self._show(replace(self.status, environment=learned, kept_in=kept_in))
                await self._keep()

    @contextmanager
    def patient_with_keyring(self) -> Iterator[None]:
        """Say after some seconds that the keyring has not answered yet."""
        loop = asyncio.get_running_loop()
        slow = loop.call_later(SLOW_KEYRING_SECONDS, self._show_slow_keyring, True)
        try:
            yield
        finally:
            slow.cancel()
            self._show_slow_keyring(False)

    def _show_slow_keyring(self, slow: bool) -> None:
        self._show(replace(self.status, keyring_is_slow=slow))

    async def _keep(self) -> None:
        """Write the environment in use down as the current one."""
        await self._settings.save(self._settings.current.using(self.as_saved(self.environment)))

    def _show(self, status: ConnectionStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)


def _place(environment: Environment) -> tuple[str, str]:
    return environment.id, origin(environment.base_url)
