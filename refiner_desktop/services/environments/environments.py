"""The environments of a person: added, renamed, duplicated, put in order, removed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from psygnal import Signal

from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.connection_status import (
    ConnectionState,
    ConnectionStatus,
)
from refiner_desktop.services.environments.keys import NONE, Keys
from refiner_desktop.settings.address import checked_address
from refiner_desktop.settings.settings import Environment, Settings, SettingsStore

if TYPE_CHECKING:
    from refiner_desktop.storage.environment_records import EnvironmentRecords


class NameMissing(ValueError):
    """An environment needs a name."""


class NameTaken(ValueError):
    """Another environment bears this name already."""


class EnvironmentsService:
    """Keeps the list of environments, and the connection true to it.

    Signals: `changed(environments)` when one was added, edited, moved or removed.
    """

    changed = Signal(tuple)

    def __init__(
        self,
        settings: SettingsStore,
        keys: Keys,
        connection: ConnectionService,
        records: Callable[[], EnvironmentRecords],
    ) -> None:
        self._settings = settings
        self._records = records
        self._keys = keys
        self._connection = connection
        self._told = self.all
        settings.changed.connect(self._on_settings_changed)

    @property
    def all(self) -> tuple[Environment, ...]:
        """All environments, in their order."""
        return self._settings.current.environments

    @property
    def untouched(self) -> bool:
        """Whether no environment has ever been connected: the person is new here."""
        return self._settings.current.untouched

    @property
    def other_projects(self) -> frozenset[str]:
        """The UUIDs of the projects that other environments than the one in use open."""
        in_use = self._connection.environment
        return frozenset(env.project for env in self.all) - {in_use.project, ""}

    def not_begun(self, status: ConnectionStatus) -> bool:
        """Whether the person is new here and has tried nothing yet: there is nothing to guard."""
        return self.untouched and status.state is ConnectionState.OFF

    def known(self, environment_id: str) -> Environment | None:
        """Return an environment as it is saved."""
        return self._settings.current.known(environment_id)

    def new(self) -> Environment:
        """Return an environment that is not on the list yet, in a colour of its own."""
        return Environment(name="", colour=self._settings.current.free_colour())

    def checked(self, environment: Environment) -> None:
        """Raise `NameMissing`, `NameTaken` or `WrongAddress` for what can't be saved."""
        checked_address(environment.base_url)
        name = environment.name.strip().casefold()
        if not name:
            raise NameMissing("Give the environment a name.")
        others = (env for env in self.all if env.id != environment.id)
        if any(other.name.casefold() == name for other in others):
            raise NameTaken(f"Another environment is named {environment.name.strip()}.")

    async def save(self, environment: Environment, key: Secret = NONE) -> None:
        """Add an environment, or let its changes hold; a `key` replaces the one it had.

        The one in use is disconnected when its address changes. Raises what `checked` does,
        `OSError`, and, when all else is saved, `KeyringProblem` for a key that stays or does not.
        """
        self.checked(environment)
        environment = self._with_what_was_learned(environment)
        in_use = self._connection.environment
        if environment.id == in_use.id:
            if environment.base_url != self._connection.as_saved(in_use).base_url:
                await self._connection.disconnect()
            self._connection.adopt(environment)
        await self._settings.save(self._settings.current.with_environment(environment))
        if key:
            self._keys.use(environment, key)
        if key or not environment.remember:
            await self._remember_key(environment)

    async def keep_exposed(self, environment_id: str, place: str) -> None:
        """Keep an environment's key in a keyring that exposes it, now and at later starts."""
        self._keys.agree_to(place)
        settings = self._settings.current
        agreed = tuple(dict.fromkeys((*settings.exposed_keyrings, place)))
        await self._settings.save(msgspec.structs.replace(settings, exposed_keyrings=agreed))
        if environment := self.known(environment_id):
            await self._remember_key(environment)

    async def duplicate(self, environment: Environment) -> Environment:
        """Add a copy, with a name and colour of its own and no key, and return it."""
        settings = self._settings.current
        copy = environment.copy(
            settings.free_name(f"{environment.name} copy"), settings.free_colour()
        )
        await self._settings.save(settings.with_environment(copy))
        return copy

    async def reorder(self, ids: Sequence[str]) -> None:
        """Put the environments in the order of these ids."""
        await self._settings.save(self._settings.current.in_order(ids))

    async def remove(self, environment: Environment, *, leaving_key: bool = False) -> None:
        """Take an environment off the list, its key out of the keyring, and forget its records.

        Another one takes over when it was in use. Raises `KeyringProblem` when the key can't be
        removed; then nothing has changed, unless it is to be left.
        """
        in_use = environment.id == self._connection.environment.id
        if in_use:
            await self._connection.disconnect()
        if not leaving_key:
            with self._connection.patient_with_keyring():
                await self._keys.forget(environment)
        settings = self._settings.current.without_environment(environment.id)
        await self._settings.save(settings)
        if in_use:
            await self._connection.switch(settings.environment())
        await asyncio.to_thread(lambda: self._records().forget(environment.id))

    async def withdraw(self, environment_id: str, *, back_to: str) -> None:
        """Take an environment of this session off the list; the next begins with `back_to`."""
        settings = self._settings.current.without_environment(environment_id)
        current = back_to if settings.current == environment_id else settings.current
        await self._settings.save(msgspec.structs.replace(settings, current=current))

    def has_key(self, environment: Environment) -> bool:
        """Whether a key for this environment is at hand or in the keyring."""
        return self._keys.known(environment)

    @property
    def keys_can_last(self) -> bool:
        """Whether there is a keyring, rather than this session's memory alone."""
        return self._keys.can_last

    def _with_what_was_learned(self, environment: Environment) -> Environment:
        """Return the environment with its newest project and place of its key."""
        now = self.known(environment.id)
        if now is None:
            return environment
        return msgspec.structs.replace(environment, project=now.project, key_origin=now.key_origin)

    async def _remember_key(self, environment: Environment) -> None:
        """Keep or drop the key as the environment wishes, and write down which."""
        if environment.id == self._connection.environment.id:
            await self._connection.remember()
            return
        with self._connection.patient_with_keyring():
            environment, _ = await self._keys.remember(environment)
        await self._settings.save(self._settings.current.with_environment(environment))

    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.environments != self._told:
            self._told = settings.environments
            self.changed.emit(self._told)
