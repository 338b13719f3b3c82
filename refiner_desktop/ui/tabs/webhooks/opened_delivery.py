"""A delivery as it is looked at: unpacked and read, which takes a while for a large one."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.webhooks.content import unpacked
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.reading import Event, read


@dataclass(frozen=True, slots=True)
class OpenedDelivery:
    """`content` is what the body holds, which differs when it is compressed."""

    delivery: Delivery
    content: bytes
    event: Event


def opened(delivery: Delivery) -> OpenedDelivery:
    """Unpack and read a delivery; in a thread, for the window must not wait."""
    content = unpacked(delivery.headers, delivery.body)
    return OpenedDelivery(delivery, content, read(content))
