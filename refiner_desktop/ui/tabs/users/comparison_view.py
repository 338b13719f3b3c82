"""What an identify call would change, key by key."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.services.contacts.changes import Comparison, Effect, KeyChange
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable

READING = "Reading the contact as it is now…"
OUTDATED = "The user has changed. Press “Compare” again."
COMPARED = "Compared with the contact as it is now"
UNKNOWN = "Refiner does not know this user: it will be created. Its keys"
EMPTY = "empty"


def _in_words(comparison: Comparison) -> str:
    counts = (f"{number(count)} {effect.value}" for effect, count in comparison.counts.items())
    known = comparison.contact is not None
    return f"{COMPARED if known else UNKNOWN}: {', '.join(counts)}."


def _now(change: KeyChange) -> str:
    return "" if change.effect is Effect.NEW else change.before


def _then(change: KeyChange) -> str:
    return change.after or EMPTY


COLUMNS = (
    Column[KeyChange]("Key", lambda change: change.key),
    Column[KeyChange]("Change", lambda change: change.effect.value),
    Column[KeyChange]("Now", _now),
    Column[KeyChange]("After the call", _then),
)


class ComparisonView(QWidget):
    """A sentence, and a line for every key that is sent or that the contact has."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = label(role="muted", wrap=True)
        self._changes = RecordTableModel[KeyChange](COLUMNS, parent=self)
        table = DataTable("identify.changes", "What the call would change", self._changes)
        header = table.horizontalHeader()
        for place, width in enumerate((104, 84, 184)):
            header.resizeSection(place, scaled(width))
        header.setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._sentence)
        layout.addWidget(table, 1)

    def show_reading(self) -> None:
        """Say that the contact is being fetched."""
        self._changes.set_rows(())
        self._sentence.setText(READING)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show what would change."""
        self._sentence.setText(_in_words(comparison))
        self._changes.set_rows(comparison.changes)

    def show_outdated(self) -> None:
        """Say that the comparison was about somebody else."""
        self._changes.set_rows(())
        self._sentence.setText(OUTDATED)
