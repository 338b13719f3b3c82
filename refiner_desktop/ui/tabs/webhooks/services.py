"""What the Webhooks tab works with."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.dispatch import Dispatch
from refiner_desktop.services.deliveries.exports import DeliveryExports
from refiner_desktop.services.deliveries.forwards import Forwards
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.replays import Replays
from refiner_desktop.services.deliveries.samples import Samples
from refiner_desktop.services.deliveries.tunnels import TunnelsService


@dataclass(frozen=True, slots=True)
class WebhookServices:
    """One service for what comes in, and one for each way out."""

    deliveries: DeliveriesService
    arrivals: Arrivals
    listener: ListenerService
    hooks: HooksService
    tunnels: TunnelsService
    dispatch: Dispatch
    replays: Replays
    forwards: Forwards
    samples: Samples
    exports: DeliveryExports
