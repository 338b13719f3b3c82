"""The key of each environment: typed, offered for this session, or kept in the keyring."""

from __future__ import annotations

import msgspec

from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.settings.address import origin
from refiner_desktop.settings.secrets import SecretStore
from refiner_desktop.settings.settings import Environment

THIS_SESSION = "this session only"
NONE = Secret("")


def cleaned(text: str) -> Secret:
    """Return a key without what copying drags along: white space, and a leading Bearer."""
    words = text.split()
    if words and words[0].casefold() == "bearer":
        del words[0]
    return Secret("".join(words))


class NoKey(Exception):
    """No key was given and none is remembered for this environment."""


class Keys:
    """Finds, remembers and forgets keys. A key is bound to the server that it was typed for.

    `mask` learns every one of them.
    """

    def __init__(self, secrets: SecretStore, mask: Mask) -> None:
        self._secrets = secrets
        self.mask = mask
        self._session: dict[str, tuple[str, Secret]] = {}
        self._kept: dict[str, Secret] = {}
        self._offered = NONE

    def offer(self, environment: Environment, key: Secret) -> None:
        """Use this key for this session; it is never written to the keyring."""
        self._offered = key
        self.use(environment, key)

    def use(self, environment: Environment, key: Secret) -> None:
        """Have a key at hand until the application ends."""
        self.mask.learn(key)
        self._session[environment.id] = (origin(environment.base_url), key)

    def at_hand(self, environment: Environment) -> Secret:
        """Return the key that needs no keyring; an empty one when there is none."""
        home, key = self._session.get(environment.id, ("", NONE))
        return key if home == origin(environment.base_url) else NONE

    def known(self, environment: Environment) -> bool:
        """Whether a key for this environment's server is at hand or in the keyring."""
        return bool(self.at_hand(environment)) or _is_kept(environment)

    async def find(self, environment: Environment, typed: Secret = NONE) -> Secret:
        """Return the key: the typed one, else the one at hand, else the one in the keyring.

        Raises `NoKey`, or `KeyringProblem` when it can't be read.
        """
        key = typed or self.at_hand(environment) or await self._read(environment)
        self.mask.learn(key)
        return key

    async def remember(self, environment: Environment) -> tuple[Environment, str]:
        """Keep the key at hand as the environment wishes; return it, and where the key is.

        The keyring is written only when there is something new. Raises `KeyringProblem`.
        """
        key = self.at_hand(environment)
        if not environment.remember:
            return await self._drop_kept(environment), THIS_SESSION
        if not key or key == self._offered:
            return environment, THIS_SESSION
        if self._kept.get(environment.id) != key or not _is_kept(environment):
            await self._secrets.save(environment.id, key)
            self._kept[environment.id] = key
        home = origin(environment.base_url) if self._secrets.lasting else ""
        return msgspec.structs.replace(environment, key_origin=home), await self._secrets.place()

    async def forget(self, environment: Environment) -> Environment:
        """Drop the key everywhere; return the environment without it. Raises `KeyringProblem`."""
        self._session.pop(environment.id, None)
        return await self._drop_kept(environment)

    async def _drop_kept(self, environment: Environment) -> Environment:
        """Take the key out of the keyring; return the environment without it."""
        if environment.key_origin:
            await self._secrets.forget(environment.id)
            self._kept.pop(environment.id, None)
            return msgspec.structs.replace(environment, key_origin="")
        return environment

    @property
    def can_last(self) -> bool:
        """Whether keys outlive this session."""
        return self._secrets.lasting

    def agree_to(self, place: str) -> None:
        """Use a keyring that exposes secrets: the person agreed in words."""
        self._secrets.agree_to(place)

    async def _read(self, environment: Environment) -> Secret:
        kept = await self._secrets.load(environment.id) if _is_kept(environment) else None
        if kept is None:
            raise NoKey
        self._kept[environment.id] = kept
        return kept


def _is_kept(environment: Environment) -> bool:
    return environment.key_origin == origin(environment.base_url)
