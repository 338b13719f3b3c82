"""The way back to what stood in a form before something else was put into it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from refiner_desktop.services.users.form_drafts import Draft
from refiner_desktop.ui.styling import button


class BringBack(QObject):
    """A button that is there while there is something to bring back.

    Signals: `wanted(draft)` when a person presses it.
    """

    wanted = Signal(object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._draft: Draft | None = None
        self.button = button("Bring back", name, role="quiet", icon="mdi6.undo")
        self.button.setToolTip("Puts back what stood in the form before")
        self.button.hide()
        self.button.clicked.connect(self._on_clicked)

    def offer(self, draft: Draft) -> None:
        """Offer what has just been replaced."""
        self._draft = draft
        self.button.show()

    def forget(self) -> None:
        """Offer nothing."""
        self._draft = None
        self.button.hide()

    def _on_clicked(self) -> None:
        if self._draft is not None:
            self.wanted.emit(self._draft)
            self.forget()
