"""What is written into the filter line above the deliveries: `kind:completed score:>8 -ana`.

A term is a word, `"exact words"`, or a field with its value; `-` before it leaves out what it
finds. All terms must hold, but of several kinds, hooks or origins any will do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from refiner_desktop.services.users.written_times import first_moment, last_moment
from refiner_desktop.storage.delivery_search import EVERYTHING, Search
from refiner_desktop.webhooks.delivery import Kind, Origin, Verdict

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

NO_HOOK = "none"

T = TypeVar("T", int, datetime)
Range = tuple[int, int]

_TERM = re.compile(
    r"""(?P<minus>-(?=\S))?"""
    r"""(?:(?P<field>[A-Za-z_]+):(?P<value>"(?:[^"]|"")*"?|\S*)|(?P<word>"(?:[^"]|"")*"?|\S+))"""
)
_SCORE = re.compile(r"(?P<compare>[<>]=?|=?)(?P<number>\d{1,2})")
_SCORES = re.compile(r"(?P<low>\d{1,2})-(?P<high>\d{1,2})")
_STATUS = re.compile(r"[1-5](?:\d\d|xx)")
_GROUPS = {"promoter": (9, 10), "passive": (7, 8), "detractor": (0, 6)}
_STATES = {
    "pinned": Search(pinned=True),
    "repeat": Search(seen_before=True),
    "replay": Search(origins=frozenset({Origin.REPLAY})),
    "sample": Search(origins=frozenset({Origin.SAMPLE})),
    "waiting": Search(waits=True),
    "failed": Search(not_taken=True),
}


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


class KnownHook(NamedTuple):
    """A hook that `hook:` may mean; one that was removed is known by its last name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Context:
    """What values are understood by: the hooks, and what time it is."""

    hooks: tuple[KnownHook, ...]
    now: datetime


class _Unreadable(Exception):
    """A term that means nothing; the sentence says why."""


def parse(text: str, hooks: Iterable[KnownHook] = (), now: datetime | None = None) -> Query:
    """Read a line; whatever is in it, none is raised. `hooks` are those that `hook:` may mean."""
    context = _Context(tuple(hooks), now or datetime.now(UTC))
    wanted, excluded, mistakes = EVERYTHING, [], []
    for term in _TERM.finditer(text):
        try:
            search = _searched(term, context)
            if term["minus"]:
                excluded.append(search)
            else:
                wanted = _both(wanted, search)
        except _Unreadable as exc:
            mistakes.append(Mistake(term.start(), term.end(), str(exc)))
    return Query(replace(wanted, without=tuple(excluded)), tuple(mistakes))


def written(field: str, value: str) -> str:
    """Return the term that looks for exactly this value in a field."""
    doubled = value.replace('"', '""')
    return f'{field}:"{doubled}"'


def _searched(term: re.Match[str], context: _Context) -> Search:
    if term["field"] is None:
        return _text(term["word"])
    field = term["field"].lower()
    if field not in _FIELDS:
        return _of_no_field(term, field)
    value = _unquoted(term["value"]).strip()
    if not value:
        raise _Unreadable(f"What {field}: looks for is missing.")
    return _FIELDS[field](value, context)


def _of_no_field(term: re.Match[str], field: str) -> Search:
    """Take `http://…` for a text, and any other field for a mistake."""
    text = f"{term['field']}:{term['value']}"
    if term["value"].startswith("//"):
        return _text(text)
    if meant := get_close_matches(field, _FIELDS, 1, cutoff=0.7):
        raise _Unreadable(f"There is no {field}: to look by. Did you mean {meant[0]}:?")
    fields = _listed(f"{each}:" for each in _FIELDS)
    raise _Unreadable(
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


def _kind(value: str, _: _Context) -> Search:
    wanted = re.split(r"[\s_-]+", value.lower())
    kinds = frozenset(kind for kind in Kind if all(word in kind for word in wanted))
    if not kinds:
        raise _Unreadable(f"No kind is called “{value}”: {_listed(_words(Kind))}.")
    return Search(kinds=kinds)


def _words(kinds: Iterable[Kind]) -> list[str]:
    return [kind.value.replace("_", " ") for kind in kinds]


def _hook(value: str, context: _Context) -> Search:
    if value.lower() == NO_HOOK:
        return Search(hooks=frozenset({""}))
    wanted = value.casefold()
    hooks = frozenset(hook.id for hook in context.hooks if wanted in hook.name.casefold())
    if not hooks:
        raise _Unreadable(f"No hook is called “{value}”.")
    return Search(hooks=hooks)


def _user(value: str, _: _Context) -> Search:
    return Search(user=value)


def _subject(value: str, _: _Context) -> Search:
    return Search(subject=value)


def _method(value: str, _: _Context) -> Search:
    return Search(method=value.upper())


def _status(value: str, _: _Context) -> Search:
    if not _STATUS.fullmatch(value.lower()):
        raise _Unreadable("A status is 200, 401 or 4xx.")
    lowest, highest = (value.lower().replace("x", digit) for digit in "09")
    return Search(statuses=(int(lowest), int(highest)))


def _score(value: str, _: _Context) -> Search:
    lowest, highest = _range(value.lower().removesuffix("s"))
    return Search(lowest_score=lowest, highest_score=highest)


def _range(value: str) -> tuple[int, int]:
    if value in _GROUPS:
        return _GROUPS[value]
    if scores := _SCORES.fullmatch(value):
        return int(scores["low"]), int(scores["high"])
    if not (score := _SCORE.fullmatch(value)):
        raise _Unreadable("A score is 9, >8, 0-6, promoter, passive or detractor.")
    number = int(score["number"])
    match score["compare"]:
        case "<":
            return 0, number - 1
        case "<=":
            return 0, number
        case ">":
            return number + 1, 10
        case ">=":
            return number, 10
        case _:
            return number, number


def _verdict(value: str, _: _Context) -> Search:
    try:
        return Search(verdict=Verdict(value.lower()))
    except ValueError:
        raise _Unreadable(f"A verdict is {_listed(Verdict)}.") from None


def _since(value: str, context: _Context) -> Search:
    return Search(since=_moment(first_moment, value, context))


def _until(value: str, context: _Context) -> Search:
    return Search(until=_moment(last_moment, value, context))


def _moment(read: Callable[[str, datetime], datetime], value: str, context: _Context) -> datetime:
    try:
        return read(value, context.now)
    except ValueError:
        raise _Unreadable("A time is 10m, 2h, 3d, today, 09:30 or 2026-03-04.") from None


def _state(value: str, _: _Context) -> Search:
    try:
        return _STATES[value.lower()]
    except KeyError:
        raise _Unreadable(f"A delivery is {_listed(_STATES)}.") from None


_FIELDS: Mapping[str, Callable[[str, _Context], Search]] = {
    "kind": _kind,
    "hook": _hook,
    "user": _user,
    "email": _user,
    "survey": _subject,
    "segment": _subject,
    "score": _score,
    "verdict": _verdict,
    "status": _status,
    "method": _method,
    "since": _since,
    "until": _until,
    "is": _state,
}


def _both(one: Search, other: Search) -> Search:
    """Return what both find; kinds, hooks and origins are added up.

    Raises `_Unreadable` when nothing could be both.
    """
    for field in ("verdict", "user", "subject", "method"):
        first, second = getattr(one, field), getattr(other, field)
        if first and second and first != second:
            raise _Unreadable(f"It can't be both {first} and {second}.")
    lowest = _of(max, one.lowest_score, other.lowest_score)
    highest = _of(min, one.highest_score, other.highest_score)
    if lowest is not None and highest is not None and lowest > highest:
        raise _Unreadable("No score is both. A range is written score:0-8.")
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
        raise _Unreadable("No status is both.")
    return lowest, highest


def _of(narrower: Callable[[T, T], T], one: T | None, other: T | None) -> T | None:
    """Return the narrower of two bounds, of which either may be missing."""
    if one is None or other is None:
        return one if other is None else other
    return narrower(one, other)


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"
