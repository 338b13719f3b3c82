"""What can be done with a text: the entries of its menu and their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from refiner_desktop.ui.widgets.text_view.content_view import ContentView
from refiner_desktop.ui.widgets.text_view.mode import Mode

_MODES = {Mode.PRETTY: "Formatted", Mode.RAW: "As it came", Mode.HEX: "Hexadecimal"}


class ViewActions(QObject):
    """The actions of a view, each able to be chosen only when it does something.

    They stand in the menu of the view; those without an underscore are good for buttons, too.
    """

    def __init__(self, view: ContentView) -> None:
        super().__init__(view)
        self._view = view
        keys = QKeySequence.StandardKey
        self._copy = self._action("Copy", view.copy, keys.Copy)
        self._copy_value = self._action("Copy value", view.copy_value)
        self._copy_path = self._action("Copy path", view.copy_path)
        self._select_all = self._action("Select all", view.select_all, keys.SelectAll)
        self._separate()
        self._fold = self._action("Fold", view.fold, "Ctrl+Shift+[")
        self._unfold = self._action("Unfold", view.unfold, "Ctrl+Shift+]")
        self.fold_all = self._action("Fold all", view.fold_all, "Ctrl+Alt+[")
        self.unfold_all = self._action("Unfold all", view.unfold_all, "Ctrl+Alt+]")
        self._separate()
        self.wrap = self._action("Wrap lines", view.set_wrap)
        self.wrap.setCheckable(True)
        self.modes = self._make_modes()

        view.selection_changed.connect(self._follow_caret)
        view.outline_changed.connect(self._follow_content)
        view.content_changed.connect(self._follow_content)
        view.mode_changed.connect(self._follow_content)
        view.wrap_changed.connect(self.wrap.setChecked)
        self.wrap.setChecked(view.wrap)
        self._follow_content()

    def _make_modes(self) -> dict[Mode, QAction]:
        group, modes = QActionGroup(self), {}
        for mode, text in _MODES.items():
            modes[mode] = self._action(text, partial(self._view.set_mode, mode))
            modes[mode].setCheckable(True)
            group.addAction(modes[mode])
        return modes

    def _action(
        self,
        text: str,
        work: Callable[..., None],
        key: QKeySequence.StandardKey | str | None = None,
    ) -> QAction:
        action = QAction(text, self._view)
        if key is not None:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(work)
        self._view.addAction(action)
        return action

    def _separate(self) -> None:
        separator = QAction(self._view)
        separator.setSeparator(True)
        self._view.addAction(separator)

    def _follow_caret(self) -> None:
        self._copy.setEnabled(bool(self._view.selection))

    def _follow_content(self) -> None:
        view = self._view
        self._follow_caret()
        self._select_all.setEnabled(view.document is not None)
        self.wrap.setEnabled(view.document is None or view.document.wraps)
        for action in (self._copy_value, self._copy_path):
            action.setEnabled(view.has_outline)
        for action in (self._fold, self._unfold, self.fold_all, self.unfold_all):
            action.setEnabled(view.can_fold)
        for mode, action in self.modes.items():
            action.setEnabled(view.document is not None and mode in view.modes)
            action.setChecked(mode is view.mode)
