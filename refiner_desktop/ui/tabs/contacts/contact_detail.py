"""Everything about one contact, beside the table, and what can be done with those selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from refiner_desktop.ui.styling import button, label, pages
from refiner_desktop.ui.tabs.contacts.contact_text import first_of, name_of
from refiner_desktop.ui.tabs.contacts.contact_words import contacts as counted
from refiner_desktop.ui.tabs.contacts.fields_page import EMPTY, FieldsPage
from refiner_desktop.ui.tabs.contacts.raw_page import AskRaw, RawPage
from refiner_desktop.ui.tabs.contacts.responses_page import Ask, ResponsesPage
from refiner_desktop.ui.tabs.contacts.row_actions import RowActions, button_of
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import ROW_HEIGHT, SPACE, scaled
from refiner_desktop.ui.widgets.pressed_by_enter import ToolButton

NOBODY = "No contact chosen"
FILTERED = (
    "The filters hide this contact in the table. The buttons above need a row that is selected.",
    "Clear the filters and show its row",
)
NOT_LOADED = (
    "This contact is not among the loaded rows. The buttons above need a row that is selected.",
    "Load its row",
)
"""Why nothing can be done with a contact that is shown, and the way out."""
NARROWEST = 300


class ContactDetail(QWidget):
    """Name and address, fields, responses, JSON; its buttons act on all selected rows.

    `ask` reads the survey responses of a contact by its UUID, and `ask_raw` the contact itself.
    Signals: `announced(text)` when something was copied; `row_wanted()` to see the contact in the
    table, where its row is not; `left()` on Esc.
    """

    announced = Signal(str)
    row_wanted = Signal()
    left = Signal()

    def __init__(self, actions: RowActions, ask: Ask, ask_raw: AskRaw, tasks: TaskRunner) -> None:
        super().__init__()
        self.setObjectName("contacts.detail")
        self.setAccessibleName("Contact")
        self.setMinimumWidth(scaled(NARROWEST))
        self._contact: Mapping[str, Any] = {}
        self._selected = 0
        self._visit: tuple[str, int] | None = None
        self._title = label(NOBODY, "heading", elide=True)
        self._subtitle = label(role="muted", elide=True)
        self._fields = FieldsPage()
        self._responses = ResponsesPage(ask, tasks)
        self._raw = RawPage(ask_raw, tasks, EMPTY)
        self._identify = button_of(actions.identify, icon="mdi6.account-edit")
        self._track = button_of(actions.track, icon="mdi6.flag-plus")
        self._more = _more_button(actions)
        self._delete = button_of(actions.delete, "contacts.delete", role="danger")
        self._absence = label(role="muted", wrap=True)
        self._bring_button = button("", "contacts.bring", icon="mdi6.table-eye")
        self._bring_button.clicked.connect(self.row_wanted)
        self._lay_out()
        self._fields.copied.connect(self.announced)
        self._responses.copied.connect(self.announced)

    @property
    def uuid(self) -> str:
        """Which contact is shown, "" for none."""
        return first_of(self._contact, "uuid")

    @property
    def searched(self) -> tuple[QWidget, ...]:
        """The pages that have a search of their own on Ctrl+F."""
        return (self._fields, self._raw)

    @property
    def contact(self) -> Mapping[str, Any]:
        """The contact that is shown, empty for none."""
        return self._contact

    def show_contact(self, contact: Mapping[str, Any]) -> None:
        """Show one contact, a dict as in the API reference, section 5.1."""
        self._contact = contact
        self._turn_back(first_of(contact, "uuid"))
        self._show_absence("", "")
        self._fields.show_contact(contact)
        self._responses.show_contact(self.uuid)
        self._raw.show_contact(contact, self.uuid)
        self._show_head()

    def show_without_row(self, contact: Mapping[str, Any], *, filtered: bool) -> None:
        """Show a contact whose row is not in the table, and say what brings it there."""
        self.show_contact(contact)
        self._show_absence(*(FILTERED if filtered else NOT_LOADED))

    def begin_with_fields(self, contact: Mapping[str, Any]) -> None:
        """Let this contact be seen by its fields; the next one is shown on the page of before."""
        self._visit = (first_of(contact, "uuid"), self._parts.currentIndex())
        self._parts.setCurrentWidget(self._fields)

    def show_newer(self, contact: Mapping[str, Any]) -> None:
        """Show a newer version of a contact, if it is the one that is shown."""
        if self.uuid and self.uuid == first_of(contact, "uuid"):
            self.show_contact(contact)

    def show_selection(self, count: int) -> None:
        """Say how many contacts the buttons act on."""
        self._selected = count
        self._show_head()

    def clear(self) -> None:
        """Show that no contact is chosen."""
        self.show_contact({})

    def _turn_back(self, uuid: str) -> None:
        """Return from a visit to the fields, unless another page was chosen since."""
        if self._visit is None or uuid in ("", self._visit[0]):
            return
        if self._parts.currentWidget() is self._fields:
            self._parts.setCurrentIndex(self._visit[1])
        self._visit = None

    def _show_head(self) -> None:
        name = name_of(self._contact) if self._contact else NOBODY
        if self._selected > 1:
            self._title.setText(f"{counted(self._selected)} selected")
            self._subtitle.setText(f"Below: {name}" if self._contact else "")
        else:
            self._title.setText(name)
            known = (first_of(self._contact, key) for key in ("remote_id", "email", "uuid"))
            others = dict.fromkeys(each for each in known if each and each != name)
            self._subtitle.setText(" · ".join(list(others)[:2]))

    def _show_absence(self, why: str, way_out: str) -> None:
        self._absence.setText(why)
        self._absence.setVisible(bool(why))
        self._bring_button.setText(way_out)
        self._bring_button.setVisible(bool(way_out))

    def _lay_out(self) -> None:
        parts = pages("Parts of the contact", "contacts.detail.pages")
        parts.addTab(self._fields, "Fields")
        parts.addTab(self._responses, "Responses")
        parts.addTab(self._raw, "JSON")
        parts.setMinimumHeight(scaled(ROW_HEIGHT))  # short of room, these give way first
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(self._head())
        layout.addLayout(self._buttons())
        layout.addWidget(self._absence)
        layout.addWidget(self._bring_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_absence("", "")
        layout.addWidget(parts, 1)
        self.setTabOrder(self._delete, self._identify)
        self._parts = parts

    def enter_pages(self) -> None:
        """Bring the keyboard to the pages. As a focus proxy they would keep Tab off the buttons."""
        self._parts.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self) -> QGridLayout:
        """Name and address, and apart from all that does no harm, the way to delete."""
        lines = QGridLayout()
        lines.setSpacing(SPACE // 4)
        lines.setHorizontalSpacing(SPACE)
        lines.addWidget(self._title, 0, 0)
        lines.addWidget(self._delete, 0, 1)
        lines.addWidget(self._subtitle, 1, 0, 1, 2)  # a user id can be as long as a UUID
        lines.setColumnStretch(0, 1)
        return lines

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(SPACE // 2)
        line.addWidget(self._identify)
        line.addWidget(self._track)
        line.addWidget(self._more)
        line.addStretch(1)
        return line

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _more_button(actions: RowActions) -> QToolButton:
    made = ToolButton()
    made.setProperty("role", "menu")
    made.setText("More")
    made.setObjectName("contacts.more")
    made.setAccessibleName("More actions")
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setMenu(actions.menu(made, brief=True))
    return made
