"""The request of the console: method, path, query, headers, body and time-outs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.api.catalogue import find_endpoint
from refiner_desktop.api.endpoint import Endpoint
from refiner_desktop.services.requests.draft import EMPTY, BodyKind, RequestDraft, Row
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import (
    abbreviate,
    button,
    label,
    name_field,
    pages,
    put_in_corner,
    restyle,
)
from refiner_desktop.ui.tabs.console.body_page import BodyPage
from refiner_desktop.ui.tabs.console.headers_page import HeadersPage
from refiner_desktop.ui.tabs.console.parameter_table import Find
from refiner_desktop.ui.tabs.console.path_edit import PathEdit
from refiner_desktop.ui.tabs.console.query_page import QueryPage
from refiner_desktop.ui.tabs.console.timeouts_page import TimeoutsPage
from refiner_desktop.ui.theme import SPACE, scaled

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
QUERY_HINT = "Added to the path. Lists as name[], maps as name[key]."
NEWER = "Another program has changed the file of this request. Saving asks before it is replaced."
BRING_HOME = "The same call at the environment's own address, with its key in place of this one"
HEIGHT = 210
NARROW = 460
"""Below this width the path needs the room that words on buttons would take."""
TITLES = ("Query", "Headers", "Body", "Time-outs")


class RequestEditor(QWidget):
    """Everything that a person may set of one draft, which it changes only where it was edited.

    Signals: `edited()`; `send_requested()`, `cancel_requested()`; `endpoint_chosen(endpoint)` and
    `curl_pasted(text)` in the path; `newer_wanted()` for what another program wrote into the file;
    `home_wanted()` for the same call on the environment's server; `endpoint_changed(endpoint)` when
    what is written is another call of the catalogue.
    """

    edited = Signal()
    send_requested = Signal()
    cancel_requested = Signal()
    endpoint_chosen = Signal(object)
    endpoint_changed = Signal(object)
    curl_pasted = Signal(str)
    newer_wanted = Signal()
    home_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft = EMPTY
        self._endpoint: Endpoint | None = None
        self._showing = False
        self._make()
        self._lay_out()
        self._connect()
        self.show_sending(False)
        self._follow()

    @property
    def draft(self) -> RequestDraft:
        """What stands in the editor."""
        return self._draft

    def show_draft(self, draft: RequestDraft) -> None:
        """Put a request into the editor, in place of what stood there; nobody is told."""
        if draft == self._draft:
            return
        self._showing = True
        self._draft = draft
        if self._method.findText(draft.method) < 0:
            self._method.addItem(draft.method)
        self._method.setCurrentText(draft.method)
        self.path.setText(draft.path)
        self.path.setCursorPosition(0)
        self.query.show_rows(draft.query)
        self.headers.show_headers(draft.headers, draft.without)
        self.headers.mark_wrong()
        self.body.show_draft(draft)
        self._timeouts.show_patience(draft.patience)
        self._showing = False
        self._follow()
        self._leave_empty_page()

    def show_sending(self, sending: bool) -> None:
        """Let *Cancel* take the place of *Send* while an answer is awaited."""
        had_focus = self._send_button.hasFocus() or self._cancel_button.hasFocus()
        self._send_button.setEnabled(not sending)
        self._cancel_button.setEnabled(sending)
        if had_focus:
            (self._cancel_button if sending else self._send_button).setFocus()

    def set_find(self, find: Find) -> None:
        """Complete ids with what this finds."""
        for field in (self.path, self.query.table, self.body.form.table):
            field.find_ids = find

    def say(self, text: str, role: str = "muted") -> None:
        """Say below the path what there is to know before it is sent; "" for nothing."""
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self.path.setAccessibleDescription(text)
        restyle(self._note, "role", role)

    def show_elsewhere(self, home: str | None, *, has_twin: bool) -> None:
        """Mark the path of a call that leaves the server of `home`, None where it does not.

        The way back is offered where that server has the same call.
        """
        restyle(self.path, "elsewhere", "false" if home is None else "true")
        self._bring_home.setText(f"Send to {one_line(home or '')} instead")
        self._bring_home.setVisible(home is not None and has_twin)

    def show_newer(self, newer: bool) -> None:
        """Say whether another program has changed the request's file, under edits that are here."""
        self._newer.setVisible(newer)
        self._take_newer.setVisible(newer)

    def focus_path(self) -> None:
        """Put the cursor into the path, all of it selected."""
        self.path.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.path.selectAll()

    def focus_parameters(self) -> None:
        """Bring to the front what an endpoint wants to be filled in, and the keyboard to it."""
        if self._draft.body is not BodyKind.NONE:
            self._pages.setCurrentWidget(self.body)
            self.body.focus()
            return
        self._pages.setCurrentWidget(self.query)
        places = [at for at, row in enumerate(self._draft.query) if row.on and not row.value]
        table = self.query.table
        if places:
            table.setFocus()
            index = table.model().index(places[0], table.model().columnCount() - 1)
            table.setCurrentIndex(index)
            table.edit(index)
        else:
            self.path.setFocus()

    def open_body(self) -> None:
        """Bring the body to the front."""
        self._pages.setCurrentWidget(self.body)

    def _leave_empty_page(self) -> None:
        """Bring what a request has to the front where the page in front has nothing of it."""
        page, draft = self._pages.currentWidget(), self._draft
        has_body = draft.body is not BodyKind.NONE
        if page is self.query and not draft.query and has_body:
            self._pages.setCurrentWidget(self.body)
        elif page is self.body and not has_body:
            self._pages.setCurrentWidget(self.query)

    def add_menu(self, menu_button: QToolButton) -> None:
        """Put the button with what else can be done with a request behind *Cancel*."""
        self._line.addWidget(menu_button)
        self.setTabOrder(self._cancel_button, menu_button)

    @property
    def _rows_tools(self) -> tuple[QToolButton, ...]:
        query, headers = self.query, self.headers.rows
        return query.reveal, query.as_text, headers.reveal, headers.as_text

    def _rows(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        return self._draft.query, self._draft.headers

    def _make(self) -> None:
        self._method = QComboBox()
        self._method.setObjectName("console.method")
        name_field(self._method, "Method")
        self._method.addItems(list(METHODS))
        self.path = PathEdit()
        self._send_button = button("Send", "console.send", role="primary", icon="mdi6.send")
        self._cancel_button = button("Cancel", "console.cancel", icon="mdi6.close")
        self._note = label(role="muted", wrap=True)
        self._note.setObjectName("console.note")
        self._note.hide()
        self._bring_home = button("", "console.bring_home", icon="mdi6.home-import-outline")
        self._bring_home.setToolTip(BRING_HOME)
        self._bring_home.hide()
        self._newer = label(NEWER, "warning", wrap=True)
        self._newer.setObjectName("console.newer")
        self._take_newer = button("Show the file's", "console.take_newer", icon="mdi6.file-refresh")
        self.show_newer(False)
        self.query = QueryPage()
        self.headers = HeadersPage()
        self.body = BodyPage()
        self._timeouts = TimeoutsPage()
        self._pages = pages("Parts of the request", "console.request.pages")

    def _lay_out(self) -> None:
        self._line = QHBoxLayout()
        self._line.setSpacing(SPACE)
        self._line.addWidget(self._method)
        self._line.addWidget(self.path, 1)
        self._line.addWidget(self._send_button)
        self._line.addWidget(self._cancel_button)
        parts = (self.query, self.headers, self.body, self._timeouts)
        for page, title in zip(parts, TITLES, strict=True):
            self._pages.addTab(page, title)
        corner = QWidget()
        buttons = QHBoxLayout(corner)
        buttons.setContentsMargins(0, SPACE // 4, 0, SPACE // 4)
        in_corner = self._rows_tools
        for each in in_corner:
            buttons.addWidget(each)
        put_in_corner(self._pages, corner, *in_corner)
        self._pages.setTabToolTip(0, QUERY_HINT)
        self._show_corner()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(self._line)
        note = QHBoxLayout()
        note.setSpacing(SPACE)
        note.addWidget(self._note, 1)
        note.addWidget(self._bring_home)
        layout.addLayout(note)
        newer = QHBoxLayout()
        newer.setSpacing(SPACE)
        newer.addWidget(self._newer, 1)
        newer.addWidget(self._take_newer)
        layout.addLayout(newer)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._method.currentTextChanged.connect(lambda text: self._change(method=text))
        self.path.textChanged.connect(lambda text: self._change(path=text))
        self.query.path_split.connect(self.path.setText)
        self.query.edited.connect(lambda: self._change(query=self.query.rows()))
        self.headers.edited.connect(self._on_headers_edited)
        self.body.edited.connect(self._on_body_edited)
        self._timeouts.edited.connect(lambda: self._change(patience=self._timeouts.patience))
        self.path.endpoint_chosen.connect(self.endpoint_chosen)
        self.path.curl_pasted.connect(self.curl_pasted)
        self.path.send_requested.connect(self.send_requested)
        for change in (
            self._pages.currentChanged,
            self.query.as_text.toggled,
            self.headers.rows.as_text.toggled,
        ):
            change.connect(lambda _: self._show_corner())
        self._send_button.clicked.connect(self.send_requested)
        self._cancel_button.clicked.connect(self.cancel_requested)
        self._take_newer.clicked.connect(self.newer_wanted)
        self._bring_home.clicked.connect(self.home_wanted)

    def _show_corner(self) -> None:
        page = self._pages.currentWidget()
        for of, rows in ((self.query, self.query), (self.headers, self.headers.rows)):
            rows.reveal.setVisible(page is of and rows.has_secrets)
            rows.as_text.setVisible(page is of)

    def _change(self, **changes: object) -> None:
        self._take(replace(self._draft, **changes))  # type: ignore[arg-type]

    def _on_headers_edited(self) -> None:
        self._change(headers=self.headers.rows.rows(), without=self.headers.without)

    def _on_body_edited(self) -> None:
        self._take(self.body.put_into(self._draft))

    def _take(self, draft: RequestDraft) -> None:
        if not self._showing and draft != self._draft:
            self._draft = draft
            self._follow()
            self.edited.emit()

    def _follow(self) -> None:
        """Let counts and completion follow what is typed."""
        draft = self._draft
        endpoint: Endpoint | None = find_endpoint(draft.method, draft.path)
        self.path.set_endpoint(endpoint)
        self.query.table.set_endpoint(endpoint)
        self.body.form.table.set_endpoint(endpoint)
        if endpoint is not None and endpoint != self._endpoint:
            self.endpoint_changed.emit(endpoint)
        self._endpoint = endpoint
        self.query.show_path(draft.path)
        self._show_corner()
        on = [sum(row.on for row in rows) for rows in self._rows()]
        on[0] += self.query.in_path
        body = draft.body is not BodyKind.NONE
        marks = (
            str(on[0] or ""),
            str(on[1] or ""),
            "•" * body,
            "•" * bool(draft.patience),
        )
        for place, (title, mark) in enumerate(zip(TITLES, marks, strict=True)):
            self._pages.setTabText(place, f"{title} {mark}".rstrip())

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        abbreviate(self._cancel_button, "Cancel", short=self.width() < scaled(NARROW))

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)
