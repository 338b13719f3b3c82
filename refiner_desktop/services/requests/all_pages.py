"""All items of a list, fetched page after page."""

from __future__ import annotations

import asyncio
from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from refiner_desktop.api.errors import ApiError, UnreadableAnswer
from refiner_desktop.api.exchange import Answer, Body, CallRequest
from refiner_desktop.api.headers import is_reading
from refiner_desktop.api.intake import Intake, Room
from refiner_desktop.api.pages import Pagination, RawPage, raw_page
from refiner_desktop.api.paging import one_by_one
from refiner_desktop.api.rejection import rejection

Send = Callable[[CallRequest], Awaitable[Answer]]

Place = tuple[str, str]
"""The parameter that leads to a page, and its value."""

_NUMBER, _CURSOR = "page", "page_cursor"
_SHORT = 10_000
_CIRCLE = "the list leads back to a page that came before"


@dataclass(frozen=True, slots=True)
class PagesProgress:
    """How far it is: pages and items so far, how many items are wanted, and the service has."""

    pages: int = 0
    items: int = 0
    wanted: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class _Turn:
    """A page, and the place of the one after it."""

    page: RawPage
    after: Place | None

    def __len__(self) -> int:
        return len(self.page)

    def place_after(self) -> Place | None:
        return self.after


class AllPages:
    """Follows the cursor of a list, or its page numbers. API reference, section 2.2.

    What came stays, whether `fetch` was cancelled, failed, or is not over yet; to call it again
    goes on from there. `exchange` is the number of the first page in the history. Raises
    `ValueError` for all but a GET: nobody is asked before each page.
    """

    def __init__(self, send: Send, request: CallRequest, limit: int | None, room: Room) -> None:
        if not is_reading(request.method):
            raise ValueError("only what a GET lists is fetched page after page")
        self._send = send
        self._request = request
        self._limit = limit
        self._room = room
        self._parts: list[bytes] = []
        self._next: Place | None = None
        self._followed: set[Place | None] = {None}
        self.progress = PagesProgress()
        self.exchange: int | None = None
        self.complete = False
        self._circles = False

    async def fetch(self, on_progress: Callable[[PagesProgress], None]) -> None:
        """Fetch the pages that are not here yet; `on_progress` is called after every page.

        Raises what sending does, the `ApiError` of a page that was refused, and `UnreadableAnswer`
        for what is no list or leads back to where it was.
        """
        if self.complete:
            return
        if self._circles:
            raise UnreadableAnswer(_CIRCLE)
        wanted = one_by_one(self._page, _Turn.place_after, self._next, self._left)
        async with aclosing(wanted) as pages:
            async for turn in pages:
                self._take(turn)
                on_progress(self.progress)
        self.complete = True

    async def items(self) -> Body:
        """Return the items so far as a JSON list, each byte for byte as it came."""
        intake = Intake(self._room)
        for part in self._parts or [b"["]:
            await intake.take(part)
        await intake.take(b"]")
        return await intake.body()

    @property
    def _left(self) -> int | None:
        return None if self._limit is None else max(self._limit - self.progress.items, 0)

    async def _page(self, place: Place | None) -> _Turn:
        request = _at(self._request, place)
        answer = await self._send(request)
        if not 200 <= answer.status < 300:
            raise _refusal(answer)
        if answer.cut:
            raise UnreadableAnswer(answer.cut)
        page = await asyncio.to_thread(raw_page, bytes(answer.body).removeprefix(BOM_UTF8))
        return _Turn(page, _after(page.pagination, request))

    def _take(self, turn: _Turn) -> None:
        items = turn.page.items[: self._left]
        if items:
            self._parts.append((b"," if self._parts else b"[") + b",".join(items))
        total = turn.page.pagination.items_count or self.progress.items + len(items)
        self._followed.add(self._next)
        self._next = turn.after
        self._circles = self._next is not None and self._next in self._followed
        self.progress = PagesProgress(
            pages=self.progress.pages + 1,
            items=self.progress.items + len(items),
            wanted=min(total, self._limit or total),
            total=total,
        )


def _after(pagination: Pagination, request: CallRequest) -> Place | None:
    """Return what leads to the next page; None after the last.

    What a page that a cursor led to says of its number is not known.
    """
    if pagination.next_page_cursor:
        return _CURSOR, pagination.next_page_cursor
    if pagination.current_page < pagination.last_page and _CURSOR not in dict(request.query):
        return _NUMBER, str(pagination.current_page + 1)
    return None


def _at(request: CallRequest, place: Place | None) -> CallRequest:
    """Return the request for a place in its list; None is where the person wants to begin."""
    if place is None:
        return request
    path, _, written = request.path.partition("?")
    pairs = (*parse_qsl(written, keep_blank_values=True), *request.query)
    kept = tuple(pair for pair in pairs if pair[0] not in (_NUMBER, _CURSOR))
    return replace(request, path=path, query=(*kept, place))


def _refusal(answer: Answer) -> ApiError:
    headers = {name.lower(): value for name, value in answer.headers}
    text = bytes(answer.body[:_SHORT]).decode("utf-8", "replace")
    return rejection(answer.status, text, headers)
