"""The named hooks: kept in the settings, their tokens where secrets are kept."""

from __future__ import annotations

import asyncio
import logging

import msgspec
from psygnal import Signal

from refiner_desktop.secret import Secret
from refiner_desktop.services.deliveries.hook_tokens import HookTokens, TokensRenewed
from refiner_desktop.settings.secrets import SecretStore
from refiner_desktop.settings.settings import HookSettings, SettingsStore
from refiner_desktop.webhooks.delivery import Delivery, Kind
from refiner_desktop.webhooks.hooks import Hook, HookAnswer, default_hooks, new_hook, new_token

_log = logging.getLogger(__name__)


class HookInvalid(ValueError):
    """A hook cannot be as it is; `problems` has a sentence for each wrong field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class HooksService:
    """Adds, edits and removes hooks. *Completed surveys* and *Segment entries* begin the list.

    Signals: `changed()` when other hooks hold.
    """

    changed = Signal()

    def __init__(self, settings: SettingsStore, secrets: SecretStore) -> None:
        self._settings = settings
        self._tokens = HookTokens(secrets)
        self._lock = asyncio.Lock()
        self.exposed_by = ""
        """What others than this machine reach the listener by; empty when nothing."""
        saved = settings.current.listener.hooks
        self.hooks: tuple[Hook, ...] = (
            default_hooks() if saved is None else tuple(_from_settings(each) for each in saved)
        )

    @property
    def tokens_last(self) -> bool:
        """Whether the tokens of now still hold after the application has been started again."""
        return self._tokens.last

    def hook(self, hook_id: str) -> Hook | None:
        """Return the hook of that id."""
        return next((each for each in self.hooks if each.id == hook_id), None)

    def named(self, name: str) -> Hook | None:
        """Return the hook that bears a name now."""
        return next((each for each in self.hooks if each.name == name), None)

    def of(self, delivery: Delivery) -> Hook | None:
        """Return the hook that a delivery was kept for, if it is still there.

        Of those that were kept when hooks had no ids, the name says it.
        """
        found = self.hook(delivery.hook_id)
        return found or (self.named(delivery.hook) if delivery.hook == delivery.hook_id else None)

    def draft(self) -> Hook:
        """Return a new hook with a name, a path and a token that are free, to be edited and put."""
        return new_hook(self.hooks)

    def problems(self, hook: Hook) -> dict[str, str]:
        """Return why a hook cannot be put just now, a sentence for each wrong field."""
        return hook.problems(self.hooks) | self._unguarded(hook)

    async def open_tokens(self) -> None:
        """Give the hooks the tokens that were kept.

        Raises `TokensNotKept`, or `TokensRenewed` once when those of earlier sessions are gone;
        they hold anyway.
        """
        async with self._lock:
            given, problem = await self._tokens.give(self.hooks)
            self._hold(given)
            renewed = await self._renewed()
        if problem is not None:
            raise problem
        if renewed:
            raise TokensRenewed(renewed)

    async def _renewed(self) -> str:
        """Return the names of hooks whose tokens are gone; from now on all of these had tokens."""
        fresh, self._tokens.fresh = self._tokens.fresh, frozenset()
        if not fresh:
            return ""
        saved = self._settings.current.listener.hooks
        if saved is None:  # nobody can have given a token of theirs to Refiner
            try:
                await self._save()
            except OSError as exc:
                _log.warning("the hooks could not be saved: %s", exc)
            return ""
        before = {each.id for each in saved}
        return ", ".join(hook.name for hook in self.hooks if hook.id in fresh & before)

    async def put(self, hook: Hook) -> None:
        """Add a hook, or replace that of its id.

        Raises `HookInvalid`, or, when it holds all the same, `TokensNotKept` and `OSError`.
        """
        if problems := self.problems(hook):
            raise HookInvalid(problems)
        async with self._lock:
            before = self.hook(hook.id)
            if before is None:
                self._hold((*self.hooks, hook))
            else:
                self._hold(tuple(hook if each is before else each for each in self.hooks))
            await self._save()
            if before is None or before.token != hook.token:
                await self._tokens.keep(hook)

    async def remove(self, hook_id: str) -> None:
        """Take a hook off the list and forget its token; its deliveries stay.

        Raises `TokensNotKept` when the keyring may still have the token, and `OSError`.
        """
        async with self._lock:
            hook = self.hook(hook_id)
            if hook is None:
                return
            self._hold(tuple(each for each in self.hooks if each is not hook))
            await self._save()
            await self._tokens.forget(hook)

    def _unguarded(self, hook: Hook) -> dict[str, str]:
        """Say why a hook that others reach must not be opened now; one that was open may stay."""
        before = self.hook(hook.id)
        opens = not hook.token and (before is None or bool(before.token))
        if not opens or not self.exposed_by:
            return {}
        return {"token": f"Others reach it by {self.exposed_by}: without a token, anyone may send."}

    def _hold(self, hooks: tuple[Hook, ...]) -> None:
        if hooks != self.hooks:
            self.hooks = hooks
            self.changed.emit()

    async def _save(self) -> None:
        settings = self._settings.current
        saved = tuple(_to_settings(hook) for hook in self.hooks)
        listener = msgspec.structs.replace(settings.listener, hooks=saved)
        await self._settings.save(msgspec.structs.replace(settings, listener=listener))


def _to_settings(hook: Hook) -> HookSettings:
    return HookSettings(
        id=hook.id,
        name=hook.name,
        path=hook.path,
        open=not hook.token,
        watches=tuple(sorted(hook.watches)),
        status=hook.answer.status,
        headers=hook.answer.headers,
        body=hook.answer.body,
        delay=hook.answer.delay,
        forward_to=hook.forward_to,
        header=hook.header,
        prefix=hook.prefix,
    )


def _from_settings(saved: HookSettings) -> Hook:
    """Read a hook back; what a person wrote wrongly into the file becomes what is usual."""
    known = frozenset(Kind)
    answer = HookAnswer(saved.status, saved.headers, saved.body, saved.delay)
    return Hook(
        saved.name,
        saved.path,
        frozenset(Kind(each) for each in saved.watches if each in known),
        Secret("") if saved.open else new_token(),
        answer=HookAnswer() if answer.problems() else answer,
        forward_to=saved.forward_to,
        header=saved.header,
        prefix=saved.prefix,
        id=saved.id,
    )
