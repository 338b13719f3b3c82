"""Every field of a contact, searched as you type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.ui.tabs.contacts.contact_fields import FieldGroup, groups_of
from refiner_desktop.ui.tabs.contacts.field_table import FieldTable
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.search_edit import SearchEdit

EMPTY = "Choose a contact in the table to see everything about it."
NOT_FOUND = "No field of this contact contains these words. Clear the search to see all fields."


class FieldsPage(QWidget):
    """The contact's own fields, its attributes, segments and account; Ctrl+F searches them.

    The search stays from contact to contact: it serves to compare. Signals: `copied(text)`.
    """

    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[FieldGroup] = []
        self._search = SearchEdit(
            "contacts.detail.search", "Search the fields", "Search names and values"
        )
        self._table = FieldTable("contacts.detail.fields", "Fields", ("Field", "Value"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._table, 1)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._focus_search)
        self._search.textChanged.connect(self._show)
        self._table.copied.connect(self.copied)
        self._show()

    def show_contact(self, contact: Mapping[str, Any]) -> None:
        """Show the fields of a contact; none of an empty one."""
        self._groups = groups_of(contact)
        self._show()

    def _show(self) -> None:
        words = self._search.text().split()
        found = [group.matching(words) for group in self._groups] if words else self._groups
        self._table.set_empty_text(NOT_FOUND if self._groups else EMPTY)
        self._table.show_groups([group for group in found if group.lines])

    def _focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()
