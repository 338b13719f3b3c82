"""Which field of a contact lies in which column of the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.page import ACCOUNT, ACCOUNT_ATTRIBUTES, ATTRIBUTES, CONTACT, Path
from refiner_desktop.datasets.profile import Profile

SEGMENTS: Path = (CONTACT, "segments")


class Rank(IntEnum):
    """Groups of columns from left to right, before a person rearranges them."""

    OWN = 0
    ATTRIBUTE = 1
    ACCOUNT_ATTRIBUTE = 2
    RARE = 3
    REPEATED = 4
    UUID = 5


@dataclass(slots=True, eq=False)
class Field:
    """A field that can be a column: where it stands in a contact and what its values are like.

    `name` is the column's name in the table, ours and plain, whatever an attribute calls itself.
    `twin`, where there is one, holds the same texts without case and accents.
    """

    path: Path
    name: str
    title: str
    rank: Rank
    profile: Profile
    twin: str | None = None

    @property
    def key(self) -> str:
        parent, name = self.path
        return f"{parent}.{name}" if parent else name

    @property
    def column(self) -> Column:
        return Column(self.key, self.title, self.profile.kind)


# Path, title, rank, and whether its values are text even when they look like something else.
_OWN = (
    ((CONTACT, "email"), "E-mail", Rank.OWN, True),
    ((CONTACT, "remote_id"), "User id", Rank.OWN, False),
    ((CONTACT, "display_name"), "Display name", Rank.OWN, True),
    (SEGMENTS, "Segments", Rank.OWN, True),
    ((CONTACT, "last_seen_at"), "Last seen", Rank.OWN, False),
    ((CONTACT, "first_seen_at"), "First seen", Rank.OWN, False),
    ((ACCOUNT, "display_name"), "Account", Rank.OWN, True),
    ((ACCOUNT, "remote_id"), "Account id", Rank.OWN, False),
    ((ACCOUNT, "domain"), "Account domain", Rank.OWN, True),
    ((CONTACT, "last_form_submission_at"), "Last survey answer", Rank.RARE, False),
    ((CONTACT, "last_tracking_event_at"), "Last event", Rank.RARE, False),
    ((ACCOUNT, "last_seen_at"), "Account last seen", Rank.RARE, False),
    ((ACCOUNT, "first_seen_at"), "Account first seen", Rank.RARE, False),
    ((ACCOUNT, "uuid"), "Account UUID", Rank.RARE, True),
    ((CONTACT, "uuid"), "UUID", Rank.UUID, True),
)

# Computed attributes that say again what the contact's own fields say (API reference, section 6).
_REPEATED = {(ATTRIBUTES, name) for name in ("email", "first_seen_at", "last_seen_at")}


class Fields:
    """All fields of one set of contacts, by path; attributes join when they first have a value."""

    def __init__(self) -> None:
        self._by_path = {
            path: Field(path, f"c{number}", title, rank, Profile(path[1], always_text=text))
            for number, (path, title, rank, text) in enumerate(_OWN)
        }

    def __iter__(self) -> Iterator[Field]:
        return iter(self._by_path.values())

    def __getitem__(self, path: Path) -> Field:
        return self._by_path[path]

    def by_key(self) -> dict[str, Field]:
        """Return the fields of this moment by their column's key."""
        return {field.key: field for field in self._by_path.values()}

    def unknown(self, paths: Iterable[Path]) -> list[Field]:
        """Return a new field for every path that has none yet; `add` makes it known."""
        new = [path for path in paths if path not in self._by_path]
        return [self._attribute(path, len(self._by_path) + i) for i, path in enumerate(new)]

    def add(self, fields: Iterable[Field]) -> None:
        """Make new fields known."""
        self._by_path |= {field.path: field for field in fields}

    def columns(self) -> tuple[Column, ...]:
        """Return what there is to show, the most telling columns first."""
        return columns_of(self._by_path.values())

    @staticmethod
    def _attribute(path: Path, number: int) -> Field:
        parent, name = path
        if parent == ACCOUNT_ATTRIBUTES:
            title, rank = f"Account: {name}", Rank.ACCOUNT_ATTRIBUTE
        else:
            title, rank = name, Rank.REPEATED if path in _REPEATED else Rank.ATTRIBUTE
        return Field(path, f"c{number}", title, rank, Profile(name))


def columns_of(fields: Iterable[Field]) -> tuple[Column, ...]:
    """Return the columns that these fields are worth, the most telling first."""
    shown = (field for field in fields if field.rank is not Rank.RARE or field.profile.seen)
    return tuple(field.column for field in sorted(shown, key=lambda field: field.rank))


def missing_field(key: str) -> Field:
    """Return a field for a column that is not here: empty in every row."""
    return Field((CONTACT, key), "NULL::VARCHAR", key, Rank.RARE, Profile(key))
