"""Walks through lists page by page. API reference, section 2.2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol, TypeVar

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.pages import ItemT, Page, Pagination


class _CursorPage(Protocol):
    @property
    def pagination(self) -> Pagination: ...

    def __len__(self) -> int: ...


PageT = TypeVar("PageT", bound=_CursorPage)


async def by_cursor(
    fetch: Callable[[str | None], Awaitable[PageT]], cursor: str | None, limit: int | None = None
) -> AsyncGenerator[PageT, None]:
    """Yield page after page, the next one already on its way while this one is looked at.

    At least one page comes, empty or not; none is asked for once `limit` items came. Closing the
    generator cancels the page on its way. Raises what `fetch` raises, and `UnreadableAnswer` if a
    cursor comes twice, which would never end.
    """
    followed = {cursor}
    items = 0
    coming = _start(fetch, cursor)
    try:
        while True:
            page = await coming
            cursor = page.pagination.next_page_cursor
            items += len(page)
            if not len(page) or not cursor or (limit is not None and items >= limit):
                break
            if cursor in followed:
                yield page
                raise UnreadableAnswer("the list leads back to a page that came before")
            followed.add(cursor)
            coming = _start(fetch, cursor)
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
    fetch: Callable[[str | None], Awaitable[PageT]], cursor: str | None
) -> asyncio.Task[PageT]:
    async def run() -> PageT:
        return await fetch(cursor)

    return asyncio.create_task(run(), name="next page")
