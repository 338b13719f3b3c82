"""Sorting and filtering for lists of some thousand records; contacts do this in DuckDB."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from refiner_desktop.ui.models.record_table_model import SortRole

Index = QModelIndex | QPersistentModelIndex


class RecordFilterProxy(QSortFilterProxyModel):
    """Keeps the rows in which every word occurs in some column, and sorts by `SortRole`.

    Rows with an empty key come last in both directions.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def set_filter_text(self, text: str) -> None:
        """Filter by these words; case does not matter."""
        self._words = text.casefold().split()
        self.invalidate()

    # Reimplemented Qt methods

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if not self._words:
            return True
        model = self.sourceModel()
        columns = range(model.columnCount(source_parent))
        indexes = (model.index(source_row, column, source_parent) for column in columns)
        text = "\0".join(str(index.data() or "") for index in indexes).casefold()
        return all(word in text for word in self._words)

    def lessThan(self, source_left: Index, source_right: Index) -> bool:
        left, right = source_left.data(SortRole), source_right.data(SortRole)
        if _empty(left) or _empty(right):
            # Qt turns the answer round for a descending sort, so we turn it round first.
            ascending = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return _empty(right) > _empty(left) if ascending else _empty(left) > _empty(right)
        if isinstance(left, str) and isinstance(right, str):
            return left.casefold() < right.casefold()
        return bool(left < right)


def _empty(key: object) -> bool:
    return key is None or key == ""
