"""The Webhooks tab: the listener, its hooks, and every delivery down to the bytes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout

from refiner_desktop.services.deliveries.comparison import Comparison
from refiner_desktop.services.problems import Problem
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.forwards import Forward
from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.focus import FocusHeir, reach
from refiner_desktop.ui.notifier import Notifier
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.tabs.webhooks.compare_page import ComparePage
from refiner_desktop.ui.tabs.webhooks.deliveries_page import DeliveriesPage
from refiner_desktop.ui.tabs.webhooks.delivery_actions import MENU
from refiner_desktop.ui.tabs.webhooks.export_work import EXPORT
from refiner_desktop.ui.tabs.webhooks.forward_health import ForwardHealth
from refiner_desktop.ui.tabs.webhooks.hook_panel import HookPanel, HookView
from refiner_desktop.ui.tabs.webhooks.hook_work import HookWork
from refiner_desktop.ui.tabs.webhooks.listener_row import ListenerRow
from refiner_desktop.ui.tabs.webhooks.listener_work import ListenerWork
from refiner_desktop.ui.tabs.webhooks.news import News
from refiner_desktop.ui.tabs.webhooks.reach_page import ReachPage
from refiner_desktop.ui.tabs.webhooks.reach_work import ReachWork
from refiner_desktop.ui.tabs.webhooks.samples_dialog import SamplesDialog
from refiner_desktop.ui.tabs.webhooks.services import WebhookServices
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import TextPane
from refiner_desktop.webhooks.hooks import Hook


class WebhooksTab(Tab):
    """The listener above, its hooks on the left, and what arrives beside them, newest on top.

    Signals: `contact_wanted(user_id, email)` when a person wants to see a contact.
    """

    contact_wanted = Signal(str, str)

    def __init__(self, services: WebhookServices) -> None:
        super().__init__("mdi6.webhook")
        self._services = services
        self._health = ForwardHealth()
        self._unpassed: dict[str, Problem] = {}
        """What was said of receivers that fail, by their address."""
        self._samples: SamplesDialog | None = None
        self._make()
        self._lay_out()
        self._connect()
        self._show_hooks()

    def register(self, registry: ActionRegistry) -> None:
        """Add the listener, its hooks, and what can be done with deliveries."""
        add = partial(registry.add, MENU)
        start, stop = self.button("webhooks.start"), self.button("webhooks.stop")
        idle, listening = needs(start, "The listener listens."), needs(stop, "Start it first.")
        add("Start the listener", self._listening.start, obstacle=idle, button=start)
        add("Stop the listener", self._listening.stop, obstacle=listening, button=stop)
        add("Test the listener", self._listening.test, obstacle=listening)
        add("Settings of the listener…", self._listening.edit_settings)
        add("Public URL", self._open_public)
        registry.separate(MENU)
        self._register_hooks(registry)
        registry.separate(MENU)
        add("Follow deliveries, or pause", self._page.toggle_follow)
        find = registry.add(
            MENU, "Filter the deliveries", self._focus_filter, "Ctrl+F", within=self._page.upper
        )
        reach(find, self, self.findChildren(TextPane))
        self._page.actions_on.register(registry, self._page.listed)

    def _register_hooks(self, registry: ActionRegistry) -> None:
        hooks = self._hooks
        for title, run in (
            ("Add a hook…", self._hook_work.add),
            ("Edit the hook…", hooks.edit_chosen),
            ("Remove the hook…", hooks.remove_chosen),
            ("Copy the hook's URL", hooks.copy_url),
            ("Copy the hook's token", hooks.copy_token),
            ("Set up in Refiner", self._open_setup),
        ):
            registry.add(MENU, title, run)
        sample = self.button("webhooks.sample")
        # Not Ctrl+Shift+S, which in the console saves under another name.
        registry.add(MENU, "Send a sample…", self._open_samples, "Ctrl+Shift+P", button=sample)

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name what ends with the application: the listener serves all environments."""
        if target is None and self.tasks.running(EXPORT):
            return ("An export is being written; its file will not be there.",)
        return ()

    def listen(self, port: int) -> None:
        """Listen on a port for this session, unless the person has been quicker."""
        self._listening.listen(port)

    def show_newest(self) -> None:
        """Read from the file what the filter finds."""
        self._page.read()

    # How it is made

    def _make(self) -> None:
        services, listener, notifier = self._services, self._services.listener, Notifier(self)
        self._row = ListenerRow(listener.port)
        self._hooks = HookPanel()
        self._page = DeliveriesPage(services, self.tasks)
        self._compare = ComparePage()
        self._reach = ReachPage()
        self._listening = ListenerWork(
            self, listener, services.deliveries, self._row, notifier, self.tasks
        )
        self._hook_work = HookWork(
            services.hooks, self._hooks, self._page.work.may_send, self.tasks
        )
        self._reaching = ReachWork(services.tunnels, listener, self._reach, self.tasks)
        self._news = News(self, services.arrivals, notifier)

    def _lay_out(self) -> None:
        self._places = QStackedWidget()
        for page in (self._page, self._compare, self._reach):
            self._places.addWidget(page)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.setObjectName("webhooks.split.hooks")
        splitter.addWidget(self._hooks)
        splitter.addWidget(self._places)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([264, 930])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._row)
        layout.addWidget(splitter, 1)
        FocusHeir(self, self._page.listed)
        self.entry = self._page.listed  # its first control would be the one that stops

    def _connect(self) -> None:
        page, services = self._page, self._services
        for announced in (
            page.announced, self._hook_work.announced, self._listening.announced,
            self._reaching.announced,
        ):  # fmt: skip
            announced.connect(self.announced)
        for part in (page, self._listening):
            part.warned.connect(self.warned)
            part.settled.connect(self.settled)
        page.filed.connect(self.filed)
        page.contact_wanted.connect(self.contact_wanted)
        page.compared.connect(self._show_comparison)
        self._connect_hooks()
        self._row.public_requested.connect(self._open_public)
        self._compare.closed.connect(self._back_to_list)
        self._reach.closed.connect(self._back_to_list)
        self._news.counted.connect(self.badged)
        self._news.wanted.connect(self.wanted)
        services.hooks.changed.connect(self._on_hooks_changed)
        services.tunnels.changed.connect(lambda _status: self._show_hooks())
        services.dispatch.sent.connect(self._on_sent)
        self._listening.moved.connect(self._on_listener_moved)
        self._reaching.moved.connect(self._show_hooks)

    def _connect_hooks(self) -> None:
        hooks = self._hooks
        hooks.setup_requested.connect(self._open_setup)
        hooks.sample_requested.connect(self._open_samples)
        hooks.hook_chosen.connect(self._show_setup)
        bar = self._page.bar
        hooks.only_requested.connect(bar.show_only)
        bar.changed.connect(lambda: hooks.follow_filter(bar.hook_terms))

    # Hooks, and where deliveries go on to

    def _show_hooks(self) -> None:
        hooks = self._services.hooks.hooks
        self._hooks.show_hooks([self._view(hook) for hook in hooks])
        self.tasks.start("known hooks", self._offer_hooks())
        self._show_setup()
        self._settle()

    async def _offer_hooks(self) -> None:
        self._page.bar.set_hooks(await self._services.deliveries.known_hooks())

    def _view(self, hook: Hook) -> HookView:
        public = self._services.tunnels.url(hook)
        failure = self._health.failure(hook.forward_to)
        url, lasting = self._services.listener.url(hook), self._services.hooks.tokens_last
        return HookView(hook, url, public, failure, lasting)

    def _show_setup(self) -> None:
        self._reach.setup.show_hook(self._hooks.chosen)

    def _on_hooks_changed(self) -> None:
        self._show_hooks()
        self._page.read()  # what bore another name bears the one of now

    def _on_listener_moved(self) -> None:
        self._show_hooks()
        if self._samples is not None:
            self._samples.show_listening(self._services.listener.status.listening)

    def _on_sent(self, sent: Forward) -> None:
        if self._health.note(sent):
            self._warn_of(sent.url)
        self._page.note_sent(sent)
        self._show_hooks()

    def _warn_of(self, url: str) -> None:
        hooks = self._services.hooks.hooks
        named = next((hook.name for hook in hooks if hook.forward_to == url), "Deliveries")
        advice = "They are kept here. Check that the receiver runs at the address in the panel."
        problem = Problem(f"{named} are not passed on.", advice, self._health.failure(url))
        self._unpassed[url] = problem
        self.warned.emit(problem)

    def _settle(self) -> None:
        """Take back what was said of receivers that work again, or that nothing goes to."""
        targets = {hook.forward_to for hook in self._services.hooks.hooks}
        for url in list(self._unpassed):
            if url not in targets or not self._health.failure(url):
                self.settled.emit(self._unpassed.pop(url))

    # Pages that take the place of the list

    def _show_comparison(self, comparison: Comparison) -> None:
        self._places.setCurrentWidget(self._compare)
        self._compare.compare(comparison)

    def _open_public(self) -> None:
        self._open_reach()
        self._reach.show_public()

    def _open_setup(self) -> None:
        self._open_reach()
        self._reach.show_setup()

    def _open_reach(self) -> None:
        self.wanted.emit()
        self._reaching.look()
        self._places.setCurrentWidget(self._reach)

    def _back_to_list(self) -> None:
        self._places.setCurrentWidget(self._page)
        self._page.focus_list()

    def _focus_filter(self) -> None:
        self.wanted.emit()
        self._places.setCurrentWidget(self._page)
        self._page.bar.focus()

    def _open_samples(self) -> None:
        self.wanted.emit()
        if self._samples is None:
            self._samples = SamplesDialog(self, self._services.samples, self.tasks)
            self._samples.seen_requested.connect(self._page.show_newest_sample)
        self._samples.show_listening(self._services.listener.status.listening)
        chosen = self._hooks.chosen
        self._samples.open_for(self._services.hooks.hooks, chosen.hook if chosen else None)
