"""The secret tokens of the hooks, the same at every start where there is a keyring."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from refiner_desktop.settings.secrets import KeyringProblem, KeyringSilent, SecretStore
from refiner_desktop.webhooks.hooks import Hook

PATIENCE_SECONDS = 5.0
"""Refiner would be refused for want of its token, so the listener waits for them, but not long."""

_log = logging.getLogger(__name__)


class TokensNotKept(Exception):
    """Some tokens are for this session only: the keyring did not return or keep them."""


class HookTokens:
    """Gives hooks the tokens that were kept, and keeps new ones; asks until the keyring answers."""

    def __init__(self, secrets: SecretStore, patience: float = PATIENCE_SECONDS) -> None:
        self._secrets = secrets
        self._patience = patience
        self._asked = False

    async def give(self, hooks: Sequence[Hook]) -> tuple[tuple[Hook, ...], TokensNotKept | None]:
        """Return the hooks with their tokens, and what went wrong with the keyring, if anything."""
        if self._asked:
            return tuple(hooks), None
        given, problem = list(hooks), None
        try:
            async with asyncio.timeout(self._patience):
                for place, hook in enumerate(hooks):
                    given[place] = await self._with_token(hook)
            self._asked = True
        except TimeoutError:
            problem = TokensNotKept(str(KeyringSilent(f"no answer in {self._patience:g} s")))
        except KeyringProblem as exc:
            problem = TokensNotKept(f"{type(exc).__name__}: {exc}")
        if problem:
            _log.warning("webhook tokens are for this session only: %s", problem)
        return tuple(given), problem

    async def _with_token(self, hook: Hook) -> Hook:
        name = f"webhook {hook.path}"
        kept = await self._secrets.load(name)
        if kept is None:
            await self._secrets.save(name, hook.token)
        return replace(hook, token=kept or hook.token)
