"""The deliveries: their list, the chosen one below it, and what can be done with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from refiner_desktop.services.deliveries.language import written
from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.storage.forwards import Forward
from refiner_desktop.ui.styling import label, tool
from refiner_desktop.ui.tabs.webhooks.delivery_actions import FEW, DeliveryActions
from refiner_desktop.ui.tabs.webhooks.delivery_detail import DeliveryDetail
from refiner_desktop.ui.tabs.webhooks.delivery_feed import DeliveryFeed
from refiner_desktop.ui.tabs.webhooks.delivery_list import DeliveryList
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted, found_sentence, hidden_sentence
from refiner_desktop.ui.tabs.webhooks.delivery_work import DeliveryWork
from refiner_desktop.ui.tabs.webhooks.export_work import ExportWork
from refiner_desktop.ui.tabs.webhooks.filter_bar import FilterBar
from refiner_desktop.ui.tabs.webhooks.opened_delivery import opened
from refiner_desktop.ui.tabs.webhooks.passing_row import PassingRow
from refiner_desktop.ui.tabs.webhooks.services import WebhookServices
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import Origin

SOON_MS = 150
"""What changes many times a second is looked at again this much later."""


class DeliveriesPage(QWidget):
    """Signals: `contact_wanted(user_id, email)`; `compared(comparison)` when two are to be seen
    side by side; `announced(text)`, `filed(text, path)`, `warned(problem)`,
    `settled(problem)`.
    """

    contact_wanted = Signal(str, str)
    compared = Signal(object)
    announced = Signal(str)
    filed = Signal(str, object)
    warned = Signal(object)
    settled = Signal(object)

    def __init__(self, services: WebhookServices, tasks: TaskRunner) -> None:
        super().__init__()
        self._services = services
        self._deliveries = services.deliveries
        self._tasks = tasks
        self._sent: set[int] = set()
        self._going = False
        self._wanted: int | None = None
        """Which delivery is to be chosen once the list is read."""
        self._total: int | None = None
        """How many there would be without the filter, once they are counted."""
        self.actions_on = DeliveryActions(self)
        self.bar = FilterBar()
        self.listed = DeliveryList()
        self._more = self._more_button()
        self.detail = DeliveryDetail(self._more)
        self.work = DeliveryWork(self, services, tasks)
        self._feed = DeliveryFeed(self._deliveries, services.arrivals, self.bar, self.listed, tasks)
        self._exporting = ExportWork(self, services.exports, tasks)
        self._found = label(role="muted")
        self._found.setObjectName("webhooks.found")
        self._hidden = label(role="muted", elide=True)
        self._hidden.setObjectName("webhooks.hidden")
        self._hidden.setVisible(False)
        self._passing = PassingRow()
        self._counting = QTimer(self, singleShot=True, interval=SOON_MS)
        self._refreshing = QTimer(self, singleShot=True, interval=SOON_MS)
        self._lay_out()
        self._connect()
        self._follow_selection()

    def read(self) -> None:
        """Read from the file what the filter finds."""
        self._feed.read()

    def toggle_follow(self) -> None:
        """Let the list follow what arrives, or pause."""
        self.bar.set_follows(not self.bar.follows)

    def show_newest_sample(self) -> None:
        """Choose the sample that arrived last, whatever the filter."""
        self._tasks.start("show a sample", self._show_newest_sample())

    def focus_list(self) -> None:
        """Bring the keyboard to the list."""
        self.listed.setFocus(Qt.FocusReason.TabFocusReason)

    def note_sent(self, sent: Forward) -> None:
        """Show in a moment what became of a delivery that was sent on or again."""
        self._sent.add(sent.delivery)
        if not self._refreshing.isActive():
            self._refreshing.start()

    def _more_button(self) -> QToolButton:
        more = tool("More", "webhooks.detail.more", "More about the delivery", role="menu")
        more.setMenu(self.actions_on.row_menu(more))
        return more

    def _lay_out(self) -> None:
        actions = self.actions_on
        self.bar.more.setMenu(actions.list_menu(self.bar.more))
        self.listed.addActions(actions.of_the_list)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE * 2)
        foot.addWidget(self._found)
        foot.addWidget(self._hidden)
        foot.addStretch(1)
        foot.addWidget(self._passing)
        self.upper = QWidget()
        column = QVBoxLayout(self.upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.bar)
        column.addWidget(self.listed, 1)
        column.addLayout(foot)
        splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        splitter.setObjectName("webhooks.split.detail")
        splitter.addWidget(self.upper)
        splitter.addWidget(self.detail)
        splitter.setSizes([300, 320])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self._connect_list()
        self._connect_actions()
        for part in (self.work, self._exporting):
            part.warned.connect(self.warned)
        self.work.announced.connect(self.announced)
        self._exporting.filed.connect(self.filed)
        self.work.settled.connect(self.settled)
        self._passing.drop_requested.connect(self.work.drop_waiting)
        self._passing.again_requested.connect(self.work.resend_failed)
        self._services.forwards.changed.connect(self._count_soon)
        deliveries = self._deliveries
        self._services.arrivals.withheld.connect(self._count_soon)
        deliveries.hidden.changed.connect(self._count_soon)
        deliveries.trimmed.connect(self._count_soon)
        self._counting.timeout.connect(lambda: self._tasks.start("count", self._count()))
        self._refreshing.timeout.connect(self._refresh_sent)

    def _connect_list(self) -> None:
        listed, detail = self.listed, self.detail
        listed.delivery_chosen.connect(self._on_chosen)
        listed.selection_changed.connect(self._follow_selection)
        listed.copy_requested.connect(
            lambda: self.work.copy_rows(listed.selected(), listed.as_text)
        )
        listed.menu_requested.connect(self._open_menu)
        listed.activated.connect(lambda _index: detail.enter_pages())
        detail.left.connect(self.focus_list)
        self.bar.left_down.connect(self._go_to_rows)
        self._feed.changed.connect(self._on_list_changed)
        self._feed.read_anew.connect(self._on_read_anew)
        detail.replay_requested.connect(self.actions_on.replay.trigger)
        detail.edit_requested.connect(self.actions_on.edit.trigger)
        detail.retry_requested.connect(self.work.retry)
        detail.contact_wanted.connect(self.contact_wanted)

    def _connect_actions(self) -> None:
        actions, work, listed = self.actions_on, self.work, self.listed
        actions.replayed.connect(lambda: work.replay(listed.selected()))
        actions.resent.connect(lambda: work.resend(listed.selected()))
        actions.edited.connect(lambda: self._with_chosen(work.edit))
        actions.compared.connect(lambda: work.compare(listed.selected()))
        actions.pinned.connect(lambda pinned: work.pin(listed.selected(), pinned))
        actions.deleted.connect(lambda: work.delete(listed.selected()))
        actions.copied.connect(
            lambda form: self._with_chosen(lambda chosen: work.copy(chosen, form))
        )
        actions.copied_with_token.connect(lambda: self._with_chosen(work.copy_with_token))
        actions.same_user.connect(self._show_same_user)
        actions.exported.connect(lambda: self._exporting.begin(listed.rows.ids, listed.selected()))
        actions.cleared.connect(self._clear)
        work.changed.connect(self._feed.refresh)
        work.dropped.connect(self._show_attempts_again)
        work.removed.connect(self._on_removed)
        work.compared.connect(self.compared)

    # The list and the detail

    async def _show_delivery(self, delivery_id: int) -> None:
        delivery = await self._deliveries.get(delivery_id)
        if delivery is None:
            self._on_removed([delivery_id])
            return
        self.detail.show_delivery(await asyncio.to_thread(opened, delivery))
        await self._show_attempts(delivery_id)

    async def _show_attempts(self, delivery_id: int) -> None:
        sent = await self._services.dispatch.attempts(delivery_id)
        rows = await self._deliveries.rows([delivery_id])
        self.detail.show_sent(sent, waits=any(row.waits for row in rows))

    async def _show_newest_sample(self) -> None:
        found = await self._deliveries.newest(Search(origins=frozenset({Origin.SAMPLE})), 1)
        if not found:
            return
        if not self.listed.choose(found[0].id):
            self._wanted = found[0].id
            self.bar.set_text("")
            self.bar.set_follows(True)
        self.focus_list()

    def _on_chosen(self, delivery_id: int | None) -> None:
        if delivery_id is None:
            self._tasks.cancel("detail")
            self.detail.clear()
        else:
            self._tasks.start("detail", self._show_delivery(delivery_id))

    def _refresh_sent(self) -> None:
        sent, self._sent = self._sent, set()
        self._feed.refresh(sorted(sent))
        shown = self.detail.delivery
        if shown is not None and shown.id in sent:
            self._show_attempts_again()

    def _show_attempts_again(self) -> None:
        shown = self.detail.delivery
        if shown is not None and shown.id is not None:
            self._tasks.start("attempts", self._show_attempts(shown.id))

    def _on_removed(self, ids: list[int]) -> None:
        self.listed.remove(ids)
        self._on_list_changed()

    def _on_list_changed(self) -> None:
        if self._feed.filtered:
            self._count_soon()
        self._say_found()
        self._follow_selection()

    def _say_found(self) -> None:
        count = len(self.listed.rows.ids)
        self._found.setText(found_sentence(count, self._total if self._feed.filtered else None))
        self.actions_on.offer_to_clear(count, filtered=self._feed.filtered)

    def _go_to_rows(self) -> None:
        """Bring the keyboard to what the filter finds, as soon as it is there."""
        self._going = self._feed.reading
        if not self._going:
            self.focus_list()

    def _on_read_anew(self) -> None:
        if self._wanted is not None:
            self.listed.choose(self._wanted)
            self._wanted = None
        self._count_soon()
        if self._going:
            self._going = False
            self.focus_list()

    def _count_soon(self) -> None:
        if not self._counting.isActive():
            self._counting.start()

    async def _count(self) -> None:
        """Count what the list does not show, and what is not passed on; say so."""
        hidden = await self._deliveries.count_hidden()
        self._hidden.setText(hidden_sentence(hidden))
        self._hidden.setVisible(hidden > 0)
        failed = await self._deliveries.count(Search(not_taken=True))
        self._passing.show_counts(self._services.forwards.waiting, failed)
        self._total = await self._deliveries.count() if self._feed.filtered else None
        self._say_found()

    # What can be done

    def _follow_selection(self) -> None:
        chosen, actions = self.listed.selected(), self.actions_on
        rows = [row for each in chosen[:FEW] if (row := self.listed.rows.row(each))]
        passing = {hook.name for hook in self._services.hooks.hooks if hook.forward_to}
        actions.follow(chosen, rows, passed=any(row.hook in passing for row in rows))
        self.detail.follow(actions.replay, actions.edit)
        self._more.setEnabled(bool(chosen))

    def _with_chosen(self, act: Callable[[int], None]) -> None:
        if self.listed.chosen is not None:
            act(self.listed.chosen)

    def _show_same_user(self) -> None:
        chosen = self.listed.chosen
        if chosen is not None and (row := self.listed.rows.row(chosen)) is not None:
            self.bar.set_text(written("user", row.gist.uuid or row.gist.user))

    def _clear(self) -> None:
        listed = len(self.listed.rows.ids)
        others = (self._total or listed) - listed
        filtered = f"{counted(others)} that the filter leaves out stay." if others > 0 else ""
        hidden = self._hidden.text() if not self._hidden.isHidden() else ""
        stay = f"{hidden} and stay." if hidden else ""
        self.work.clear(self.listed.rows.ids, (filtered, stay))

    def _open_menu(self, place: QPoint) -> None:
        menu = self.actions_on.row_menu(self.listed)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
