"""One run on its way: rows go out, and the journal hears of each before and after."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from refiner_desktop.api import errors
from refiner_desktop.api.errors import ApiError, KeyRejected, ReadOnly
from refiner_desktop.api.limits import limited_as
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.pool import Pool
from refiner_desktop.services.bulk.recorder import Recorder
from refiner_desktop.services.bulk.runs import BulkProgress
from refiner_desktop.services.bulk.trouble import Trouble
from refiner_desktop.services.problems import describe
from refiner_desktop.services.users.user_calls import (
    add_to_segment,
    identify,
    remove_from_segment,
    track,
)
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import BulkRun, Counts, RowOutcome, RowState, RunState
from refiner_desktop.storage.database import StorageUnavailable

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

PAGE_ROWS = 1_000
"""Rows that are looked up in the journal at once."""

AGAIN_SECONDS = (1.0, 2.0, 4.0)
"""After so long a row that found the service failing is tried again, each time it does."""

UNSAID_SECONDS = 10.0
"""The wait after a 429 that names none."""

SETTLE_SECONDS = 3.0
"""So long a cancelled run waits for the calls under way, to know what became of them."""

RATE_SECONDS = 15.0

OnProgress = Callable[[BulkProgress], None]
Call = Callable[["RefinerClient", Mapping[str, Any]], Awaitable[object]]

CALLS: dict[BulkAction, Call] = {
    BulkAction.IDENTIFY: identify,
    BulkAction.TRACK: track,
    BulkAction.ADD_TO_SEGMENT: add_to_segment,
    BulkAction.REMOVE_FROM_SEGMENT: remove_from_segment,
}

_PASSING = (errors.ConnectionFailed, errors.TimedOut, errors.UnreadableAnswer)
_PASSING_STATUSES = {502, 503, 504}

_log = logging.getLogger(__name__)


class Run:
    """Sends the rows of one run that wait.

    Stops for good when the key is rejected, the environment becomes read-only, the journal cannot
    be written or the service is gone: those rows wait again, and `go` raises why. `in_use` tells
    whether the client is still the one of the connection in use.
    """

    def __init__(
        self,
        run: BulkRun,
        client: RefinerClient,
        journal: BulkJournal,
        recorder: Recorder,
        in_use: Callable[[], bool],
        on_progress: OnProgress,
    ) -> None:
        self.id = run.id
        self.ended = asyncio.Event()
        self._client = client
        self._journal = journal
        self._recorder = recorder
        self._in_use = in_use
        self._on_progress = on_progress
        self._call = CALLS[BulkAction(run.action)]
        self._pool = Pool(self._waiting(), self._send, client.rest_of)
        self._trouble = Trouble()
        self._rate = _Rate()
        self._counts: Counts = {}
        self._sent: set[int] = set()
        self._tries: dict[int, int] = {}
        self._failure: Exception | None = None

    async def go(self) -> bool:
        """Return whether all rows are settled; not so after `pause`.

        When cancelled, the calls under way get a moment to end; the rows of those that do not stay
        `sent`. Raises `KeyRejected`, `ReadOnly`, `StorageUnavailable`, `ApiError`.
        """
        self._counts = (await asyncio.to_thread(self._journal.counts, [self.id]))[self.id]
        self._tell()
        try:
            await self._to_the_end()
        finally:
            await self._recorder.written()
        if self._failure:
            raise self._failure
        return not self._counts[RowState.WAITING]

    def pause(self) -> None:
        """Let the calls under way end, and begin no others."""
        self._pool.stop()

    async def _to_the_end(self) -> None:
        rows = asyncio.ensure_future(self._pool.run())
        try:
            await asyncio.shield(rows)
        except asyncio.CancelledError:
            self._pool.stop()
            await asyncio.wait([rows], timeout=SETTLE_SECONDS)
            rows.cancel()
            await asyncio.gather(rows, return_exceptions=True)
            raise

    async def _waiting(self) -> AsyncGenerator[tuple[int, str], None]:
        last = 0
        look = partial(self._journal.waiting, self.id, limit=PAGE_ROWS)
        while page := await asyncio.to_thread(look, after=last):
            for row, user in page:
                yield row, limited_as(user)
            last, _ = page[-1]

    async def _send(self, row: int, user: str) -> float | None:
        """Send a row and write down the outcome; return when to try again, None for never."""
        await self._trouble.over()
        try:
            payload = await asyncio.to_thread(self._journal.payload, self.id, row)
            outcome, again = await self._try(row, user, msgspec.json.decode(payload))
            self._note(outcome)
            await self._recorder.written()
        except StorageUnavailable as exc:
            again = None
            self._give_up(exc)
        self._tell()
        return again

    async def _try(
        self, row: int, user: str, payload: Mapping[str, Any]
    ) -> tuple[RowOutcome, float | None]:
        try:
            await self._call(self._client.giving_way(partial(self._on_turn, row)), payload)
        except (KeyRejected, ReadOnly) as exc:
            self._give_up(exc)
            return RowOutcome(row, RowState.WAITING), None
        except ApiError as exc:
            _log.info("row %d failed: %s", row, type(exc).__name__)
            return self._judged(row, user, exc)
        except ValueError as exc:
            return RowOutcome(row, RowState.FAILED, error=str(exc)), None
        self._trouble.answered()
        return RowOutcome(row, RowState.DONE, 200), None

    async def _on_turn(self, row: int) -> None:
        """Commit that the call is about to go out."""
        self._pool.on_its_way()
        self._note(RowOutcome(row, RowState.SENT))
        try:
            await self._recorder.written()
        except BaseException:
            self._note(RowOutcome(row, RowState.WAITING))  # it does not go out
            raise

    def _judged(self, row: int, user: str, exc: ApiError) -> tuple[RowOutcome, float | None]:
        """Return what a failed call means for its row, and when to try again."""
        problem = describe(exc)
        if isinstance(exc, errors.Refused):
            self._trouble.answered()
            return RowOutcome(row, RowState.FAILED, exc.status, f"{problem.title} {exc}"), None
        waiting = RowOutcome(row, RowState.WAITING)
        unknown = RowOutcome(row, RowState.SENT, exc.status, problem.title)
        if not self._in_use():
            self._pool.stop()
            return unknown if exc.maybe_done else waiting, None
        if isinstance(exc, errors.RateLimited):
            asked = UNSAID_SECONDS if exc.retry_after is None else exc.retry_after
            return waiting, self._trouble.refused(user, asked)
        self._trouble.failed()
        if self._trouble.hopeless or (exc.maybe_done and self._trouble.lasting):
            self._give_up(exc)
        if exc.maybe_done:
            return unknown, None
        again = 0.0 if self._trouble.lasting else self._again(row, exc)
        if again is None:
            return RowOutcome(row, RowState.FAILED, exc.status, f"{problem.title} {exc}"), None
        return waiting, again

    def _again(self, row: int, exc: ApiError) -> float | None:
        """Return when to try a row again, None when the failure is not one that passes."""
        tries = self._tries.get(row, 0)
        passing = isinstance(exc, _PASSING) or exc.status in _PASSING_STATUSES
        if not passing or isinstance(exc, errors.TlsFailed) or tries == len(AGAIN_SECONDS):
            self._tries.pop(row, None)
            return None
        self._tries[row] = tries + 1
        return AGAIN_SECONDS[tries]

    def _give_up(self, exc: Exception) -> None:
        self._failure = self._failure or exc
        self._pool.stop()

    def _note(self, outcome: RowOutcome) -> None:
        before = RowState.SENT if outcome.row in self._sent else RowState.WAITING
        self._counts[before] -= 1
        self._counts[outcome.state] += 1
        if outcome.state is RowState.SENT:
            self._sent.add(outcome.row)
        else:
            self._sent.discard(outcome.row)
        if outcome.state not in (RowState.SENT, RowState.WAITING):
            self._rate.step()
        self._recorder.note(outcome)

    def _tell(self) -> None:
        self._on_progress(
            BulkProgress(
                self.id,
                RunState.RUNNING,
                dict(self._counts),
                self._rate.a_second,
                self._trouble.seconds_left,
            )
        )


class _Rate:
    """How many rows a second were settled of late."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._times: deque[float] = deque()

    def step(self) -> None:
        self._times.append(time.monotonic())

    @property
    def a_second(self) -> float:
        now = time.monotonic()
        while self._times and self._times[0] < now - RATE_SECONDS:
            self._times.popleft()
        return len(self._times) / max(min(now - self._began, RATE_SECONDS), 0.1)
