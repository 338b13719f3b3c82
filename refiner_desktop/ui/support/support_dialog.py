"""What both dialogs have in common: something to read, to copy as a whole, and its folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from refiner_desktop.ui.styling import button_box, label, size_dialog
from refiner_desktop.ui.theme import SPACE

WIDTH, HEIGHT = 820, 600


class SupportDialog(QDialog):
    """A heading, a sentence, what a subclass adds to `content`, and the buttons."""

    def __init__(self, parent: QWidget, title: str, sentence: str, folder: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._folder = folder
        self._whole = ""
        self._buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self._copy = self._add_button("Copy all", "support.copy")
        self._open = self._add_button("Open the folder", "support.folder")
        self.content = QVBoxLayout()
        self.content.setSpacing(SPACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(label(title, "heading"))
        column.addWidget(label(sentence, "muted", wrap=True))
        column.addLayout(self.content, 1)
        column.addWidget(self._buttons)
        size_dialog(self, WIDTH, HEIGHT)
        self._connect()

    def set_whole(self, text: str) -> None:
        """Set what *Copy all* copies; without it there is nothing to copy yet."""
        self._whole = text
        self._copy.setText("Copy all")
        self._copy.setEnabled(bool(text))

    def copy_all(self) -> None:
        """Put everything on the clipboard, and say so where the eye is."""
        QGuiApplication.clipboard().setText(self._whole)
        self._copy.setText("Copied")

    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _add_button(self, text: str, name: str) -> QPushButton:
        made = self._buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        made.setObjectName(name)
        return made

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy_all)
        self._open.clicked.connect(self.open_folder)
        self._buttons.rejected.connect(self.reject)
