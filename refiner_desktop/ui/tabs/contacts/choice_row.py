"""What to ask the service for: survey, segment, search, order and limit."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.ui.amounts import number, whole
from refiner_desktop.ui.styling import button, name_field, restyle
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.uuid_picker import UuidPicker, WrongChoice

ORDERS = {
    "First seen": "first_seen_at",
    "Last seen": "last_seen_at",
    "Last survey answer": "last_form_submission_at",
    "Name": "display_name",
    "E-mail": "email",
}
"""API reference, section 4.5: the first three are in every version of it."""

ROOM = 900
"""From so many pixels on all of it stands in one line."""

LIMITS = (100, 1_000, 10_000)
ALL = "All"


class ChoiceRow(QWidget):
    """The server's own filters, with *Load* and *Stop*, and *Resume* after a load that broke off.

    Signals: `load_requested()`, `stop_requested()`, `resume_requested()`; `edited()` when something
    else is asked for.
    """

    edited = Signal()
    load_requested = Signal()
    stop_requested = Signal()
    resume_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._survey = UuidPicker("contacts.survey", "survey")
        self._segment = UuidPicker("contacts.segment", "segment")
        self._search = QLineEdit(placeholderText="E-mail, user id or name")
        self._search.setObjectName("contacts.search")
        self._order = QComboBox()
        self._order.setObjectName("contacts.order_by")
        self._limit = QComboBox()
        self._limit.setObjectName("contacts.limit")
        self._limit.setEditable(True)
        self._limit.setCompleter(None)  # type: ignore[arg-type]  # it would make 100 out of a typed 10
        self._load_button = button(
            "Load contacts", "contacts.load", role="primary", icon="mdi6.download"
        )
        self._stop_button = button("Stop", "contacts.stop", icon="mdi6.stop")
        self._resume_button = button("Resume", "contacts.resume", icon="mdi6.play")
        self._resume_button.setToolTip("Go on loading where it broke off")
        self._fill()
        self._lay_out()
        self.show_loading(False, resumable=False)
        self._connect()

    def choice(self) -> ContactChoice:
        """Return what stands in the row. Raises `WrongChoice` and marks the field."""
        return ContactChoice(
            survey_uuid=self._survey.uuid(),
            segment_uuid=self._segment.uuid(),
            search=self._search.text().strip(),
            order_by=self._order.currentData(),
            limit=self._read_limit(),
        )

    def set_choice(self, choice: ContactChoice) -> None:
        """Put a choice into the row."""
        self._survey.choose(choice.survey_uuid)
        self._segment.choose(choice.segment_uuid)
        self._search.setText(choice.search)
        self._order.setCurrentIndex(max(0, self._order.findData(choice.order_by)))
        self._limit.setCurrentText(ALL if choice.limit is None else number(choice.limit))
        self._read_limit()

    def set_surveys(self, surveys: Iterable[tuple[str, str]]) -> None:
        """Offer these surveys, as pairs of UUID and name."""
        self._survey.offer(surveys)

    def set_segments(self, segments: Iterable[tuple[str, str]]) -> None:
        """Offer these segments, as pairs of UUID and name."""
        self._segment.offer(segments)

    def forget(self) -> None:
        """Ask for anybody: surveys and segments belong to an environment that was left."""
        for picker in (self._survey, self._segment):
            picker.choose("")
            picker.offer(())

    def show_loading(self, loading: bool, *, resumable: bool) -> None:
        """Let *Stop* take the place of *Load* while rows are coming, else offer to go on."""
        self._load_button.setEnabled(not loading)
        self._stop_button.setEnabled(loading)
        goes_on = resumable and not loading
        self._stop_button.setVisible(not goes_on)
        self._resume_button.setVisible(goes_on)

    def _read_limit(self) -> int | None:
        text = self._limit.currentText().strip()
        everything = text.casefold() == ALL.casefold()
        limit = whole(text) or 0
        right = everything or limit > 0
        restyle(self._limit, "wrong", "false" if right else "true")
        if not right:
            raise WrongChoice("The limit must be a whole number above 0, or All.")
        return None if everything else limit

    def _fill(self) -> None:
        for title, name in ORDERS.items():
            self._order.addItem(title, name)
        self._limit.addItems([*map(number, LIMITS), ALL])
        self._limit.setCurrentText(number(1_000))

    def _lay_out(self) -> None:
        who = _band(
            ("Survey", self._survey, 3), ("Segment", self._segment, 3), ("Search", self._search, 4)
        )
        how = _band(("Order by", self._order, 2), ("Limit", self._limit, 1))
        place = how.columnCount()
        # Over both rows, for the buttons are higher and would part the fields from those beside.
        low = Qt.AlignmentFlag.AlignBottom
        how.addWidget(self._load_button, 0, place, 2, 1, low)
        for each in (self._stop_button, self._resume_button):
            how.addWidget(each, 0, place + 1, 2, 1, low)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE)
        self._layout.addLayout(who, 3)
        self._layout.addLayout(how, 2)
        self._bands = (who, how)

    def _connect(self) -> None:
        self._load_button.clicked.connect(self.load_requested)
        self._stop_button.clicked.connect(self.stop_requested)
        self._resume_button.clicked.connect(self.resume_requested)
        self._search.returnPressed.connect(self.load_requested)
        for changed in (
            self._survey.edited,
            self._segment.edited,
            self._search.textChanged,
            self._order.currentIndexChanged,
            self._limit.editTextChanged,
        ):
            changed.connect(lambda *_: self.edited.emit())

    # Reimplemented Qt methods

    def minimumSizeHint(self) -> QSize:
        widest = max(each.minimumSize().width() for each in self._bands)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        beside = self.width() >= scaled(ROOM)
        self._layout.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


def _band(*fields: tuple[str, QWidget, int]) -> QGridLayout:
    """Return fields beside each other, each below its title and as wide as its share."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(SPACE)
    grid.setVerticalSpacing(SPACE // 2)
    for column, (title, field, share) in enumerate(fields):
        caption = QLabel(title)
        caption.setBuddy(field)
        caption.setProperty("role", "muted")
        name_field(field, title)
        grid.addWidget(caption, 0, column)
        grid.addWidget(field, 1, column)
        grid.setColumnStretch(column, share)
    return grid
