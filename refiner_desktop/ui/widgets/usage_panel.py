"""What a key opens: the project, the plan, and how much of it is used."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from refiner_desktop.api.models import AccountUsage, Project, Usage
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.environments_table import EnvironmentsTable

COUNTED = (
    "This month, over all environments of the account. Tracked users are those who were active in "
    "it; there may be more contacts."
)
"""What the figures are (API reference, sections 4.2 and 11)."""

HIGH = 0.9
"""From this share of a limit on, its bar turns amber."""


class UsagePanel(QWidget):
    """Project, plan and a bar for every counted thing; empty until something is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = label(role="heading", elide=True)
        self._identity = label(role="muted", wrap=True)
        self._counted = label(COUNTED, "muted", wrap=True)
        self._rows = {
            title: _UsageRow(title)
            for title in ("Tracked users", "Tracked events", "Page views", "Survey responses")
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._project)
        layout.addWidget(self._identity)
        layout.addWidget(self._counted)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE * 2)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnStretch(1, 1)
        for row, usage in enumerate(self._rows.values()):
            usage.add_to(grid, row)
        layout.addLayout(grid)
        self._environments = EnvironmentsTable()
        layout.addWidget(self._environments)
        self.hide()

    def show_project(self, project: Project, account: AccountUsage | None) -> None:
        """Show the project, and what of the account's plan is used this month."""
        self._project.setText(project.name)
        plan = f" · Plan {account.plan}" if account and account.plan else ""
        self._identity.setText(f"Project {project.uuid}{plan}")
        if account is None:
            self._identity.setText(
                f"Project {project.uuid} · usage could not be read: “Check again” asks once more"
            )
        self._counted.setVisible(account is not None)
        used = _counts(account) if account else {}
        for title, row in self._rows.items():
            row.show_usage(used.get(title))
        self._environments.show_environments(account.environments if account else ())
        self.show()


class _UsageRow:
    def __init__(self, title: str) -> None:
        self._title = label(title)
        self._bar = QProgressBar(textVisible=False, maximum=1000)
        self._bar.setAccessibleName(title)
        self._figures = label(role="muted")

    def add_to(self, grid: QGridLayout, row: int) -> None:
        widgets: tuple[QLabel | QProgressBar, ...] = (self._title, self._bar, self._figures)
        for column, widget in enumerate(widgets):
            grid.addWidget(widget, row, column)

    def show_usage(self, usage: Usage | None) -> None:
        for widget in (self._title, self._bar, self._figures):
            widget.setVisible(usage is not None)
        if usage is None:
            return
        share = usage.count / usage.limit if usage.limit else 0.0
        self._bar.setValue(round(min(share, 1.0) * self._bar.maximum()))
        restyle(self._bar, "level", "high" if share >= HIGH else "")
        limit = f"of {number(usage.limit)}" if usage.limit else "· no limit known"
        self._figures.setText(f"{number(usage.count)} {limit}")


def _counts(account: AccountUsage) -> dict[str, Usage]:
    return {
        "Tracked users": account.tracked_users,
        "Tracked events": account.events,
        "Page views": account.page_views,
        "Survey responses": account.responses,
    }
