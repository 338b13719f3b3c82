"""Deliveries of other environments: kept and passed on like all, and not shown."""

from __future__ import annotations

from dataclasses import replace

from psygnal import Signal

from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.webhooks.delivery import DeliveryRow


class HiddenProjects:
    """The projects whose deliveries are not shown. Signals: `changed()` when they are others."""

    changed = Signal()

    def __init__(self) -> None:
        self._projects: frozenset[str] = frozenset()

    def hide(self, projects: frozenset[str]) -> None:
        """Show no delivery that names one of these projects: they are other environments'."""
        projects -= {""}
        if projects != self._projects:
            self._projects = projects
            self.changed.emit()

    def shows(self, row: DeliveryRow) -> bool:
        """Whether a delivery is shown."""
        return row.project not in self._projects

    def left_out_of(self, search: Search) -> Search:
        """Return what finds the same but for what is hidden."""
        return replace(search, without_projects=search.without_projects | self._projects)

    @property
    def search(self) -> Search | None:
        """What finds exactly what is hidden; None when nothing is."""
        if not self._projects:
            return None
        return Search(without=(Search(without_projects=self._projects),))
