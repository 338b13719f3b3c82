"""The Identify page: create or update one user, with the JSON in sight before it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QStackedWidget, QWidget

from refiner_desktop.api.queries import RESERVED_TRAITS
from refiner_desktop.services.contacts.changes import Comparison, compare
from refiner_desktop.services.users.drafts import IdentifyDraft
from refiner_desktop.services.users.form_drafts import Draft, Form
from refiner_desktop.services.users.known_traits import Known
from refiner_desktop.services.users.pasted_traits import read_traits, read_user
from refiner_desktop.services.users.tracking import Sent
from refiner_desktop.services.users.traits import COMPUTED
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.users.comparison_view import ComparisonView
from refiner_desktop.ui.tabs.users.draft_page import DraftPage, UserForms, Wording, write
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.draft_form import TRAIT_TYPES, rows_of, traits_from, traits_of
from refiner_desktop.ui.widgets.headed import headed
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

WORDING = Wording(
    introduction="Creates the user, or updates the one that has this id or e-mail address.",
    action="Identify user",
    icon="mdi6.account-check",
    running="Identifying",
    done="The user is identified.",
    unknown="No answer came. The user may have been changed; sending it again does no harm.",
)
COMPARE = "compare"
_USER_FIELDS = ("user_id", "email")


class IdentifyPage(DraftPage):
    """A form for one user, its traits and its account."""

    def __init__(self, forms: UserForms, tasks: TaskRunner) -> None:
        super().__init__(Form.IDENTIFY, WORDING, forms, tasks)
        self._known: Known = {}
        self._known_of_accounts: Known = {}
        self._compared: tuple[str, str] | None = None
        self._comparison: Comparison | None = None
        self._traits = self._add_table("traits", "Traits (extra data about the user)")
        self._traits.read_pasted = self._read_user
        self.form.add_heading("Account", "Groups users, such as those of one company.")
        self._account_id = self.add_line("account_id", "Account id", "Your own id of the account")
        self._account_traits = self._add_table("account_traits", "Account traits")
        self._account_traits.read_pasted = self._read_account

    def draft(self) -> IdentifyDraft:
        return IdentifyDraft(
            user_id=self.user_id.text().strip(),
            email=self.email.text().strip(),
            traits=traits_of(self._traits),
            account_id=self._account_id.text().strip(),
            account_traits=traits_of(self._account_traits),
        )

    def show_draft(self, draft: Draft) -> None:
        assert isinstance(draft, IdentifyDraft)
        write(self.user_id, draft.user_id)
        write(self.email, draft.email)
        write(self._account_id, draft.account_id)
        for table, traits in (
            (self._traits, draft.traits),
            (self._account_traits, draft.account_traits),
        ):
            if traits_of(table) != traits:
                table.set_rows(rows_of(traits))

    def empty(self) -> IdentifyDraft:
        return IdentifyDraft()

    async def deliver(self, draft: Draft) -> Sent:
        assert isinstance(draft, IdentifyDraft)
        return await self.forms.tracking.identify(draft)

    def above(self) -> QWidget:
        """Return what will be sent, which makes room for what that would change."""
        self._changes = ComparisonView()
        self._above = QStackedWidget()
        self._above.addWidget(self.preview)
        self._above.addWidget(self._changes)
        compare = button("Compare", "identify.compare", icon="mdi6.compare-horizontal")
        compare.setToolTip("Reads the contact and shows what the call would change")
        compare.clicked.connect(self.compare)
        self._json_button = button("Show the JSON", "identify.json", role="quiet")
        self._json_button.clicked.connect(self._show_json)
        self._json_button.hide()
        heading = label("What will be sent", "heading")
        return headed(self._above, heading, self._json_button, compare)

    def commit(self) -> None:
        self._traits.commit()
        self._account_traits.commit()

    def fill(self, user_id: str, email: str, attributes: Mapping[str, object]) -> None:
        """Take over a contact's id, address and attributes, but not what Refiner computes.

        The account that was there belonged to someone else.
        """
        given = {k: v for k, v in attributes.items() if k not in RESERVED_TRAITS | COMPUTED}
        self.replace(IdentifyDraft(user_id, email, traits_from(given, self._known)))

    def offer_traits(self, known: Known, of_accounts: Known) -> None:
        """Complete keys from those that the loaded contacts and their accounts have."""
        self._known, self._known_of_accounts = known, of_accounts
        self._traits.set_known({key: kind.value for key, kind in known.items()})
        self._account_traits.set_known({key: kind.value for key, kind in of_accounts.items()})

    def compare(self) -> None:
        """Fetch the contact and show what the call would change."""
        self.commit()
        draft = self.draft()
        self.mark_all(draft)
        wrong = next((p for p in draft.problems() if p.field in _USER_FIELDS), None)
        if wrong is not None:
            self.form.focus(wrong.field)
        else:
            self.tasks.start(COMPARE, self._compare(draft), label="Reading the contact")

    def enter_environment(self, environment: str) -> None:
        self.tasks.cancel(COMPARE)
        self._show_json()
        super().enter_environment(environment)

    def on_changed(self, draft: Draft) -> None:
        """Show what would be sent now, and what that would change."""
        super().on_changed(draft)
        if self._comparison is None:
            return
        if self._compared == (draft.user_id, draft.email):
            self._comparison = compare(draft.payload(), self._comparison.contact)
            self._changes.show_comparison(self._comparison)
        else:
            self._comparison = None
            self._changes.show_outdated()

    async def _compare(self, draft: IdentifyDraft) -> None:
        self._changes.show_reading()
        self._above.setCurrentWidget(self._changes)
        self._json_button.show()
        try:
            self._comparison = await self.forms.tracking.compare(draft)
        except BaseException:
            self._show_json()
            raise
        self._compared = (draft.user_id, draft.email)
        self.on_changed(self.draft())

    async def _send(self, draft: Draft) -> None:
        await super()._send(draft)
        self._show_json()  # the contact is not any more what it was compared with

    def _show_json(self) -> None:
        self._comparison = None
        self._above.setCurrentWidget(self.preview)
        self._json_button.hide()

    def _read_user(self, text: str) -> list[KeyValue] | None:
        """Return what was pasted as rows; who the user is goes into the other fields."""
        draft = read_user(text, self._known, self._known_of_accounts)
        if draft is None:
            return None
        with self.unheard():  # one step with the rows that follow
            for edit, value in (
                (self.user_id, draft.user_id),
                (self.email, draft.email),
                (self._account_id, draft.account_id),
            ):
                edit.setText(value or edit.text())
            if draft.account_traits:
                self._account_traits.set_rows(rows_of(draft.account_traits))
        return rows_of(draft.traits)

    def _read_account(self, text: str) -> list[KeyValue] | None:
        traits = read_traits(text, self._known_of_accounts)
        return None if traits is None else rows_of(traits)

    def _add_table(self, field: str, title: str) -> KeyValueTable:
        table = KeyValueTable(f"identify.{field}", title, TRAIT_TYPES, arrangeable=True)
        table.fit_to_rows()
        table.edited.connect(self.on_edited)
        table.pasted.connect(self._on_pasted)
        self.follow(table)
        self.form.add(field, title, table)
        return table

    def _on_pasted(self, count: int) -> None:
        rows = "row was" if count == 1 else "rows were"
        self.announced.emit(f"{number(count)} {rows} filled from the clipboard.")
