"""The listener from its start to its stop: opened, watched over, tested, started anew."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener_status import ListenerState, ListenerStatus
from refiner_desktop.services.deliveries.listener_watch import ListenerWatch
from refiner_desktop.services.threads import whole
from refiner_desktop.settings.settings import ListenerSettings
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.hosts import is_local
from refiner_desktop.webhooks.marks import Marks
from refiner_desktop.webhooks.self_test import SelfTestFailed, post_to_itself

if TYPE_CHECKING:
    from refiner_desktop.webhooks.listener import Listener

_log = logging.getLogger(__name__)

_MEGABYTE = 1024 * 1024


class NotListening(Exception):
    """Something is meant for our own listener, and it is off."""


class TokenDemanded(Exception):
    """Others than this machine could reach a hook that has no token; the message names it."""


class ListenerLife:
    """Begins and ends the listener, and in between sees to it that it answers.

    Signals: `changed(status)`.
    """

    changed = Signal(ListenerStatus)

    def __init__(
        self, store: DeliveryStore, arrivals: Arrivals, hooks: HooksService, mask: Mask
    ) -> None:
        self._store = store
        self._arrivals = arrivals
        self._hooks = hooks
        self._mask = mask
        self._turn = asyncio.Lock()
        self._listener: Listener | None = None
        self._watching: asyncio.Task[None] | None = None
        self._hosts: tuple[str, ...] = ()
        self._browsers = False
        self.marks = Marks()
        self.status = ListenerStatus()
        hooks.changed.connect(self._admit)
        arrivals.counted.connect(self._count)

    async def begin(self, port: int, settings: ListenerSettings) -> None:
        """Listen on a port of the settings' host, and no longer where it listened before.

        Raises `PortInUse`, `PortForbidden`, `TokenDemanded`, `OSError`, or `TokensNotKept` after
        it has started.
        """
        await self._unwatch()
        async with self._turn:
            await self._end()
            self._show(ListenerStatus(ListenerState.STARTING, settings.host, port))
            try:
                problem = await self._open(port, settings)
            except BaseException:
                await self._end()  # it may have opened the port all the same
                raise
            self._watching = asyncio.create_task(
                ListenerWatch(self._watch_over, self._is_alive).run()
            )
        if problem is not None:
            raise problem

    async def end(self) -> None:
        """Stop listening; what arrived before is still handed over."""
        await self._unwatch()
        async with self._turn:
            await self._end()

    async def test(self) -> bool:
        """Let the listener test itself now; return whether all is well.

        It is restarted when it does not answer. Raises `NotListening` when it is off.
        """
        async with self._turn:
            if self._listener is None:
                raise NotListening("the listener is off")
            return await self._look_after(self._listener)

    def welcome(self, hosts: Iterable[str], *, browsers: bool) -> None:
        """Accept what is addressed to these names, now and at every start, or sent by browsers."""
        self._hosts, self._browsers = tuple(hosts), browsers
        self._admit()

    # Beginning and end

    async def _open(self, port: int, settings: ListenerSettings) -> TokensNotKept | None:
        problem = await self._tokens_problem()
        unguarded = [hook.name for hook in self._hooks.hooks if not hook.token]
        if unguarded and not is_local(settings.host):
            raise TokenDemanded(
                f"{unguarded[0]} has no token, and {settings.host} is open to others"
            )
        self._arrivals.begin()
        self._listener = listener = await whole(asyncio.to_thread(self._made, port, settings))
        self._admit()
        await whole(asyncio.to_thread(_start, listener))
        self._show(replace(self.status, state=ListenerState.LISTENING, port=listener.port))
        return problem

    async def _tokens_problem(self) -> TokensNotKept | None:
        """Give the hooks their tokens; return why other ones than were kept hold, if they do."""
        try:
            await self._hooks.open_tokens()
        except TokensNotKept as exc:
            return exc
        return None

    def _made(self, port: int, settings: ListenerSettings) -> Listener:
        from refiner_desktop.webhooks.limits import Limits
        from refiner_desktop.webhooks.listener import Listener

        self._store.open()
        return Listener(
            self._store.add_many,
            self._arrivals.take,
            prove=self._store.prove,
            mask=self._mask,
            marks=self.marks,
            host=settings.host,
            port=port,
            limits=Limits(body=settings.body_megabytes * _MEGABYTE),
        )

    async def _end(self) -> None:
        await self._unwatch()  # what began while this waited for its turn
        if self._listener is not None:
            await whole(asyncio.to_thread(self._listener.stop))
            await self._arrivals.end()
            self._listener = None
        if self.status.state is not ListenerState.OFF:
            self._show(replace(self.status, state=ListenerState.OFF, problem=""))

    async def _unwatch(self) -> None:
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    def _admit(self) -> None:
        if self._listener is not None:
            self._listener.admit(self._hooks.hooks, self._hosts, browsers=self._browsers)

    # In between

    def _is_alive(self) -> bool:
        return self._listener is None or self._listener.running

    async def _watch_over(self) -> bool:
        async with self._turn:
            return self._listener is None or await self._look_after(self._listener)

    async def _look_after(self, listener: Listener) -> bool:
        """Test the listener, and restart it when it is dead; return whether all is well."""
        try:
            await self._test(listener)
        except SelfTestFailed as exc:
            if exc.answered and listener.running:  # a restart would only cut senders off
                self._show(replace(self.status, problem=str(exc)))
                return False
            return await self._revive(listener, str(exc))
        return True

    async def _revive(self, listener: Listener, problem: str) -> bool:
        self._show(replace(self.status, state=ListenerState.RESTARTING, problem=problem))
        try:
            await whole(asyncio.to_thread(_restart, listener))
            await self._test(listener)
        except Exception as exc:  # whatever it is, it is said, and tried again
            _log.warning("the listener could not be restarted: %s", exc)
            self._show(replace(self.status, problem=str(exc)))
            return False
        return True

    async def _test(self, listener: Listener) -> None:
        hook = next(iter(self._hooks.hooks), None)
        try:
            seconds = await asyncio.to_thread(
                post_to_itself, listener.host, listener.port, self.marks, hook
            )
        finally:
            self._count()  # what hinders the test, a full disk, hinders deliveries too
        tested_at, well = datetime.now(UTC), ListenerState.LISTENING
        self._show(
            replace(self.status, state=well, tested_at=tested_at, test_seconds=seconds, problem="")
        )

    def _count(self) -> None:
        if self._listener is not None:
            counts = msgspec.structs.asdict(self._listener.counts)
            handed = self._arrivals
            self._show(
                replace(
                    self.status,
                    shown=handed.shown,
                    hidden=handed.hidden,
                    gone=handed.gone,
                    **counts,
                )
            )

    def _show(self, status: ListenerStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)


def _start(listener: Listener) -> None:
    from refiner_desktop.serving import PortInUse
    from refiner_desktop.webhooks.ports import holder, next_free

    try:
        listener.start()
    except PortInUse as exc:
        free = next_free(exc.host, exc.port)
        raise PortInUse(exc.host, exc.port, holder(exc.port), free) from exc


def _restart(listener: Listener) -> None:
    listener.stop()
    _start(listener)
