"""A field for an API key: hidden, cleaned of what copying drags along."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.keys import cleaned
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.theme import SPACE


class SecretEdit(QWidget):
    """A password field with a *Show* button. `secret()` trims white space and a leading Bearer."""

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(label)
        self._show_button = button("Show")
        self._show_button.setCheckable(True)
        self._show_button.setAccessibleName(f"Show {label}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self._show_button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        self._show_button.toggled.connect(self._on_show_toggled)

    def secret(self) -> Secret:
        """Return what was typed or pasted, as a secret."""
        return cleaned(self.edit.text())

    def clear(self) -> None:
        """Empty the field and hide what will be typed next."""
        self.edit.clear()
        self._show_button.setChecked(False)

    def _on_show_toggled(self, shown: bool) -> None:
        modes = QLineEdit.EchoMode
        self.edit.setEchoMode(modes.Normal if shown else modes.Password)
        self._show_button.setText("Hide" if shown else "Show")
