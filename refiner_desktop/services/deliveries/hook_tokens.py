"""The secret tokens of the hooks, the same at every start where there is a keyring."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

from refiner_desktop.settings.secrets import KeyringProblem, KeyringSilent, SecretStore
from refiner_desktop.webhooks.hooks import Hook

PATIENCE_SECONDS = 5.0
"""Refiner would be refused for want of its token, so the listener waits for them, but not long."""

_log = logging.getLogger(__name__)


class TokensNotKept(Exception):
    """Some tokens are for this session only: the keyring did not return or keep them."""


class TokensRenewed(TokensNotKept):
    """Hooks of earlier sessions have new tokens, for nothing keeps the old ones any more.

    The message names the hooks. Refiner is answered 401 until it has the new tokens.
    """


class HookTokens:
    """Gives hooks the tokens that were kept, and keeps new ones; asks until the keyring answers."""

    def __init__(self, secrets: SecretStore, patience: float = PATIENCE_SECONDS) -> None:
        self._secrets = secrets
        self._patience = patience
        self._asked = False
        self.fresh: frozenset[str] = frozenset()
        """Ids of the hooks for which nothing was kept when it was asked for their tokens."""

    @property
    def last(self) -> bool:
        """Whether there is a place that keeps them longer than this session."""
        return self._secrets.lasting

    async def give(self, hooks: Sequence[Hook]) -> tuple[tuple[Hook, ...], TokensNotKept | None]:
        """Return the hooks with their tokens, and what went wrong with the keyring, if anything.

        A hook for which nothing was kept stays with the token that it has; one without stays open.
        """
        given = list(hooks)
        if self._asked:
            return tuple(given), None

        async def ask() -> None:
            fresh = []
            for place, hook in enumerate(given):
                if hook.token:
                    kept = await self._secrets.load(hook.token_name)
                    if kept is None:
                        await self._secrets.save(hook.token_name, hook.token)
                        fresh.append(hook.id)
                    given[place] = replace(hook, token=kept or hook.token)
            self._asked = True
            self.fresh = frozenset(fresh)

        try:
            await self._patiently(ask())
        except TokensNotKept as exc:
            return tuple(given), exc
        return tuple(given), None

    async def keep(self, hook: Hook) -> None:
        """Keep a hook's token. Raises `TokensNotKept`."""
        if hook.token:
            await self._patiently(self._secrets.save(hook.token_name, hook.token))
        else:
            await self.forget(hook)

    async def forget(self, hook: Hook) -> None:
        """Remove a hook's token. Raises `TokensNotKept`."""
        await self._patiently(self._secrets.forget(hook.token_name))

    async def _patiently(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await work
        except TimeoutError:
            problem = TokensNotKept(str(KeyringSilent(f"no answer in {self._patience:g} s")))
        except KeyringProblem as exc:
            problem = TokensNotKept(f"{type(exc).__name__}: {exc}")
        else:
            return
        _log.warning("webhook tokens are for this session only: %s", problem)
        raise problem
