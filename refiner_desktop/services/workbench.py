"""All services of one running application, as the window receives them."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.contacts.actions import ContactActions
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.handover import Handover
from refiner_desktop.services.contacts.views import ContactViews
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.dispatch import Dispatch
from refiner_desktop.services.deliveries.exports import DeliveryExports
from refiner_desktop.services.deliveries.forwards import Forwards
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.replays import Replays
from refiner_desktop.services.deliveries.samples import Samples
from refiner_desktop.services.deliveries.tunnels import TunnelsService
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.services.support.diagnostics import Diagnostics
from refiner_desktop.services.users.form_drafts import FormDrafts
from refiner_desktop.services.users.sends import SendHistory
from refiner_desktop.services.users.tracking import TrackingService
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
    crash_reports: CrashReports
    diagnostics: Diagnostics
    settings: SettingsStore
    mask: Mask
