"""Which rows would change nothing, compared with the environment's contacts as they are now."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any

import msgspec

from refiner_desktop.api.models import Contact
from refiner_desktop.api.queries import ContactQuery
from refiner_desktop.services.bulk.check import Compared
from refiner_desktop.services.bulk.mapping import SEGMENT_ACTIONS, BulkAction
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.contacts.changes import Effect, compare
from refiner_desktop.services.threads import stoppable, whole

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient


async def compare_rows(
    plan: BulkPlan,
    client: RefinerClient,
    on_progress: Callable[[int], None] = lambda contacts: None,
) -> Compared | None:
    """Tell rows that are new, that change something and that leave everything as it is.

    Return None for events, which always change something.

    Reads the list of contacts, of a segment its members, and makes no call for a row. Of a user
    with several rows all are unchanged or none, since the later ones change what earlier ones did.
    Progress is told in contacts. Raises `ApiError`, `SourceUnreadable` and `OSError`.
    """
    if plan.action is BulkAction.TRACK:
        return None
    segment = plan.segment_uuid if plan.action in SEGMENT_ACTIONS else None
    seen = 0
    with closing(_PlannedRows(plan)) as rows:
        await stoppable(rows.read)
        async with aclosing(client.contact_pages(ContactQuery(segment_uuid=segment))) as pages:
            async for page in pages:
                await whole(asyncio.to_thread(rows.compare, page.contacts))
                seen += len(page)
                on_progress(seen)
        return await whole(asyncio.to_thread(rows.compared))


class _PlannedRows:
    """What is planned, by user, in a temporary file that SQLite keeps and removes.

    `same` of a row is NULL until its user is among the contacts, and 0 for good once it would
    change one of them: several contacts may share an address.
    """

    def __init__(self, plan: BulkPlan) -> None:
        self._plan = plan
        self._rows = sqlite3.connect("", check_same_thread=False)
        self._rows.execute("CREATE TABLE planned (line INTEGER PRIMARY KEY, user, payload, same)")

    def close(self) -> None:
        """Remove the file."""
        self._rows.close()

    def read(self, should_stop: Callable[[], bool]) -> None:
        """Take up every row that would be sent. Raises `Stopped`."""
        insert = "INSERT INTO planned (line, user, payload) VALUES (?, ?, ?)"
        self._rows.executemany(insert, self._planned(should_stop))
        self._rows.execute("CREATE INDEX users ON planned (user)")

    def compare(self, contacts: Iterable[Contact]) -> None:
        """Find out which rows would leave these contacts as they are."""
        mark = "UPDATE planned SET same = min(coalesce(same, 1), ?) WHERE line = ?"
        for contact in contacts:
            rows = self._rows_of(contact)
            same = all(self._leaves(payload, contact) for _, payload in rows)
            self._rows.executemany(mark, [(same, line) for line, _ in rows])

    def compared(self) -> Compared:
        """Return what was found out; whoever is no member can't be removed."""
        removing = self._plan.action is BulkAction.REMOVE_FROM_SEGMENT
        unchanged = "same IS NULL" if removing else "same = 1"
        found = self._rows.execute(f"SELECT line FROM planned WHERE {unchanged}")
        return Compared(
            new=0 if removing else self._count("same IS NULL"),
            changed=self._count("same = 0"),
            unchanged=frozenset(line for (line,) in found),
        )

    def _count(self, condition: str) -> int:
        found = self._rows.execute(f"SELECT count(*) FROM planned WHERE {condition}")
        return int(found.fetchone()[0])

    def _planned(self, should_stop: Callable[[], bool]) -> Iterator[tuple[int, str | None, bytes]]:
        for planned in self._plan.rows(should_stop):
            if not planned.problem:
                payload = planned.payload
                user = _name(payload.get("id"), payload.get("email"))
                yield planned.line, user, msgspec.json.encode(payload)

    def _rows_of(self, contact: Contact) -> list[tuple[int, dict[str, Any]]]:
        names = _name(contact.remote_id, None), _name(None, contact.email)
        found = self._rows.execute("SELECT line, payload FROM planned WHERE user IN (?, ?)", names)
        return [(line, msgspec.json.decode(payload)) for line, payload in found]

    def _leaves(self, payload: Mapping[str, Any], contact: Contact) -> bool:
        if self._plan.action is BulkAction.REMOVE_FROM_SEGMENT:
            return False
        sent = {key: value for key, value in payload.items() if key != "segment_uuid"}
        changes = compare(sent, contact).changes
        return all(each.effect in (Effect.UNCHANGED, Effect.UNTOUCHED) for each in changes)


def _name(user_id: object, email: object) -> str | None:
    """Return whom a row or a contact is looked up by, None for nobody."""
    if user_id:
        return f"id {user_id}"
    return f"email {str(email).casefold()}" if email else None
