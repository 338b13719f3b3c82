"""The request of the console: method, path, query, headers and body."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.api.catalogue import Endpoint
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.console.endpoint_completer import EndpointCompleter, path_of
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
AUTHORIZATION = "The Authorization header with this environment's key is added by itself."


class RequestEditor(QWidget):
    """Everything that a person may set; the path completes from the catalogue of endpoints.

    Signals: `send_requested()`, `cancel_requested()`.
    """

    send_requested = Signal()
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._make()
        self._lay_out()
        self._connect()
        self.show_sending(False)
        self._settled = self.request()

    @property
    def edited(self) -> bool:
        """Whether something stands here that was neither sent nor taken from the history."""
        return self.request() != self._settled

    def settle(self, request: CallRequest) -> None:
        """Note that this request is kept elsewhere: it may be replaced."""
        self._settled = request

    def request(self) -> CallRequest:
        """Return what stands in the editor."""
        self._query.commit()
        self._headers.commit()
        return CallRequest(
            method=self._method.currentText().strip().upper(),
            path=self._path.text().strip(),
            query=_pairs(self._query),
            headers=_pairs(self._headers),
            body=self._body.toPlainText().encode(),
        )

    def show_request(self, request: CallRequest) -> None:
        """Put a request into the editor, in place of what stood there."""
        self._method.setCurrentText(request.method)
        self._path.setText(request.path)
        self._query.set_rows([KeyValue(key, value=value) for key, value in request.query])
        self._headers.set_rows([KeyValue(key, value=value) for key, value in request.headers])
        self._body.setPlainText(request.body.decode(errors="replace"))
        self.settle(self.request())

    def show_sending(self, sending: bool) -> None:
        """Let *Cancel* take the place of *Send* while an answer is awaited."""
        self._send_button.setEnabled(not sending)
        self._cancel_button.setEnabled(sending)

    def focus_path(self) -> None:
        """Put the cursor into the path, all of it selected."""
        self._path.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._path.selectAll()

    def _make(self) -> None:
        self._method = QComboBox()
        self._method.setObjectName("console.method")
        self._method.setAccessibleName("Method")
        self._method.addItems(list(METHODS))
        self._path = QLineEdit(placeholderText="Path, such as contacts or forms?list=published")
        self._path.setObjectName("console.path")
        self._path.setAccessibleName("Path")
        self._completer = EndpointCompleter(self)
        self._path.setCompleter(self._completer)
        self._send_button = button("Send", "console.send", role="primary", icon="mdi6.send")
        self._send_button.setToolTip("Ctrl+Enter")
        self._cancel_button = button("Cancel", "console.cancel", icon="mdi6.close")
        self._query = KeyValueTable("console.query", "Query parameters")
        self._headers = KeyValueTable("console.headers", "Headers")
        self._body = QPlainTextEdit()
        self._body.setObjectName("console.body")
        self._body.setAccessibleName("Body")
        self._body.setPlaceholderText("The body, usually JSON")
        self._body.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._body.setTabChangesFocus(True)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._method)
        line.addWidget(self._path, 1)
        line.addWidget(self._send_button)
        line.addWidget(self._cancel_button)
        pages = QTabWidget()
        pages.addTab(self._query, "Query")
        pages.addTab(_with_note(self._headers, AUTHORIZATION), "Headers")
        pages.addTab(self._body, "Body")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        layout.addWidget(pages, 1)

    def _connect(self) -> None:
        self._completer.chosen.connect(self._show_endpoint)
        self._path.returnPressed.connect(self._on_return_pressed)
        self._send_button.clicked.connect(self.send_requested)
        self._cancel_button.clicked.connect(self.cancel_requested)

    def _show_endpoint(self, endpoint: Endpoint) -> None:
        self._method.setCurrentText(endpoint.method)
        self._path.setText(path_of(endpoint))
        self._query.set_rows(_example_query(endpoint))
        example = msgspec.json.encode(endpoint.example) if endpoint.example else b""
        self._body.setPlainText(msgspec.json.format(example, indent=2).decode() if example else "")

    def _on_return_pressed(self) -> None:
        if not self._completer.choosing:
            self.send_requested.emit()

    # Reimplemented Qt methods

    def sizeHint(self) -> QSize:
        return QSize(600, 240)


def _pairs(table: KeyValueTable) -> tuple[tuple[str, str], ...]:
    return tuple((row.key, row.value) for row in table.rows())


def _example_query(endpoint: Endpoint) -> list[KeyValue]:
    """Return the parameters that a GET or DELETE needs, for the person to fill in."""
    if endpoint.method == "POST":
        return []
    return [KeyValue(p.query_name, value=p.default) for p in endpoint.parameters if p.required]


def _with_note(table: KeyValueTable, note: str) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, SPACE // 2, 0, 0)
    layout.addWidget(label(note, "muted", wrap=True))
    layout.addWidget(table, 1)
    return page
