"""Completes the console's path from the catalogue of endpoints."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter

from refiner_desktop.api.catalogue import ENDPOINTS
from refiner_desktop.api.endpoint import Endpoint
from refiner_desktop.ui.models.indexes import Index

ENDPOINT_ROLE = Qt.ItemDataRole.UserRole + 1


class EndpointCompleter(QCompleter):
    """Finds endpoints by any letters of path, method or title, and fills in the path alone.

    Signals: `chosen(endpoint)` when a person took one from the list.
    """

    chosen = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        model = QStandardItemModel(self)
        for endpoint in ENDPOINTS:
            item = QStandardItem(_label(endpoint))
            item.setData(endpoint, ENDPOINT_ROLE)
            model.appendRow(item)
        self.setModel(model)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.activated[QModelIndex].connect(  # type: ignore[index]
            lambda index: self.chosen.emit(index.data(ENDPOINT_ROLE))
        )

    @property
    def choosing(self) -> bool:
        """Whether the list is open with an entry chosen: Enter takes it and does nothing else."""
        popup = self.popup()
        return popup is not None and popup.isVisible() and popup.currentIndex().isValid()

    # Reimplemented Qt methods

    def pathFromIndex(self, index: Index) -> str:
        endpoint: Endpoint = index.data(ENDPOINT_ROLE)
        return path_of(endpoint)


def path_of(endpoint: Endpoint) -> str:
    """Return the path as it stands in the field, relative to the base URL."""
    return endpoint.path.lstrip("/") or "/"


def _label(endpoint: Endpoint) -> str:
    return f"{path_of(endpoint)}  ·  {endpoint.method}  ·  {endpoint.title}"
