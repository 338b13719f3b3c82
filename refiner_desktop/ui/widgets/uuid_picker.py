"""A list to choose from by name, for what the service knows by UUID."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import restyle
from refiner_desktop.ui.widgets.calm_combo import CalmComboBox


class WrongChoice(ValueError):
    """A field holds nothing that can be asked for; the sentence says what would do."""


class UuidPicker(CalmComboBox):
    """Finds names by any of their letters; takes a UUID that is pasted, too.

    Every entry's tool tip is its UUID. `kind` is what is chosen here, such as "survey"; `nothing`
    stands in the field where none is chosen, without it that any will do.

    Signals: `edited()` when something else stands in the field.
    """

    edited = Signal()

    def __init__(self, name: str, kind: str, nothing: str = "") -> None:
        super().__init__()
        self._kind = kind
        self._anything = nothing or f"Any {kind}"
        self.setObjectName(name)
        self.setAccessibleName(kind.capitalize())
        self.setEditable(True)
        self.setLineEdit(_Line())
        self._edit.setAccessibleName(kind.capitalize())
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.addItem(self._anything, "")
        self._set_up_completer()
        self._edit.setPlaceholderText(self._anything)
        self._edit.editingFinished.connect(self._on_editing_finished)
        self._edit.textEdited.connect(lambda: restyle(self, "wrong", "false"))
        self.currentIndexChanged.connect(self._show_uuid)
        self.editTextChanged.connect(self.edited)

    def uuid(self) -> str:
        """Return the UUID that is chosen, "" for anything.

        Raises `WrongChoice` and marks the field.
        """
        try:
            return self._meant()
        except WrongChoice:
            restyle(self, "wrong", "true")
            raise

    def choose(self, uuid: str) -> None:
        """Show this one, by its name as soon as that is known."""
        place = self.findData(uuid)
        self.setCurrentIndex(place)
        self.setEditText(self.itemText(place) if place >= 0 else uuid)
        self._edit.setCursorPosition(0)
        restyle(self, "wrong", "false")
        self._show_uuid()

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these, as pairs of UUID and name; what stands in the field stays."""
        try:
            chosen: str | None = self._meant()
        except WrongChoice:
            chosen, typed = None, self._edit.text()
        self.blockSignals(True)
        while self.count() > 1:
            self.removeItem(self.count() - 1)
        for place, (uuid, name) in enumerate(choices, start=1):
            self.addItem(one_line(name) or uuid, uuid)
            self.setItemData(place, uuid, Qt.ItemDataRole.ToolTipRole)
        self.blockSignals(False)
        if chosen is None:
            self.setEditText(typed)
        else:
            self.choose(chosen)

    @property
    def _edit(self) -> QLineEdit:
        edit = self.lineEdit()
        assert edit is not None
        return edit

    def _meant(self) -> str:
        text = self._edit.text().strip()
        if text in ("", self._anything):
            return ""
        if self.itemText(self.currentIndex()).strip() == text:
            return str(self.currentData())
        if uuid := _uuid_in(text):
            return uuid
        return self._only_one(text)

    def _only_one(self, text: str) -> str:
        wanted = text.casefold()
        names = [self.itemText(place).casefold() for place in range(self.count())]
        same = [place for place, name in enumerate(names) if name == wanted]
        alike = same or [place for place, name in enumerate(names) if place and wanted in name]
        if len(alike) == 1:
            return str(self.itemData(alike[0]))
        if alike:
            count = f"{len(alike)} {self._kind}s"
            raise WrongChoice(f"“{text}” is in the names of {count}: choose one from the list.")
        raise WrongChoice(
            f"There is no {self._kind} “{text}”. Choose one from the list, or paste its UUID."
        )

    def _set_up_completer(self) -> None:
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)

    def _on_editing_finished(self) -> None:
        try:
            self.choose(self._meant())
        except WrongChoice:
            restyle(self, "wrong", "true")

    def _show_uuid(self) -> None:
        chosen = self.currentData() if self.currentIndex() >= 0 else self._edit.text()
        self.setToolTip(str(chosen or ""))


class _Line(QLineEdit):
    """Selects everything when it is entered, so that typing replaces what was chosen.

    The click that enters it opens the whole list too: it looks like one.
    """

    # Reimplemented Qt methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        entered = not self.hasFocus()
        super().mousePressEvent(event)
        if entered and event.button() == Qt.MouseButton.LeftButton:
            self.selectAll()
            QTimer.singleShot(0, self._open_list)

    def _open_list(self) -> None:
        self.completer().setCompletionPrefix("")
        self.completer().complete()


def _uuid_in(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
