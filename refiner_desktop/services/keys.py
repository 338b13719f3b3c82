"""The key of each environment: typed, offered for this session, or kept in the keyring."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.settings.secrets import SecretStore
from refiner_desktop.settings.settings import Environment

THIS_SESSION = "this session only"
NONE = Secret("")


class NoKey(Exception):
    """No key was given and none is remembered for this environment."""


class Keys:
    """Finds, remembers and forgets keys. A key is bound to the server that it was typed for."""

    def __init__(self, secrets: SecretStore, mask: Mask) -> None:
        self._secrets = secrets
        self._mask = mask
        self._session: dict[str, tuple[str, Secret]] = {}
        self._kept: dict[str, Secret] = {}
        self._offered = NONE

    def offer(self, environment: Environment, key: Secret) -> None:
        """Use this key for this session; it is never written to the keyring."""
        self._offered = key
        self.use(environment, key)

    def use(self, environment: Environment, key: Secret) -> None:
        """Have a key at hand until the application ends."""
        self._mask.learn(key)
        self._session[environment.id] = (_origin(environment), key)

    def at_hand(self, environment: Environment) -> Secret:
        """Return the key that needs no keyring; an empty one when there is none."""
        origin, key = self._session.get(environment.id, ("", NONE))
        return key if origin == _origin(environment) else NONE

    def known(self, environment: Environment) -> bool:
        """Whether a key for this environment's server is at hand or in the keyring."""
        return bool(self.at_hand(environment)) or _is_kept(environment)

    async def find(self, environment: Environment) -> Secret:
        """Return the key. Raises `NoKey`, or `KeyringProblem` when it can't be read."""
        if at_hand := self.at_hand(environment):
            return at_hand
        kept = await self._secrets.load(environment.id) if _is_kept(environment) else None
        if kept is None:
            raise NoKey
        self._mask.learn(kept)
        self._kept[environment.id] = kept
        return kept

    async def remember(self, environment: Environment) -> tuple[Environment, str]:
        """Keep the key at hand as the environment wishes; return it, and where the key is.

        The keyring is written only when there is something new. Raises `KeyringProblem`.
        """
        key = self.at_hand(environment)
        if key == self._offered:
            return environment, THIS_SESSION
        if not environment.remember:
            return await self._forget_kept(environment), THIS_SESSION
        if self._kept.get(environment.id) != key or not _is_kept(environment):
            await self._secrets.save(environment.id, key)
            self._kept[environment.id] = key
        origin = _origin(environment) if self._secrets.lasting else ""
        return msgspec.structs.replace(environment, key_origin=origin), await self._secrets.place()

    async def forget(self, environment: Environment) -> Environment:
        """Drop the key everywhere; return the environment without it. Raises `KeyringProblem`."""
        self._session.pop(environment.id, None)
        return await self._forget_kept(environment)

    async def _forget_kept(self, environment: Environment) -> Environment:
        if environment.key_origin:
            await self._secrets.forget(environment.id)
            self._kept.pop(environment.id, None)
            return msgspec.structs.replace(environment, key_origin="")
        return environment


def _is_kept(environment: Environment) -> bool:
    return bool(environment.key_origin) and environment.key_origin == _origin(environment)


def _origin(environment: Environment) -> str:
    """Return scheme, host and port of an environment's server. Raises `ValueError`."""
    parts = urlsplit(environment.base_url)
    return f"{parts.scheme}://{parts.netloc}".lower()
