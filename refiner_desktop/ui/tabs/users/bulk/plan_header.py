"""The file, what is done with each of its rows, and the segment if there is one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.ui.styling import button, restyle
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.uuid_picker import UuidPicker

SEGMENT_ACTIONS = frozenset({BulkAction.ADD_TO_SEGMENT, BulkAction.REMOVE_FROM_SEGMENT})


class PlanHeader(QWidget):
    """In sight at every step.

    Signals: `path_entered(path)`, `browse_requested()`, `action_chosen(action)`,
    `segment_chosen()`.
    """

    path_entered = Signal(str)
    browse_requested = Signal()
    action_chosen = Signal(object)
    segment_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self._path = QLineEdit(placeholderText="Path of a file, or drop one here")
        self._path.setObjectName("bulk.file")
        self._browse_button = button("Choose file…", "bulk.browse", icon="mdi6.folder-open")
        self._action = QComboBox()
        self._action.setObjectName("bulk.action")
        for action, title in words.ACTIONS.items():
            self._action.addItem(title, action)
        self._segment = UuidPicker("bulk.segment", "segment", "Choose a segment")
        self._segment_caption = QLabel("Segment")
        self._lay_out()
        self._show_segment()
        self._connect()

    @property
    def path(self) -> str:
        """The file that is open."""
        return self._shown

    @property
    def action(self) -> BulkAction:
        """What is done with each row."""
        return BulkAction(self._action.currentData())  # Qt hands an enumeration back as text

    @property
    def needs_segment(self) -> bool:
        """Whether a segment has to be chosen."""
        return self.action in SEGMENT_ACTIONS

    @property
    def segment_name(self) -> str:
        """The name of the chosen segment, "" where none is needed."""
        return self._segment.currentText().strip() if self.needs_segment else ""

    def choose_action(self, action: BulkAction) -> None:
        """Do this with each row."""
        self._action.setCurrentIndex(self._action.findData(action))

    def segment(self) -> str:
        """Return the UUID of the chosen segment, "" for none. Raises `WrongChoice`."""
        return self._segment.uuid() if self.needs_segment else ""

    def ask_for_segment(self) -> None:
        """Lead a person to the list of segments, of which one is missing or wrong."""
        restyle(self._segment, "wrong", "true")
        self._segment.setFocus()

    def show_path(self, path: Path | str) -> None:
        """Show which file is open."""
        self._shown = str(path)
        self._path.setText(self._shown)
        self._path.setToolTip(self._shown)

    def offer_segments(self, segments: Iterable[tuple[str, str]]) -> None:
        """Offer these segments, as pairs of UUID and name."""
        self._segment.offer(segments)

    def forget_segments(self) -> None:
        """Offer none: they belong to an environment that was left."""
        self._segment.choose("")
        self._segment.offer(())

    def _on_path_finished(self) -> None:
        path = self._path.text().strip()
        if path and path != self._shown:
            self.show_path(path)
            self.path_entered.emit(path)

    def _on_returned(self) -> None:
        """Read the file again: Enter on a path that is shown already asks for it."""
        path = self._path.text().strip()
        if path and path == self._shown:
            self.path_entered.emit(path)

    def _on_action_chosen(self) -> None:
        self._show_segment()
        self.action_chosen.emit(self.action)

    def _on_segment_chosen(self) -> None:
        restyle(self._segment, "wrong", "false")
        self.segment_chosen.emit()

    def _show_segment(self) -> None:
        for each in (self._segment, self._segment_caption):
            each.setVisible(self.needs_segment)

    def _connect(self) -> None:
        self._path.editingFinished.connect(self._on_path_finished)
        self._browse_button.clicked.connect(self.browse_requested)
        self._action.currentIndexChanged.connect(self._on_action_chosen)
        self._segment.currentIndexChanged.connect(self._on_segment_chosen)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        for place, caption, field, stretch in (
            (0, QLabel("File"), self._path, 5),
            (2, QLabel("Action"), self._action, 0),
            (3, self._segment_caption, self._segment, 3),
        ):
            caption.setBuddy(field)
            caption.setProperty("role", "muted")
            field.setAccessibleName(caption.text())
            grid.addWidget(caption, 0, place)
            grid.addWidget(field, 1, place)
            grid.setColumnStretch(place, stretch)
        grid.addWidget(self._browse_button, 1, 1)
        self.setTabOrder(self._path, self._browse_button)
