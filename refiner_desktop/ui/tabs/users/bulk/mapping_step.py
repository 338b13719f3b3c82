"""What each column of a file is, and what every row gets besides."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QMenu, QToolButton, QVBoxLayout, QWidget

from refiner_desktop.services.bulk.mapping import BulkAction, Mapping, Meaning, meanings_of
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.source import Source
from refiner_desktop.ui.steps import Steps
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.users.bulk.mapping_table import MappingTable
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.flow_layout import FlowLayout
from refiner_desktop.ui.widgets.pressed_by_enter import ToolButton


class MappingStep(QWidget):
    """The mapping table with what can be done to it as a whole; each step can be taken back.

    Signals: `edited()` after every change by hand; `match_requested()` to begin with the names
    again.
    """

    edited = Signal()
    match_requested = Signal()

    def __init__(self, saved: QWidget) -> None:
        super().__init__()
        self._action = BulkAction.IDENTIFY
        self._table = MappingTable("bulk.mapping", "What each column means")
        self._match_button = button("Match by name", "bulk.match", icon="mdi6.auto-fix")
        self._match_button.setToolTip("Begins again with what the names of the columns tell")
        self._ignore_button = button("Ignore all traits", "bulk.ignore", icon="mdi6.eye-off")
        self._add_button = ToolButton()
        self._remove_button = button("Remove fixed value", "bulk.unfix", icon="mdi6.minus")
        self._blank = QCheckBox("Empty cells blank their trait")
        self._blank.setObjectName("bulk.blank")
        self._blank.setToolTip("Without this, an empty cell leaves the trait as it is in Refiner.")
        self._leave_out = QCheckBox("Send a row without its unreadable values")
        self._leave_out.setObjectName("bulk.leave_out")
        self._leave_out.setToolTip(
            "A trait that is not of its type is left out. Without this, its whole row is skipped."
        )
        self._steps = Steps[Mapping]("bulk.undo", self._put_back, self)
        self._source: Source | None = None
        self._before = Mapping(())
        self._problems = label(role="problem", wrap=True)
        self._problems.setObjectName("bulk.problems")
        self._lay_out(saved)
        self._connect()
        self.show_none()

    @property
    def mapping(self) -> Mapping:
        """What is chosen, with what is still being typed."""
        self._table.commit()
        return self._table.mapping

    @property
    def mapping_so_far(self) -> Mapping:
        """What is chosen, without what is still being typed."""
        return self._table.mapping

    def show_mapping(self, source: Source, mapping: Mapping) -> None:
        """Show the columns of another file, or for another action, with these meanings."""
        self._steps.forget()
        self._source = source
        self._show(mapping)
        self._show_rooms(there=True)

    def replace(self, mapping: Mapping) -> None:
        """Give the columns that are shown these meanings, in a step that can be taken back."""
        self._steps.add(self.mapping, mapping)
        self._put_back(mapping)

    def _show(self, mapping: Mapping) -> None:
        assert self._source is not None
        self._before = mapping
        self._table.show_mapping(self._source, mapping)
        for box, ticked in (
            (self._blank, mapping.blank_empty),
            (self._leave_out, mapping.leave_out_unreadable),
        ):
            box.blockSignals(True)
            box.setChecked(ticked)
            box.blockSignals(False)

    def show_none(self) -> None:
        """Show no columns: there is no file."""
        self._steps.forget()
        self._table.show_none()
        self.show_problems(())
        self._show_rooms(there=False)

    def show_action(self, action: BulkAction) -> None:
        """Offer what a column can be when this is done with each row."""
        self._action = action
        self._table.offer(action)
        traits = action is BulkAction.IDENTIFY
        self._ignore_button.setVisible(traits)
        for each in (self._add_button, self._remove_button):
            each.setVisible(bool(_fixable(action)))
        self._blank.setVisible(traits)
        self._leave_out.setVisible(traits)

    def show_known(self, known: Map[str, TraitType]) -> None:
        """Complete the names of traits from these."""
        self._table.set_known(known)

    def show_problems(self, problems: Sequence[str]) -> None:
        """Say what keeps this mapping from being used."""
        self._problems.setText(" ".join(problems))
        self._problems.setVisible(bool(problems))

    def _put_back(self, mapping: Mapping) -> None:
        self._show(mapping)
        self.edited.emit()

    def _on_edited(self) -> None:
        mapping = self._table.mapping
        self._steps.add(self._before, mapping)
        self._before = mapping
        self.edited.emit()

    def _show_rooms(self, *, there: bool) -> None:
        for each in (
            self._match_button, self._ignore_button, self._add_button, self._blank, self._leave_out
        ):  # fmt: skip
            each.setEnabled(there)
        self._show_removable()

    def _show_removable(self) -> None:
        self._remove_button.setEnabled(self._table.on_fixed())

    def _on_blank_toggled(self, blank: bool) -> None:
        self._table.set_blank_empty(blank)
        self._on_edited()

    def _on_leave_out_toggled(self, leave_out: bool) -> None:
        self._table.set_leave_out_unreadable(leave_out)
        self._on_edited()

    def _fill_add(self, menu: QMenu) -> None:
        menu.clear()
        for meaning in _fixable(self._action):
            action = menu.addAction(meaning.value.capitalize())
            action.triggered.connect(partial(self._table.add_fixed, meaning))

    def _connect(self) -> None:
        self._table.edited.connect(self._on_edited)
        self._table.selectionModel().currentChanged.connect(self._show_removable)
        self._table.edited.connect(self._show_removable)
        self._match_button.clicked.connect(self.match_requested)
        self._ignore_button.clicked.connect(self._table.ignore_traits)
        self._remove_button.clicked.connect(self._table.remove_fixed)
        self._blank.toggled.connect(self._on_blank_toggled)
        self._leave_out.toggled.connect(self._on_leave_out_toggled)

    def _lay_out(self, saved: QWidget) -> None:
        self._add_button.setText("Add a fixed value")
        self._add_button.setObjectName("bulk.fix")
        self._add_button.setAccessibleName("Add a fixed value")
        self._add_button.setToolTip("A value that every row gets, such as the event's name")
        self._add_button.setProperty("role", "menu")
        self._add_button.setProperty("icon_name", "mdi6.plus")
        self._add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._add_button)
        menu.aboutToShow.connect(lambda: self._fill_add(menu))
        self._add_button.setMenu(menu)
        tools = QWidget()
        flow = FlowLayout(tools, SPACE)
        for each in (
            saved, self._match_button, self._ignore_button, self._add_button, self._remove_button,
            self._steps.button, self._blank, self._leave_out,
        ):  # fmt: skip
            flow.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(tools)
        layout.addWidget(self._problems)
        layout.addWidget(self._table, 1)


def _fixable(action: BulkAction) -> tuple[Meaning, ...]:
    """Return what can be the same in every row: not who the user is."""
    one_each = (Meaning.IGNORE, Meaning.USER_ID, Meaning.EMAIL)
    return tuple(each for each in meanings_of(action) if each not in one_each)
