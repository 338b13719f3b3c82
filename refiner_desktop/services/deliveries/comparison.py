"""Two deliveries side by side: what they have in common in a sentence, and what differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from refiner_desktop.webhooks.content import unpacked
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.reading import Event, read


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as texts to compare."""

    title: str
    head: bytes
    """Request line and headers."""
    body: bytes
    """The body, unpacked if it was compressed."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two deliveries, the older one on the left."""

    sentence: str
    left: Side
    right: Side


def compare(one: Delivery, other: Delivery) -> Comparison:
    """Compare two deliveries; it takes a while for long bodies."""
    older, newer = sorted((one, other), key=lambda each: (each.received_at, each.id or 0))
    left, right = _side(older), _side(newer)
    apart = (newer.received_at - older.received_at).total_seconds()
    same = _in_common(older, newer, read(left.body), read(right.body))
    return Comparison(f"{same}, {_span(apart)} apart. {_heads(left, right)}", left, right)


def _side(delivery: Delivery) -> Side:
    lines = [f"{delivery.method} {delivery.path}"]
    lines += [f"{name}: {value}" for name, value in delivery.headers]
    title = f"#{delivery.id} · {delivery.gist.sentence or delivery.path}"
    head = "\n".join(lines).encode("utf-8", "surrogatepass")
    return Side(title, head, unpacked(delivery.headers, delivery.body))


def _in_common(one: Delivery, other: Delivery, first: Event, second: Event) -> str:
    if one.body == other.body:
        return "The same bytes"
    if first.repeat_key and first.repeat_key == second.repeat_key:
        return "The same event, told in other bytes"
    if first.response_uuid and first.response_uuid == second.response_uuid:
        return "Two events of one response"
    if first.person.uuid and first.person.uuid == second.person.uuid:
        return "Two events of one user"
    return "Two different events"


def _heads(left: Side, right: Side) -> str:
    first, second = left.head.splitlines(), right.head.splitlines()
    if first == second:
        return "Their headers are the same."
    counted, other = Counter(first), Counter(second)
    count = max((counted - other).total(), (other - counted).total())
    if not count:
        return "Their headers are the same in another order."
    return f"{count} of the header lines {'differs' if count == 1 else 'differ'}."


def _span(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"
