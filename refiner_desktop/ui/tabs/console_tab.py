"""The API Console tab: any call, its answer, and every call made before."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.console import ConsoleService
from refiner_desktop.services.guard import Danger
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.exchanges import ExchangeRecord, ExchangeRow
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.dialogs import confirm, confirm_danger
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.tabs.console.answer_view import AnswerView
from refiner_desktop.ui.tabs.console.request_editor import RequestEditor
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable

SHOWN_HISTORY = 500

COLUMNS = (
    Column[ExchangeRow]("Time", lambda row: row.sent_at.astimezone().strftime("%H:%M:%S")),
    Column[ExchangeRow]("Call", lambda row: f"{row.method} {row.path}"),
    Column[ExchangeRow]("Status", lambda row: str(row.status or row.state.value)),
)


UNSENT = "your unsent request stays; double-click to edit this one in its place"
REPLACE = "Replace the request in the console?"
WHAT_GOES = "What you typed there was not sent yet and will be gone."


class ConsoleTab(Tab):
    """Sends one request at a time; what is chosen in the history is shown again.

    A click never costs a request that was typed and not sent yet; a double click or Enter asks
    for the old one in its place. When another environment takes over, the request stays: nothing
    else does.
    """

    def __init__(self, console: ConsoleService) -> None:
        super().__init__("API Console", "mdi6.console-line")
        self._console = console
        self._editor = RequestEditor()
        self._answer = AnswerView()
        self._history = RecordTableModel[ExchangeRow](COLUMNS, limit=SHOWN_HISTORY, parent=self)
        self._history_table = DataTable("console.history", "History", self._history)
        self._history_table.set_empty_text("Every call you make is kept here.")
        self._calling = False
        self._lay_out()
        self._connect()

    def register(self, registry: ActionRegistry) -> None:
        """Add sending, cancelling and going to the path."""
        registry.add("Console", "Send the request", self.send, "Ctrl+Return", within=self)
        registry.add("Console", "Cancel the request", self.cancel, "Esc", within=self)
        registry.add("Console", "Go to the path", self._go_to_path, "Ctrl+L")

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name the call that is under way."""
        sentence = "A call of the console is on its way; its answer will not be seen."
        return (sentence,) if self._calling else ()

    def send(self) -> None:
        """Send what stands in the editor; a call that is still awaited is left alone."""
        if not self.tasks.running("send"):
            request = self._editor.request()
            if danger := self._console.danger(request):
                self.tasks.start("ask", self._ask_and_send(danger, request))
            else:
                self._start_sending(request)

    def open_request(self, request: CallRequest) -> None:
        """Put a request into the editor without sending it; one that was typed asks first."""
        self.tasks.start("open", self._open(request))

    def cancel(self) -> None:
        """Stop waiting for the answer."""
        self.tasks.cancel("send")

    def open_history(self) -> None:
        """Read the history from the file."""
        self.tasks.start("history", self._show_history())

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.addWidget(label("History", "heading"))
        column.addWidget(self._history_table, 1)
        header = self._history_table.horizontalHeader()
        for place, width in enumerate((80, 150, 60)):
            header.resizeSection(place, width)
        header.setStretchLastSection(True)
        calls = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        calls.addWidget(self._editor)
        calls.addWidget(self._answer)
        calls.setStretchFactor(1, 1)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(left)
        splitter.addWidget(calls)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 880])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self._editor.send_requested.connect(self.send)
        self._editor.cancel_requested.connect(self.cancel)
        self._history_table.clicked.connect(lambda index: self._on_clicked(index.row()))
        self._history_table.activated.connect(lambda index: self._on_activated(index.row()))
        self.tasks.changed.connect(self._show_busy)
        self._console.switched.connect(self._on_switched)

    def _start_sending(self, request: CallRequest) -> None:
        self.tasks.start("send", self._send(request), label=f"{request.method} {request.path}")

    async def _ask_and_send(self, danger: Danger, request: CallRequest) -> None:
        if await confirm_danger(self, danger):
            self._start_sending(request)

    async def _send(self, request: CallRequest) -> None:
        self._answer.show_waiting()
        self._calling = True
        try:
            answer = await self._console.send(request)
        except BaseException:
            self._answer.show_nothing("No answer. The call was cancelled or did not work.")
            raise
        finally:
            self._calling = False
            self.open_history()
        self._editor.settle(request)
        self._answer.show_answer(answer)

    async def _open(self, request: CallRequest) -> None:
        self.wanted.emit()
        if not self._editor.edited or await confirm(self, REPLACE, WHAT_GOES, "Replace"):
            self._editor.show_request(request)
            self._answer.clear()

    async def _show_history(self) -> None:
        self._history.set_rows(await self._console.history(SHOWN_HISTORY))

    async def _show_exchange(self, exchange_id: int) -> None:
        record = await self._console.exchange(exchange_id)
        if record is None:
            return
        unsent = self._editor.edited
        self._answer.show_record(record, UNSENT if unsent else "")
        if not unsent:
            self._editor.show_request(_request(record))

    async def _edit_exchange(self, exchange_id: int) -> None:
        if record := await self._console.exchange(exchange_id):
            self._editor.show_request(_request(record))
            self._answer.show_record(record)

    def _on_clicked(self, row: int) -> None:
        self.tasks.start("exchange", self._show_exchange(self._history.record(row).id))

    def _on_activated(self, row: int) -> None:
        # A name of its own: the click that ends a double click must not stop it.
        self.tasks.start("edit", self._edit_exchange(self._history.record(row).id))

    async def _start_over(self) -> None:
        self._answer.clear()
        await self._show_history()

    def _on_switched(self, _environment: Environment) -> None:
        self.tasks.cancel()
        self._history.set_rows(())
        self._answer.clear()
        # Under this name it waits until a call has ended, which says so in the answer's place.
        self.tasks.start("send", self._start_over())

    def _show_busy(self) -> None:
        self._editor.show_sending(self.tasks.running("send"))

    def _go_to_path(self) -> None:
        self.wanted.emit()
        self._editor.focus_path()


def _request(record: ExchangeRecord) -> CallRequest:
    return CallRequest(record.method, record.path, record.query, record.headers, record.body)
