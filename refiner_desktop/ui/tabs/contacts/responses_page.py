"""The survey responses of one contact, asked for when they are looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.api.models import Response
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import shown
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.moments import exact
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.contacts.contact_fields import FieldGroup, FieldLine, answers_of
from refiner_desktop.ui.tabs.contacts.contact_text import text_of
from refiner_desktop.ui.tabs.contacts.field_table import FieldTable
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable

TASK = "responses"
NO_CONTACT = "Choose a contact in the table to see its survey responses."
WAITING = "Asking Refiner for the responses…"
FAILED = "The responses could not be read; the message above says why. Press Refresh to try again."
STOPPED = "Stopped. Press Refresh to ask for the responses again."
NOTHING = "This contact has seen no survey yet. Press Refresh to look again."
STATES = {
    "completed": "Completed",
    "partial": "Partial",
    "dismissed": "Dismissed",
    "seen": "Seen only",
}

WIDTHS = {1: 88, 2: 96}

ROWS_AT_ONCE = 6
MOST_FOR_LIST = 0.6
"""What the list takes of the height, above the answers to one of its rows."""

Ask = Callable[[str], Awaitable[Sequence[Response]]]


class ResponsesPage(QWidget):
    """Surveys that a contact has seen or answered, newest first, and the answers to one of them.

    `ask` gets a contact's UUID. Signals: `copied(text)`.
    """

    copied = Signal(str)

    def __init__(self, ask: Ask, tasks: TaskRunner) -> None:
        super().__init__()
        self._ask = ask
        self._tasks = tasks
        self._uuid = ""
        self._asked = False
        self._count = label(role="muted", elide=True)
        self._refresh_button = button(
            "Refresh", "contacts.responses.refresh", role="quiet", icon="mdi6.refresh"
        )
        self._refresh_button.setToolTip("Ask Refiner for the responses again")
        self._model = RecordTableModel[Response](COLUMNS, parent=self)
        self._table = DataTable("contacts.responses", "Survey responses", self._model)
        self._answers = FieldTable("contacts.responses.answers", "Answers", ("Question", "Answer"))
        self._parts = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._divided = False
        self._lay_out()
        self._refresh_button.clicked.connect(self.refresh)
        self._table.row_chosen.connect(self._show_answers)
        self._answers.copied.connect(self.copied)
        self.show_contact("")

    def show_contact(self, uuid: str) -> None:
        """Turn to a contact, or to none; its responses are asked for once the page is seen."""
        if uuid == self._uuid and self._asked:
            return
        self._tasks.cancel(TASK)
        self._uuid, self._asked = uuid, False
        self._show((), WAITING if uuid else NO_CONTACT)
        self._refresh_button.setEnabled(bool(uuid))
        if self.isVisible():
            self._ask_once()

    def refresh(self) -> None:
        """Ask for the responses, again if need be."""
        if self._uuid:
            self._asked = True
            self._tasks.start(TASK, self._load(self._uuid), label="Reading survey responses")

    def _ask_once(self) -> None:
        if not self._asked:
            self.refresh()

    async def _load(self, uuid: str) -> None:
        self._show((), WAITING)
        said = STOPPED
        try:
            responses = await self._ask(uuid)
        except Exception:
            said = FAILED
            raise
        else:
            said = NOTHING
            if uuid == self._uuid:
                self._show(responses, NOTHING)
        finally:
            if uuid == self._uuid:
                self._table.set_empty_text(said)

    def _show(self, responses: Sequence[Response], empty_text: str) -> None:
        self._table.set_empty_text(empty_text)
        self._model.set_rows(responses)
        self._count.setText(_count_sentence(responses))
        self._answers.setVisible(bool(responses))
        self._share_height()
        if responses:
            self._table.selectRow(0)

    def _show_answers(self, row: int) -> None:
        self._answers.show_groups(_groups_of(self._model.record(row)) if row >= 0 else ())

    def _lay_out(self) -> None:
        header = self._table.horizontalHeader()
        for place, width in WIDTHS.items():
            header.resizeSection(place, scaled(width))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._count, 1)
        line.addWidget(self._refresh_button)
        splitter = self._parts
        splitter.setObjectName("contacts.split.responses")
        splitter.addWidget(self._table)
        splitter.addWidget(self._answers)
        splitter.splitterMoved.connect(self._leave_to_person)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        layout.addWidget(splitter, 1)

    def _share_height(self) -> None:
        """Give the list the height of its rows, until a person divides the room."""
        if self._divided:
            return
        rows = min(self._model.rowCount(), ROWS_AT_ONCE)
        header = self._table.horizontalHeader().sizeHint().height()
        height = header + 2 * self._table.frameWidth()
        height += rows * self._table.verticalHeader().defaultSectionSize()
        room = self._parts.height() - self._parts.handleWidth()
        wanted = min(height, round(room * MOST_FOR_LIST))
        self._parts.setSizes([wanted, room - wanted])

    def _leave_to_person(self) -> None:
        self._divided = True

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_once()


def _count_sentence(responses: Sequence[Response]) -> str:
    if not responses:
        return ""
    answered = sum(bool(response.data) for response in responses)
    each = "response" if len(responses) == 1 else "responses"
    return f"{number(len(responses))} {each}, {number(answered)} with answers"


def _groups_of(response: Response) -> list[FieldGroup]:
    """Return the answers of a response, and what is known about it."""
    facts = {
        "completed_at": ("Completed", _utc(response.completed_at)),
        "dismissed_at": ("Dismissed", _utc(response.dismissed_at)),
        "first_shown_at": ("First shown", _utc(response.first_shown_at)),
        "last_shown_at": ("Last shown", _utc(response.last_shown_at)),
        "show_counter": ("Times shown", text_of(response.show_counter)),
        "tags": ("Tags", ", ".join(tag.name for tag in response.tags)),
        "form.uuid": ("Survey UUID", response.survey.uuid),
        "uuid": ("UUID", response.uuid),
    }
    lines = (FieldLine(title, value, path) for path, (title, value) in facts.items() if value)
    return [*answers_of(response.data), FieldGroup("Response", tuple(lines))]


def _moment_of(response: Response) -> datetime | None:
    """Return when the newest thing happened that the list is ordered by (section 4.15)."""
    return response.completed_at or response.last_data_reception_at or response.last_shown_at


def _utc(moment: datetime | None) -> str:
    """Return it as a file would have it; the table shows it by the person's clock."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def _exactly(response: Response) -> str:
    moment = _moment_of(response)
    return exact(moment) if moment else ""


def _day_of(response: Response) -> str:
    moment = _moment_of(response)
    return shown(moment.astimezone().date().isoformat(), "date") if moment else ""


COLUMNS = (
    Column[Response]("Survey", lambda response: response.survey.name or response.survey.uuid),
    Column[Response]("State", lambda response: STATES[response.state]),
    Column[Response]("When", _day_of, tooltip=_exactly),
)
