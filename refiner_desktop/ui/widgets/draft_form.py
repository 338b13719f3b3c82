"""Helpers for forms that mark what is wrong at the field where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.services.drafts import DraftProblem, Trait, TraitType
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

TRAIT_TYPES = tuple(kind.value for kind in TraitType)


class Field(QWidget):
    """A line edit or key-value table with room below it for what is wrong."""

    def __init__(self, widget: QLineEdit | KeyValueTable) -> None:
        super().__init__()
        self.widget = widget
        self._problem = label(role="problem", wrap=True)
        self._problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, SPACE)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(widget)
        layout.addWidget(self._problem)
        self.setFocusProxy(widget)

    def show_problems(self, problems: Iterable[DraftProblem]) -> None:
        """Mark the field; rows of a table are marked one by one."""
        found = list(problems)
        stopping = any(problem.stops for problem in found)
        self._problem.setText("\n".join(_line(problem) for problem in found))
        self._problem.setVisible(bool(found))
        restyle(self._problem, "role", "problem" if stopping else "warning")
        if isinstance(self.widget, KeyValueTable):
            self.widget.set_problems({p.row: p.text for p in found if p.row is not None})
        else:
            restyle(self.widget, "wrong", "true" if stopping else "false")


class DraftForm(QWidget):
    """A column of labelled fields, each known by the name that its problems carry."""

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[str, Field] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE // 2)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)

    def add(self, name: str, title: str, widget: QLineEdit | KeyValueTable) -> None:
        """Add a field below the others."""
        field = Field(widget)
        title_label = QLabel(title)
        title_label.setBuddy(widget)
        widget.setAccessibleName(title)
        self._fields[name] = field
        self._layout.addRow(title_label, field)

    def show_problems(self, problems: Iterable[DraftProblem]) -> None:
        """Mark every field with its own problems and clear the others."""
        found = list(problems)
        for name, field in self._fields.items():
            field.show_problems(problem for problem in found if problem.field == name)


def traits_of(table: KeyValueTable) -> tuple[Trait, ...]:
    """Return what was typed into a table of traits."""
    return tuple(Trait(row.key, TraitType(row.type), row.value) for row in table.rows())


def trait_rows(attributes: Mapping[str, object]) -> list[KeyValue]:
    """Return rows that would send these values again as they came from the service.

    What is empty or has no type of its own is left out: a trait that is not sent stays as it is.
    """
    rows = (_trait_row(key, value) for key, value in attributes.items())
    return [row for row in rows if row is not None]


def _trait_row(key: str, value: object) -> KeyValue | None:
    match value:
        case bool():
            return KeyValue(key, TraitType.YES_NO.value, "yes" if value else "no")
        case int():
            return KeyValue(key, TraitType.NUMBER.value, str(value))
        case str():
            return KeyValue(key, TraitType.TEXT.value, value)
        case _:
            return None


def _line(problem: DraftProblem) -> str:
    return problem.text if problem.row is None else f"Row {problem.row + 1}: {problem.text}"
