"""All services of one running application, as the window receives them."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk import BulkService
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.console import ConsoleService
from refiner_desktop.services.contact_actions import ContactActions
from refiner_desktop.services.contact_views import ContactViews
from refiner_desktop.services.contacts import ContactsService
from refiner_desktop.services.deliveries import DeliveriesService
from refiner_desktop.services.environments import EnvironmentsService
from refiner_desktop.services.tracking import TrackingService


@dataclass(frozen=True, slots=True)
class Workbench:
    """One service per room; they share the connection. `mask` knows what must not be shown."""

    environments: EnvironmentsService
    connection: ConnectionService
    contacts: ContactsService
    contact_actions: ContactActions
    contact_views: ContactViews
    tracking: TrackingService
    bulk: BulkService
    console: ConsoleService
    deliveries: DeliveriesService
    mask: Mask
