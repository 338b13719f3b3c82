"""What a delivery tells: the answers with their questions, and the user they are from."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.answers import answered
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.reading import Event, Person

NOTHING = "It tells of no survey, segment or user. Payload and headers show what came."
NONE_CHOSEN = "Choose a delivery to see what it tells."


class Line(NamedTuple):
    """One line of what is told; `tip` says where it comes from."""

    title: str
    value: str
    tip: str = ""


class ToldPage(QWidget):
    """The user, with a way to the Contacts tab, above answers, tags and segments.

    Signals: `contact_wanted(user_id, email)`.
    """

    contact_wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._person = Person()
        self._who = label(role="muted", elide=True)
        self._who.setObjectName("webhooks.detail.user")
        self._show = button("Show in Contacts", "webhooks.detail.contact", icon="mdi6.account")
        self._lines = RecordTableModel[Line](
            (
                Column("Question or field", lambda line: line.title, tooltip=lambda line: line.tip),
                Column("Answer or value", lambda line: line.value),
            ),
            parent=self,
        )
        self._table = DataTable("webhooks.detail.told", "What the delivery tells", self._lines)
        self._table.setColumnWidth(0, scaled(210))
        self._table.horizontalHeader().setStretchLastSection(True)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(self._who, 1)
        top.addWidget(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(top)
        layout.addWidget(self._table, 1)
        self._show.clicked.connect(self._on_show_clicked)
        self.show_event(None)

    def show_event(self, event: Event | None) -> None:
        """Show what was read in a payload; None when no delivery is chosen."""
        self._person = event.person if event else Person()
        self._who.setText(_in_words(self._person) if event else "")
        known = bool(self._person.remote_id or self._person.email)
        self._show.setVisible(known)
        self._lines.set_rows(lines_of(event) if event else ())
        self._table.set_empty_text(NOTHING if event else NONE_CHOSEN)

    def _on_show_clicked(self) -> None:
        self.contact_wanted.emit(self._person.remote_id, self._person.email)


def lines_of(event: Event) -> list[Line]:
    """Return what a payload tells, answers first."""
    if event.kind is Kind.OTHER:
        return []
    lines = [
        Line(each.question, _answer(each.answer, each.meaning), each.identifier)
        for each in answered(event.answers)
    ]
    about = (
        Line("Survey", event.survey, event.survey_uuid),
        Line("Tags of the response", ", ".join(event.tags)),
        Line("Segments the user is in now", ", ".join(event.segments)),
    )
    return [*lines, *(line for line in about if line.value)]


def _answer(answer: str, meaning: str) -> str:
    return f"{answer}, {meaning}" if meaning else (answer or "(no answer)")


def _in_words(person: Person) -> str:
    known = (person.display_name, person.email, person.remote_id, person.uuid)
    return " · ".join(dict.fromkeys(filter(None, known))) or "No user"
