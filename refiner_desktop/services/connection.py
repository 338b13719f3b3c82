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
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.keys import THIS_SESSION, Keys
from refiner_desktop.settings.secrets import SecretStore
from refiner_desktop.settings.settings import REFINER_URL, Environment, SettingsStore

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

_log = logging.getLogger(__name__)


class NotConnected(Exception):
    """Something needs a connection and there is none."""


class AnotherEnvironment(Exception):
    """Something belongs to an environment that is not the one in use."""


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
        mask: Mask,
        open_client: OpenClient = open_client,
    ) -> None:
        self._settings = settings
        self._keys = Keys(secrets, mask)
        self._open_client = open_client
        self._client: RefinerClient | None = None
        self._session_urls: dict[str, str] = {}
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
    def environments(self) -> tuple[Environment, ...]:
        """All environments, in their order."""
        return self._settings.current.environments

    @property
    def has_key(self) -> bool:
        """Whether a key for the environment in use is at hand or in the keyring."""
        return self._keys.known(self.environment)

    def offer_key(self, key: Secret) -> None:
        """Use this key for the environment in use; it is never written to the keyring."""
        self._keys.offer(self.environment, key)

    def use_url(self, url: str) -> None:
        """Reach the environment in use at another address, for this session only."""
        self._session_urls[self.environment.id] = url
        self._show(replace(self.status, environment=self._in_session(self.environment)))

    async def remove(self, environment_id: str, *, back_to: str) -> None:
        """Take an environment off the list and make another one current at the next start."""
        settings = self._settings.current.without_environment(environment_id)
        await self._settings.save(msgspec.structs.replace(settings, current=back_to))

    async def switch(self, environment: Environment) -> None:
        """Make another environment current; connect it where a key is at hand."""
        await self.disconnect()
        await self._keep(environment)
        environment = self._in_session(environment)
        self._show(ConnectionStatus(ConnectionState.OFF, environment))
        self.switched.emit(environment)
        if self.has_key:
            await self.connect(environment)

    async def connect(self, environment: Environment, key: Secret | None = None) -> None:
        """Check the key against the service and use it from now on.

        Without a `key` the remembered one is read. Raises `NoKey`, `ApiError`, `ValueError` for
        an address that is none, or `KeyringProblem` when the key could not be read. A key that
        works but can't be kept leaves the connection open and raises `KeyringProblem` afterwards.
        """
        await self.disconnect()
        if environment.id != self.environment.id:
            self.switched.emit(environment)
        try:
            self._show(ConnectionStatus(ConnectionState.READING_KEY, environment))
            found = key or await self._keys.find(environment)
            self._show(ConnectionStatus(ConnectionState.CALLING, environment))
            status = await self._open(environment, found)
        except asyncio.CancelledError:
            self._show(ConnectionStatus(ConnectionState.OFF, environment))
            raise
        except Exception as exc:
            self._show(ConnectionStatus(ConnectionState.FAILED, environment, error=exc))
            raise
        self._keys.use(environment, found)
        self._show(status)
        await self._remember(environment)

    async def check(self) -> None:
        """Ask again what the key opens; the connection stays. Raises what `connect` does."""
        client = self.client
        try:
            project, usage = await _what_opens(client)
        except ApiError as exc:
            self._show(replace(self.status, state=ConnectionState.FAILED, error=exc))
            raise
        connected = ConnectionState.CONNECTED
        self._show(replace(self.status, state=connected, project=project, usage=usage, error=None))

    async def forget(self) -> None:
        """Disconnect and remove the key of the environment in use. Raises `KeyringProblem`."""
        environment = self.environment
        await self.disconnect()
        keyless = await self._keys.forget(environment)
        await self._keep(keyless)
        self._show(ConnectionStatus(ConnectionState.OFF, keyless))

    async def disconnect(self) -> None:
        """Close the client; the environment stays. Calls under way fail with `ConnectionFailed`."""
        client, self._client = self._client, None
        self._show(ConnectionStatus(ConnectionState.OFF, self.environment))
        if client is not None:
            await client.aclose()

    async def aclose(self) -> None:
        """Close the client at the end of the application."""
        await self.disconnect()

    async def _open(self, environment: Environment, key: Secret) -> ConnectionStatus:
        client = await asyncio.to_thread(self._open_client, environment.base_url, key)
        try:
            project, usage = await _what_opens(client)
        except BaseException:
            await client.aclose()
            raise
        self._client = client
        return ConnectionStatus(
            ConnectionState.CONNECTED, environment, project, usage, THIS_SESSION
        )

    async def _remember(self, environment: Environment) -> None:
        kept_in = THIS_SESSION
        try:
            environment, kept_in = await self._keys.remember(environment)
        finally:
            self._show(replace(self.status, environment=environment, kept_in=kept_in))
            await self._keep(environment)

    async def _keep(self, environment: Environment) -> None:
        """Write the environment down as the current one, with its own address."""
        if self._session_urls.get(environment.id) == environment.base_url:
            known = {env.id: env.base_url for env in self._settings.current.environments}
            environment = _at(environment, known.get(environment.id, REFINER_URL))
        await self._settings.save(self._settings.current.with_environment(environment))

    def _in_session(self, environment: Environment) -> Environment:
        url = self._session_urls.get(environment.id)
        return _at(environment, url) if url else environment

    def _show(self, status: ConnectionStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)


def _at(environment: Environment, url: str) -> Environment:
    return msgspec.structs.replace(environment, base_url=url)


async def _what_opens(client: RefinerClient) -> tuple[Project, AccountUsage | None]:
    return await client.verify(), await _usage_if_told(client)


async def _usage_if_told(client: RefinerClient) -> AccountUsage | None:
    """Return the account's usage; a key that works is not refused for want of it."""
    try:
        return await client.account()
    except ApiError as exc:
        _log.warning("the account's usage could not be read: %s", exc)
        return None
