"""From the command line to the end of the process.

Order of a start: options; QApplication; the event loop; `assemble()`; the window is shown; the rest
opens behind it. Order of an end: the window is closed; tabs stop their work; the listener, the
client and the file close; the loop ends; the process leaves with a status.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication  # before qasync, which would look for PyQt first
from qasync import QEventLoop

from refiner_desktop.app.building import Application, assemble
from refiner_desktop.app.instance import AlreadyRunning
from refiner_desktop.app.options import Options, parse
from refiner_desktop.app.unforeseen import unforeseen
from refiner_desktop.services.problems import describe
from refiner_desktop.settings.paths import DataDirUnusable
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.ui.main_window import MainWindow

DEMO_TOUR = Path("refiner-tour")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the application and return the status of the process."""
    try:
        wanted = parse(arguments)
        if wanted.desktop_entry:
            return _change_menu(wanted.desktop_entry)
        options = _for_this_screen(wanted)
        application = _application()
        with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
            return runner.run(_run(options))
    except (NoDisplay, DataDirUnusable, AlreadyRunning, StorageUnavailable) as exc:
        print(_sentence(exc), file=sys.stderr)
    except OSError as exc:
        where = f"{exc.strerror}: {exc.filename}. Choose another place."
        print(where if exc.filename else describe(exc), file=sys.stderr)
    return 1


def _change_menu(wish: Literal["install", "remove"]) -> int:
    from refiner_desktop.app import desktop_entry

    if not sys.platform.startswith("linux"):
        print(desktop_entry.ELSEWHERE, file=sys.stderr)
        return 1
    print(desktop_entry.change(wish))
    return 0


def _application() -> QApplication:
    application = QApplication([sys.argv[0]])
    qInstallMessageHandler(_log_of_qt)  # not before: Qt itself says best why it can't start
    application.setApplicationName("Refiner Desktop")
    application.setDesktopFileName("refiner-desktop")
    application.setQuitOnLastWindowClosed(False)  # the loop must outlive the window to clean up
    return application


def _log_of_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Write what Qt has to say into the log instead of the terminal."""
    grave = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    logging.getLogger("qt").log(logging.ERROR if grave else logging.INFO, "%s", text)


async def _run(options: Options) -> int:
    async with assemble(options) as application:
        application.window.show()
        with unforeseen(application.window.support.tell_of):
            if options.tour is not None:
                return await _tour(application, options.tour)
            await _until_closed(application.window)
    return 0


async def _tour(application: Application, folder: Path) -> int:
    from refiner_desktop.app.tour import Tour

    result = await Tour(application, folder).run()
    print(result.sentence)
    return 0 if result.passed else 1


async def _until_closed(window: MainWindow) -> None:
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    with _asked_to_end(closed):
        await closed.wait()


@contextmanager
def _asked_to_end(closed: asyncio.Event) -> Iterator[None]:
    """Let Ctrl+C and a polite kill close the window in good order."""
    loop = asyncio.get_running_loop()
    before = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(closed.set))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class NoDisplay(Exception):
    """There is no screen to open a window on."""


def _for_this_screen(options: Options) -> Options:
    """Let a demo become the tour where no window can be shown. Raises `NoDisplay`."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return options
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return options
    if not options.sandboxed:
        raise NoDisplay
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options.tour is not None:
        return options
    text = f"There is no display: the tour runs offscreen and writes to ./{DEMO_TOUR}."
    print(text, flush=True)
    return replace(options, tour=DEMO_TOUR)


def _sentence(error: Exception) -> str:
    match error:
        case NoDisplay():
            return (
                "There is no display to open a window on. "
                "Set DISPLAY or WAYLAND_DISPLAY, or see what it does with --tour DIR."
            )
        case AlreadyRunning():
            return (
                f"Refiner Desktop already runs on {error.folder} (process {error.process}). "
                "Go to its window, or start this one with another --data-dir."
            )
        case DataDirUnusable():
            return (
                f"The data directory {error.path} can't be written: {error.reason}. "
                "Change its permissions, or choose another one with --data-dir."
            )
        case _:
            return f"{describe(error)} {error}"
