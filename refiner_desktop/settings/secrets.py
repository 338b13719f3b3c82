"""Where keys and tokens are kept, what can go wrong with that, and this session's memory."""

from __future__ import annotations

from typing import Protocol

from refiner_desktop.secret import Secret


class KeyringProblem(Exception):
    """The keyring did not do what was asked. `place` names it where it is known."""

    def __init__(self, detail: str, place: str = "") -> None:
        super().__init__(detail)
        self.place = place


class KeyringMissing(KeyringProblem):
    """There is no keyring on this machine that keeps secrets."""


class KeyringLocked(KeyringProblem):
    """The keyring is locked, and nobody was asked to unlock it as far as is known."""


class KeyringDismissed(KeyringProblem):
    """The person was asked to unlock the keyring, and closed the prompt."""


class KeyringTooLarge(KeyringProblem):
    """The secret is larger than an item of this keyring may be."""


class KeyringExposes(KeyringProblem):
    """The keyring shows secrets to others, so it is used only with `SecretStore.agree_to`."""


class KeyringSilent(KeyringProblem):
    """The keyring did not answer in time; it may still wait for a person to unlock it."""


class KeyringLied(KeyringProblem):
    """What was read back is not what was written, or what was forgotten is still there."""


class SecretStore(Protocol):
    """Keeps secrets by name. Every awaited method may raise a `KeyringProblem`."""

    lasting: bool

    async def place(self) -> str:
        """Say in words where secrets are kept."""

    async def load(self, name: str) -> Secret | None:
        """Return the secret, or None when nothing is kept under that name."""

    async def save(self, name: str, secret: Secret) -> None:
        """Keep the secret under that name, replacing an older one."""

    async def forget(self, name: str) -> None:
        """Remove the secret; fine when there is none."""

    def agree_to(self, place: str) -> None:
        """Use that place from now on, though it exposes secrets: the person agreed in words."""


class MemoryStore:
    """Keeps secrets until the application ends."""

    lasting = False

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    async def place(self) -> str:
        return "this session only"

    async def load(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def save(self, name: str, secret: Secret) -> None:
        self._secrets[name] = secret

    async def forget(self, name: str) -> None:
        self._secrets.pop(name, None)

    def agree_to(self, place: str) -> None:
        """Memory exposes nothing, so there is nothing to agree to."""
