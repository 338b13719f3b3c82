"""Small random worlds of contacts, and how plain Python reads them."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from refiner_desktop.datasets.columns import Column, Kind
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.values import is_number, parse_boolean, parse_date, parse_iso_date

ALPHABET = "abAB zZéÉüñøŁß019.-%_'\"<\0\n🦆"
NAMES = ["plan", "Plan", "email", 'q"uote', "a.b", "100%", "🦆", "uuid", "n", "trial_at"]

texts = st.text(ALPHABET, max_size=6)
scalars = st.one_of(
    st.none(),
    texts,
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-20, 20).map(str),
    st.sampled_from(["true", "false", "T", "F", "007", "1e5", "1772615702"]),
    st.integers(0, 4 * 10**9).map(lambda s: datetime.fromtimestamp(s, UTC).isoformat()),
    st.dates(date(1970, 1, 2), date(2100, 1, 1)).map(str),
)
values = st.one_of(
    scalars, st.lists(scalars, max_size=2), st.dictionaries(texts, scalars, max_size=2)
)
# Columns of one kind come up far too rarely when every value is drawn alone.
tame = st.one_of(
    st.just(st.integers(-50, 50).map(str)),
    st.just(
        st.sampled_from(["2026-03-04", "2026-03-04 09:15:02", "2026-03-04T09:15:02+05:00", ""])
    ),
    st.just(st.sampled_from([True, "false", "T", None])),
    st.just(texts),
    st.just(values),
)


@st.composite
def worlds(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    kinds = {name: draw(tame) for name in draw(st.lists(st.sampled_from(NAMES), unique=True))}
    contact = st.fixed_dictionaries(
        {"uuid": st.integers(0, 15).map(str), "display_name": st.none() | texts},
        optional={"attributes": st.fixed_dictionaries({}, optional=kinds) | st.just([])},
    )
    return draw(st.lists(st.lists(contact, max_size=8), max_size=4))


def newest(pages: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for contact in (contact for page in pages for contact in page):
        kept.pop(contact["uuid"], None)
        kept[contact["uuid"]] = contact
    return list(kept.values())


def text_of(contact: dict[str, Any], key: str) -> str | None:
    name = key.removeprefix("attributes.")
    value = contact.get(key) if name == key else dict(contact.get("attributes", {})).get(name)
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


STROKES = str.maketrans({"ø": "o", "ł": "l", "ß": "ss"})


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().translate(STROKES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def kind_of(name: str, found: list[str]) -> Kind:
    date_like = name.endswith("_at")
    if not found:
        return "date" if date_like else "text"
    if all((parse_date if date_like else parse_iso_date)(text) for text in found):
        return "date"
    if all(parse_boolean(text) is not None for text in found):
        return "boolean"
    return "number" if all(map(is_number, found)) else "text"


def written(kind: Kind, text: str) -> list[str]:
    """Return what the table writes for a value, piece by piece as words are looked for."""
    if kind == "boolean" and text:
        return ["Yes" if parse_boolean(text) else "No"]
    if kind == "date" and text:
        moment = parse_date(text)
        if not isinstance(moment, datetime):
            return [str(moment)]
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M").split()
    return [text]


def sort_value(kind: Kind, text: str) -> Any:
    match kind:
        case "number":
            return float(text)
        case "boolean":
            return parse_boolean(text)
        case "date":
            moment = parse_date(text)
            if isinstance(moment, datetime):
                return moment
            assert moment is not None
            return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return fold(text).encode()


def uuids(contacts: ContactSet, **query: Any) -> list[str | None]:
    order = contacts.query(**query)
    return [row[0] for row in contacts.window(order, 0, len(order), [Column("uuid", "")])]


def loaded(pages: list[list[dict[str, Any]]], contacts: ContactSet) -> list[dict[str, Any]]:
    contacts.clear()
    for items in pages:
        contacts.append(json.dumps({"items": items}).encode())
    expected = newest(pages)
    assert len(contacts) == len(expected)
    return expected


relaxed = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
