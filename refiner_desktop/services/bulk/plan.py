"""What a bulk run will send: the rows of a file as payloads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace

import msgspec

from refiner_desktop.datasets.values import is_date_like, parse_date
from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.findings import Finding, Level
from refiner_desktop.services.bulk.mapping import (
    SEGMENT_ACTIONS,
    SINGLE,
    BulkAction,
    Mapping,
    Meaning,
    problems,
)
from refiner_desktop.services.users.drafts import (
    NO_DATE,
    TEXT_LIMIT,
    IdentifyDraft,
    TrackDraft,
    cut,
)
from refiner_desktop.services.users.traits import JsonValue, NotThatType, Trait, TraitType, slug
from refiner_desktop.sources.source import Row, Source

NO_ACCOUNT = "Account data needs the account's id; this row has none."
HOLDS_KEY = "This row holds an API key; it is neither kept nor sent."
ERRORS = frozenset(
    {"#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DIV/0!", "#SPILL!", "#CALC!"}
)
"""What spreadsheets show, and save, in place of a value that they could not work out."""
NO_VALUE = "A spreadsheet's error is no value: mend the cell, or empty it."
LEFT_OUT = "is left out, the row is sent without it."

_REFERENCES = (Meaning.USER_ID, Meaning.EMAIL, Meaning.ACCOUNT_ID)
_FIELDS = {"user_id": Meaning.USER_ID, "email": Meaning.EMAIL, "event": Meaning.EVENT}


class Stopped(Exception):
    """The reading of a file was stopped on request."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row with the JSON object that is sent for it, or the findings that skip it.

    `number` and `line` are those of the `Row`.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    payload: dict[str, object]
    findings: tuple[Finding, ...] = ()

    @property
    def user(self) -> str:
        """Whom the row is about: a user id, else an address, empty for nobody."""
        return user_in(self.payload)

    @property
    def problem(self) -> str:
        """Why the row is skipped; empty when it is sent."""
        return " ".join(_said(each) for each in self.findings if each.level is Level.SKIP)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is doubtful although the row is sent."""
        return tuple(_said(each) for each in self.findings if each.level is Level.WARN)


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """A file, an action and what each column means.

    A segment is told by its UUID; its name is for people.
    """

    source: Source
    action: BulkAction
    mapping: Mapping
    segment_uuid: str = ""
    segment_name: str = ""

    def problems(self) -> tuple[str, ...]:
        """Return what stops the whole run."""
        found = problems(self.mapping, self.action)
        if self.action in SEGMENT_ACTIONS and not self.segment_uuid:
            return ("Choose the segment.", *found)
        return found

    def rows(self, should_stop: Callable[[], bool] = lambda: False) -> Iterator[PlannedRow]:
        """Yield every row as it will be sent or skipped; the plan has no `problems`.

        Raises `SourceUnreadable`, `OSError` or `Stopped`.
        """
        planned = _Planning(self)
        for row in self.source.rows():
            if should_stop():
                raise Stopped
            yield planned(row)

    def rows_to_keep(self, mask: Mask, should_stop: Callable[[], bool]) -> Iterator[PlannedRow]:
        """Yield the same rows, those skipped too that hold a secret."""
        for row in self.rows(should_stop):
            text = "" if row.problem else msgspec.json.encode(row.payload).decode()
            if mask.text(text) is text:
                yield row
            else:
                holds_key = Finding(Level.SKIP, row.line, "", HOLDS_KEY)
                yield replace(row, findings=(*row.findings, holds_key))

    def users(self, lines: Collection[int], should_stop: Callable[[], bool]) -> dict[int, str]:
        """Return whom the rows in some lines are about. Raises as `rows` does."""
        planned = _Planning(self)
        users: dict[int, str] = {}
        for row in self.source.rows():
            if should_stop():
                raise Stopped
            if row.line in lines:
                users[row.line] = planned(row).user
            if len(users) == len(lines):
                break
        return users


def user_in(payload: Map[str, object]) -> str:
    """Return whom a call is about: the user id it sends, else the address, empty for nobody."""
    return str(payload.get("id") or payload.get("email") or "")


@dataclass(frozen=True, slots=True)
class _Field:
    """Where a value comes from: a column of the file, or `value` where `at` is None."""

    column: str
    at: int | None
    value: str = ""
    key: str = ""
    type: TraitType = TraitType.TEXT
    date_like: bool = False

    def of(self, row: Row) -> str:
        return self.value if self.at is None else row.cells[self.at]

    def sent(self, text: str) -> JsonValue:
        """Return what is sent for a text of this field. Raises `NotThatType`."""
        if text in ERRORS:
            raise NotThatType(NO_VALUE)
        return Trait(self.key, self.type, text).sent()


class _Planning:
    """Turns rows into what is sent; what the mapping means is worked out once."""

    def __init__(self, plan: BulkPlan) -> None:
        fields = list(_fields(plan.mapping))
        self._single = {meaning: field for meaning, field in fields if meaning in SINGLE}
        self._references = [self._single[each] for each in _REFERENCES if each in self._single]
        self._traits = [field for meaning, field in fields if meaning is Meaning.TRAIT]
        self._account = [field for meaning, field in fields if meaning is Meaning.ACCOUNT_TRAIT]
        self._blank = plan.mapping.blank_empty
        self._unreadable = _left_out if plan.mapping.leave_out_unreadable else _skips
        self._payload = {
            BulkAction.IDENTIFY: self._identify,
            BulkAction.TRACK: self._track,
        }.get(plan.action, self._sync)
        self._segment = plan.segment_uuid

    def __call__(self, row: Row) -> PlannedRow:
        if row.problem:
            findings = [Finding(Level.SKIP, row.line, "", row.problem)]
            return PlannedRow(row.number, row.line, row.cells, {}, tuple(findings))
        findings = [*self._errors(row)]
        payload = self._payload(row, findings)
        for field in self._references:
            findings += _too_long(field, row)
        return PlannedRow(row.number, row.line, row.cells, payload, tuple(findings))

    def _errors(self, row: Row) -> Iterator[Finding]:
        for field in self._single.values():
            if field.of(row) in ERRORS:
                yield _skips(field, row, NO_VALUE)

    def _identify(self, row: Row, findings: list[Finding]) -> dict[str, object]:
        payload = self._user(row, IdentifyDraft(*self._names(row)), findings)
        payload |= self._values(row, self._traits, findings)
        account_id = self._one(row, Meaning.ACCOUNT_ID)
        if account_id:
            account = self._values(row, self._account, findings)
            payload["account"] = {"id": account_id} | account
        elif any(field.of(row).strip() for field in self._account if field.at is not None):
            findings.append(Finding(Level.SKIP, row.line, "", NO_ACCOUNT))
        return payload

    def _track(self, row: Row, findings: list[Finding]) -> dict[str, object]:
        return self._user(
            row, TrackDraft(*self._names(row), self._one(row, Meaning.EVENT)), findings
        )

    def _sync(self, row: Row, findings: list[Finding]) -> dict[str, object]:
        """Return one reference alone: an address beside an id could become that user's own."""
        user_id = self._one(row, Meaning.USER_ID)
        email = "" if user_id else self._one(row, Meaning.EMAIL)
        return self._user(row, IdentifyDraft(user_id, email), findings) | {
            "segment_uuid": self._segment
        }

    def _user(
        self, row: Row, draft: IdentifyDraft | TrackDraft, findings: list[Finding]
    ) -> dict[str, object]:
        for problem in draft.problems():
            field = self._single.get(_FIELDS[problem.field])
            level = Level.SKIP if problem.stops else Level.WARN
            text = field.of(row).strip() if field else ""
            said = f"“{cut(text)}”: {problem.text}" if text else problem.text
            findings.append(Finding(level, row.line, field.column if field else "", said))
        return draft.payload()

    def _names(self, row: Row) -> tuple[str, str]:
        return self._one(row, Meaning.USER_ID), self._one(row, Meaning.EMAIL)

    def _one(self, row: Row, meaning: Meaning) -> str:
        field = self._single.get(meaning)
        return field.of(row).strip() if field else ""

    def _values(self, row: Row, fields: list[_Field], findings: list[Finding]) -> dict[str, object]:
        values: dict[str, object] = {}
        for field in fields:
            text = field.of(row)
            if text and not text.isspace():
                try:
                    values[field.key] = field.sent(text)
                except NotThatType as exc:
                    findings.append(self._unreadable(field, row, str(exc)))
                if field.type is TraitType.TEXT:
                    findings += _too_long(field, row)
                if field.date_like and parse_date(text.strip()) is None:
                    said = NO_DATE.format(cut(text))
                    findings.append(Finding(Level.WARN, row.line, field.column, said))
            elif self._blank or field.type is TraitType.EMPTY:
                values[field.key] = ""
        return values


def _fields(mapping: Mapping) -> Iterator[tuple[Meaning, _Field]]:
    for at, column in enumerate(mapping.columns):
        dates = column.type is TraitType.TEXT and is_date_like(slug(column.key))
        yield column.meaning, _Field(column.column, at, "", column.key, column.type, dates)
    for fixed in mapping.fixed:
        yield fixed.meaning, _Field(fixed.key, None, fixed.value, fixed.key, fixed.type)


def _skips(field: _Field, row: Row, reason: str) -> Finding:
    return Finding(Level.SKIP, row.line, field.column, f"“{cut(field.of(row))}”: {reason}")


def _left_out(field: _Field, row: Row, reason: str) -> Finding:
    text = f"“{cut(field.of(row))}” {LEFT_OUT} {reason}"
    return Finding(Level.WARN, row.line, field.column, text)


def _said(finding: Finding) -> str:
    return f"{finding.column}: {finding.text}" if finding.column else finding.text


def _too_long(field: _Field, row: Row) -> Iterator[Finding]:
    """Yield a warning about a long text in the file; of a fixed one the mapping warns."""
    length = 0 if field.at is None else len(row.cells[field.at])
    if length > TEXT_LIMIT:
        text = f"Refiner may cut texts after {TEXT_LIMIT} characters; this has {length}."
        yield Finding(Level.WARN, row.line, field.column, text)
