"""Tells of what nobody foresaw, and opens the dialogs that help."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.problems import Problem, describe
from refiner_desktop.services.support.crash_reports import CrashReport
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.dialogs import ask
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.message_bar import MessageBar, Offer

if TYPE_CHECKING:
    from refiner_desktop.services.support.diagnostics import Fact
    from refiner_desktop.ui.support.diagnostics_dialog import DiagnosticsDialog

ENDED = "Refiner Desktop ended unexpectedly last time."
SAVED = (
    "Saved up to the last moments: settings, deliveries, calls, drafts, each row of a bulk run. "
    "Contacts have to be loaded again."
)
WRITTEN = "A report was written."
GOES_ON = f"The application goes on. {WRITTEN}"


class SupportDesk:
    """Belongs to the window: its messages, its dialogs, its tasks."""

    def __init__(
        self,
        window: QWidget,
        messages: MessageBar,
        tasks: TaskRunner,
        workbench: Workbench,
    ) -> None:
        self._window = window
        self._messages = messages
        self._tasks = tasks
        self._workbench = workbench

    def register(self, registry: ActionRegistry) -> None:
        """Add *Diagnostics* to the menus and the palette."""
        registry.add("Help", "Diagnostics…", self.open_diagnostics)

    def tell_of_end(self, report: CrashReport, *, whole: bool) -> None:
        """Say that the session before this one was cut off, and what of it is there.

        Without the last when the files are not `whole`: then another message tells of them.
        """
        problem = Problem(ENDED, SAVED if whole else WRITTEN, str(report.path))
        self._messages.show_warning(problem, offer=self._offer(report))

    def tell_of(self, error: BaseException, source: object = None) -> None:
        """Say what failed, once its report is written; it is written off this thread."""
        self._tasks.start(f"report {id(error)}", self._report(error, source))

    def open_diagnostics(self) -> None:
        """Open the dialog at once, and fill it when everything has been read."""
        from refiner_desktop.ui.support.diagnostics_dialog import DiagnosticsDialog

        dialog = DiagnosticsDialog(self._window, self._workbench.diagnostics.folder.root)
        self._tasks.start("diagnostics", self._show_diagnostics(dialog))

    async def _report(self, error: BaseException, source: object) -> None:
        problem = describe(error).masked(self._workbench.mask)
        try:
            report = await asyncio.to_thread(self._workbench.crash_reports.of_error, error)
        except OSError:  # no room for a report: the message is all the more needed
            self._messages.show_problem(problem, source)
            return
        told = Problem(problem.title, GOES_ON, f"{problem.detail}\n{report.path}")
        self._messages.show_problem(told, source, self._offer(report))

    def _offer(self, report: CrashReport) -> Offer:
        return Offer("Show report", partial(self._open_report, report))

    def _open_report(self, report: CrashReport) -> None:
        self._tasks.start("report", self._show_report(report))

    async def _show_report(self, report: CrashReport) -> None:
        from refiner_desktop.ui.support.report_dialog import ReportDialog

        await ask(ReportDialog(self._window, report))

    async def _show_diagnostics(self, dialog: DiagnosticsDialog) -> None:
        reading = asyncio.create_task(self._fill(dialog))
        try:
            await ask(dialog)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _fill(self, dialog: DiagnosticsDialog) -> None:
        try:
            dialog.show_findings(await self._workbench.diagnostics.read(_seen(self._window)))
        except Exception as exc:  # whoever needs help must not be left with an empty page
            dialog.show_failure(str(describe(exc).masked(self._workbench.mask)))


def _seen(window: QWidget) -> Iterator[Fact]:
    from refiner_desktop.services.support.diagnostics import Fact

    yield Fact("Versions", "Qt", qVersion())
    yield Fact("Window", "system", QGuiApplication.platformName())
    screen = window.screen()
    size = screen.size()
    yield Fact(
        "Window", "screen", f"{size.width()} x {size.height()} at {screen.devicePixelRatio():g} x"
    )
    yield Fact("Window", "size", f"{window.width()} x {window.height()}")
