"""Everything that a person can say about one environment."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.environments import NameMissing, NameTaken
from refiner_desktop.settings.address import WrongAddress
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.announcing import announce, tell
from refiner_desktop.ui.styling import button, caption, card, label, restyle
from refiner_desktop.ui.tabs.connection.colour_row import ColourRow
from refiner_desktop.ui.tabs.connection.patience_row import PatienceRow
from refiner_desktop.ui.tabs.connection.step_head import StepHead
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.secret_edit import SecretEdit

CONNECT_WIDTH = 136
"""It holds all words of the button, so that nothing beside it moves when they change."""

WHERE_THE_KEY_IS = "In Refiner, open Integrations > Rest API and copy the key of one environment."
READ_ONLY = "Read-only: only calls that read (GET) go out"
PRODUCTION = "Production: its name is asked for before risky calls"
RISKY = "Before deleting, archiving, publishing and bulk runs you type the environment's name."


class EnvironmentForm(QWidget):
    """Shows one environment and returns it as it was edited.

    For somebody new it is a page of three steps that asks for no more than needed. Signals:
    `submitted()` on Enter in a field; `save_requested()`; `cancel_requested()`;
    `agree_requested()` to a keyring that exposes keys.
    """

    submitted = Signal()
    save_requested = Signal()
    cancel_requested = Signal()
    agree_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = Environment()
        self._has_new_key = self._is_connected = False
        self._make()
        self._lay_out()
        self._connect()

    def environment(self) -> Environment:
        """Return the environment with what stands in the fields."""
        return msgspec.structs.replace(
            self._shown,
            name=self._name.text().strip(),
            base_url=self._base_url.text().strip(),
            colour=self._colours.colour(),
            read_only=self._read_only.isChecked(),
            production=self._production.isChecked(),
            patience=self._patience.patience(),
            remember=self._remember.isChecked(),
        )

    def key(self) -> Secret:
        """Return the key that was typed; empty for none."""
        return self._key.secret()

    @property
    def is_edited(self) -> bool:
        """Whether something stands in the fields that is not saved."""
        return self.environment() != self._shown or self._has_new_key

    def settle(self) -> None:
        """Take what stands in the fields as it is for saved, and the key for tried."""
        self._shown = self.environment()
        self._has_new_key = False
        self._on_edited()

    def show_environment(self, environment: Environment) -> None:
        """Fill the fields; what stood there is gone."""
        self._shown = environment
        self._name.setText(environment.name)
        self._base_url.setText(environment.base_url)
        self._colours.set_colour(environment.colour)
        self._read_only.setChecked(environment.read_only)
        self._production.setChecked(environment.production)
        self._patience.show_patience(environment.patience)
        self._remember.setChecked(environment.remember)
        self._key.clear()
        self._on_edited()

    def show_key_at_hand(self, at_hand: bool) -> None:
        """Say in the key's field whether one need be pasted."""
        hint = "A key is set; paste another to replace it" if at_hand else "Paste the key here"
        self._key.edit.setPlaceholderText(hint)

    def follow(self, saved: Environment) -> None:
        """Take over what the application itself has learned about the environment meanwhile."""
        self._shown = msgspec.structs.replace(
            self._shown, key_origin=saved.key_origin, project=saved.project
        )

    def show_steps(self, shown: bool) -> None:
        """Be a page of three steps, or the form with everything in it."""
        for step in self._steps:
            self._form.setRowVisible(step, shown)
        for row in (self._colours, self._read_only, self._production, self._patience):
            self._form.setRowVisible(row, not shown)
        self._save_button.setVisible(not shown)

    def show_problem(self, problem: Exception) -> None:
        """Mark the field that the problem is about, say what is wrong, and go there."""
        field = self._base_url if isinstance(problem, WrongAddress) else self._name
        self._unmark()
        restyle(field, "wrong", "true")
        self._problem.setText(str(problem))
        self._problem.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(field, str(problem), urgent=True)

    def say(self, role: str, sentence: str) -> None:
        """Put a sentence about the connection below the buttons."""
        tell(self._status, sentence, urgent=role == "danger")
        restyle(self._status, "role", role)

    def show_connected(self, connected: bool) -> None:
        """Say whether there is still something to do: to connect once more is seldom wanted."""
        self._is_connected = connected
        self._connect_button.setText("Connect again" if connected else "Connect")
        self._show_edited()

    def offer(self, *, to_cancel: bool, to_agree: bool) -> None:
        """Show the buttons for what runs and for what a keyring has refused."""
        self._cancel_button.setVisible(to_cancel)
        self._agree_button.setVisible(to_agree)

    def can_remember(self, able: bool) -> None:
        """Offer to remember the key, where there is a keyring."""
        self._form.setRowVisible(self._remember, able)

    def focus_key(self) -> None:
        """Put the cursor where a key goes."""
        self._key.setFocus()

    def focus_name(self) -> None:
        """Put the cursor where a new environment begins."""
        self._name.setFocus()

    def _make(self) -> None:
        self._key = SecretEdit("connection.api_key", "API key")
        self._remember = _box("connection.remember", "Remember the key in this system's keyring")
        self._name = _line("connection.name", "Production")
        self._base_url = _line("connection.base_url", "https://api.refiner.io/v1")
        self._colours = ColourRow("connection.colour")
        self._read_only = _box("connection.read_only", READ_ONLY)
        self._production = _box("connection.production", PRODUCTION)
        self._production.setToolTip(RISKY)
        self._patience = PatienceRow()
        self._problem = label(role="problem", wrap=True)
        self._problem.hide()
        self._connect_button = button("Connect", "connection.connect", role="primary")
        self._connect_button.setMinimumWidth(scaled(CONNECT_WIDTH))
        self._save_button = button("Save changes", "connection.save")
        self._cancel_button = button("Cancel", "connection.cancel")
        self._agree_button = button("Keep it there all the same…", "connection.agree")
        self._status = label(wrap=True)
        self._status.setObjectName("connection.status")
        self.offer(to_cancel=False, to_agree=False)
        self._steps = (
            StepHead(1, "Get a key", WHERE_THE_KEY_IS),
            StepHead(2, "Paste it", "It is shown to nobody and sent to that server only."),
            StepHead(3, "Connect", "Reads what the key opens. Nothing is changed in Refiner."),
        )

    def _lay_out(self) -> None:
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        inside.setSpacing(SPACE + SPACE // 2)
        form = self._form = QFormLayout()
        inside.addLayout(form)
        inside.addWidget(self._problem)  # not in the form, which gives a wrapped text odd heights
        inside.addWidget(self._status)
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE + SPACE // 2)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        first, second, third = self._steps
        form.addRow(first)
        form.addRow(second)
        form.addRow(caption("API key", self._key), self._key)
        form.addRow("", self._remember)
        form.addRow(third)
        form.addRow(caption("Environment name", self._name), self._name)
        form.addRow(caption("API base URL", self._base_url), self._base_url)
        form.addRow(caption("Colour", self._colours), self._colours)
        form.addRow(QLabel("Guard"), self._read_only)  # no buddy: what it says is its name
        form.addRow("", self._production)
        form.addRow(caption("Time-outs", self._patience), self._patience)
        form.addRow("", self._buttons())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def _buttons(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for each in (
            self._connect_button, self._save_button, self._agree_button, self._cancel_button
        ):  # fmt: skip
            layout.addWidget(each)
        layout.addStretch(1)
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return row

    def _connect(self) -> None:
        self._key.edit.textChanged.connect(self._on_key_changed)
        for edit in (self._name, self._base_url, self._key.edit):
            edit.returnPressed.connect(self.submitted)
            edit.textChanged.connect(self._on_edited)
        for box in (self._remember, self._read_only, self._production):
            box.toggled.connect(self._on_edited)
        self._colours.chosen.connect(self._on_edited)
        self._patience.edited.connect(self._on_edited)
        self._connect_button.clicked.connect(self.submitted)
        self._save_button.clicked.connect(self.save_requested)
        self._cancel_button.clicked.connect(self.cancel_requested)
        self._agree_button.clicked.connect(self.agree_requested)

    def _on_key_changed(self) -> None:
        self._has_new_key = bool(self.key())

    def _on_edited(self) -> None:
        self._unmark()
        self._show_edited()

    def _show_edited(self) -> None:
        edited = self.is_edited
        self._save_button.setEnabled(edited)
        role = "" if self._is_connected and not edited else "primary"
        restyle(self._connect_button, "role", role)

    def _unmark(self) -> None:
        self._problem.hide()
        for field in (self._name, self._base_url):
            restyle(field, "wrong", "false")


FORM_PROBLEMS = (NameMissing, NameTaken, WrongAddress)
"""What `show_problem` can say at a field."""


def _line(name: str, example: str) -> QLineEdit:
    edit = QLineEdit(placeholderText=example)
    edit.setObjectName(name)
    return edit


def _box(name: str, text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(name)
    return box
