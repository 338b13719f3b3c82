"""Every contact of the world: the seeded ones as rows, the changed and new ones as objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from refiner_desktop.sandbox.contacts import Account, Contact
from refiner_desktop.sandbox.draws import Mask, Rows
from refiner_desktop.sandbox.orderings import KeysOf, Ordering, a_to_z, newest_first
from refiner_desktop.sandbox.population import Identity, Population

CHUNK = 20_000


class ContactBook:
    """Finds, lists, creates, changes and deletes contacts by row number.

    The columns `last_seen`, `last_submission` (Unix seconds, 0 for never), `segments` (one bit a
    segment) and `alive` have an entry a row; rows of deleted contacts are not used again.
    """

    def __init__(self, population: Population) -> None:
        rows = np.arange(population.size, dtype=np.int64)
        self._population = population
        self.first_seen: Rows = population.first_seen(rows)
        self.last_seen: Rows = population.last_seen(rows)
        self.last_submission: Rows = np.zeros(len(rows), np.int64)
        self.segments: Rows = np.zeros(len(rows), np.int64)
        self.alive: Mask = np.ones(len(rows), bool)
        self.size = len(rows)
        self._changed: dict[int, Contact] = {}
        self._by_remote_id: dict[str, int] = {}
        self._by_email: dict[str, list[int]] = {}
        self._mail_index: tuple[npt.NDArray[np.int64], Rows] | None = None
        self._orderings: dict[str, Ordering] = {}
        self._searched: tuple[str, Mask] | None = None
        self._accounts = {account.remote_id: account for account in population.companies}

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive))

    def __getitem__(self, row: int) -> Contact:
        return self.many(np.array([row], dtype=np.int64))[0]

    def many(self, rows: Rows) -> list[Contact]:
        """Return the contacts of these rows. Only what `change` returned may be altered."""
        seeded = [row for row in rows.tolist() if row not in self._changed]
        made = self._population.contacts(np.array(seeded, dtype=np.int64)) if seeded else []
        fresh = dict(zip(seeded, made, strict=True))
        for contact in made:
            contact.last_seen = int(self.last_seen[contact.row])
        return [self._changed.get(row) or fresh[row] for row in rows.tolist()]

    def find(self, user_id: str = "", email: str = "", uuid: str = "") -> Contact | None:
        """Return the contact meant: by your own id if given, else by UUID, else by e-mail."""
        if user_id:
            row = self._by_remote_id.get(user_id, self._population.row_of_remote_id(user_id))
            return self._if_alive(row, lambda contact: contact.remote_id == user_id)
        if uuid:
            row = self._population.uuids.number(uuid)
            return self._if_alive(row, lambda contact: True)
        return self._find_email(email.lower()) if email else None

    def create(self, remote_id: str | None, email: str | None, now: int) -> Contact:
        """Add a contact without a name, a trait or an account of its own."""
        row = self.size
        account = Account(self._population.account_uuids[row], None, "", None, now, now)
        uuid = self._population.uuids[row]
        contact = Contact(row, uuid, remote_id, None, None, None, now, now, {}, account)
        self._grow()
        self.size += 1
        self.alive[row] = True
        self.first_seen[row] = self.last_seen[row] = now
        self._changed[row] = contact
        if remote_id:
            self._by_remote_id[remote_id] = row
        if email:
            self.set_email(contact, email)
        self.mark(row)
        return contact

    def change(self, contact: Contact, now: int) -> Contact:
        """Return the contact as an object that may be altered, seen just now."""
        if contact.row not in self._changed and contact.email:
            self._by_email.setdefault(contact.email.lower(), []).append(contact.row)
        kept = self._changed.setdefault(contact.row, contact)
        kept.last_seen = kept.account.last_seen = now
        self.last_seen[kept.row] = now
        self.mark(kept.row)
        return kept

    def set_email(self, contact: Contact, email: str) -> None:
        """Give a contact that may be altered another address."""
        if contact.email:
            self._by_email[contact.email.lower()].remove(contact.row)
        contact.email = email
        self._by_email.setdefault(email.lower(), []).append(contact.row)

    def submitted(self, row: int, at: int) -> None:
        """Note when a contact answered a survey last."""
        self.last_submission[row] = max(self.last_submission[row], at)
        self.mark(row)

    def delete(self, contact: Contact) -> None:
        """Forget a contact for good."""
        self.alive[contact.row] = False
        self.mark(contact.row)
        if self._changed.pop(contact.row, None) is None:
            return
        if contact.remote_id:
            self._by_remote_id.pop(contact.remote_id, None)
        if contact.email:
            self._by_email[contact.email.lower()].remove(contact.row)

    def account(self, remote_id: str, now: int) -> Account:
        """Return the account of that id, a new one if there is none."""
        if remote_id not in self._accounts:
            uuid = self._population.account_uuids[2**31 + len(self._accounts)]
            self._accounts[remote_id] = Account(uuid, remote_id, "", None, now, now)
        return self._accounts[remote_id]

    def mark(self, row: int) -> None:
        """Say that a row has changed, so that sorted and searched views follow."""
        self._searched = None
        for ordering in self._orderings.values():
            ordering.stale.add(row)

    def ordered(self, by: str) -> Ordering:
        """Return the living rows sorted by one of the columns of `ORDERS`."""
        if by not in self._orderings:
            self._orderings[by] = Ordering(np.flatnonzero(self.alive), ORDERS[by](self))
        ordering = self._orderings[by]
        ordering.refresh(self.alive)
        return ordering

    def matching(self, text: str) -> Mask:
        """Return which rows have the text in their e-mail address, user id or name."""
        needle = text.casefold()
        if self._searched is None or self._searched[0] != needle:
            found = (_holds(who, needle) for who in self._everybody())
            self._searched = needle, np.fromiter(found, bool, self.size)
        return self._searched[1]

    def identities(self, rows: Rows) -> Iterator[Identity]:
        """Yield what each of these rows can be found by."""
        for row, who in zip(rows.tolist(), self._population.identities(rows), strict=True):
            yield _identity(self._changed[row]) if row in self._changed else who

    def _everybody(self) -> Iterator[Identity]:
        for start in range(0, self.size, CHUNK):
            yield from self.identities(np.arange(start, min(start + CHUNK, self.size)))

    def _if_alive(self, row: int | None, fits: Callable[[Contact], bool]) -> Contact | None:
        if row is None or row >= self.size or not self.alive[row]:
            return None
        contact = self[row]
        return contact if fits(contact) else None

    def _find_email(self, email: str) -> Contact | None:
        rows = self._by_email.get(email) or self._seeded_rows_of(email)
        found = (
            self._if_alive(row, lambda contact: (contact.email or "").lower() == email)
            for row in rows
        )
        return next((contact for contact in found if contact), None)

    def _seeded_rows_of(self, email: str) -> list[int]:
        # Hashes instead of a dict of texts: 16 bytes a contact instead of some 150.
        if self._mail_index is None:
            rows = np.arange(self._population.size, dtype=np.int64)
            people = self._population.identities(rows)
            hashes = np.fromiter((hash(who.email) for who in people), np.int64, len(rows))
            order = np.argsort(hashes, kind="stable")
            self._mail_index = hashes[order], order.astype(np.int64)
        hashes, order = self._mail_index
        start = np.searchsorted(hashes, hash(email), side="left")
        end = np.searchsorted(hashes, hash(email), side="right")
        found: list[int] = order[start:end].tolist()
        return found

    def _grow(self) -> None:
        if self.size < len(self.alive):
            return
        more = max(256, self.size // 2)
        for name in ("first_seen", "last_seen", "last_submission", "segments", "alive"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros(more, column.dtype)]))


def _identity(contact: Contact) -> Identity:
    return Identity(contact.remote_id, contact.email, contact.display_name, -1)


def _holds(who: Identity, needle: str) -> bool:
    return any(text and needle in text.casefold() for text in who[:3])


def _by_time(column: str) -> Callable[[ContactBook], KeysOf]:
    return lambda book: lambda rows: newest_first(getattr(book, column)[rows], rows)


def _by_text(text: Callable[[Identity], str | None]) -> Callable[[ContactBook], KeysOf]:
    return lambda book: lambda rows: a_to_z(map(text, book.identities(rows)), rows)


ORDERS: dict[str, Callable[[ContactBook], KeysOf]] = {
    "first_seen_at": _by_time("first_seen"),
    "last_seen_at": _by_time("last_seen"),
    "last_form_submission_at": _by_time("last_submission"),
    "display_name": _by_text(attrgetter("name")),
    "email": _by_text(attrgetter("email")),
}
