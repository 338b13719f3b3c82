"""The contacts that the world starts with, made row by row when somebody asks for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from refiner_desktop.sandbox import words
from refiner_desktop.sandbox.companies import seeded_companies
from refiner_desktop.sandbox.contacts import Account, Contact, Traits
from refiner_desktop.sandbox.draws import Draws, Mask, Rows, UuidSeries
from refiner_desktop.sandbox.moments import DAY, iso
from refiner_desktop.sandbox.trait_catalogue import CHOICES, NUMBERS, RARE, Choice, Rare

FIRST_REMOTE_ID = 1_000
LONGEST_MEMBERSHIP = 730 * DAY
FREE_MAIL = ("example.org", "example.com", "example.net")


class Kind(IntEnum):
    """How much is known about a contact, and how often that is so."""

    IDENTIFIED = 0
    WITHOUT_EMAIL = 1
    EMAIL_ONLY = 2
    ANONYMOUS = 3


KIND_WEIGHTS = (84, 4, 6, 6)


class Identity(NamedTuple):
    """What a contact can be found by; `company` is -1 for somebody without one."""

    remote_id: str | None
    email: str | None
    name: str | None
    company: int


class Population:
    """`size` contacts of a seed. Nothing is stored: 1,000,000 of them cost no memory here."""

    def __init__(self, seed: int, size: int, now: int) -> None:
        self.size = size
        self.companies = seeded_companies(seed, max(3, size // 10), now)
        self.uuids = UuidSeries(seed, "contact")
        self.account_uuids = UuidSeries(seed, "account")
        self._cookies = UuidSeries(seed, "cookie")
        self._draws = Draws(seed)
        self._now = now

    def row_of_remote_id(self, remote_id: str) -> int | None:
        """Return the row that a user id would belong to if that row has one."""
        head, _, number = remote_id.partition("-")
        if head != "u" or not (number.isascii() and number.isdigit()) or len(number) > 12:
            return None
        row = int(number) - FIRST_REMOTE_ID
        return row if 0 <= row < self.size else None

    def first_seen(self, rows: Rows) -> Rows:
        """Return when each row was first seen: the product grows, so mostly not long ago."""
        age = self._draws.share(rows, "first seen") ** 1.6 * LONGEST_MEMBERSHIP
        return self._now - 3_600 - age.astype(np.int64)

    def last_seen(self, rows: Rows) -> Rows:
        """Return when each row was last seen."""
        first = self.first_seen(rows)
        away = self._draws.share(rows, "last seen") ** 3 * (self._now - 60 - first)
        return self._now - 60 - away.astype(np.int64)

    def choosing(self, rows: Rows, trait: str, value: str) -> Mask:
        """Return which rows have that value of a trait that is a `Choice`."""
        choice = next(choice for choice in CHOICES if choice.name == trait)
        picked: Mask = self._draws.pick(rows, trait, choice.weights) == choice.values.index(value)
        return picked if choice.known_of_anyone else picked & self._known(rows)

    def lot(self, rows: Rows, name: str, probability: float) -> Mask:
        """Return which rows a named chance falls on."""
        return self._draws.chance(rows, name, probability)

    def identities(self, rows: Rows) -> Iterator[Identity]:
        """Yield what each row can be found by, quickly."""
        draws = self._draws
        companies = (draws.share(rows, "company") ** 2 * len(self.companies)).astype(np.int64)
        companies[~draws.chance(rows, "grouped", 0.8)] = -1
        columns = zip(
            rows.tolist(),
            self._kinds(rows).tolist(),
            draws.below(rows, "first name", len(words.FIRST_NAMES)).tolist(),
            draws.below(rows, "last name", len(words.LAST_NAMES)).tolist(),
            draws.below(rows, "name kept", 100).tolist(),
            companies.tolist(),
            strict=True,
        )
        for row, kind, first, last, kept, company in columns:
            if kind == Kind.ANONYMOUS:
                yield Identity(None, None, None, -1)
                continue
            remote_id = None if kind == Kind.EMAIL_ONLY else f"u-{FIRST_REMOTE_ID + row}"
            email = None
            if kind != Kind.WITHOUT_EMAIL:
                email = f"{_FIRST[first]}.{_LAST[last]}{self._mail_host(row, company)}"
            name = f"{words.FIRST_NAMES[first]} {words.LAST_NAMES[last]}" if kept >= 7 else None
            yield Identity(remote_id, email, "" if kept < 3 else name, company)

    def contacts(self, rows: Rows) -> list[Contact]:
        """Return the rows as contacts, 1,000 in some 10 ms."""
        columns = zip(
            rows.tolist(),
            self.identities(rows),
            self.first_seen(rows).tolist(),
            self.last_seen(rows).tolist(),
            self._traits(rows),
            strict=True,
        )
        return [
            Contact(
                row=row,
                uuid=self.uuids[row],
                remote_id=who.remote_id,
                email=who.email,
                display_name=who.name,
                cookie_uuid=self._cookies[row] if row % 2 else None,
                first_seen=first_seen,
                last_seen=last_seen,
                traits={"name": who.name, **traits} if who.name else traits,
                account=self._account(row, who.company, first_seen, last_seen),
            )
            for row, who, first_seen, last_seen, traits in columns
        ]

    def _kinds(self, rows: Rows) -> Rows:
        return self._draws.pick(rows, "kind", KIND_WEIGHTS)

    def _known(self, rows: Rows) -> Mask:
        known: Mask = self._kinds(rows) != Kind.ANONYMOUS
        return known

    def _mail_host(self, row: int, company: int) -> str:
        if company >= 0:
            return f"@{self.companies[company].remote_id}.example.com"
        return f"{row % 97 + 1}@{FREE_MAIL[row % 3]}"

    def _account(self, row: int, company: int, first_seen: int, last_seen: int) -> Account:
        if company >= 0:
            return self.companies[company]
        return Account(self.account_uuids[row], None, "", None, first_seen, last_seen)

    def _traits(self, rows: Rows) -> list[Traits]:
        known = self._known(rows)
        traits: list[Traits] = [{} for _ in range(len(rows))]
        for choice in CHOICES:
            self._fill_choice(traits, rows, known, choice)
        named = np.flatnonzero(known).tolist()
        first_seen = self.first_seen(rows).tolist()
        for at in named:
            traits[at]["created_at"] = iso(first_seen[at])
            traits[at]["trial_ends_at"] = iso(first_seen[at] + 14 * DAY)
        for number in NUMBERS:
            values = (self._draws.share(rows, number.name) ** 3 * number.limit).astype(np.int64)
            for at, text in zip(named, values[known].tolist(), strict=True):
                traits[at][number.name] = str(text)
        for rare in RARE:
            self._fill_rare(traits, rows, known, rare)
        return traits

    def _fill_choice(self, traits: list[Traits], rows: Rows, known: Mask, choice: Choice) -> None:
        picked = self._draws.pick(rows, choice.name, choice.weights)
        holders = np.flatnonzero(known | choice.known_of_anyone)
        for at, index in zip(holders.tolist(), picked[holders].tolist(), strict=True):
            traits[at][choice.name] = choice.values[index]

    def _fill_rare(self, traits: list[Traits], rows: Rows, known: Mask, rare: Rare) -> None:
        having = known & (self._draws.below(rows, f"has {rare.name}", rare.one_in) == 0)
        holders = np.flatnonzero(having)
        drawn = self._draws.below(rows[holders], rare.name, 365 * 24).tolist()
        for at, number in zip(holders.tolist(), drawn, strict=True):
            if rare.values is None:
                traits[at][rare.name] = iso(self._now - number * 3_600)
            else:
                traits[at][rare.name] = rare.values[number % len(rare.values)]


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").lower())
    return plain.replace("ł", "l").replace(" ", "").encode("ascii", "ignore").decode()


_FIRST = tuple(map(_ascii, words.FIRST_NAMES))
_LAST = tuple(map(_ascii, words.LAST_NAMES))
