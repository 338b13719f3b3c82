"""Everything about one contact, beside the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label, text_pane
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable

EMPTY = "Choose a contact in the table to see everything about it."

NESTED = 2
"""So deep lie the attributes of an account (API reference, section 5.2)."""


class Detail(NamedTuple):
    """One line: a field's name and its value as text."""

    field: str
    value: str


class ContactDetail(QWidget):
    """Name, address, every field and attribute, and the contact as JSON.

    Signals: `identify_requested(contact)` and `track_requested(contact)`, the contact as a dict
    shaped like the API's.
    """

    identify_requested = Signal(dict)
    track_requested = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("contacts.detail")
        self.setAccessibleName("Contact")
        self._contact: dict[str, Any] = {}
        self._title = label("No contact chosen", "heading", elide=True)
        self._subtitle = label(role="muted", elide=True)
        self._identify_button = button("Identify…", icon="mdi6.account-edit")
        self._track_button = button("Track…", icon="mdi6.flag-plus")
        self._model = RecordTableModel[Detail](
            (Column("Field", lambda d: d.field), Column("Value", lambda d: d.value)), parent=self
        )
        self._table = DataTable("contacts.detail.fields", "Fields", self._model)
        self._json = text_pane("contacts.detail.json", "Contact as JSON", EMPTY)
        self._lay_out()
        self._identify_button.clicked.connect(lambda: self.identify_requested.emit(self._contact))
        self._track_button.clicked.connect(lambda: self.track_requested.emit(self._contact))
        self.clear()

    def show_contact(self, contact: dict[str, Any]) -> None:
        """Show one contact, a dict as in the API reference, section 5.1."""
        self._contact = contact
        names = ("display_name", "email", "remote_id")
        self._title.setText(_first(contact, *names) or "Anonymous contact")
        self._subtitle.setText(_first(contact, "email", "uuid"))
        self._model.set_rows(_details(contact))
        self._json.view.set_json(msgspec.json.encode(contact))
        self._enable(True)

    def clear(self) -> None:
        """Show that no contact is chosen."""
        self._contact = {}
        self._title.setText("No contact chosen")
        self._subtitle.setText("")
        self._model.set_rows(())
        self._json.view.clear()
        self._enable(False)

    def _enable(self, on: bool) -> None:
        # Identify and track need an id or an address; an anonymous contact has neither.
        known = bool(self._contact.get("remote_id") or self._contact.get("email"))
        self._identify_button.setEnabled(on and known)
        self._track_button.setEnabled(on and known)

    def _lay_out(self) -> None:
        self._table.set_empty_text(EMPTY)
        self._table.horizontalHeader().setStretchLastSection(True)
        pages = QTabWidget()
        pages.addTab(self._table, "Fields")
        pages.addTab(self._json, "JSON")
        buttons = QHBoxLayout()
        buttons.addWidget(self._identify_button)
        buttons.addWidget(self._track_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._title)
        layout.addWidget(self._subtitle)
        layout.addLayout(buttons)
        layout.addWidget(pages, 1)


def _details(contact: dict[str, Any]) -> Iterator[Detail]:
    for key, value in contact.items():
        match key:
            case "segments":
                yield Detail(key, ", ".join(_names(value)))
            case "attributes" | "account":
                yield from _nested(key, value, NESTED)
            case _:
                yield Detail(key, _text(value))


def _nested(name: str, value: object, depth: int) -> Iterator[Detail]:
    """Yield a line for each field of an object; anything else is one line."""
    if not isinstance(value, dict) or not depth:
        yield Detail(name, _text(value))
        return
    for key, each in value.items():
        yield from _nested(f"{name}.{key}", each, depth - 1)


def _names(segments: object) -> Iterator[str]:
    for each in segments if isinstance(segments, list) else [segments]:
        yield _first(each, "name", "uuid") if isinstance(each, dict) else _text(each)


def _first(fields: dict[str, Any], *keys: str) -> str:
    return next((_text(fields[key]) for key in keys if fields.get(key)), "")


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
