"""Questions to the person, awaited instead of executed.

A dialog's `exec()` runs a second event loop inside a coroutine and breaks other tasks for good
(qasync issue 59); `open()` and a future do not.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.environments.danger import Danger
from refiner_desktop.ui.styling import button_box, label, take_off_icons
from refiner_desktop.ui.theme import DIALOG_WIDTH, SPACE, scaled

FOLDER = "folder"
"""The property of a window that says where the person chose a file last."""


async def ask(dialog: QDialog) -> bool:
    """Open the dialog, wait for the person, and say whether it was accepted."""
    return await _finished(dialog) == QDialog.DialogCode.Accepted.value


class _HeldKeys(QObject):
    """Keeps a button from being pressed by the key that has opened its question."""

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.isAutoRepeat():
            return True
        return super().eventFilter(watched, event)


async def confirm(
    parent: QWidget, question: str, explanation: str, action: str, *, by_enter: bool = False
) -> bool:
    """Ask before something that can't be undone; `action` is the verb on the button.

    Enter turns away, but goes on where the person has just asked for it (`by_enter`).
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(question)
    box.setText(question)
    box.setInformativeText(explanation)
    go_on = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    turn_away = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(go_on if by_enter else turn_away)
    go_on.installEventFilter(_HeldKeys(box))
    take_off_icons(box)
    await _finished(box)
    return box.clickedButton() is go_on


async def confirm_by_word(
    parent: QWidget, question: str, explanation: str, word: str, action: str
) -> bool:
    """Ask before something grave; the person goes on by typing `word`."""
    return await ask(_WordDialog(parent, question, explanation, word, action))


async def confirm_danger(parent: QWidget, danger: Danger) -> bool:
    """Ask for the name of the environment that a risky call goes to."""
    return await confirm_by_word(
        parent, danger.question, danger.explanation, danger.name, danger.action
    )


async def keep_or_discard(parent: QWidget, question: str, explanation: str) -> bool | None:
    """Ask what to do with changes: True to save, False to discard, None to stay."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(question)
    box.setText(question)
    box.setInformativeText(explanation)
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(save)
    take_off_icons(box)
    await _finished(box)
    clicked = box.clickedButton()
    return clicked is save if clicked in (save, discard) else None


class _WordDialog(QDialog):
    """Its button works once the word stands in the field."""

    def __init__(
        self, parent: QWidget, question: str, explanation: str, word: str, action: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self._word = word
        self._edit = QLineEdit()
        self._edit.setObjectName("confirm.word")
        self._edit.setAccessibleName(f"Type {word} to confirm")
        self._buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self._go_on = self._buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self._go_on.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(label(question, "heading", wrap=True))
        column.addWidget(label(explanation, "muted", wrap=True))
        column.addWidget(label(f"Type “{word}” to go on:", wrap=True))
        column.addWidget(self._edit)
        column.addWidget(self._buttons)
        self.setMinimumWidth(scaled(DIALOG_WIDTH))
        self._edit.textChanged.connect(self._on_typed)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _on_typed(self, text: str) -> None:
        self._go_on.setEnabled(text.strip().casefold() == self._word.casefold())


async def choose_file(parent: QWidget, title: str, filters: str) -> Path | None:
    """Ask for a file to read; None when the person turns away."""
    dialog = QFileDialog(parent, title, str(await _folder(parent)), filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _selected(parent, dialog)


async def choose_target(parent: QWidget, title: str, name: str, filters: str) -> Path | None:
    """Ask where to write a file; None when the person turns away.

    A `name` without a folder is proposed where the person was last.
    """
    proposed = Path(name)
    if not proposed.is_absolute():
        proposed = await _folder(parent) / name
    dialog = QFileDialog(parent, title, str(proposed), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return await _selected(parent, dialog)


def open_folder(folder: Path) -> None:
    """Show a folder in the desktop's own program for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


async def _folder(parent: QWidget) -> Path:
    """Return where the person chose a file last; at first, where they keep documents."""
    last = outermost(parent).property(FOLDER)
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folders = [Path(each) for each in (last, QStandardPaths.writableLocation(place)) if each]
    return await asyncio.to_thread(lambda: next(filter(Path.is_dir, folders), Path.home()))


async def _selected(parent: QWidget, dialog: QFileDialog) -> Path | None:
    selected: list[str] = []
    take_off_icons(dialog)
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, "Folder:")
    dialog.filesSelected.connect(selected.extend)
    accepted = await ask(dialog)
    if not accepted or not selected:
        return None
    path = Path(selected[0])
    outermost(parent).setProperty(FOLDER, str(path.parent))
    return path


def outermost(widget: QWidget) -> QWidget:
    """Return the window that a widget, or the dialog it is in, belongs to."""
    while (parent := widget.parentWidget()) is not None:
        widget = parent
    return widget


async def _finished(dialog: QDialog) -> int:
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    dialog.finished.connect(settle)
    dialog.open()
    try:
        return await ended
    finally:
        dialog.close()
        dialog.deleteLater()
