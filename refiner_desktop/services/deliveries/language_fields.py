"""The fields of the filter line above the deliveries, and what their values mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from refiner_desktop.services.users.written_times import first_moment, last_moment
from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.webhooks.delivery import Kind, Origin, Verdict

NO_HOOK = "none"

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


class KnownHook(NamedTuple):
    """A hook that `hook:` may mean; one that was removed is known by its last name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Context:
    """What values are understood by: the hooks, and what time it is."""

    hooks: tuple[KnownHook, ...]
    now: datetime


class Unreadable(Exception):
    """A term that means nothing; the sentence says why."""


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them, the last behind an “or”."""
    *most, last = words
    return f"{', '.join(most)} or {last}"


def _kind(value: str, _: Context) -> Search:
    wanted = re.split(r"[\s_-]+", value.lower())
    kinds = frozenset(kind for kind in Kind if all(word in kind for word in wanted))
    if not kinds:
        raise Unreadable(f"No kind is called “{value}”: {listed(_words(Kind))}.")
    return Search(kinds=kinds)


def _words(kinds: Iterable[Kind]) -> list[str]:
    return [kind.value.replace("_", " ") for kind in kinds]


def _hook(value: str, context: Context) -> Search:
    if value.lower() == NO_HOOK:
        return Search(hooks=frozenset({""}))
    wanted = value.casefold()
    hooks = frozenset(hook.id for hook in context.hooks if wanted in hook.name.casefold())
    if not hooks:
        raise Unreadable(f"No hook is called “{value}”.")
    return Search(hooks=hooks)


def _user(value: str, _: Context) -> Search:
    return Search(user=value)


def _subject(value: str, _: Context) -> Search:
    return Search(subject=value)


def _method(value: str, _: Context) -> Search:
    return Search(method=value.upper())


def _status(value: str, _: Context) -> Search:
    if not _STATUS.fullmatch(value.lower()):
        raise Unreadable("A status is 200, 401 or 4xx.")
    lowest, highest = (value.lower().replace("x", digit) for digit in "09")
    return Search(statuses=(int(lowest), int(highest)))


def _score(value: str, _: Context) -> Search:
    lowest, highest = _range(value.lower().removesuffix("s"))
    return Search(lowest_score=lowest, highest_score=highest)


def _range(value: str) -> tuple[int, int]:
    if value in _GROUPS:
        return _GROUPS[value]
    if scores := _SCORES.fullmatch(value):
        return int(scores["low"]), int(scores["high"])
    if not (score := _SCORE.fullmatch(value)):
        raise Unreadable("A score is 9, >8, 0-6, promoter, passive or detractor.")
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


def _verdict(value: str, _: Context) -> Search:
    try:
        return Search(verdict=Verdict(value.lower()))
    except ValueError:
        raise Unreadable(f"A verdict is {listed(Verdict)}.") from None


def _since(value: str, context: Context) -> Search:
    return Search(since=_moment(first_moment, value, context))


def _until(value: str, context: Context) -> Search:
    return Search(until=_moment(last_moment, value, context))


def _moment(read: Callable[[str, datetime], datetime], value: str, context: Context) -> datetime:
    try:
        return read(value, context.now)
    except ValueError:
        raise Unreadable("A time is 10m, 2h, 3d, today, 09:30 or 2026-03-04.") from None


def _state(value: str, _: Context) -> Search:
    try:
        return _STATES[value.lower()]
    except KeyError:
        raise Unreadable(f"A delivery is {listed(_STATES)}.") from None


FIELDS: Mapping[str, Callable[[str, Context], Search]] = {
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
