"""Asks for a name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.ui.styling import button_box, label
from refiner_desktop.ui.theme import DIALOG_WIDTH, SPACE, scaled

LONGEST_NAME = 80


class NameDialog(QDialog):
    """Its button works once a name stands in the field that is not `taken`."""

    def __init__(
        self, parent: QWidget, title: str, action: str, name: str, taken: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._before = name
        self._taken = frozenset(taken)
        self._edit = QLineEdit(name, maxLength=LONGEST_NAME)
        self._edit.setObjectName("name.edit")
        self._edit.setAccessibleName("Name")
        self._edit.selectAll()
        self._problem = label(role="danger", wrap=True)
        self._buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self._go_on = self._buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(label(title, "heading"))
        layout.addWidget(self._edit)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(scaled(DIALOG_WIDTH))
        self._edit.textChanged.connect(self._check)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._check()

    @property
    def name(self) -> str:
        """The name that stands in the field."""
        return self._edit.text().strip()

    def _check(self) -> None:
        taken = self.name in self._taken and self.name != self._before
        self._problem.setText("There is something of this name already." if taken else "")
        self._problem.setVisible(taken)
        self._go_on.setEnabled(bool(self.name) and not taken)
