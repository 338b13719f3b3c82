"""What dialogs with fields have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from refiner_desktop.ui.styling import MOST_OF_SCREEN, button_box, label
from refiner_desktop.ui.theme import DIALOG_WIDTH, SPACE, scaled


class AskingDialog(QDialog):
    """A heading, whatever a subclass adds, a line for what is wrong, and two buttons."""

    def __init__(self, parent: QWidget, title: str, action: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(scaled(DIALOG_WIDTH))
        self._problem = label(role="danger", wrap=True)
        self._problem.hide()
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.go_on = self.buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_on.setProperty("role", "primary")
        self.fields = QVBoxLayout()
        self.fields.setSpacing(SPACE)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        layout.setSpacing(SPACE * 2)
        layout.addWidget(label(title, "heading"))
        layout.addLayout(self.fields, 1)
        layout.addWidget(self._problem)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def say(self, problem: str) -> None:
        """Say what is wrong with what was given last."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    # Reimplemented Qt methods

    def setVisible(self, visible: bool) -> None:
        """Put the buttons below all fields only now, so that Tab comes to them last, too."""
        if self.buttons.parentWidget() is None:
            self._column.addWidget(self.buttons)
            self._fit()
        super().setVisible(visible)

    def _fit(self) -> None:
        """Take the height that the text needs; Qt gives a window two thirds of the screen."""
        wanted = self.sizeHint().expandedTo(self.minimumSize())
        needed = self._column.totalHeightForWidth(wanted.width())
        if needed > wanted.height():
            wanted.setHeight(needed)
        self.resize(wanted.boundedTo(self.screen().availableSize() * MOST_OF_SCREEN))
