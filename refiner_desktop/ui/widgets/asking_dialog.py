"""What dialogs with fields have in common."""

from __future__ import annotations

from PySide6.QtCore import Qt
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

    def _take_room(self) -> None:
        """Be as high as the texts need: Qt stops at two thirds of the screen, and cuts them."""
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            return
        wanted = self.sizeHint().expandedTo(self.minimumSize())
        if self._column.hasHeightForWidth():
            wanted.setHeight(self._column.totalHeightForWidth(wanted.width()))
        self.resize(wanted.boundedTo(self.screen().availableSize() * MOST_OF_SCREEN))

    # Reimplemented Qt methods

    def setVisible(self, visible: bool) -> None:
        """Put the buttons below all fields only now, so that Tab comes to them last, too."""
        if self.buttons.parentWidget() is None:
            self._column.addWidget(self.buttons)
            self._take_room()
        super().setVisible(visible)
