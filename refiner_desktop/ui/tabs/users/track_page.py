"""The Track page: record one event for one user."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter

from refiner_desktop.services.users.drafts import TrackDraft
from refiner_desktop.services.users.form_drafts import Draft, Form
from refiner_desktop.services.users.tracking import Sent
from refiner_desktop.ui.tabs.users.draft_page import DraftPage, UserForms, Wording, write
from refiner_desktop.ui.task_runner import TaskRunner

WORDING = Wording(
    introduction="Records that the user did something. Refiner keeps the event's name only: "
    "an event has no attributes.",
    action="Track event",
    icon="mdi6.flag-checkered",
    running="Tracking the event",
    done="The event is tracked.",
    unknown="No answer came. The event may have been recorded, and it was not sent again: look "
    "at the user in Refiner before you send it once more.",
)


class TrackPage(DraftPage):
    """A form for one event, whose name completes from those that were tracked before."""

    def __init__(self, forms: UserForms, tasks: TaskRunner) -> None:
        super().__init__(Form.TRACK, WORDING, forms, tasks)
        self._event = self.add_line("event", "Event name", "For example: checkout_completed")
        self._events = QStringListModel(self)
        completer = QCompleter(self._events, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._event.setCompleter(completer)

    def draft(self) -> TrackDraft:
        return TrackDraft(
            user_id=self.user_id.text().strip(),
            email=self.email.text().strip(),
            event=self._event.text().strip(),
        )

    def show_draft(self, draft: Draft) -> None:
        assert isinstance(draft, TrackDraft)
        write(self.user_id, draft.user_id)
        write(self.email, draft.email)
        write(self._event, draft.event)

    def empty(self) -> TrackDraft:
        return TrackDraft()

    async def deliver(self, draft: Draft) -> Sent:
        assert isinstance(draft, TrackDraft)
        return await self.forms.tracking.track(draft)

    def fill(self, user_id: str, email: str) -> None:
        """Take over a contact's id and address."""
        self.replace(TrackDraft(user_id, email, self.draft().event))

    def take_user(self, user_id: str, email: str) -> None:
        """Take over a user who was just identified, unless somebody else stands in the form."""
        draft = self.draft()
        if not draft.user_id and not draft.email:
            self.replace(TrackDraft(user_id, email, draft.event))

    def offer_events(self, names: Sequence[str]) -> None:
        """Complete the event's name from these."""
        if self._events.stringList() != list(names):
            self._events.setStringList(list(names))

    async def _show_history(self) -> None:
        await super()._show_history()
        self.offer_events(await self.forms.sends.events())
