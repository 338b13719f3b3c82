"""Walks through lists page by page. API reference, section 2.2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sized
from typing import Protocol, TypeVar

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.pages import ItemT, Page, Pagination


class _CursorPage(Protocol):
    @property
    def pagination(self) -> Pagination: ...

    def __len__(self) -> int: ...


PageT = TypeVar("PageT", bound=_CursorPage)
SizedT = TypeVar("SizedT", bound=Sized)
PlaceT = TypeVar("PlaceT", bound=Hashable)


def by_cursor(
    fetch: Callable[[str | None], Awaitable[PageT]], cursor: str | None, limit: int | None = None
) -> AsyncGenerator[PageT, None]:
    """Yield page after page as `one_by_one` does, led by the cursor of each."""
    return one_by_one(fetch, lambda page: page.pagination.next_page_cursor or None, cursor, limit)


async def one_by_one(
    fetch: Callable[[PlaceT | None], Awaitable[SizedT]],
    after: Callable[[SizedT], PlaceT | None],
    place: PlaceT | None,
    limit: int | None = None,
) -> AsyncGenerator[SizedT, None]:
    """Yield page after page, the next one already on its way while this one is looked at.

    `after` says which place follows a page, None for none. At least one page comes, empty or not;
    none is asked for once `limit` items came. Closing the generator cancels the page on its way.
    Raises what `fetch` raises, and `UnreadableAnswer` if a place comes twice, which would never
    end.
    """
    followed = {place}
    items = 0
    coming = _start(fetch, place)
    try:
        while True:
            page = await coming
            place = after(page)
            items += len(page)
            if not len(page) or place is None or (limit is not None and items >= limit):
                break
            if place in followed:
                yield page
                raise UnreadableAnswer("the list leads back to a page that came before")
            followed.add(place)
            coming = _start(fetch, place)
            yield page
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
    yield page


async def by_number(
    fetch: Callable[[int], Awaitable[Page[ItemT]]],
) -> AsyncGenerator[ItemT, None]:
    """Yield every item of a list without cursors."""
    number, last = 1, 1
    while number <= last:
        page = await fetch(number)
        for item in page.items:
            yield item
        if not page.items:
            return
        number, last = number + 1, page.pagination.last_page


def _start(
    fetch: Callable[[PlaceT | None], Awaitable[SizedT]], place: PlaceT | None
) -> asyncio.Task[SizedT]:
    async def run() -> SizedT:
        return await fetch(place)

    return asyncio.create_task(run(), name="next page")
