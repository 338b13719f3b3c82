"""Forms that mark what is wrong at the field where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.services.users.drafts import DraftProblem
from refiner_desktop.services.users.known_traits import Known
from refiner_desktop.services.users.pasted_traits import trait_of
from refiner_desktop.services.users.traits import Trait, TraitType
from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

TRAIT_TYPES = tuple(kind.value for kind in TraitType)


class Field(QWidget):
    """A line edit or key-value table with room below it for what is wrong or doubtful."""

    def __init__(self, widget: QLineEdit | KeyValueTable) -> None:
        super().__init__()
        self.widget = widget
        self._problems = label(role="problem", wrap=True)
        self._warnings = label(role="warning", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, SPACE)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(widget)
        for each in (self._problems, self._warnings):
            each.hide()
            layout.addWidget(each)

    def show_problems(self, problems: Iterable[DraftProblem]) -> None:
        """Mark the field; rows of a table are marked one by one."""
        found = list(problems)
        stopping = [self._line(problem) for problem in found if problem.stops]
        doubtful = [self._line(problem) for problem in found if not problem.stops]
        for said, lines in ((self._problems, stopping), (self._warnings, doubtful)):
            said.setText("\n".join(lines))
            said.setVisible(bool(lines))
        self.widget.setAccessibleDescription(" ".join(stopping + doubtful))
        if isinstance(self.widget, KeyValueTable):
            self.widget.set_problems({p.row: p.text for p in found if p.row is not None})
        else:
            restyle(self.widget, "wrong", "true" if stopping else "false")

    def focus(self, row: int | None) -> None:
        """Put the cursor into the field, of a table into its row, and say what is wrong there."""
        self.widget.setFocus()
        if row is not None and isinstance(self.widget, KeyValueTable):
            self.widget.go_to(row)
        announce(self.widget, self._problems.text(), urgent=True)

    def _line(self, problem: DraftProblem) -> str:
        if problem.row is None or not isinstance(self.widget, KeyValueTable):
            return problem.text
        return f"Row {self.widget.line_of(problem.row)}: {problem.text}"


class DraftForm(QWidget):
    """A column of labelled fields, each known by the name that its problems carry.

    Tab goes through them in their order.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[str, Field] = {}
        # No form layout: it gives texts that wrap the height of fewer lines than they have.
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE // 2)

    def add(self, name: str, title: str, widget: QLineEdit | KeyValueTable) -> None:
        """Add a field below the others."""
        field = Field(widget)
        title_label = QLabel(title)
        title_label.setBuddy(widget)
        widget.setAccessibleName(title)
        self._layout.addWidget(title_label)
        self._layout.addWidget(field)
        if self._fields:
            QWidget.setTabOrder(list(self._fields.values())[-1].widget, widget)
        self._fields[name] = field

    def add_heading(self, title: str, explanation: str) -> None:
        """Begin a group of fields."""
        heading = label(title, "heading")
        heading.setContentsMargins(0, SPACE, 0, 0)
        said = label(explanation, "muted", wrap=True)
        said.setContentsMargins(0, 0, 0, SPACE)
        self._layout.addWidget(heading)
        self._layout.addWidget(said)

    def show_problems(self, problems: Iterable[DraftProblem]) -> None:
        """Mark every field with its own problems and clear the others."""
        found = list(problems)
        for name, field in self._fields.items():
            field.show_problems(problem for problem in found if problem.field == name)

    def focus(self, name: str, row: int | None = None) -> None:
        """Put the cursor into a field, of a table into one of its rows."""
        self._fields[name].focus(row)


def traits_of(table: KeyValueTable) -> tuple[Trait, ...]:
    """Return what was typed into a table of traits."""
    return tuple(
        Trait(row.key.strip(), TraitType(row.type), row.value, row.on) for row in table.rows()
    )


def rows_of(traits: Iterable[Trait]) -> list[KeyValue]:
    """Return the rows that show these traits."""
    return [KeyValue(trait.key, trait.type.value, trait.value, trait.on) for trait in traits]


def traits_from(attributes: Mapping[str, object], known: Known) -> tuple[Trait, ...]:
    """Return traits that would send these values again as they came from the service.

    What is empty or has no type of its own is left out: a trait that is not sent stays as it is.
    """
    return tuple(
        trait_of(key, value, known)
        for key, value in attributes.items()
        if isinstance(value, str | int) and value != ""
    )
