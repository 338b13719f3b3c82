"""The deliveries: their list, the chosen one below it, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from refiner_desktop.services.deliveries.texts import TextFormat
from refiner_desktop.storage.forwards import Forward
from refiner_desktop.ui.styling import label, tool
from refiner_desktop.ui.tabs.webhooks.delivery_actions import DeliveryActions
from refiner_desktop.ui.tabs.webhooks.delivery_detail import DeliveryDetail
from refiner_desktop.ui.tabs.webhooks.delivery_feed import DeliveryFeed
from refiner_desktop.ui.tabs.webhooks.delivery_list import DeliveryList
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted, hidden_sentence
from refiner_desktop.ui.tabs.webhooks.delivery_work import DeliveryWork, targets_of
from refiner_desktop.ui.tabs.webhooks.export_work import ExportWork
from refiner_desktop.ui.tabs.webhooks.filter_bar import FilterBar
from refiner_desktop.ui.tabs.webhooks.services import WebhookServices
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE

SOON_MS = 150
"""What changes many times a second is looked at again this much later."""


class DeliveriesPage(QWidget):
    """Signals: `contact_wanted(user_id, email)`; `compared(comparison)` when two are to be seen
    side by side; `announced(text)`, `warned(problem)`.
    """

    contact_wanted = Signal(str, str)
    compared = Signal(object)
    announced = Signal(str)
    warned = Signal(object)

    def __init__(self, services: WebhookServices, tasks: TaskRunner) -> None:
        super().__init__()
        self._services = services
        self._deliveries = services.deliveries
        self._tasks = tasks
        self._sent: set[int] = set()
        self.actions_on = DeliveryActions(self)
        self.bar = FilterBar()
        self.listed = DeliveryList()
        self.detail = DeliveryDetail(self._more_button())
        self.work = DeliveryWork(self, self._deliveries, services.replays, services.forwards, tasks)
        self._feed = DeliveryFeed(self._deliveries, self.bar, self.listed, tasks)
        self._exporting = ExportWork(self, services.exports, tasks)
        self._found = label(role="muted")
        self._found.setObjectName("webhooks.found")
        self._hidden = label(role="muted", elide=True)
        self._hidden.setObjectName("webhooks.hidden")
        self._hidden.setVisible(False)
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

    def focus_list(self) -> None:
        """Bring the keyboard to the list."""
        self.listed.setFocus(Qt.FocusReason.OtherFocusReason)

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
        self.listed.addActions([actions.delete, actions.replay, actions.pin])
        foot = QHBoxLayout()
        foot.setSpacing(SPACE * 2)
        foot.addWidget(self._found)
        foot.addWidget(self._hidden, 1)
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
            part.announced.connect(self.announced)
            part.warned.connect(self.warned)
        deliveries = self._deliveries
        deliveries.withheld.connect(self._count_soon)
        deliveries.hiding_changed.connect(self._count_soon)
        deliveries.trimmed.connect(self._feed.read)
        self._counting.timeout.connect(lambda: self._tasks.start("hidden", self._count_hidden()))
        self._refreshing.timeout.connect(self._refresh_sent)

    def _connect_list(self) -> None:
        listed, detail = self.listed, self.detail
        listed.delivery_chosen.connect(self._on_chosen)
        listed.selection_changed.connect(self._follow_selection)
        listed.copy_requested.connect(
            lambda: self.work.copy_rows(listed.selected(), listed.as_text)
        )
        listed.menu_requested.connect(self._open_menu)
        listed.activated.connect(lambda _index: detail.setFocus(Qt.FocusReason.OtherFocusReason))
        self.bar.left_down.connect(self.focus_list)
        self._feed.changed.connect(self._on_list_changed)
        self._feed.read_anew.connect(self._count_soon)
        detail.replay_requested.connect(self.actions_on.replay.trigger)
        detail.edit_requested.connect(self.actions_on.edit.trigger)
        detail.retry_requested.connect(self.work.retry)
        detail.contact_wanted.connect(self.contact_wanted)

    def _connect_actions(self) -> None:
        actions, work, listed = self.actions_on, self.work, self.listed
        actions.replayed.connect(lambda: work.replay(listed.selected()))
        actions.edited.connect(self._edit)
        actions.compared.connect(lambda: work.compare(listed.selected()))
        actions.pinned.connect(lambda pinned: work.pin(listed.selected(), pinned))
        actions.deleted.connect(lambda: work.delete(listed.selected()))
        actions.copied.connect(self._copy)
        actions.same_user.connect(self._show_same_user)
        actions.exported.connect(lambda: self._exporting.begin(listed.rows.ids, listed.selected()))
        actions.cleared.connect(lambda: self._tasks.start("ask to clear", self._clear()))
        work.changed.connect(self._feed.refresh)
        work.removed.connect(self._on_removed)
        work.emptied.connect(self._feed.read)
        work.compared.connect(self.compared)

    # The list and the detail

    async def _show_delivery(self, delivery_id: int) -> None:
        delivery = await self._deliveries.get(delivery_id)
        if delivery is None:
            self._on_removed([delivery_id])
            return
        self.detail.show_delivery(delivery)
        await self._show_attempts(delivery_id)

    async def _show_attempts(self, delivery_id: int) -> None:
        self.detail.show_sent(await self._services.dispatch.attempts(delivery_id))

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
            self._tasks.start("attempts", self._show_attempts(shown.id))

    def _on_removed(self, ids: list[int]) -> None:
        self.listed.remove(ids)
        self._on_list_changed()

    def _on_list_changed(self) -> None:
        count = len(self.listed.rows.ids)
        self._found.setText(f"{counted(count)}{' found' if self._feed.filtered else ''}")
        self._follow_selection()

    def _count_soon(self) -> None:
        if not self._counting.isActive():
            self._counting.start()

    async def _count_hidden(self) -> None:
        count = await self._deliveries.count_hidden()
        self._hidden.setText(hidden_sentence(count))
        self._hidden.setVisible(count > 0)

    # What can be done

    def _follow_selection(self) -> None:
        chosen = self.listed.selected()
        rows = [row for each in chosen[:2] if (row := self.listed.rows.row(each))]
        pinned = bool(rows) and all(row.pinned for row in rows)
        has_user = len(rows) == 1 and bool(rows[0].gist.user)
        self.actions_on.follow(len(chosen), pinned=pinned, has_user=has_user)

    def _edit(self) -> None:
        if (delivery := self.detail.delivery) is not None:
            hooks = self._services.hooks.hooks
            self.work.edit(delivery, targets_of(hooks, self._deliveries.url, delivery))

    def _copy(self, form: TextFormat) -> None:
        if (delivery := self.detail.delivery) is not None:
            self.work.copy(delivery, form)

    def _show_same_user(self) -> None:
        chosen = self.listed.chosen
        if chosen is not None and (row := self.listed.rows.row(chosen)) is not None:
            self.bar.set_text(f'user:"{row.gist.user}"')

    async def _clear(self) -> None:
        self.work.clear(hidden_sentence(await self._deliveries.count_hidden()))

    def _open_menu(self, place: QPoint) -> None:
        menu = self.actions_on.row_menu(self.listed)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
