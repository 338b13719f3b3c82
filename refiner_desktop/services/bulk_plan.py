"""What a bulk run will do: which column means what, and what is wrong before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from refiner_desktop.services.bulk_source import Source
from refiner_desktop.services.drafts import IdentifyDraft, TrackDraft, Trait, TraitType

SHOWN_PROBLEMS = 200


class BulkAction(StrEnum):
    """What is done with each row."""

    IDENTIFY = "identify"
    TRACK = "track"


class Meaning(StrEnum):
    """What a column of the file is."""

    IGNORE = "ignore"
    USER_ID = "user id"
    EMAIL = "e-mail"
    EVENT = "event name"
    TRAIT = "trait: text"
    TRAIT_NUMBER = "trait: number"
    TRAIT_YES_NO = "trait: yes/no"
    TRAIT_DATE = "trait: date"
    ACCOUNT_ID = "account id"
    ACCOUNT_TRAIT = "account trait"


_TRAIT_TYPES = {
    Meaning.TRAIT: TraitType.TEXT,
    Meaning.TRAIT_NUMBER: TraitType.NUMBER,
    Meaning.TRAIT_YES_NO: TraitType.YES_NO,
    Meaning.TRAIT_DATE: TraitType.DATE,
}
_GUESSES = {
    Meaning.USER_ID: {"id", "user_id", "userid", "user id", "remote_id"},
    Meaning.EMAIL: {"email", "e-mail", "mail", "email address"},
    Meaning.EVENT: {"event", "event_name", "event name"},
    Meaning.ACCOUNT_ID: {"account", "account_id", "account id", "company_id"},
}


class Stopped(Exception):
    """The reading of a file was stopped on request."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One line of data, ready to be sent, or the reason why it is skipped."""

    row: int
    payload: dict[str, object]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BulkCheck:
    """What a dry run found. `problems` are the first ones, each with its line of data."""

    rows: int
    skipped: int
    users: int
    problems: tuple[PlannedRow, ...]

    @property
    def calls(self) -> int:
        """How many calls will go out."""
        return self.rows - self.skipped

    def minutes(self, calls_per_minute: int) -> float:
        """How long the calls take at the limit."""
        return self.calls / calls_per_minute


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """A file, an action, and the meaning of each of its columns."""

    source: Source
    action: BulkAction
    meanings: tuple[Meaning, ...]

    def problems(self) -> tuple[str, ...]:
        """Return what stops the whole run."""
        found = []
        if not {Meaning.USER_ID, Meaning.EMAIL} & set(self.meanings):
            found.append("Choose the column that holds the user id or the e-mail address.")
        if self.action is BulkAction.TRACK and Meaning.EVENT not in self.meanings:
            found.append("Choose the column that holds the event name.")
        counts = Counter(self.meanings)
        found += [
            f"Two columns are mapped to “{meaning}”; only one can be."
            for meaning in (Meaning.USER_ID, Meaning.EMAIL, Meaning.EVENT, Meaning.ACCOUNT_ID)
            if counts[meaning] > 1
        ]
        return tuple(found)

    def rows(self, should_stop: Callable[[], bool] = lambda: False) -> Iterator[PlannedRow]:
        """Yield every row as it will be sent or skipped. Raises `SourceUnreadable`, `Stopped`."""
        for number, cells in self.source.rows():
            if should_stop():
                raise Stopped
            draft = self._draft(cells)
            stops = [problem.text for problem in draft.problems() if problem.stops]
            yield PlannedRow(number, draft.payload(), " ".join(stops))

    def check(self, should_stop: Callable[[], bool] = lambda: False) -> BulkCheck:
        """Read the whole file and send nothing. Raises `SourceUnreadable`, `Stopped`."""
        total, skipped = 0, 0
        problems: list[PlannedRow] = []
        users: set[object] = set()
        for planned in self.rows(should_stop):
            total += 1
            if not planned.problem:
                users.add(planned.payload.get("id") or planned.payload.get("email"))
                continue
            skipped += 1
            if len(problems) < SHOWN_PROBLEMS:
                problems.append(planned)
        return BulkCheck(total, skipped, len(users), tuple(problems))

    def _draft(self, cells: tuple[str, ...]) -> IdentifyDraft | TrackDraft:
        if self.action is BulkAction.TRACK:
            return TrackDraft(
                self._one(cells, Meaning.USER_ID),
                self._one(cells, Meaning.EMAIL),
                self._one(cells, Meaning.EVENT),
            )
        return IdentifyDraft(
            self._one(cells, Meaning.USER_ID),
            self._one(cells, Meaning.EMAIL),
            self._traits(cells, _TRAIT_TYPES),
            self._one(cells, Meaning.ACCOUNT_ID),
            self._traits(cells, {Meaning.ACCOUNT_TRAIT: TraitType.TEXT}),
        )

    def _one(self, cells: tuple[str, ...], meaning: Meaning) -> str:
        at = self.meanings.index(meaning) if meaning in self.meanings else None
        return "" if at is None else cells[at].strip()

    def _traits(self, cells: tuple[str, ...], types: dict[Meaning, TraitType]) -> tuple[Trait, ...]:
        """Return the traits of a row; an empty cell sends nothing and blanks nothing."""
        return tuple(
            Trait(name, types[meaning], cell)
            for name, meaning, cell in zip(self.source.columns, self.meanings, cells, strict=True)
            if meaning in types and cell
        )


def guess_meanings(columns: tuple[str, ...], action: BulkAction) -> tuple[Meaning, ...]:
    """Return a first mapping by the columns' names; what is unknown becomes a trait."""
    rest = Meaning.TRAIT if action is BulkAction.IDENTIFY else Meaning.IGNORE
    return tuple(
        next((m for m, names in _GUESSES.items() if column.casefold() in names), rest)
        for column in columns
    )
