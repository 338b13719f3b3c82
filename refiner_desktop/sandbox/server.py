"""The sandbox as a whole: a world, a server, its faults and its webhooks."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TypeVar

from refiner_desktop.sandbox.api import PREFIX, Api
from refiner_desktop.sandbox.behaviour import Behaviour, Limits
from refiner_desktop.sandbox.contacts import Contact
from refiner_desktop.sandbox.draws import random_uuid
from refiner_desktop.sandbox.faults import Faults
from refiner_desktop.sandbox.happenings import ignore
from refiner_desktop.sandbox.moments import unix_now
from refiner_desktop.sandbox.record import Record
from refiner_desktop.sandbox.responses import Outcome
from refiner_desktop.sandbox.views import Views
from refiner_desktop.sandbox.webhooks import Courier, SentDelivery, Webhook, WebhookTrigger
from refiner_desktop.sandbox.world import World
from refiner_desktop.secret import Secret
from refiner_desktop.serving import ServerThread

T = TypeVar("T")

STOP_SECONDS = 5.0


class Sandbox:
    """All 19 endpoints over a made-up world, on a real socket of this machine.

    `key` opens it, `faults` makes it misbehave, `record` tells what arrived, `world` is the data
    (read it freely while nothing is being called; change it through the methods here or the API).
    Every method may be called from any thread but the server's own. It is started once.
    """

    def __init__(
        self,
        *,
        contacts: int = 2_000,
        seed: int = 1,
        port: int = 0,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        behaviour: Behaviour = Behaviour(),  # noqa: B008 - frozen
        clock: Callable[[], int] = unix_now,
    ) -> None:
        """Make the world; `clock` tells the time in Unix seconds, `port` 0 is any free one."""
        self.key = random_uuid(seed, "key")
        self.world = World(contacts, seed, clock)
        self.faults = Faults()
        self.record = Record()
        views = Views(self.world, behaviour)
        self._courier = Courier(views)
        self._api = Api(self.key, views, limits, self.faults, self.record)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._server = ServerThread(
            self._api, port=port, name="sandbox", callback_notify=self._on_running
        )

    @property
    def base_url(self) -> str:
        """The address that stands for `https://api.refiner.io/v1`; final after `start`."""
        return f"http://{self._server.host}:{self._server.port}{PREFIX}"

    @property
    def webhooks(self) -> tuple[Webhook, ...]:
        """The webhooks that are told of changes."""
        return self._courier.webhooks

    @property
    def deliveries(self) -> list[SentDelivery]:
        """The attempts to deliver webhooks, the oldest first."""
        return list(self._courier.sent)

    def start(self) -> None:
        """Return once requests are answered. Raises `serving.PortInUse` or `OSError`."""
        self._server.start()
        self._ready.wait()

    def stop(self) -> None:
        """Answer what is running, give up undelivered webhooks and free the port, in some 0.2 s."""
        if self._loop is None:
            return
        closing = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        closing.result(STOP_SECONDS)
        self._server.stop()
        self._loop = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def regenerate_key(self) -> str:
        """Let another key take the place of this one, as the dashboard can; returns it."""
        self.key = self._api.key = str(uuid.uuid4())
        return self.key

    def add_webhook(
        self,
        url: str,
        *,
        trigger: WebhookTrigger,
        secret: str = "",
        form_uuid: str | None = None,
        segment_uuid: str | None = None,
    ) -> Webhook:
        """Tell `url` of a trigger from now on, with the secret as a Bearer token."""
        webhook = Webhook(url, trigger, Secret(secret), form_uuid, segment_uuid)

        def add() -> None:
            self._courier.webhooks += (webhook,)

        self._on_loop(add)
        return webhook

    def remove_webhook(self, webhook: Webhook) -> None:
        """Tell that address no more."""

        def remove() -> None:
            self._courier.webhooks = tuple(w for w in self._courier.webhooks if w is not webhook)

        self._on_loop(remove)

    def complete_survey(
        self,
        user: str | None = None,
        survey: str | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> str:
        """Let a user see and answer a survey; returns the response's UUID.

        `user` is an id or an e-mail, `survey` a name; what is left out is chosen. Raises
        LookupError for an unknown one.
        """
        return self.visit_survey("completed", user, survey, answers)

    def visit_survey(
        self,
        outcome: Outcome,
        user: str | None = None,
        survey: str | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> str:
        """Let a user see a survey and do what `outcome` says; otherwise as `complete_survey`."""

        def visit() -> str:
            contact = None if user is None else self._contact(user)
            chosen = None if survey is None else self.world.survey_named(survey)
            return self.world.visit(outcome, contact, chosen, dict(answers or {})).uuid

        return self._on_loop(visit)

    def _contact(self, user: str) -> Contact:
        contact = self.world.book.find(user) or self.world.book.find(email=user)
        if contact is None:
            raise LookupError(f"no contact is known as {user}")
        return contact

    def _on_loop(self, work: Callable[[], T]) -> T:
        """Do the work between two requests, so that the world needs no lock."""
        if self._loop is None:
            return work()

        async def run() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    async def _on_running(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.world.tell = self._courier.hear
        self._ready.set()

    async def _close(self) -> None:
        self._api.closing.set()
        self.world.tell = ignore
        await self._courier.aclose()
