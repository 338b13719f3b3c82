"""Which manual segment to add contacts to, or to remove them from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.api.models import Segment
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.styling import button_box, label, size_dialog
from refiner_desktop.ui.tabs.contacts import contact_words as words
from refiner_desktop.ui.theme import DIALOG_WIDTH, SPACE

HEIGHT = 380
MANUAL = "Only manual segments take members by hand; the others fill themselves by their rules."
NONE_FOUND = "No manual segment is called that. Clear the search to see all of them."
_CHOICE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class SegmentChoice:
    """A segment, and how many of the contacts are in it as far as is known here."""

    segment: Segment
    members: int


def choices_for(
    segments: Sequence[Segment], members: Mapping[str, int], *, adding: bool
) -> list[SegmentChoice]:
    """Return the segments worth offering: one without members has none to remove.

    `members` are counts by a segment's UUID, or its name where that is all that is known.
    """
    choices = [
        SegmentChoice(each, members.get(each.uuid, members.get(each.name, 0))) for each in segments
    ]
    return [choice for choice in choices if adding or choice.members]


class SegmentDialog(QDialog):
    """A list of segments, narrowed by typing; Enter or a double click takes one."""

    def __init__(
        self, parent: QWidget, choices: Sequence[SegmentChoice], count: int, *, adding: bool
    ) -> None:
        super().__init__(parent)
        self._count = count
        verb = "Add" if adding else "Remove"
        self._question = f"{verb} {words.contacts(count)} {'to' if adding else 'from'} a segment"
        self.setWindowTitle(self._question)
        self._search = QLineEdit(placeholderText="Search segments", clearButtonEnabled=True)
        self._search.setAccessibleName("Search segments")
        self._list = QListWidget()
        self._list.setAccessibleName("Manual segments")
        self._none = label(NONE_FOUND, "muted", wrap=True)
        self._buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self._go_on = self._buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self._go_on.setProperty("role", "primary")
        self._fill(choices)
        self._lay_out()
        self._connect()
        self._narrow("")

    def segment(self) -> Segment | None:
        """Return the segment that is chosen."""
        chosen = (item for item in self._list.selectedItems() if not item.isHidden())
        return next((item.data(_CHOICE).segment for item in chosen), None)

    def _fill(self, choices: Sequence[SegmentChoice]) -> None:
        for choice in choices:
            name = one_line(choice.segment.name or choice.segment.uuid)
            item = QListWidgetItem(f"{name}{self._membership(choice.members)}")
            item.setData(_CHOICE, choice)
            item.setToolTip(tool_tip(choice.segment.uuid))
            self._list.addItem(item)

    def _membership(self, members: int) -> str:
        if not members:
            return ""
        return (
            "  ·  already in it"
            if self._count == 1
            else f"  ·  {number(members)} of {number(self._count)}"
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(label(self._question, "heading", wrap=True))
        column.addWidget(label(MANUAL, "muted", wrap=True))
        column.addWidget(self._search)
        column.addWidget(self._none)
        column.addWidget(self._list, 1)
        column.addWidget(self._buttons)
        size_dialog(self, DIALOG_WIDTH, HEIGHT)
        self._search.setFocus()

    def _connect(self) -> None:
        self._search.textChanged.connect(self._narrow)
        self._search.installEventFilter(self)
        self._list.itemSelectionChanged.connect(self._show_choice)
        self._list.itemActivated.connect(self._accept_chosen)
        self._buttons.accepted.connect(self._accept_chosen)
        self._buttons.rejected.connect(self.reject)

    def _narrow(self, typed: str) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        for item in items:
            item.setHidden(typed.strip().casefold() not in item.text().casefold())
        shown = [item for item in items if not item.isHidden()]
        if self.segment() is None and shown:
            self._list.setCurrentItem(shown[0])
        self._none.setVisible(not shown)
        self._show_choice()

    def _show_choice(self) -> None:
        self._go_on.setEnabled(self.segment() is not None)

    def _accept_chosen(self) -> None:
        if self.segment() is not None:
            self.accept()

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in keys:
                self._list.setFocus()
            elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._accept_chosen()
                return True
        return super().eventFilter(watched, event)
