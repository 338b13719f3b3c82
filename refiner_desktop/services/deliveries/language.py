"""What is written into the filter line above the deliveries: `kind:completed score:>8 -ana`.

A term is a word, `"exact words"`, or a field with its value; `-` before it leaves out what it
finds. All terms must hold, but of several kinds, hooks or origins any will do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TypeVar

from refiner_desktop.services.deliveries.language_fields import (
    FIELDS,
    Context,
    KnownHook,
    Unreadable,
    listed,
)
from refiner_desktop.storage.delivery_search import EVERYTHING, Search

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("beta", "the word stands anywhere: headers, body, path, survey, segment, user"),
    ('"saves me time"', "these words, exactly so"),
    ("-beta", "without what it finds; a minus goes before anything"),
    ("kind:completed", "completed, partial, seen, dismissed, segment, tag, other"),
    ("hook:surveys", "a part of the hook's name; hook:none for what no hook has matched"),
    ("user:ana", "a part of the user's name, e-mail address, user id or UUID; also email:"),
    ("survey:nps", "a part of the survey's name, or of a segment's; also segment:"),
    ("score:>8", "the NPS answer: 9, >=7, 0-6, promoter, passive, detractor"),
    ("verdict:refused", "accepted or refused"),
    ("status:4xx", "what it was answered: 200, 401, 4xx"),
    ("method:get", "GET, POST, PUT …"),
    ("since:2h", "in the last 2 hours; also 10m, 3d, today, 2026-03-04, 09:30"),
    ("until:2026-03-04", "that day included"),
    ("is:pinned", "pinned, repeat (seen before), replay, sample, waiting or failed (passed on)"),
    ('"nps:9"', "in quotes, a text with a colon; two quotes stand for one"),
)
"""The language by example, for a tool tip."""

T = TypeVar("T", int, datetime)
Range = tuple[int, int]

_TERM = re.compile(
    r"""(?P<minus>-(?=\S))?"""
    r"""(?:(?P<field>[A-Za-z_]+):(?P<value>"(?:[^"]|"")*"?|\S*)|(?P<word>"(?:[^"]|"")*"?|\S+))"""
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A term that could not be read and is left out: where it stands, and what is wrong with it."""

    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a line asks for, as far as it could be read."""

    search: Search
    mistakes: tuple[Mistake, ...] = ()


def parse(text: str, hooks: Iterable[KnownHook] = (), now: datetime | None = None) -> Query:
    """Read a line; whatever is in it, none is raised. `hooks` are those that `hook:` may mean."""
    context = Context(tuple(hooks), now or datetime.now(UTC))
    wanted, excluded, mistakes = EVERYTHING, [], []
    for term in _TERM.finditer(text):
        try:
            search = _searched(term, context)
            if term["minus"]:
                excluded.append(search)
            else:
                wanted = _both(wanted, search)
        except Unreadable as exc:
            mistakes.append(Mistake(term.start(), term.end(), str(exc)))
    return Query(replace(wanted, without=tuple(excluded)), tuple(mistakes))


def written(field: str, value: str) -> str:
    """Return the term that looks for exactly this value in a field."""
    doubled = value.replace('"', '""')
    return f'{field}:"{doubled}"'


def _searched(term: re.Match[str], context: Context) -> Search:
    if term["field"] is None:
        return _text(term["word"])
    field = term["field"].lower()
    if field not in FIELDS:
        return _of_no_field(term, field)
    value = _unquoted(term["value"]).strip()
    if not value:
        raise Unreadable(f"What {field}: looks for is missing.")
    return FIELDS[field](value, context)


def _of_no_field(term: re.Match[str], field: str) -> Search:
    """Take `http://…` for a text, and any other field for a mistake."""
    text = f"{term['field']}:{term['value']}"
    if term["value"].startswith("//"):
        return _text(text)
    if meant := get_close_matches(field, FIELDS, 1, cutoff=0.7):
        raise Unreadable(f"There is no {field}: to look by. Did you mean {meant[0]}:?")
    fields = listed(f"{each}:" for each in FIELDS)
    raise Unreadable(
        f"There is no {field}: to look by, but {fields}. For the text, write “{text}” in quotes."
    )


def _text(written: str) -> Search:
    text = _unquoted(written)
    return Search(texts=(text,)) if text else EVERYTHING


def _unquoted(written: str) -> str:
    if not written.startswith('"'):
        return written
    inner = written[1:-1] if len(written) > 1 and written.endswith('"') else written[1:]
    return inner.replace('""', '"')


def _both(one: Search, other: Search) -> Search:
    """Return what both find; kinds, hooks and origins are added up.

    Raises `Unreadable` when nothing could be both.
    """
    for field in ("verdict", "user", "subject", "method"):
        first, second = getattr(one, field), getattr(other, field)
        if first and second and first != second:
            raise Unreadable(f"It can't be both {first} and {second}.")
    lowest = _of(max, one.lowest_score, other.lowest_score)
    highest = _of(min, one.highest_score, other.highest_score)
    if lowest is not None and highest is not None and lowest > highest:
        raise Unreadable("No score is both. A range is written score:0-8.")
    return replace(
        one,
        texts=one.texts + other.texts,
        kinds=one.kinds | other.kinds,
        hooks=one.hooks | other.hooks,
        verdict=other.verdict or one.verdict,
        origins=one.origins | other.origins,
        method=other.method or one.method,
        statuses=_narrowed(one.statuses, other.statuses),
        subject=other.subject or one.subject,
        user=other.user or one.user,
        lowest_score=lowest,
        highest_score=highest,
        since=_of(max, one.since, other.since),
        until=_of(min, one.until, other.until),
        pinned=one.pinned or other.pinned,
        seen_before=one.seen_before or other.seen_before,
        waits=one.waits or other.waits,
        not_taken=one.not_taken or other.not_taken,
    )


def _narrowed(one: Range | None, other: Range | None) -> Range | None:
    if one is None or other is None:
        return one or other
    lowest, highest = max(one[0], other[0]), min(one[1], other[1])
    if lowest > highest:
        raise Unreadable("No status is both.")
    return lowest, highest


def _of(narrower: Callable[[T, T], T], one: T | None, other: T | None) -> T | None:
    """Return the narrower of two bounds, of which either may be missing."""
    if one is None or other is None:
        return one if other is None else other
    return narrower(one, other)
