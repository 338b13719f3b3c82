"""The API console: any call, kept from before it goes out until long after its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from psygnal import SignalInstance

from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.exchange import Answer, CallRequest, Pairs
from refiner_desktop.api.intake import MEGABYTE, Room
from refiner_desktop.api.reach import Reach
from refiner_desktop.services.environments.connection import ConnectionService, NotConnected
from refiner_desktop.services.environments.danger import Danger
from refiner_desktop.services.environments.guard import danger_of_call
from refiner_desktop.services.requests.all_pages import AllPages, PagesProgress
from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.services.requests.home import Elsewhere, elsewhere
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.exchange_rows import FetchedPages

Kept = Callable[[int | None], None]
"""Hears the number of a call in the history, None where that could not keep it."""

BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Outlook:
    """What will become of a request.

    `headers` are added to its own, the key as dots, and `reach` is where it goes: None while
    nothing is connected; `elsewhere` tells more of another server. `refusal` says why it can't be
    sent, if it can't.
    """

    headers: Pairs = ()
    reach: Reach | None = None
    elsewhere: Elsewhere | None = None
    refusal: str = ""


class ConsoleService:
    """Sends free requests; `history` keeps what was sent and what came back."""

    def __init__(
        self, connection: ConnectionService, history: ConsoleHistory, settings: SettingsStore
    ) -> None:
        self._connection = connection
        self._settings = settings
        self.history = history

    @property
    def switched(self) -> SignalInstance:
        """The signal, with the environment, that another one has taken over."""
        return self._connection.switched

    @property
    def connection_changed(self) -> SignalInstance:
        """The signal, with the status, that the connection has come, gone or changed."""
        return self._connection.changed

    @property
    def room(self) -> Room:
        """How much of an answer is taken, and where a long one lies."""
        most = self._settings.current.console.answer_megabytes * MEGABYTE
        return Room(most, folder=self.history.folder)

    def danger(self, request: CallRequest) -> Danger | None:
        """Return what the person has to confirm before this request goes out, if anything."""
        return danger_of_call(self._connection.environment, request)

    def outlook(self, request: CallRequest) -> Outlook:
        """Return what is known of a request before it goes out."""
        try:
            client = self._connection.client
            reach = client.reach(request)
            away = reach is Reach.ELSEWHERE
            other = elsewhere(request, self._connection.environment.name) if away else None
            return Outlook(client.automatic_headers(request), reach, other)
        except NotConnected:
            return Outlook()
        except (ApiError, ValueError) as exc:
            return Outlook(refusal=str(exc))

    async def send(self, request: CallRequest, kept: Kept = lambda _: None) -> Answer:
        """Send one request, whatever it does; no retries, no redirects followed.

        `kept` hears the number that the history has for it, before it goes out. Raises
        `NotConnected`, `ApiError` when no answer came, and `ValueError` for what can't be sent. A
        history that can't be written stops no call and loses no answer.
        """
        client = self._connection.client
        exchange = await self.history.begin(request, self._connection.environment.id)
        kept(exchange)
        started = time.perf_counter()
        try:
            answer = await client.call(request, self.room)
        except BaseException as exc:
            await self.history.fail(exchange, exc, time.perf_counter() - started)
            raise
        self.history.finish(exchange, answer)
        return answer

    async def aclose(self) -> None:
        """Wait until all that came is kept."""
        await self.history.aclose()

    def all_pages(self, request: CallRequest, limit: int | None = None) -> AllPages:
        """Return what fetches all pages of a list, or those that hold its first `limit` items.

        The history gets one call for all of them, the first, and those that went wrong. Raises
        `ValueError` for all but a GET.
        """

        def kept(exchange: int | None) -> None:
            pages.exchange = exchange

        async def send(page: CallRequest) -> Answer:
            return await (self.send(page, kept) if page == request else self._send_page(page))

        pages = AllPages(send, request, limit, self.room)
        return pages

    async def fetch(self, pages: AllPages, on_progress: Callable[[PagesProgress], None]) -> None:
        """Fetch the pages that are not here yet, and note in the history how many there are.

        Raises what `AllPages.fetch` does.
        """
        try:
            await pages.fetch(on_progress)
        finally:
            fetched = FetchedPages(pages.progress.pages, pages.progress.items)
            await self.history.note_pages(pages.exchange, fetched)

    async def _send_page(self, page: CallRequest) -> Answer:
        here, started = self._connection.environment.id, time.perf_counter()
        try:
            answer = await self._connection.client.call(page, self.room)
        except ApiError as exc:
            exchange = await self.history.begin(page, here)
            await self.history.fail(exchange, exc, time.perf_counter() - started)
            raise
        if answer.status >= BAD_REQUEST or answer.cut:
            self.history.finish(await self.history.begin(page, here), answer)
        return answer
