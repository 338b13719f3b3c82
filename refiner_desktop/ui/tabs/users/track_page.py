"""The Track page: record one event for one user."""

from __future__ import annotations

from refiner_desktop.services.drafts import TrackDraft
from refiner_desktop.services.tracking import Sent, TrackingService
from refiner_desktop.ui.tabs.users.draft_page import DraftPage, Wording
from refiner_desktop.ui.task_runner import TaskRunner

WORDING = Wording(
    name="track",
    introduction="Records that the user did something. Refiner keeps the event's name only: "
    "an event has no attributes.",
    action="Track event",
    icon="mdi6.flag-checkered",
    running="Tracking the event",
    done="The event is tracked.",
)


class TrackPage(DraftPage):
    """A form for one event."""

    def __init__(self, tracking: TrackingService, tasks: TaskRunner) -> None:
        super().__init__(WORDING, tasks, self.draft, self.deliver)
        self._tracking = tracking
        self._event = self.add_line("event", "Event name", "For example: checkout_completed")

    def draft(self) -> TrackDraft:
        """Return what stands in the form."""
        return TrackDraft(
            user_id=self.user_id.text().strip(),
            email=self.email.text().strip(),
            event=self._event.text().strip(),
        )

    async def deliver(self) -> Sent:
        """Record the event."""
        return await self._tracking.track(self.draft())

    def fill(self, user_id: str, email: str) -> None:
        """Take over a contact's id and address."""
        self.user_id.setText(user_id)
        self.email.setText(email)
