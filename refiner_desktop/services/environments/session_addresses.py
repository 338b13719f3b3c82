"""Addresses that stand in for those of environments until the application ends."""

from __future__ import annotations

import msgspec

from refiner_desktop.settings.settings import REFINER_URL, Environment, Settings


class SessionAddresses:
    """Knows which environments are reached at another base URL in this session.

    Neither that address nor what its server said is ever saved.
    """

    def __init__(self) -> None:
        self._urls: dict[str, str] = {}

    def use(self, environment: Environment, url: str) -> Environment:
        """Reach an environment at this address from now on; return it with the address."""
        self._urls[environment.id] = url
        return self.in_session(environment)

    def hold_for(self, environment: Environment) -> bool:
        """Whether an environment has the address of this session."""
        return self._urls.get(environment.id) == environment.base_url

    def in_session(self, environment: Environment) -> Environment:
        """Return the environment with its address of this session, where it has one."""
        url = self._urls.get(environment.id, environment.base_url)
        return msgspec.structs.replace(environment, base_url=url)

    def as_saved(self, environment: Environment, settings: Settings) -> Environment:
        """Return the environment with its own address and key in place of those of this session."""
        if not self.hold_for(environment):
            return environment
        own = settings.known(environment.id) or Environment(base_url=REFINER_URL)
        return msgspec.structs.replace(
            environment, base_url=own.base_url, key_origin=own.key_origin, project=own.project
        )
