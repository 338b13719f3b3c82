"""The Identify & Track tab: one user by form, one event by form, many by file."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from refiner_desktop.services.bulk import BulkService
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.deliveries import DeliveriesService
from refiner_desktop.services.tracking import TrackingService
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.tabs.users.bulk_page import BulkPage
from refiner_desktop.ui.tabs.users.identify_page import IdentifyPage
from refiner_desktop.ui.tabs.users.track_page import TrackPage
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import DeliveryRow, Verdict


class UsersTab(Tab):
    """Three pages, and under each answer the webhooks that it caused."""

    def __init__(
        self,
        tracking: TrackingService,
        bulk: BulkService,
        deliveries: DeliveriesService,
        connection: ConnectionService,
    ) -> None:
        super().__init__("Identify && Track", "mdi6.account-edit")
        self._deliveries = deliveries
        self.identify_page = IdentifyPage(tracking, self.tasks)
        self.track_page = TrackPage(tracking, self.tasks)
        self.bulk_page = BulkPage(bulk, self.tasks)
        self._results = (self.identify_page.result, self.track_page.result)
        self._pages = QTabWidget()
        self._pages.addTab(_padded(self.identify_page), "Identify one user")
        self._pages.addTab(_padded(self.track_page), "Track one event")
        self._pages.addTab(_padded(self.bulk_page), "Many from a file")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.addWidget(self._pages)
        for page in (self.identify_page, self.track_page, self.bulk_page):
            page.announced.connect(self.announced)
        deliveries.arrived.connect(self._on_arrived)
        connection.switched.connect(self._on_switched)

    def register(self, registry: ActionRegistry) -> None:
        """Add the three pages."""
        for place, title in enumerate(("Identify a user", "Track an event", "Bulk from a file")):
            registry.add("Users", title, partial(self._open, place))

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name the calls that are under way."""
        sentences = {
            "identify": "An identify call is on its way; its answer will not be seen.",
            "track": "A track call is on its way; its answer will not be seen.",
            "bulk": "A bulk run is under way. It stops and can be taken up again later.",
        }
        return tuple(text for name, text in sentences.items() if self.tasks.running(name))

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

    def _open(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.wanted.emit()

    def _on_switched(self, _environment: Environment) -> None:
        for page in (self.identify_page, self.track_page, self.bulk_page):
            page.leave_environment()
        self.bulk_page.offer_unfinished()

    def _on_arrived(self, rows: tuple[DeliveryRow, ...]) -> None:
        accepted = [row.id for row in rows if row.verdict is Verdict.ACCEPTED]
        if accepted and any(result.expects_deliveries for result in self._results):
            self.tasks.start(f"causes {accepted[0]}", self._show_causes(accepted))

    async def _show_causes(self, ids: list[int]) -> None:
        for delivery_id in ids:
            if delivery := await self._deliveries.get(delivery_id):
                for result in self._results:
                    result.show_delivery(delivery)


def _user(contact: dict[str, Any]) -> tuple[str, str]:
    return str(contact.get("remote_id") or ""), str(contact.get("email") or "")


def _padded(page: QWidget) -> QWidget:
    page.layout().setContentsMargins(0, SPACE * 2, 0, 0)  # type: ignore[union-attr]
    return page
