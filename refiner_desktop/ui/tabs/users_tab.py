"""The Identify & Track tab: one user by form, one event by form, many by file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.listener_status import ListenerStatus
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.connection_status import ConnectionStatus
from refiner_desktop.services.problems import describe
from refiner_desktop.services.users.drafts import IdentifyDraft
from refiner_desktop.services.users.known_traits import known_account_traits, known_traits
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.styling import pages
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.tabs.users.bulk.bulk_page import BulkPage
from refiner_desktop.ui.tabs.users.bulk.run_work import RUN
from refiner_desktop.ui.tabs.users.draft_page import UserForms
from refiner_desktop.ui.tabs.users.identify_page import IdentifyPage
from refiner_desktop.ui.tabs.users.track_page import TrackPage
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import DeliveryRow, Verdict


class UsersTab(Tab):
    """Three pages, and under each answer the webhooks that it caused.

    Signals: `contact_wanted(user_id, email)` when a person wants to see a contact.
    """

    contact_wanted = Signal(str, str)

    def __init__(
        self,
        forms: UserForms,
        bulk: BulkService,
        contacts: ContactsService,
        deliveries: DeliveriesService,
        arrivals: Arrivals,
        listener: ListenerService,
        connection: ConnectionService,
    ) -> None:
        super().__init__("mdi6.account-edit")
        self._deliveries = deliveries
        self._contacts = contacts
        self.identify_page = IdentifyPage(forms, self.tasks)
        self.track_page = TrackPage(forms, self.tasks)
        self._forms = (self.identify_page, self.track_page)
        self.bulk_page = BulkPage(bulk, self.tasks)
        self._results = tuple(page.result for page in self._forms)
        self._sends: list[QAction] = []
        self._pages = pages("Ways to send users", "users.pages")
        self._pages.currentChanged.connect(self._offer_send)
        self._pages.addTab(_padded(self.identify_page), "Identify one user")
        self._pages.addTab(_padded(self.track_page), "Track one event")
        self._pages.addTab(_padded(self.bulk_page), "Many from a file")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.addWidget(self._pages)
        for page in (self.identify_page, self.track_page, self.bulk_page):
            page.announced.connect(self.announced)
        self.bulk_page.contact_wanted.connect(self.contact_wanted)
        self.bulk_page.form_wanted.connect(self._on_form_wanted)
        for form in self._forms:
            form.contact_wanted.connect(self.contact_wanted)
            form.enter_environment(connection.environment.id)
        self.identify_page.sent.connect(self._on_identified)
        self.bulk_page.filed.connect(self.filed)
        self.bulk_page.offered.connect(self.offered)
        self.bulk_page.wanted.connect(partial(self._open, 2))
        arrivals.arrived.connect(self._on_arrived)
        listener.changed.connect(self._on_listener_changed)
        self._on_listener_changed(listener.status)
        forms.sends.troubled.connect(self._on_troubled)
        connection.switched.connect(self._on_switched)
        connection.changed.connect(self._on_connection_changed)
        self._project = connection.environment.project

    def register(self, registry: ActionRegistry) -> None:
        """Add the three pages."""
        for place, title in enumerate(("Identify a user", "Track an event", "Many from a file")):
            registry.add("Users", title, partial(self._open, place))
        for page in self._forms:
            send = self.button(f"{page.name}.send")
            title = send.text().replace("&", "")
            self._sends.append(
                registry.add("Users", title, page.send, "Ctrl+Return", within=page, button=send)
            )
        self._offer_send()

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name the calls that are under way."""
        sentences = {
            "identify": "An identify call is on its way; its answer will not be seen.",
            "track": "A track call is on its way; its answer will not be seen.",
            RUN: self.bulk_page.at_stake(),
        }
        return tuple(text for name, text in sentences.items() if self.tasks.running(name))

    async def put_away(self) -> None:
        for form in self._forms:
            await form.put_away()
        await self.bulk_page.put_away()

    def fill_identify(self, contact: dict[str, Any]) -> None:
        """Open the identify form with a contact's data in it."""
        self._open(0)
        attributes = contact.get("attributes")
        given = attributes if isinstance(attributes, dict) else {}
        self.identify_page.fill(*_user(contact), given)

    def fill_track(self, contact: dict[str, Any]) -> None:
        """Open the track form for a contact."""
        self._open(1)
        self.track_page.fill(*_user(contact))

    def take_contacts(self, path: Path, title: str) -> None:
        """Open the bulk page with contacts that another tab wrote to a file."""
        self._open(2)
        self.bulk_page.take_file(path, title)

    def _offer_send(self) -> None:
        """Let the keys send the page in front from the row of page titles, too."""
        bar, front = self._pages.tabBar(), self._pages.currentIndex()
        for place, send in enumerate(self._sends):
            if place == front:
                bar.addAction(send)
            else:
                bar.removeAction(send)

    def _open(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.wanted.emit()

    def _on_form_wanted(self, draft: IdentifyDraft) -> None:
        """Open the identify form with a row of a bulk run in it."""
        self._open(0)
        self.identify_page.replace(draft)

    def _on_identified(self, draft: IdentifyDraft) -> None:
        self.track_page.take_user(draft.user_id, draft.email)

    def _on_connection_changed(self, status: ConnectionStatus) -> None:
        """Show the runs of a project once it is known: an address of this session has none yet."""
        before, self._project = self._project, status.environment.project
        if self._project and not before:
            self.bulk_page.offer_unfinished()

    def _on_switched(self, environment: Environment) -> None:
        for form in self._forms:
            form.enter_environment(environment.id)
        self.bulk_page.leave_environment()
        self.bulk_page.offer_unfinished()

    def _on_arrived(self, rows: tuple[DeliveryRow, ...]) -> None:
        accepted = [row.id for row in rows if row.verdict is Verdict.ACCEPTED]
        if accepted and any(result.expects_deliveries for result in self._results):
            self.tasks.start(f"causes {accepted[0]}", self._show_causes(accepted))

    def _on_listener_changed(self, status: ListenerStatus) -> None:
        for result in self._results:
            result.show_listening(status.listening)

    def _on_troubled(self, error: Exception) -> None:
        self.warned.emit(describe(error))

    async def _offer_traits(self) -> None:
        columns = await self._contacts.columns() if self._contacts.count else ()
        self.identify_page.offer_traits(known_traits(columns), known_account_traits(columns))

    async def _show_causes(self, ids: list[int]) -> None:
        for delivery_id in ids:
            if delivery := await self._deliveries.get(delivery_id):
                for result in self._results:
                    result.show_delivery(delivery)

    # Reimplemented Qt methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tasks.start("known traits", self._offer_traits())


def _user(contact: dict[str, Any]) -> tuple[str, str]:
    return str(contact.get("remote_id") or ""), str(contact.get("email") or "")


def _padded(page: QWidget) -> QWidget:
    layout = page.layout()
    assert layout is not None
    layout.setContentsMargins(0, SPACE * 2, 0, 0)
    return page
