"""What can be done with deliveries: one list for buttons, menus and the palette."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from refiner_desktop.services.deliveries.texts import TextFormat
from refiner_desktop.ui.actions import ActionRegistry

MENU = "Webhooks"
ONE = "Choose one delivery in the list first."
ANY = "Choose deliveries in the list first."
FEW = 200
"""No more than this many are sent again at once."""


class DeliveryActions(QObject):
    """Actions on the selected deliveries; those that do not fit them are greyed.

    Signals: `replayed()`, `edited()`, `compared()`, `pinned(whether)`, `deleted()`,
    `copied(format)`, `exported()`, `same_user()`; `cleared()` for all that are kept.
    """

    replayed = Signal()
    edited = Signal()
    compared = Signal()
    pinned = Signal(bool)
    deleted = Signal()
    copied = Signal(object)
    exported = Signal()
    same_user = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.replay = self._add("Replay", self.replayed.emit)
        self.edit = self._add("Edit and replay…", self.edited.emit)
        self.compare = self._add("Compare two", self.compared.emit)
        self.pin = self._add("Pin", self._toggle_pin)
        self.copies = [
            self._add(f"Copy as {each.value}", partial(self.copied.emit, each))
            for each in TextFormat
        ]
        self.same = self._add("Only this user", self.same_user.emit)
        self.export = self._add("Export…", self.exported.emit)
        self.delete = self._add("Delete", self.deleted.emit)
        self.clear = self._add("Delete all…", self.cleared.emit)
        self.delete.setShortcut(QKeySequence.StandardKey.Delete)
        self.replay.setShortcut(QKeySequence("R"))
        self.pin.setShortcut(QKeySequence("P"))
        for each in (self.delete, self.replay, self.pin):
            each.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.follow(0, pinned=False, has_user=False)

    def follow(self, count: int, *, pinned: bool, has_user: bool) -> None:
        """Let those actions be chosen that fit so many selected deliveries."""
        self.replay.setEnabled(0 < count <= FEW)
        self.replay.setText(f"Replay {count:,}" if count > 1 else "Replay")
        self.compare.setEnabled(count == 2)
        for each in (self.edit, *self.copies):
            each.setEnabled(count == 1)
        for each in (self.pin, self.delete):
            each.setEnabled(count > 0)
        self.delete.setText(f"Delete {count:,}…" if count > 1 else "Delete")
        self.pin.setText("Unpin" if pinned else "Pin")
        self.same.setEnabled(count == 1 and has_user)

    def row_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of what can be done with the selected deliveries."""
        menu = QMenu(parent)
        menu.addActions([self.replay, self.edit])
        menu.addSeparator()
        menu.addActions([self.compare, self.pin, self.same])
        menu.addSeparator()
        menu.addActions(self.copies)
        menu.addSeparator()
        menu.addActions([self.export, self.delete])
        return menu

    def list_menu(self, parent: QWidget, *more: QAction) -> QMenu:
        """Return the menu of what can be done with the whole list."""
        menu = QMenu(parent)
        menu.addActions([self.export, self.compare])
        menu.addActions(list(more))
        menu.addSeparator()
        menu.addAction(self.clear)
        return menu

    def register(self, registry: ActionRegistry, listed: QWidget) -> None:
        """Add everything to the menu of the webhooks and to the palette."""
        two = "Choose two deliveries in the list first."
        user = "Choose one delivery first that names a user."
        for action in (self.replay, self.pin, self.export, self.delete, self.clear):
            registry.adopt(MENU, action, ANY, within=listed)
        for action in (self.edit, *self.copies):
            registry.adopt(MENU, action, ONE)
        registry.adopt(MENU, self.compare, two)
        registry.adopt(MENU, self.same, user)

    def _add(self, title: str, run: object) -> QAction:
        action = QAction(title, self)
        action.triggered.connect(lambda: run())  # type: ignore[operator]
        return action

    def _toggle_pin(self) -> None:
        self.pinned.emit(self.pin.text() == "Pin")
