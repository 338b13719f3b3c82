"""The API console: any call, kept from before it goes out until long after its answer."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from psygnal import Signal

from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.exchange import Answer, CallRequest
from refiner_desktop.api.headers import SECRET_HEADERS
from refiner_desktop.masking import Mask
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.threads import whole
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.exchanges import ExchangeRecord, ExchangeRow, ExchangeStore

T = TypeVar("T")

HISTORY_LENGTH = 10_000
TRIM_EVERY = 100


class ConsoleService:
    """Sends free requests and keeps what was sent and what came back, without the key.

    Signals: `troubled(exception)` when the history could not be written.
    """

    troubled = Signal(Exception)

    def __init__(self, connection: ConnectionService, history: ExchangeStore, mask: Mask) -> None:
        self._connection = connection
        self._history = history
        self._mask = mask

    async def send(self, request: CallRequest) -> Answer:
        """Send one request, whatever it does; no retries, no redirects followed.

        Raises `NotConnected`, `ApiError` when no answer came, and `ValueError` for what can't be
        sent. A history that can't be written stops no call and loses no answer: `troubled` tells.
        """
        client = self._connection.client
        exchange = await self._kept(partial(self._begin, request))
        started = time.perf_counter()
        try:
            answer = await client.call(request)
        except BaseException as exc:
            await self._kept(partial(self._fail, exchange, exc, time.perf_counter() - started))
            raise
        await self._kept(partial(self._finish, exchange, answer))
        return answer

    async def history(self, limit: int, text: str = "") -> list[ExchangeRow]:
        """Return the newest calls, newest first."""
        return await asyncio.to_thread(self._history.recent, limit, text)

    async def exchange(self, exchange_id: int) -> ExchangeRecord | None:
        """Return one call with its bodies."""
        return await asyncio.to_thread(self._history.get, exchange_id)

    async def _kept(self, write: Callable[[], T]) -> T | None:
        try:
            return await whole(asyncio.to_thread(write))
        except (StorageUnavailable, sqlite3.Error) as exc:
            self.troubled.emit(exc)
            return None

    def _begin(self, request: CallRequest) -> int:
        mask = self._mask
        headers = (pair for pair in request.headers if pair[0].lower() not in SECRET_HEADERS)
        return self._history.begin(
            request.method,
            mask.text(request.path),
            query=[(name, mask.text(value)) for name, value in request.query],
            headers=[(name, mask.text(value)) for name, value in headers],
            body=mask.data(request.body),
        )

    def _finish(self, exchange: int | None, answer: Answer) -> None:
        if exchange is None:
            return
        mask = self._mask
        self._history.finish(
            exchange,
            status=answer.status,
            headers=[(name, mask.text(value)) for name, value in answer.headers],
            body=mask.data(answer.body),
            seconds=answer.seconds,
        )
        if exchange % TRIM_EVERY == 0:
            self._history.trim(HISTORY_LENGTH)

    def _fail(self, exchange: int | None, error: BaseException, seconds: float) -> None:
        if exchange is not None:
            words = "Cancelled" if isinstance(error, asyncio.CancelledError) else _words(error)
            self._history.fail(exchange, words, seconds)


def _words(error: BaseException) -> str:
    said = f": {error}" if isinstance(error, ApiError) and error.said else ""
    return f"{type(error).__name__}{said}"
