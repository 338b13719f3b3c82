"""Questions to the person, awaited instead of executed.

A dialog's `exec()` runs a second event loop inside a coroutine and breaks other tasks for good
(qasync issue 59); `open()` and a future do not.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
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
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import DIALOG_WIDTH, SPACE, scaled


async def ask(dialog: QDialog) -> bool:
    """Open the dialog, wait for the person, and say whether it was accepted."""
    return await _finished(dialog) == QDialog.DialogCode.Accepted.value


async def confirm(parent: QWidget, question: str, explanation: str, action: str) -> bool:
    """Ask before something that can't be undone; `action` is the verb on the button."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(question)
    box.setText(question)
    box.setInformativeText(explanation)
    go_on = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
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
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
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
    dialog = QFileDialog(parent, title, "", filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _selected(dialog)


async def choose_target(parent: QWidget, title: str, name: str, filters: str) -> Path | None:
    """Ask where to write a file; None when the person turns away."""
    dialog = QFileDialog(parent, title, name, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return await _selected(dialog)


async def _selected(dialog: QFileDialog) -> Path | None:
    selected: list[str] = []
    dialog.filesSelected.connect(selected.extend)
    accepted = await ask(dialog)
    return Path(selected[0]) if accepted and selected else None


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
