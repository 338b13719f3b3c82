"""Questions to the person, awaited instead of executed.

A dialog's `exec()` runs a second event loop inside a coroutine and breaks other tasks for good
(qasync issue 59); `open()` and a future do not.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget


async def ask(dialog: QDialog) -> bool:
    """Open the dialog, wait for the person, and say whether it was accepted."""
    return await _finished(dialog) == QDialog.DialogCode.Accepted.value


async def confirm(parent: QWidget, question: str, explanation: str, action: str) -> bool:
    """Ask before something that can't be undone; `action` is the verb on the button."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(explanation)
    go_on = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    await _finished(box)
    return box.clickedButton() is go_on


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
