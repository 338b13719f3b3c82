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
from refiner_desktop.services.environments.keys import cleaned
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.services.support.session import Session
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.keyring_store import KeyringStore
from refiner_desktop.settings.paths import DataDir, default_data_dir
from refiner_desktop.settings.secrets import MemoryStore, SecretStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.database import Database
from refiner_desktop.ui.main_window import MainWindow
from refiner_desktop.ui.theme_follower import ThemeFollower

KEY_VARIABLE = "REFINER_API_KEY"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Application:
    """A running application: its window, and its sandbox, which starts when it is wanted."""

    window: MainWindow
    demo: Demo


@asynccontextmanager
async def build(options: Options) -> AsyncIterator[MainWindow]:
    """Yield the main window, complete but not shown yet; on leaving, close everything behind it.

    As `assemble`, for whoever needs the window alone and can wait until all of it is there.
    """
    async with assemble(options) as application:
        application.window.furnish_at_once()
        yield application.window


@asynccontextmanager
async def assemble(options: Options) -> AsyncIterator[Application]:
    """Yield the application, its window not shown yet; on leaving, close everything behind it.

    Needs a `QApplication` whose event loop is the running asyncio loop. What takes longer than a
    frame (all tabs but the first, sandbox, connection, listener, icons) begins once the window is
    on the screen, or at the next turn of the loop when a program never shows it. Raises
    `DataDirUnusable`, `AlreadyRunning` and `StorageUnavailable`.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(rare_rounds())
        stack.enter_context(short_turns())
        mask = Mask()
        folder = _data_dir(options, stack)
        _hold(folder, stack, mask)
        reports = CrashReports(folder.crashes, folder.logs, mask)
        session = stack.enter_context(Session(reports))
        settings, database = await _files(folder, stack)
        workbench = _workbench(options, folder, settings, database, mask, reports)
        themes = ThemeFollower(_application(), settings.current.theme)
        stack.callback(themes.take_off)
        window = MainWindow(workbench, themes)
        themes.follow(window)
        stack.callback(_delete, window)  # after the services: what closes still tells it so
        demo = Demo(workbench, options.listen or 0)
        stack.push_async_callback(demo.aclose)
        stack.push_async_callback(workbench.aclose)
        stack.push_async_callback(window.aclose)
        window.connection_tab.sandbox_requested.connect(partial(_try_sandbox, window, demo))
        opening = Opening(window, workbench, settings, options)
        damaged = (settings.moved_aside, database.moved_aside)
        opening.report_damage(*damaged)
        if session.crash:
            window.support.tell_of_end(session.crash, whole=not any(damaged))
        window.tasks.start("opening", opening.run())
        yield Application(window, demo)


def _hold(folder: DataDir, stack: AsyncExitStack, mask: Mask) -> None:
    """Make the data directory ours, and write a log into it."""
    folder.prepare()
    stack.callback(InstanceLock(folder.lock).release)
    stack.callback(log.tear_down, log.set_up(folder.logs, mask))


async def _files(folder: DataDir, stack: AsyncExitStack) -> tuple[SettingsStore, Database]:
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


def _workbench(
    options: Options,
    folder: DataDir,
    settings: SettingsStore,
    database: Database,
    mask: Mask,
    reports: CrashReports,
) -> Workbench:
    secrets = _secrets(options, settings)
    workbench = Workbench(settings, secrets, database, folder, mask, reports)
    if options.api_url:
        workbench.connection.use_url(options.api_url)
    if key := os.environ.get(KEY_VARIABLE, ""):
        workbench.connection.offer_key(cleaned(key))
    return workbench


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
