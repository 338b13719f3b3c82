"""The API console: any call, kept from before it goes out until long after its answer."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from psygnal import Signal, SignalInstance

from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.exchange import Answer, CallRequest, Pairs
from refiner_desktop.api.headers import SECRET_HEADERS
from refiner_desktop.masking import Mask
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.guard import Danger, danger_of_call
from refiner_desktop.services.threads import whole
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.exchanges import ExchangeRecord, ExchangeRow, ExchangeStore

T = TypeVar("T")

HISTORY_LENGTH = 10_000
TRIM_EVERY = 100


class ConsoleService:
    """Sends free requests and keeps what was sent and what came back, without any secret.

    Each environment has a history of its own.

    Signals: `troubled(exception)` when the history could not be written.
    """

    troubled = Signal(Exception)

    def __init__(self, connection: ConnectionService, history: ExchangeStore, mask: Mask) -> None:
        self._connection = connection
        self._history = history
        self._mask = mask

    @property
    def switched(self) -> SignalInstance:
        """The signal, with the environment, that another one has taken over."""
        return self._connection.switched

    def danger(self, request: CallRequest) -> Danger | None:
        """Return what the person has to confirm before this request goes out, if anything."""
        return danger_of_call(self._connection.environment, request)

    async def send(self, request: CallRequest) -> Answer:
        """Send one request, whatever it does; no retries, no redirects followed.

        Raises `NotConnected`, `ApiError` when no answer came, and `ValueError` for what can't be
        sent. A history that can't be written stops no call and loses no answer: `troubled` tells.
        """
        client = self._connection.client
        environment = self._connection.environment.id
        exchange = await self._kept(partial(self._begin, request, environment))
        started = time.perf_counter()
        try:
            answer = await client.call(request)
        except BaseException as exc:
            await self._kept(partial(self._fail, exchange, exc, time.perf_counter() - started))
            raise
        await self._kept(partial(self._finish, exchange, answer))
        return answer

    async def history(self, limit: int, text: str = "") -> list[ExchangeRow]:
        """Return the newest calls of the environment in use, newest first."""
        environment = self._connection.environment.id
        return await asyncio.to_thread(self._history.recent, limit, text, environment=environment)

    async def exchange(self, exchange_id: int) -> ExchangeRecord | None:
        """Return one call with its bodies."""
        return await asyncio.to_thread(self._history.get, exchange_id)

    async def _kept(self, write: Callable[[], T]) -> T | None:
        try:
            return await whole(asyncio.to_thread(write))
        except (StorageUnavailable, sqlite3.Error) as exc:
            self.troubled.emit(exc)
            return None

    def _begin(self, request: CallRequest, environment: str) -> int:
        mask = self._mask
        headers = [pair for pair in request.headers if pair[0].lower() not in SECRET_HEADERS]
        return self._history.begin(
            mask.text(request.method),
            mask.text(request.path),
            environment=environment,
            query=self._masked(request.query),
            headers=self._masked(headers),
            body=mask.data(request.body),
        )

    def _finish(self, exchange: int | None, answer: Answer) -> None:
        if exchange is None:
            return
        # A client masks the key that it knows; here go those of all other environments.
        self._history.finish(
            exchange,
            status=answer.status,
            headers=self._masked(answer.headers),
            body=self._mask.data(answer.body),
            seconds=answer.seconds,
        )
        if exchange % TRIM_EVERY == 0:
            self._history.trim(HISTORY_LENGTH)

    def _fail(self, exchange: int | None, error: BaseException, seconds: float) -> None:
        if exchange is not None:
            words = "Cancelled" if isinstance(error, asyncio.CancelledError) else _words(error)
            self._history.fail(exchange, self._mask.text(words), seconds)

    def _masked(self, pairs: Iterable[tuple[str, str]]) -> Pairs:
        mask = self._mask.text
        return tuple((mask(name), mask(value)) for name, value in pairs)


def _words(error: BaseException) -> str:
    said = f": {error}" if isinstance(error, ApiError) and error.said else ""
    return f"{type(error).__name__}{said}"
