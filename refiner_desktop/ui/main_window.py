"""The frame: environment switcher, message bar, tabs, status bar, menus and palette."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.environments.connection_status import ConnectionStatus
from refiner_desktop.services.problems import Problem, describe, is_unforeseen
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui import furnishing
from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.announcing import CurrentRow
from refiner_desktop.ui.dialogs import confirm, open_folder
from refiner_desktop.ui.environment_actions import EnvironmentActions
from refiner_desktop.ui.icons import Icons
from refiner_desktop.ui.menus import add_menus, fill_menus
from refiner_desktop.ui.resources import logo
from refiner_desktop.ui.support.support_desk import SupportDesk
from refiner_desktop.ui.tab_row import TabRow
from refiner_desktop.ui.tabs.connection_tab import ConnectionTab
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme_actions import ThemeActions
from refiner_desktop.ui.theme_follower import ThemeFollower
from refiner_desktop.ui.widgets.environment_frame import BORDER, EnvironmentFrame
from refiner_desktop.ui.widgets.environment_switch import EnvironmentSwitch
from refiner_desktop.ui.widgets.message_bar import MessageBar, Offer
from refiner_desktop.ui.widgets.palette import CommandPalette
from refiner_desktop.ui.widgets.status_bar import StatusBar
from refiner_desktop.ui.widgets.window_header import WindowHeader
from refiner_desktop.ui.window_memory import WindowMemory

if TYPE_CHECKING:
    from refiner_desktop.services.deliveries.listener_status import ListenerStatus
    from refiner_desktop.ui.tabs.console_tab import ConsoleTab
    from refiner_desktop.ui.tabs.contacts_tab import ContactsTab
    from refiner_desktop.ui.tabs.users_tab import UsersTab
    from refiner_desktop.ui.tabs.webhooks_tab import WebhooksTab

TITLE = "Refiner Desktop"
SIZE = (1200, 780)
FRAME = QSize(16, 64)
"""What the system puts around a window; with it, the window has to be on the screen."""
SMALLEST = (1000, 640)
TABS = ("Connection", "Contacts", "Identify && Track", "API Console", "Webhooks")
MENUS = (
    "Go", "Environment", "Connection", "Contacts", "Selected contacts", "Users", "Console",
    "Webhooks", "Layout", "Application", "Help",
)  # fmt: skip
"""There from the first moment, so that nothing moves when the tabs fill them."""

_log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """The one window. It lets the tabs work and shows what they have to say.

    It begins with its first tab; `furnish` makes the others.

    Signals: `closed()` when the person closed it.
    """

    closed = Signal()
    contacts_tab: ContactsTab
    users_tab: UsersTab
    console_tab: ConsoleTab
    webhooks_tab: WebhooksTab

    def __init__(self, workbench: Workbench, themes: ThemeFollower) -> None:
        super().__init__()
        self._workbench = workbench
        self.themes = themes
        self._painted = asyncio.Event()
        self.tasks = TaskRunner(self)
        self.registry = ActionRegistry(self)
        self.connection_tab = ConnectionTab(workbench.environments, workbench.connection)
        self.furnished = asyncio.Event()
        self._switch = EnvironmentSwitch(workbench.environments, workbench.connection)
        self._frame = EnvironmentFrame()
        self._room = QWidget()
        self.messages = MessageBar(self._frame, self._room)
        self.support = SupportDesk(
            self,
            self.messages,
            self.tasks,
            workbench,
        )
        self._header = WindowHeader(self._switch, self._room)
        self._tabs = TabRow(TABS)
        self._status = StatusBar(self._count_calls)
        self._palette = CommandPalette(self.registry, self)
        self._agreed_to_close = False
        CurrentRow(self)
        self._lay_out()
        self._layout_memory = WindowMemory(self, workbench.settings, self.tasks)
        self._layout_memory.take_up(self._tabs)
        self._register_actions()
        self._connect()

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs that are made, from left to right."""
        return self._tabs.made

    def furnish(self) -> Iterator[None]:
        """Make the tabs behind the first, in order, in steps that hold up the GUI for a moment."""
        yield from furnishing.imports()
        self.contacts_tab = furnishing.contacts_tab(self._workbench)
        yield
        self._tabs.put(self.contacts_tab)
        yield
        self.users_tab = furnishing.users_tab(self._workbench)
        yield
        self._tabs.put(self.users_tab)
        yield
        self.console_tab = furnishing.console_tab(self._workbench)
        yield
        self._tabs.put(self.console_tab)
        yield
        self.webhooks_tab = furnishing.webhooks_tab(self._workbench)
        yield
        self._tabs.put(self.webhooks_tab)
        yield
        self._finish_actions()
        self._connect_tabs()
        for tab in self.tabs[1:]:
            self._layout_memory.take_up(tab)
        self.furnished.set()

    def furnish_at_once(self) -> None:
        """Make all tabs before the window is shown."""
        self._workbench.open()
        for _ in self.furnish():
            pass

    def dress(self) -> None:
        """Put on the icons, now and after each change of theme."""
        self._put_on_icons()
        self.themes.changed.connect(self._put_on_icons)

    def _put_on_icons(self) -> None:
        Icons(self.themes.theme).dress(self)

    def open_tab(self, tab: Tab) -> None:
        """Bring a tab to the front, and the keyboard into it."""
        self._tabs.open_tab(tab)

    async def wait_for_paint(self, patience: float) -> None:
        """Return after the first paint, or after so many seconds without one."""
        try:
            async with asyncio.timeout(patience):
                await self._painted.wait()
        except TimeoutError:
            return

    async def aclose(self) -> None:
        """Put away what is kept, stop the work of all tabs and wait until it has ended."""
        putting_away = [tab.put_away() for tab in self.tabs]
        kept = await asyncio.gather(
            *putting_away, self._layout_memory.write(), return_exceptions=True
        )
        for error in filter(None, kept):
            _log.error("something is not there at the next start", exc_info=error)
        await asyncio.gather(*(runner.aclose() for runner in self._runners()))

    def _runners(self) -> list[TaskRunner]:
        return [self.tasks, *(tab.tasks for tab in self.tabs)]

    def _lay_out(self) -> None:
        self.setWindowTitle(TITLE)
        self.setWindowIcon(logo())
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize() - FRAME))
        self.setMinimumSize(*SMALLEST)
        self._tabs.put(self.connection_tab)
        layout = QVBoxLayout(self._frame)
        layout.setContentsMargins(BORDER, BORDER, BORDER, BORDER)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self._tabs, 1)
        self.setCentralWidget(self._frame)
        self.setStatusBar(self._status)

    def _register_actions(self) -> None:
        for place, title in enumerate(TABS):
            text = f"Show {title.replace('&&', 'and')}"
            self.registry.add("Go", text, partial(self._tabs.open, place), f"Alt+{place + 1}")
        self._environment_actions = EnvironmentActions(self.registry, self.connection_tab.switch_to)
        self.connection_tab.register(self.registry)
        add = partial(self.registry.add, "Application")
        add("Go to the menus", self._open_menus, "F10")
        self._search_action = add("Search actions", self._palette.pop_up, "Ctrl+K")
        said = needs(self.messages, "There is no message.")
        add("Go to the message", self.messages.enter, "F6", obstacle=said)
        add("Dismiss message", self.messages.dismiss, obstacle=said)
        working = needs(self._status.cancel_button, "Nothing is running.")
        add("Cancel running work", self._status.cancel_all, obstacle=working)
        ThemeActions(self.registry, self.themes, self._workbench.settings, self.tasks)
        add("Quit", self.close, "Ctrl+Q")
        self.support.register(self.registry)
        self._menus = add_menus(self.menuBar(), MENUS)

    def _finish_actions(self) -> None:
        for tab in self.tabs[1:]:
            tab.register(self.registry)
        from refiner_desktop.ui.layout_keys import LayoutKeys
        from refiner_desktop.ui.shortcuts.memory import ActionMemory
        from refiner_desktop.ui.shortcuts.sheet import ShortcutSheet

        LayoutKeys(self.registry, self)
        self._shortcuts = ShortcutSheet(self.registry, self)
        self.registry.add("Application", "Shortcuts", self._shortcuts.open_sheet, "F1")
        fill_menus(self._menus, self.registry)
        self._memory = ActionMemory(
            self.registry, self._palette, self._workbench.settings, self.tasks
        )

    def _open_menus(self) -> None:
        bar = self.menuBar()
        bar.setActiveAction(bar.actions()[0])

    def _connect(self) -> None:
        self._header.search.clicked.connect(self._palette.pop_up)
        self._search_action.changed.connect(self._name_search)
        self._name_search()
        self.registry.refused.connect(self._on_refused)
        self._tabs.currentChanged.connect(self.messages.end_news)
        self._switch.chosen.connect(self.connection_tab.switch_to)
        self._switch.add_requested.connect(self.connection_tab.begin_new)
        self.connection_tab.leaving.connect(self._on_leaving)
        self._workbench.environments.changed.connect(self._environment_actions.show_environments)
        self._environment_actions.show_environments(self._workbench.environments.all)
        self._workbench.connection.changed.connect(self._on_connection_changed)
        self._on_connection_changed(self._workbench.connection.status)
        self._status.watch(self.tasks)
        self.tasks.failed.connect(partial(self._on_failed, self.tasks))
        self._watch(self.connection_tab)

    def _connect_tabs(self) -> None:
        self.contacts_tab.identify_requested.connect(self.users_tab.fill_identify)
        self.contacts_tab.track_requested.connect(self.users_tab.fill_track)
        self.contacts_tab.bulk_requested.connect(self.users_tab.take_contacts)
        self.users_tab.contact_wanted.connect(self.contacts_tab.show_user)
        self.webhooks_tab.contact_wanted.connect(self.contacts_tab.show_user)
        self.console_tab.recovered.connect(lambda: self.messages.forget([self.console_tab.tasks]))
        self.contacts_tab.console_requested.connect(self.console_tab.open_request)
        self._workbench.connection.switched.connect(self._on_switched)
        self._workbench.listener.changed.connect(self._on_listener_changed)
        self._on_listener_changed(self._workbench.listener.status)
        self._workbench.console.history.troubled.connect(self.show_error)
        for tab in self.tabs[1:]:
            self._watch(tab)

    def _watch(self, tab: Tab) -> None:
        tab.tasks.failed.connect(partial(self._on_failed, tab.tasks))
        self._status.watch(tab.tasks)
        tab.announced.connect(partial(self._on_announced, tab.tasks))
        tab.warned.connect(partial(self._on_warned, tab.tasks))
        tab.settled.connect(self.messages.take_back)
        tab.offered.connect(partial(self._on_offered, tab.tasks))
        tab.filed.connect(partial(self._on_filed, tab.tasks))
        tab.wanted.connect(partial(self._tabs.open_tab, tab))
        tab.badged.connect(partial(self._tabs.show_badge, tab))

    def _name_search(self) -> None:
        keys = self._search_action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._header.show_keys(keys)

    def _on_refused(self, sentence: str) -> None:
        self.messages.show_warning(Problem(sentence, ""))

    def _count_calls(self) -> tuple[int, int] | None:
        return self._workbench.connection.calls

    def show_error(self, error: BaseException, source: object = None) -> None:
        """Say in the message bar what went wrong; what nobody foresaw leaves a report."""
        if is_unforeseen(error):
            self.support.tell_of(error, source)
            return
        self.messages.show_problem(describe(error).masked(self._workbench.mask), source)

    def _on_failed(self, source: TaskRunner, error: Exception) -> None:
        self.show_error(error, source)

    def _on_warned(self, source: TaskRunner, problem: Problem) -> None:
        self.messages.show_warning(problem, source)

    def _on_offered(self, source: TaskRunner, problem: Problem, offer: Offer) -> None:
        self.messages.show_warning(problem, source, offer)

    def _on_filed(self, source: TaskRunner, text: str, path: Path) -> None:
        offer = Offer("Open folder", partial(open_folder, path.parent))
        self.messages.show_success(text, source, offer)

    def _on_announced(self, source: TaskRunner, text: str) -> None:
        self.messages.show_success(text, source)

    def _on_leaving(self, target: Environment, go_on: Callable[[], None]) -> None:
        again = target.id == self._workbench.connection.environment.id
        question = "Connect again?" if again else f"Switch to {target.name}?"
        if stakes := self._at_stake(target):
            self._ask(question, stakes, "Connect" if again else "Switch", go_on)
        else:
            go_on()

    def _at_stake(self, target: Environment | None) -> list[str]:
        return [sentence for tab in self.tabs for sentence in tab.at_stake(target)]

    def _ask(
        self, question: str, stakes: list[str], action: str, go_on: Callable[[], None]
    ) -> None:
        self.tasks.start("leave", self._ask_to_leave(question, stakes, action, go_on))

    async def _ask_to_leave(
        self, question: str, stakes: list[str], action: str, go_on: Callable[[], None]
    ) -> None:
        if await confirm(self, question, "\n".join(stakes), action):
            go_on()

    def _close_for_good(self) -> None:
        self._agreed_to_close = True
        self.close()

    def _on_connection_changed(self, status: ConnectionStatus) -> None:
        name = status.environment.name
        not_begun = self._workbench.environments.not_begun(status)
        self._frame.set_colour("" if not_begun else status.environment.colour)
        self.setWindowTitle(f"{name} - {TITLE}" if name else TITLE)
        self._status.show_calls()

    def _on_switched(self, _environment: Environment) -> None:
        """Take away what was said about the environment before; the listener serves them all."""
        runners = [tab.tasks for tab in self.tabs if tab is not self.webhooks_tab]
        self.messages.forget(runners)

    def _on_listener_changed(self, status: ListenerStatus) -> None:
        self._status.show_listener(status.sentence(number))

    # Reimplemented Qt methods

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted.is_set():  # the children paint in the same pass, after this
            QTimer.singleShot(0, self._painted.set)

    def closeEvent(self, event: QCloseEvent) -> None:
        stakes = [] if self._agreed_to_close else self._at_stake(None)
        if stakes:
            event.ignore()
            self._ask(f"Quit {TITLE}?", stakes, "Quit", self._close_for_good)
        else:
            self.connection_tab.take_back_key()
            super().closeEvent(event)
            self.closed.emit()
