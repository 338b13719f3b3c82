"""Makes the parts, opens them in order, and closes them in reverse."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from refiner_desktop import log
from refiner_desktop.app.collector import rare_rounds
from refiner_desktop.app.demo import DEMO, Demo
from refiner_desktop.app.instance import InstanceLock
from refiner_desktop.app.opening import Opening
from refiner_desktop.app.options import Options
from refiner_desktop.app.turns import short_turns
from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.saved_mappings import SavedMappings
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
from refiner_desktop.services.environments.keys import Keys, cleaned
from refiner_desktop.services.requests.console import ConsoleService
from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.services.requests.known_ids import KnownIds
from refiner_desktop.services.requests.saved import SavedRequests
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.services.requests.tabs import RequestTabs
from refiner_desktop.services.requests.variables import Variables
from refiner_desktop.services.users.form_drafts import FormDrafts
from refiner_desktop.services.users.sends import SendHistory
from refiner_desktop.services.users.tracking import TrackingService
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.keyring_store import KeyringStore
from refiner_desktop.settings.paths import DataDir, default_data_dir
from refiner_desktop.settings.secrets import MemoryStore, SecretStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_mappings import BulkMappingStore
from refiner_desktop.storage.contact_views import ContactViewStore
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.storage.environment_records import EnvironmentRecords
from refiner_desktop.storage.exchanges import ExchangeStore
from refiner_desktop.storage.form_drafts import FormDraftStore
from refiner_desktop.storage.forwards import ForwardStore
from refiner_desktop.storage.request_tabs import RequestTabStore
from refiner_desktop.storage.request_variables import RequestVariableStore
from refiner_desktop.storage.sends import SendStore
from refiner_desktop.ui.main_window import MainWindow
from refiner_desktop.ui.theme import ThemeFollower

KEY_VARIABLE = "REFINER_API_KEY"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Application:
    """A running application: its window, and its sandbox, which starts when it is wanted."""

    window: MainWindow
    demo: Demo


@asynccontextmanager
async def build(options: Options) -> AsyncIterator[MainWindow]:
    """Yield the main window, not shown yet; on leaving, close everything behind it.

    As `assemble`, for whoever needs the window alone.
    """
    async with assemble(options) as application:
        yield application.window


@asynccontextmanager
async def assemble(options: Options) -> AsyncIterator[Application]:
    """Yield the application, its window not shown yet; on leaving, close everything behind it.

    Needs a `QApplication` whose event loop is the running asyncio loop. What takes longer than a
    frame (sandbox, connection, listener, icons) begins once the window is on the screen, or at
    the next turn of the loop when a program never shows it. Raises `DataDirUnusable`,
    `AlreadyRunning` and `StorageUnavailable`.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(rare_rounds())
        stack.enter_context(short_turns())
        mask = Mask()
        folder = _data_dir(options, stack)
        settings, database = await _files(folder, stack, mask)
        workbench = await _workbench(options, folder, settings, database, mask)
        themes = ThemeFollower(_application())
        stack.callback(themes.take_off)
        window = MainWindow(workbench, themes)
        themes.follow()
        stack.callback(_delete, window)  # after the services: what closes still tells it so
        demo = Demo(workbench, options.listen or 0)
        stack.push_async_callback(demo.aclose)
        closing = (
            workbench.connection, workbench.handover, workbench.contacts, workbench.dispatch,
            workbench.deliveries, workbench.tunnels, workbench.forwards, workbench.console.history,
            workbench.requests,
        )  # fmt: skip
        for service in closing:
            stack.push_async_callback(service.aclose)
        stack.push_async_callback(window.aclose)
        window.connection_tab.sandbox_requested.connect(partial(_try_sandbox, window, demo))
        opening = Opening(window, workbench, settings, options)
        opening.report_damage(settings.moved_aside, database.moved_aside)
        window.tasks.start("opening", opening.run(demo), label="Starting")
        yield Application(window, demo)


async def _files(
    folder: DataDir, stack: AsyncExitStack, mask: Mask
) -> tuple[SettingsStore, Database]:
    folder.prepare()
    stack.callback(InstanceLock(folder.lock).release)
    stack.callback(log.tear_down, log.set_up(folder.logs, mask))
    database = await asyncio.to_thread(Database.open, folder.database)
    stack.callback(database.close)
    settings = SettingsStore(folder.settings)
    settings.current = settings.current.without_environment(DEMO)  # left by a crash: it is gone
    return settings, database


def _data_dir(options: Options, stack: AsyncExitStack) -> DataDir:
    if options.data_dir is not None:
        return DataDir(options.data_dir.resolve())
    if options.sandboxed:  # a demo leaves nothing behind and touches nothing of the person's own
        temporary = tempfile.TemporaryDirectory(prefix="refiner-desktop-demo-")
        return DataDir(Path(stack.enter_context(temporary)))
    return DataDir(default_data_dir())


async def _workbench(
    options: Options, folder: DataDir, settings: SettingsStore, database: Database, mask: Mask
) -> Workbench:
    secrets = _secrets(options, settings)
    keys = Keys(secrets, mask)
    connection = ConnectionService(settings, keys)
    if options.api_url:
        connection.use_url(options.api_url)
    if key := os.environ.get(KEY_VARIABLE, ""):
        connection.offer_key(cleaned(key))
    hooks, kept = HooksService(settings, secrets), DeliveryStore(database)
    deliveries = DeliveriesService(kept, hooks, settings, mask)
    dispatch = Dispatch(deliveries, hooks, ForwardStore(database))
    contacts = ContactsService(connection)
    exchanges = await asyncio.to_thread(ExchangeStore, database)
    history = ConsoleHistory(connection, exchanges, mask, settings)
    sends = SendHistory(connection, await asyncio.to_thread(SendStore, database), mask)
    journal = await asyncio.to_thread(BulkJournal, database)
    mappings = SavedMappings(BulkMappingStore(database), mask)
    environments = EnvironmentsService(
        settings, keys, connection, EnvironmentRecords(database, exchanges)
    )

    def hide_other_projects(_: object) -> None:
        deliveries.hide_projects(environments.other_projects)

    environments.changed.connect(hide_other_projects)
    connection.switched.connect(hide_other_projects)
    hide_other_projects(None)
    return Workbench(
        environments=environments,
        connection=connection,
        contacts=contacts,
        contact_actions=ContactActions(connection, contacts),
        handover=Handover(contacts, folder.handover),
        contact_views=ContactViews(ContactViewStore(database), connection),
        tracking=TrackingService(connection, sends),
        sends=sends,
        form_drafts=FormDrafts(FormDraftStore(database), mask),
        bulk=BulkService(connection, contacts, journal, mappings, mask),
        console=ConsoleService(connection, history, settings),
        requests=RequestsService(
            connection,
            RequestTabs(RequestTabStore(database), mask),
            SavedRequests(partial(_requests_folder, settings, folder), mask),
            Variables(RequestVariableStore(database), mask),
            KnownIds(connection, contacts),
            mask,
        ),
        deliveries=deliveries,
        hooks=hooks,
        tunnels=TunnelsService(deliveries),
        dispatch=dispatch,
        replays=Replays(dispatch),
        forwards=Forwards(dispatch),
        samples=Samples(connection, contacts, dispatch),
        delivery_exports=DeliveryExports(kept, mask),
        settings=settings,
        mask=mask,
    )


def _requests_folder(settings: SettingsStore, folder: DataDir) -> Path:
    chosen = settings.current.console.requests_folder
    return Path(chosen).expanduser() if chosen else folder.requests


def _secrets(options: Options, settings: SettingsStore) -> SecretStore:
    if options.sandboxed or options.secrets == "memory":
        return MemoryStore()
    return KeyringStore(agreed=settings.current.exposed_keyrings)


def _try_sandbox(window: MainWindow, demo: Demo) -> None:
    window.tasks.start("sandbox", demo.open(window), label="Starting the sandbox")


def _delete(window: MainWindow) -> None:
    """Delete the window now and on this thread; the collector might do so on another."""
    window.hide()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication), "make a QApplication first"
    return application
