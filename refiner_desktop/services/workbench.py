"""All services of one running application, as the window receives them."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.console import ConsoleService
from refiner_desktop.services.contact_actions import ContactActions
from refiner_desktop.services.contact_views import ContactViews
from refiner_desktop.services.contacts import ContactsService
from refiner_desktop.services.deliveries import DeliveriesService
from refiner_desktop.services.delivery_exports import DeliveryExports
from refiner_desktop.services.dispatch import Dispatch
from refiner_desktop.services.environments import EnvironmentsService
from refiner_desktop.services.form_drafts import FormDrafts
from refiner_desktop.services.forwards import Forwards
from refiner_desktop.services.handover import Handover
from refiner_desktop.services.hooks import HooksService
from refiner_desktop.services.replays import Replays
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.services.samples import Samples
from refiner_desktop.services.sends import SendHistory
from refiner_desktop.services.tracking import TrackingService
from refiner_desktop.services.tunnels import TunnelsService
from refiner_desktop.settings.settings import SettingsStore


@dataclass(frozen=True, slots=True)
class Workbench:
    """One service per room; they share the connection. `mask` knows what must not be shown."""

    environments: EnvironmentsService
    connection: ConnectionService
    contacts: ContactsService
    contact_actions: ContactActions
    handover: Handover
    contact_views: ContactViews
    tracking: TrackingService
    sends: SendHistory
    form_drafts: FormDrafts
    bulk: BulkService
    console: ConsoleService
    requests: RequestsService
    deliveries: DeliveriesService
    hooks: HooksService
    tunnels: TunnelsService
    dispatch: Dispatch
    replays: Replays
    forwards: Forwards
    samples: Samples
    delivery_exports: DeliveryExports
    settings: SettingsStore
    mask: Mask
