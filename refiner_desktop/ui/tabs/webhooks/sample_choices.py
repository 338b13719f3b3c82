"""What a sample event is made of: the kind, the survey or segment, the contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from refiner_desktop.api.models import Segment, Survey
from refiner_desktop.ui.styling import caption, label, name_field
from refiner_desktop.ui.tabs.webhooks.delivery_words import KIND_WORDS
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.samples import Named

MADE_UP = "(made up)"
SEARCH_HINT = "Type a name, an e-mail address or a user id; Enter searches."
OTHER_REQUEST = "Something that is no event"


class SampleChoices(QWidget):
    """Signals: `changed()` when the sample is to be made anew; `survey_chosen(survey)`, a `Named`
    or None; `contacts_searched(words)` when other contacts are wanted.
    """

    changed = Signal()
    survey_chosen = Signal(object)
    contacts_searched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._hooks: tuple[Hook, ...] = ()
        self._hook = _combo("webhooks.sample.hook", "Deliver to")
        self._kind = _combo("webhooks.sample.kind", "What happened")
        for kind, words in KIND_WORDS.items():
            self._kind.addItem(OTHER_REQUEST if kind is Kind.OTHER else words, kind)
        self._survey = _combo("webhooks.sample.survey", "Survey")
        self._segment = _combo("webhooks.sample.segment", "Segment")
        self._contact = _SearchCombo()
        self._contact.setObjectName("webhooks.sample.contact")
        self._contact.setMinimumContentsLength(24)
        self._contact.setEditable(True)
        name_field(self._contact, "Contact")
        self._contact.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._contact.setToolTip(SEARCH_HINT)
        for combo in (self._survey, self._segment, self._contact):
            combo.addItem(MADE_UP, None)
        self._lay_out()
        self._connect()
        self._show_fitting()

    @property
    def hook(self) -> Hook | None:
        """The hook that it goes to."""
        place = self._hook.currentIndex()
        return self._hooks[place] if 0 <= place < len(self._hooks) else None

    @property
    def kind(self) -> Kind:
        """What the sample tells."""
        return Kind(self._kind.currentData())

    @property
    def survey(self) -> Named | None:
        """The survey; None to make one up."""
        chosen: Named | None = self._survey.currentData()
        return chosen

    @property
    def segment(self) -> Named | None:
        """The segment; None to make one up."""
        chosen: Named | None = self._segment.currentData()
        return chosen

    @property
    def contact(self) -> Mapping[str, Any] | None:
        """The contact, as in the API reference, section 5.1; None to make one up."""
        chosen: Mapping[str, Any] | None = self._contact.currentData()
        return chosen

    def show_hooks(self, hooks: Sequence[Hook], chosen: Hook | None) -> None:
        """Offer these hooks; of a newly chosen one, the kind that it watches first."""
        before = self.hook
        self._hooks = tuple(hooks)
        self._hook.clear()
        self._hook.addItems([hook.name for hook in hooks])
        ids = [hook.id for hook in hooks]
        if (wanted := chosen or before) is not None and wanted.id in ids:
            self._hook.setCurrentIndex(ids.index(wanted.id))
        if chosen is not None:
            watched = [kind for kind in KIND_WORDS if kind in chosen.watches]
            self._kind.setCurrentIndex(self._kind.findData(watched[0]) if watched else 0)

    def offer(self, surveys: Sequence[Survey], segments: Sequence[Segment]) -> None:
        """Offer what the environment has."""
        _fill(self._survey, [(each.name, Named(each.uuid, each.name)) for each in surveys])
        _fill(self._segment, [(each.name, Named(each.uuid, each.name)) for each in segments])

    def offer_contacts(self, contacts: Sequence[Mapping[str, Any]], *, choose: bool) -> None:
        """Offer these contacts; where a person searched, let them `choose` where there are several.

        The one that was chosen stays among them.
        """
        _fill(self._contact, [(_in_words(each), each) for each in contacts])
        if choose and contacts:
            self._contact.setCurrentIndex(self._contact.findText(_in_words(contacts[0])))
        if choose and len(contacts) > 1:
            self._contact.showPopup()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        self._survey_title = caption("Survey", self._survey)
        self._segment_title = caption("Segment", self._segment)
        form.addRow(caption("Deliver to", self._hook), self._hook)
        form.addRow(caption("What happened", self._kind), self._kind)
        form.addRow(self._survey_title, self._survey)
        form.addRow(self._segment_title, self._segment)
        form.addRow(caption("Contact", self._contact), self._contact)
        form.addRow("", label(SEARCH_HINT, "muted"))

    def _connect(self) -> None:
        self._kind.currentIndexChanged.connect(self._on_kind_changed)
        self._survey.currentIndexChanged.connect(lambda: self.survey_chosen.emit(self.survey))
        for combo in (self._segment, self._contact):
            combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
        line = self._contact.lineEdit()
        assert line is not None
        line.returnPressed.connect(self._on_contact_entered)
        self._contact.left.connect(self._show_chosen_contact)

    def _on_kind_changed(self) -> None:
        self._show_fitting()
        self.changed.emit()

    def _show_fitting(self) -> None:
        segment, survey = self.kind is Kind.SEGMENT_ENTERED, self.kind is not Kind.OTHER
        for part in (self._segment, self._segment_title):
            part.setVisible(segment)
        for part in (self._survey, self._survey_title):
            part.setVisible(survey and not segment)
        self._contact.setEnabled(survey)

    def _show_chosen_contact(self) -> None:
        """Let the field say whom the sample is about, not what was typed and not searched."""
        self._contact.setEditText(self._contact.itemText(self._contact.currentIndex()))

    def _on_contact_entered(self) -> None:
        words = self._contact.currentText().strip()
        if self._contact.findText(words) < 0:
            self.contacts_searched.emit(words)


class _SearchCombo(QComboBox):
    """Keeps Enter for itself: it searches, and must not send. Signals: `left()`."""

    left = Signal()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    name_field(combo, title)
    combo.setMinimumContentsLength(24)
    return combo


def _fill(combo: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
    named, chosen = combo.itemText(combo.currentIndex()), combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    combo.addItem(MADE_UP, None)
    for words, value in entries:
        combo.addItem(words, value)
    values = [None, *(value for _, value in entries)]
    if chosen not in values:
        combo.addItem(named, chosen)  # what the sample is made of is never another than it says
        values.append(chosen)
    combo.setCurrentIndex(values.index(chosen))
    combo.blockSignals(False)


def _in_words(contact: Mapping[str, Any]) -> str:
    known = (contact.get(key) for key in ("display_name", "email", "remote_id", "uuid"))
    return " · ".join(list(dict.fromkeys(str(each) for each in known if each))[:2])
