"""What a dry run has found, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.services.bulk.check import BulkCheck
from refiner_desktop.services.bulk.findings import Finding
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.announcing import tell
from refiner_desktop.ui.models.cell_text import RIGHT, one_line
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.count_chips import CountChips
from refiner_desktop.ui.theme import SEARCH_WIDTH, SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.search_edit import SearchEdit


def _place_hint(found: Finding) -> str:
    if not found.line:
        return "The whole file"
    return f"{words.line_place(found.line)}. {words.LINE_HINT} {words.OPEN_HINT}"


def _heard(found: Finding) -> str:
    """Return the whole line: one who hears the list goes down its first column."""
    place = f"Line {number(found.line)}" if found.line else "The whole file"
    parts = (place, words.LEVELS[found.level], found.column, found.text)
    return one_line(", ".join(filter(None, parts)))


COLUMNS = (
    Column[Finding](
        "Line",
        lambda found: number(found.line) if found.line else "all",
        RIGHT,
        _place_hint,
        _heard,
    ),
    Column[Finding]("User", lambda found: found.user),
    Column[Finding]("Effect", lambda found: words.LEVELS[found.level]),
    Column[Finding]("Column", lambda found: found.column),
    Column[Finding]("What", lambda found: found.text),
)
WIDTHS = (84, 140, 120, 130)


class CheckStep(QWidget):
    """Findings with their row, filtered by what they lead to and by words.

    Signals: `compare_changed()` when unchanged rows are to be left out, or no longer;
    `line_wanted(line)` to see the row of a finding in its file; `save_requested()`.
    """

    compare_changed = Signal()
    line_wanted = Signal(int)
    save_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._check: BulkCheck | None = None
        self._said = label(words.NOT_CHECKED, wrap=True)
        self._compare = QCheckBox(words.COMPARE)
        self._compare.setObjectName("bulk.compare")
        self._compare.setToolTip(words.COMPARE_HINT)
        self._levels = CountChips("bulk.levels", "What findings lead to", words.LEVEL_CHIPS)
        self._search = SearchEdit("bulk.findings.search", "Search findings")
        self._more = label(role="muted")
        self._save_button = button("Save findings…", "bulk.findings.save", icon="mdi6.content-save")
        self._save_button.setToolTip("All of them, as a CSV file")
        self._findings = RecordTableModel[Finding](COLUMNS, parent=self)
        self._table = DataTable("bulk.findings", "Findings of the check", self._findings)
        self._lay_out()
        self._compare.toggled.connect(self.compare_changed)
        self._levels.changed.connect(self._filter)
        self._search.textChanged.connect(self._filter)
        self._table.activated.connect(self._open)
        self._save_button.clicked.connect(self.save_requested)
        self.show_none(words.NOT_CHECKED)

    @property
    def compares(self) -> bool:
        """Whether rows that would change nothing are to be left out."""
        return self._compare.isChecked()

    def show_check(self, check: BulkCheck) -> None:
        """Show what a check has found, all of it."""
        self._check = check
        tell(self._said, words.check_sentence(check))
        self._levels.choose(())
        self._levels.show_counts(check.counts)
        self._search.clear()
        self._more.setText(words.more_findings(len(check.findings), sum(check.counts.values())))
        self._show_filters(there=bool(check.findings))
        self._filter()

    def show_none(self, why: str) -> None:
        """Show no findings, and say why and what to do."""
        self._check = None
        self._said.setText(why)
        self._more.setText("")
        self._show_filters(there=False)
        self._findings.set_rows(())
        self._table.set_empty_text(why)

    def show_read(self, sentence: str) -> None:
        """Say how far the check is."""
        self._said.setText(sentence)

    def show_sent(self) -> None:
        """Say that what is shown was found before the rows went out."""
        self._said.setText(f"{words.FOUND_BEFORE} {self._said.text()}")

    def show_comparable(self, *, comparable: bool) -> None:
        """Offer the comparison where it tells something: an event always changes something."""
        self._compare.setEnabled(comparable)
        if not comparable:
            self._compare.setChecked(False)

    def _open(self, index: QModelIndex) -> None:
        if line := self._findings.record(index.row()).line:
            self.line_wanted.emit(line)

    def _filter(self) -> None:
        if self._check is None:
            return
        found = self._check.findings
        shown = _matching(found, self._levels.chosen(), self._search.text().strip().casefold())
        self._findings.set_rows(shown)
        self._table.set_empty_text(words.NO_SUCH_FINDING if found else words.NOTHING_WRONG)

    def _show_filters(self, *, there: bool) -> None:
        for each in (self._levels, self._search, self._more, self._save_button):
            each.setVisible(there)

    def _lay_out(self) -> None:
        for place, width in enumerate(WIDTHS):
            self._table.setColumnWidth(place, scaled(width))
        self._table.horizontalHeader().setStretchLastSection(True)
        self._search.setFixedWidth(scaled(SEARCH_WIDTH))
        filters = QHBoxLayout()
        filters.setSpacing(SPACE)
        filters.addWidget(self._levels, 1)
        filters.addWidget(self._more)
        filters.addWidget(self._search)
        filters.addWidget(self._save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._said)
        layout.addWidget(self._compare)
        layout.addLayout(filters)
        layout.addWidget(self._table, 1)


def _matching(
    findings: Sequence[Finding], levels: frozenset[object], text: str
) -> Sequence[Finding]:
    return [
        each
        for each in findings
        if (not levels or each.level in levels)
        and (not text or text in f"{each.column} {each.text} {each.line} {each.user}".casefold())
    ]
