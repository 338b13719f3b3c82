"""The Identify page: create or update one user, with the JSON in sight before it is sent."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from refiner_desktop.api.queries import RESERVED_TRAITS
from refiner_desktop.services.drafts import COMPUTED, IdentifyDraft
from refiner_desktop.services.tracking import Sent, TrackingService
from refiner_desktop.ui.styling import label, text_pane
from refiner_desktop.ui.tabs.users.draft_page import DraftPage, Wording
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.draft_form import TRAIT_TYPES, trait_rows, traits_of
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

WORDING = Wording(
    name="identify",
    introduction="Creates the user, or updates the one that has this id or e-mail address.",
    action="Identify user",
    icon="mdi6.account-check",
    running="Identifying",
    done="The user is identified.",
)
EMPTY = "Fill in the form to see what will be sent."


class IdentifyPage(DraftPage):
    """A form for one user, its traits and its account."""

    def __init__(self, tracking: TrackingService, tasks: TaskRunner) -> None:
        super().__init__(WORDING, tasks, self.draft, self.deliver)
        self._tracking = tracking
        self._traits = self._add_table("traits", "Traits (extra data about the user)")
        self._account_id = self.add_line(
            "account_id", "Account id (groups users)", "Your own id of the account"
        )
        self._account_traits = self._add_table("account_traits", "Account traits")
        self._preview = text_pane("identify.preview", "JSON that will be sent", EMPTY)
        self.right.insertWidget(0, label("What will be sent", "heading"))
        self.right.insertWidget(1, self._preview, 1)

    def draft(self) -> IdentifyDraft:
        """Return what stands in the form."""
        return IdentifyDraft(
            user_id=self.user_id.text().strip(),
            email=self.email.text().strip(),
            traits=traits_of(self._traits),
            account_id=self._account_id.text().strip(),
            account_traits=traits_of(self._account_traits),
        )

    async def deliver(self) -> Sent:
        """Create or update the user."""
        return await self._tracking.identify(self.draft())

    def fill(self, user_id: str, email: str, attributes: Mapping[str, object]) -> None:
        """Take over a contact's id, address and attributes, but not what Refiner computes.

        The account that was there belonged to someone else.
        """
        self.user_id.setText(user_id)
        self.email.setText(email)
        given = {k: v for k, v in attributes.items() if k not in RESERVED_TRAITS | COMPUTED}
        self._traits.set_rows(trait_rows(given))
        self._account_id.clear()
        self._account_traits.set_rows(())

    def send(self) -> None:
        """Send the form, with what is still being typed into a cell."""
        self._traits.commit()
        self._account_traits.commit()
        super().send()

    def on_edited(self) -> None:
        """Show what would be sent now, and mark what is wrong with it."""
        super().on_edited()
        payload = self.draft().payload()
        self._preview.view.set_json(msgspec.json.encode(payload) if payload else b"")

    def _add_table(self, field: str, title: str) -> KeyValueTable:
        table = KeyValueTable(f"identify.{field}", title, TRAIT_TYPES)
        table.fit_to_rows()
        table.edited.connect(self.on_edited)
        self.form.add(field, title, table)
        return table
