"""Values out of JSON that may be off: takes what is there and stumbles over nothing else.

The service's answers are known from hearsay in places (API reference, sections 0, 9 and 11), so a
number may come as a string, `[]` for `{}`, a date in two forms, any field as null or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Any, Self, TypeVar, get_args, get_origin

import msgspec

from refiner_desktop.api.errors import NotRefiner, UnreadableAnswer

T = TypeVar("T")
Reader = Callable[[Any], Any]


class Value(msgspec.Struct, frozen=True):
    """A frozen record read from a JSON object. Every field has a default and a known type."""

    @classmethod
    def read(cls, raw: Any) -> Self | None:
        """Return the value, with defaults for what is missing or odd; None if not an object."""
        if raw == []:  # how PHP spells an empty object
            raw = {}
        if not isinstance(raw, dict):
            return None
        found = {name: read(raw.get(key)) for name, key, read in _plan(cls)}
        return cls(**{name: value for name, value in found.items() if value is not None})


V = TypeVar("V", bound=Value)


def parse(body: bytes, kind: type[T] | Any = Any) -> T:
    """Return the JSON in `body`. Raises `NotRefiner` or `UnreadableAnswer`."""
    try:
        decoded: T = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as exc:
        raise UnreadableAnswer(str(exc)) from exc
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        looks_like_json = body.lstrip()[:1] in (b"{", b"[")
        raise (UnreadableAnswer if looks_like_json else NotRefiner)(str(exc)) from exc
    return decoded


def one(kind: type[V]) -> Callable[[bytes], V]:
    """Return a reader of bodies that hold a single `kind`, not wrapped."""

    def read(body: bytes) -> V:
        if (value := kind.read(parse(body))) is None:
            raise UnreadableAnswer("the answer is not a JSON object")
        return value

    return read


# Readers of single fields: each returns None for what it cannot take, which leaves the default.


def text(raw: Any) -> str | None:
    """Read a string; numbers are written out."""
    if isinstance(raw, str):
        return raw
    return str(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None


def number(raw: Any) -> float | None:
    """Read a finite number, also out of a string."""
    if not isinstance(raw, int | float | str):
        return None
    try:
        value = float(raw)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def whole(raw: Any) -> int | None:
    """Read a whole number, also out of a string; a fraction is cut off."""
    if isinstance(raw, int):
        return int(raw)
    value = number(raw)
    return None if value is None else int(value)


def flag(raw: Any) -> bool | None:
    """Read a truth value, also out of `1`, `"1"` and `"true"`."""
    if isinstance(raw, str):
        return raw.strip().lower() in ("1", "true", "t", "yes")
    return bool(raw) if isinstance(raw, int | float) else None


def stamp(raw: Any) -> datetime | None:
    """Read a time in either form of API reference, section 2.4, as an aware one in UTC."""
    if not isinstance(raw, str):
        return None
    try:
        moment = datetime.fromisoformat(raw.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def mapping(raw: Any) -> dict[str, Any] | None:
    """Read an object as it is."""
    return raw if isinstance(raw, dict) else None


def counts(raw: Any) -> dict[str, int] | None:
    """Read an object of whole numbers. PHP writes one with the keys 0, 1, 2, … as a list."""
    if isinstance(raw, list):
        raw = {str(key): value for key, value in enumerate(raw)}
    if not isinstance(raw, dict):
        return None
    return {key: whole(value) or 0 for key, value in raw.items()}


def _many(read: Reader) -> Reader:
    def read_all(raw: Any) -> tuple[Any, ...] | None:
        if not isinstance(raw, list):
            return None
        return tuple(value for value in map(read, raw) if value is not None)

    return read_all


def _as_it_is(raw: Any) -> Any:
    return raw


_READERS: dict[Any, Reader] = {
    str: text,
    int: whole,
    float: number,
    bool: flag,
    datetime: stamp,
    dict[str, Any]: mapping,
    dict[str, int]: counts,
    Any: _as_it_is,
}


def _reader(kind: Any) -> Reader:
    if kind in _READERS:
        return _READERS[kind]
    if get_origin(kind) in (UnionType, tuple):  # `X | None` and `tuple[X, ...]`
        inner = _reader(get_args(kind)[0])
        return inner if get_origin(kind) is UnionType else _many(inner)
    read: Reader = kind.read
    return read


@cache
def _plan(kind: type[Value]) -> tuple[tuple[str, str, Reader], ...]:
    return tuple(
        (field.name, field.encode_name, _reader(field.type))
        for field in msgspec.structs.fields(kind)
    )
