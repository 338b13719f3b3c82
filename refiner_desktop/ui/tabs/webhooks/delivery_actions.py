"""What can be done with deliveries: one list for buttons, menus and the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from refiner_desktop.services.deliveries.texts import TextFormat
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.amounts import number
from refiner_desktop.webhooks.delivery import DeliveryRow

MENU = "Webhooks"
ONE = "Choose one delivery in the list first."
ANY = "Choose deliveries in the list first."
FEW = 200
"""No more than this many are sent again at once."""

CLEAR = "Delete all…"


class DeliveryActions(QObject):
    """Actions on the selected deliveries; those that do not fit them are greyed.

    Signals: `replayed()`, `resent()`, `edited()`, `compared()`, `pinned(whether)`, `deleted()`,
    `copied(format)`, `copied_with_token()`, `exported()`, `same_user()`; `cleared()` for all that
    are listed.
    """

    replayed = Signal()
    resent = Signal()
    edited = Signal()
    compared = Signal()
    pinned = Signal(bool)
    deleted = Signal()
    copied = Signal(object)
    copied_with_token = Signal()
    exported = Signal()
    same_user = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.replay = self._add("Replay", self.replayed.emit, "R")
        self.resend = self._add("Pass on again", self.resent.emit)
        self.edit = self._add("Edit and replay…", self.edited.emit)
        self.compare = self._add("Compare two", self.compared.emit)
        self.pin = self._add("Pin", self._toggle_pin, "P")
        self.copies = [
            self._add(f"Copy as {each.value}", partial(self.copied.emit, each))
            for each in TextFormat
        ]
        with_token = self._add("Copy as cURL with the token", self.copied_with_token.emit)
        self.copies.insert(1, with_token)
        self.same = self._add("Only this user", self.same_user.emit)
        self.export = self._add("Export…", self.exported.emit)
        self.delete = self._add("Delete…", self.deleted.emit, "Del")
        self.clear = self._add(CLEAR, self.cleared.emit)
        self.follow(())

    @property
    def of_the_list(self) -> list[QAction]:
        """Those whose keys work in the list."""
        return [self.replay, self.pin, self.delete]

    def follow(
        self, ids: Sequence[int], rows: Sequence[DeliveryRow] = (), *, passed: bool = False
    ) -> None:
        """Let those actions be chosen that fit the selected deliveries.

        `rows` are some of them; `passed` says whether the hook of one passes its deliveries on.
        """
        count = len(ids)
        few = 0 < count <= FEW
        self.replay.setEnabled(few)
        self.replay.setText(f"Replay {number(count)}" if count > 1 else "Replay")
        self.resend.setEnabled(few and passed)
        self.resend.setText(f"Pass {number(count)} on again" if count > 1 else "Pass on again")
        self.compare.setEnabled(count == 2)
        for each in (self.edit, *self.copies):
            each.setEnabled(count == 1)
        for each in (self.pin, self.delete):
            each.setEnabled(count > 0)
        self.delete.setText(f"Delete {number(count)}…" if count > 1 else "Delete…")
        self.pin.setText("Unpin" if rows and all(row.pinned for row in rows) else "Pin")
        self.same.setEnabled(count == 1 and bool(rows) and bool(rows[0].gist.user))

    def offer_to_clear(self, count: int, *, filtered: bool) -> None:
        """Say what *Delete all* would delete."""
        self.clear.setEnabled(count > 0)
        self.clear.setText(f"Delete the {number(count)} found…" if filtered else CLEAR)

    def row_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of what can be done with the selected deliveries."""
        menu = QMenu(parent)
        menu.addActions([self.replay, self.edit, self.resend])
        menu.addSeparator()
        menu.addActions([self.compare, self.pin, self.same])
        menu.addSeparator()
        menu.addActions(self.copies)
        menu.addSeparator()
        menu.addActions([self.export, self.delete])
        return menu

    def list_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of what can be done with the whole list."""
        menu = QMenu(parent)
        menu.addActions([self.export, self.compare])
        menu.addSeparator()
        menu.addAction(self.clear)
        return menu

    def register(self, registry: ActionRegistry, listed: QWidget) -> None:
        """Add everything to the menu of the webhooks and to the palette."""
        two = "Choose two deliveries in the list first."
        user = "Choose one delivery first that names a user."
        passed = "Choose a delivery first whose hook passes its deliveries on."
        registry.separate(MENU)
        registry.adopt(MENU, self.replay, ANY, within=listed)
        registry.adopt(MENU, self.edit, ONE)
        registry.adopt(MENU, self.resend, passed)
        registry.separate(MENU)
        registry.adopt(MENU, self.compare, two)
        registry.adopt(MENU, self.pin, ANY, within=listed)
        registry.adopt(MENU, self.same, user)
        registry.separate(MENU)
        for action in self.copies:
            registry.adopt(MENU, action, ONE)
        registry.adopt(MENU, self.export, ANY, within=listed)
        registry.separate(MENU)
        registry.adopt(MENU, self.delete, ANY, within=listed)
        registry.adopt(MENU, self.clear, "The list is empty.")

    def _add(self, title: str, run: Callable[[], object], key: str = "") -> QAction:
        action = QAction(title, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: run())
        return action

    def _toggle_pin(self) -> None:
        self.pinned.emit(self.pin.text() == "Pin")
