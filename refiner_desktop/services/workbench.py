"""All services together; what the window works with, and how they work with each other."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.masking import Mask
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.settings.paths import DataDir
from refiner_desktop.settings.secrets import SecretStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.database import Database

if TYPE_CHECKING:
    from refiner_desktop.services.bulk.service import BulkService
    from refiner_desktop.services.contacts.actions import ContactActions
    from refiner_desktop.services.contacts.contacts import ContactsService
    from refiner_desktop.services.contacts.handover import Handover
    from refiner_desktop.services.contacts.views import ContactViews
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
    from refiner_desktop.services.requests.console import ConsoleService
    from refiner_desktop.services.requests.service import RequestsService
    from refiner_desktop.services.support.diagnostics import Diagnostics
    from refiner_desktop.services.users.form_drafts import FormDrafts
    from refiner_desktop.services.users.sends import SendHistory
    from refiner_desktop.services.users.tracking import TrackingService
    from refiner_desktop.storage.deliveries import DeliveryStore
    from refiner_desktop.storage.environment_records import EnvironmentRecords
    from refiner_desktop.storage.exchanges import ExchangeStore

LATER = (
    "contacts", "contact_actions", "contact_views", "handover", "tracking", "sends", "form_drafts",
    "bulk", "console", "requests", "hooks", "deliveries", "listener", "dispatch", "tunnels",
    "replays", "forwards", "samples", "delivery_exports",
)  # fmt: skip

CLOSING = (
    "requests", "console", "forwards", "tunnels", "listener", "dispatch", "contacts", "handover",
    "connection",
)  # fmt: skip
"""What has something to put down, in the order in which it does."""


class Workbench:
    """Every service, imported and made when it is first asked for.

    The first window shows a connection and waits for nothing else; `open` makes the others.
    """

    def __init__(
        self,
        settings: SettingsStore,
        secrets: SecretStore,
        database: Database,
        folder: DataDir,
        mask: Mask,
        crash_reports: CrashReports,
    ) -> None:
        self.settings = settings
        self.mask = mask
        self.crash_reports = crash_reports
        self._secrets = secrets
        self._database = database
        self._folder = folder
        self._keys = Keys(secrets, mask)
        self.connection = ConnectionService(settings, self._keys)
        self.environments = EnvironmentsService(
            settings, self._keys, self.connection, lambda: self._records
        )

    def open(self) -> None:
        """Make what is not made yet. Takes long, and may be called in any thread."""
        for name in LATER:
            getattr(self, name)

    async def aclose(self) -> None:
        """Close what was made, and what others need last."""
        for service in (vars(self).get(name) for name in CLOSING):
            if service is not None:
                await service.aclose()

    # Contacts

    @cached_property
    def contacts(self) -> ContactsService:
        from refiner_desktop.services.contacts.contacts import ContactsService

        return ContactsService(self.connection)

    @cached_property
    def contact_actions(self) -> ContactActions:
        from refiner_desktop.services.contacts.actions import ContactActions

        return ContactActions(self.connection, self.contacts)

    @cached_property
    def contact_views(self) -> ContactViews:
        from refiner_desktop.services.contacts.views import ContactViews
        from refiner_desktop.storage.contact_views import ContactViewStore

        return ContactViews(ContactViewStore(self._database), self.connection)

    @cached_property
    def handover(self) -> Handover:
        from refiner_desktop.services.contacts.handover import Handover

        return Handover(self.contacts, self._folder.handover)

    # Identify & Track

    @cached_property
    def tracking(self) -> TrackingService:
        from refiner_desktop.services.users.tracking import TrackingService

        return TrackingService(self.connection, self.sends)

    @cached_property
    def sends(self) -> SendHistory:
        from refiner_desktop.services.users.sends import SendHistory
        from refiner_desktop.storage.sends import SendStore

        return SendHistory(self.connection, SendStore(self._database), self.mask)

    @cached_property
    def form_drafts(self) -> FormDrafts:
        from refiner_desktop.services.users.form_drafts import FormDrafts
        from refiner_desktop.storage.form_drafts import FormDraftStore

        return FormDrafts(FormDraftStore(self._database), self.mask)

    @cached_property
    def bulk(self) -> BulkService:
        from refiner_desktop.services.bulk.saved_mappings import SavedMappings
        from refiner_desktop.services.bulk.service import BulkService
        from refiner_desktop.storage.bulk import BulkJournal
        from refiner_desktop.storage.bulk_mappings import BulkMappingStore

        mappings = SavedMappings(BulkMappingStore(self._database), self.mask)
        journal = BulkJournal(self._database)
        return BulkService(
            self.connection, self.contacts, journal, mappings, self.mask, self._folder.handover
        )

    # API Console

    @cached_property
    def console(self) -> ConsoleService:
        from refiner_desktop.services.requests.console import ConsoleService
        from refiner_desktop.services.requests.history import ConsoleHistory

        history = ConsoleHistory(self.connection, self._exchanges, self.mask, self.settings)
        return ConsoleService(self.connection, history, self.settings)

    @cached_property
    def requests(self) -> RequestsService:
        from refiner_desktop.services.requests.known_ids import KnownIds
        from refiner_desktop.services.requests.saved import SavedRequests
        from refiner_desktop.services.requests.service import RequestsService
        from refiner_desktop.services.requests.tabs import RequestTabs
        from refiner_desktop.services.requests.variables import Variables
        from refiner_desktop.storage.request_tabs import RequestTabStore
        from refiner_desktop.storage.request_variables import RequestVariableStore

        return RequestsService(
            self.connection,
            RequestTabs(RequestTabStore(self._database), self.mask),
            SavedRequests(self._requests_folder, self.mask),
            Variables(RequestVariableStore(self._database), self.mask),
            KnownIds(self.connection, self.contacts),
            self.mask,
        )

    def _requests_folder(self) -> Path:
        chosen = self.settings.current.console.requests_folder
        return Path(chosen).expanduser() if chosen else self._folder.requests

    # Webhooks

    @cached_property
    def hooks(self) -> HooksService:
        from refiner_desktop.services.deliveries.hooks import HooksService

        return HooksService(self.settings, self._secrets)

    @cached_property
    def deliveries(self) -> DeliveriesService:
        from refiner_desktop.services.deliveries.deliveries import DeliveriesService

        deliveries = DeliveriesService(self._delivery_store, self.hooks, self.settings)

        def hide_other_projects(_: object = None) -> None:
            deliveries.hidden.hide(self.environments.other_projects)

        self.environments.changed.connect(hide_other_projects)
        self.connection.switched.connect(hide_other_projects)
        hide_other_projects()
        return deliveries

    @cached_property
    def arrivals(self) -> Arrivals:
        from refiner_desktop.services.deliveries.arrivals import Arrivals

        return Arrivals(self.deliveries)

    @cached_property
    def listener(self) -> ListenerService:
        from refiner_desktop.services.deliveries.listener import ListenerService

        return ListenerService(
            self._delivery_store, self.deliveries, self.arrivals, self.hooks, self.settings,
            self.mask,
        )  # fmt: skip

    @cached_property
    def dispatch(self) -> Dispatch:
        from refiner_desktop.services.deliveries.dispatch import Dispatch
        from refiner_desktop.storage.forwards import ForwardStore

        store = ForwardStore(self._database)
        return Dispatch(self.deliveries, self.listener, self.hooks, store, self.mask)

    @cached_property
    def tunnels(self) -> TunnelsService:
        from refiner_desktop.services.deliveries.tunnels import TunnelsService

        return TunnelsService(self.listener)

    @cached_property
    def replays(self) -> Replays:
        from refiner_desktop.services.deliveries.replays import Replays

        return Replays(self.dispatch)

    @cached_property
    def forwards(self) -> Forwards:
        from refiner_desktop.services.deliveries.forwards import Forwards

        return Forwards(self.dispatch, self.arrivals)

    @cached_property
    def samples(self) -> Samples:
        from refiner_desktop.services.deliveries.samples import Samples

        return Samples(self.connection, self.contacts, self.dispatch)

    @cached_property
    def delivery_exports(self) -> DeliveryExports:
        from refiner_desktop.services.deliveries.exports import DeliveryExports

        return DeliveryExports(self._delivery_store, self.mask)

    # Support

    @cached_property
    def diagnostics(self) -> Diagnostics:
        from refiner_desktop.services.support.diagnostics import Diagnostics

        return Diagnostics(
            self._folder,
            self._database,
            self._secrets,
            self.contacts,
            self.listener,
            self.crash_reports,
            self.mask,
        )

    # What several of them keep their things in

    @cached_property
    def _delivery_store(self) -> DeliveryStore:
        from refiner_desktop.storage.deliveries import DeliveryStore

        return DeliveryStore(self._database)

    @cached_property
    def _exchanges(self) -> ExchangeStore:
        from refiner_desktop.storage.exchanges import ExchangeStore

        return ExchangeStore(self._database)

    @cached_property
    def _records(self) -> EnvironmentRecords:
        from refiner_desktop.storage.environment_records import EnvironmentRecords

        return EnvironmentRecords(self._database, self._exchanges)
