"""The connection in use: which environment, with which key, and what that key opens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec
from psygnal import Signal

from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.models import AccountUsage, Project
from refiner_desktop.secret import Secret
from refiner_desktop.settings.secrets import KeyringProblem, SecretStore
from refiner_desktop.settings.settings import REFINER_URL, Environment, SettingsStore

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

_log = logging.getLogger(__name__)


class NotConnected(Exception):
    """Something needs a connection and there is none."""


class NoKey(Exception):
    """No key was given and none is remembered for this environment."""


class ConnectionState(Enum):
    """How far a connection has come."""

    OFF = auto()
    READING_KEY = auto()
    CALLING = auto()
    CONNECTED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """What is known about the connection. `kept_in` says in words where the key is kept."""

    state: ConnectionState
    environment: Environment
    project: Project | None = None
    usage: AccountUsage | None = None
    kept_in: str = ""
    error: Exception | None = None

    @property
    def connected(self) -> bool:
        """Whether calls can be made."""
        return self.state is ConnectionState.CONNECTED


OpenClient = Callable[[str, Secret], "RefinerClient"]


def open_client(base_url: str, key: Secret) -> RefinerClient:
    """Make a client; the import of httpx waits until the first one is needed."""
    from refiner_desktop.api.client import RefinerClient

    return RefinerClient(base_url, key)


class ConnectionService:
    """Opens, checks, remembers and forgets the connection to one environment at a time.

    Signals: `changed(status)` at every step; `switched(environment)` when another environment
    takes over, before it is connected.
    """

    changed = Signal(ConnectionStatus)
    switched = Signal(Environment)

    def __init__(
        self,
        settings: SettingsStore,
        secrets: SecretStore,
        open_client: OpenClient = open_client,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._open_client = open_client
        self._client: RefinerClient | None = None
        self._session_keys: dict[str, Secret] = {}
        self._offered_key = Secret("")
        self._session_url = ""
        self.status = ConnectionStatus(ConnectionState.OFF, settings.current.environment())

    @property
    def client(self) -> RefinerClient:
        """The client of the connection. Raises `NotConnected`."""
        if self._client is None:
            raise NotConnected
        return self._client

    @property
    def environment(self) -> Environment:
        """The environment in use, connected or not."""
        return self.status.environment

    @property
    def environments(self) -> tuple[Environment, ...]:
        """All environments, in their order."""
        return self._settings.current.environments

    @property
    def has_key(self) -> bool:
        """Whether a key for the environment in use is at hand or in the keyring."""
        return self.environment.id in self._session_keys or self.environment.key_kept

    @property
    def key(self) -> Secret:
        """The key in use, for whoever has to keep it out of something; empty when there is none."""
        return self._session_keys.get(self.environment.id, Secret(""))

    def offer_key(self, key: Secret) -> None:
        """Use this key for the environment in use; it is never written to the keyring."""
        self._offered_key = key
        self._session_keys[self.environment.id] = key

    def use_url(self, url: str) -> None:
        """Reach the environment in use at another address, for this session only."""
        self._session_url = url
        self._show(replace(self.status, environment=_at(self.environment, url)))

    async def leave(self, environment_id: str) -> None:
        """Take an environment off the list; another one becomes current."""
        settings = self._settings.current.without_environment(environment_id)
        await asyncio.to_thread(self._settings.save, settings)

    async def switch(self, environment: Environment) -> None:
        """Make another environment current; connect it where a key is at hand."""
        await self.disconnect()
        await self._keep(environment)
        self._show(ConnectionStatus(ConnectionState.OFF, environment))
        self.switched.emit(environment)
        try:
            await self.connect(environment)
        except NoKey:
            self._show(ConnectionStatus(ConnectionState.OFF, environment))

    async def connect(self, environment: Environment, key: Secret | None = None) -> None:
        """Check the key against the service and use it from now on.

        Without a `key` the remembered one is read. Raises `NoKey`, `ApiError`, or
        `KeyringProblem` when the key could not be read. A key that works but can't be kept
        leaves the connection open and raises `KeyringProblem` afterwards.
        """
        await self.disconnect()
        try:
            key = await self._use_key(environment, key)
            client = await asyncio.to_thread(self._open_client, environment.base_url, key)
            await self._check(environment, client)
        except (NoKey, ApiError, KeyringProblem, ValueError) as exc:
            self._show_failed(environment, exc)
            raise
        await self._remember(environment, key)

    async def check(self) -> None:
        """Ask again what the key opens. Raises `NotConnected` or `ApiError`."""
        try:
            await self._check(self.environment, self.client)
        except ApiError as exc:
            self._show_failed(self.environment, exc)
            raise

    async def forget(self) -> None:
        """Disconnect and remove the key of the environment in use."""
        environment = self.environment
        await self.disconnect()
        self._session_keys.pop(environment.id, None)
        await self._secrets.forget(environment.id)
        keyless = msgspec.structs.replace(environment, key_kept=False)
        await self._keep(keyless)
        self._show(replace(self.status, environment=keyless))

    async def disconnect(self) -> None:
        """Close the client; the environment stays."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
        self._show(ConnectionStatus(ConnectionState.OFF, self.environment))

    async def aclose(self) -> None:
        """Close the client at the end of the application."""
        await self.disconnect()

    async def _use_key(self, environment: Environment, key: Secret | None) -> Secret:
        if key:
            return key
        if at_hand := self._session_keys.get(environment.id):
            return at_hand
        self._show(ConnectionStatus(ConnectionState.READING_KEY, environment))
        if remembered := await self._secrets.load(environment.id):
            return remembered
        raise NoKey

    async def _check(self, environment: Environment, client: RefinerClient) -> None:
        self._show(ConnectionStatus(ConnectionState.CALLING, environment))
        try:
            project = await client.verify()
            usage = await _usage_if_told(client)
        except BaseException:
            self._client = None
            await client.aclose()
            raise
        self._client = client
        self._show(ConnectionStatus(ConnectionState.CONNECTED, environment, project, usage))

    async def _remember(self, environment: Environment, key: Secret) -> None:
        self._session_keys[environment.id] = key
        kept_in = "this session only"
        try:
            if environment.remember and key != self._offered_key:
                await self._secrets.save(environment.id, key)
                kept_in = await self._secrets.place()
                environment = msgspec.structs.replace(environment, key_kept=self._secrets.lasting)
        finally:
            await self._keep(environment)
            self._show(replace(self.status, environment=environment, kept_in=kept_in))

    async def _keep(self, environment: Environment) -> None:
        """Write the environment down as the current one, with its own address."""
        if self._session_url and environment.base_url == self._session_url:
            known = {env.id: env for env in self._settings.current.environments}
            own = known[environment.id].base_url if environment.id in known else REFINER_URL
            environment = _at(environment, own)
        settings = self._settings.current.with_environment(environment)
        if settings != self._settings.current:
            await asyncio.to_thread(self._settings.save, settings)

    def _show_failed(self, environment: Environment, error: Exception) -> None:
        self._show(ConnectionStatus(ConnectionState.FAILED, environment, error=error))

    def _show(self, status: ConnectionStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)


def _at(environment: Environment, url: str) -> Environment:
    return msgspec.structs.replace(environment, base_url=url)


async def _usage_if_told(client: RefinerClient) -> AccountUsage | None:
    """Return the account's usage; a key that works is not refused for want of it."""
    try:
        return await client.account()
    except ApiError as exc:
        _log.warning("the account's usage could not be read: %s", exc)
        return None
