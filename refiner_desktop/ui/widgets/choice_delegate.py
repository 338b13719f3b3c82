"""A cell that is edited by choosing from a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionViewItem,
    QWidget,
)

from refiner_desktop.ui.models.indexes import Index

ARROW = 20
"""Width of the arrow's place at the right, in pixels."""


class ChoiceDelegate(QStyledItemDelegate):
    """Shows an arrow beside the text, and the list of choices while the cell is edited."""

    def __init__(self, choices: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._choices = choices

    # Reimplemented Qt methods

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> None:
        super().paint(painter, option, index)
        if not index.data():
            return
        arrow = QStyleOption()
        arrow.palette, arrow.state = option.palette, option.state
        place: QRect = option.rect
        arrow.rect = place.adjusted(place.width() - ARROW, 0, 0, 0)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter)

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> QWidget:
        combo = QComboBox(parent)
        combo.addItems(list(self._choices))
        combo.activated.connect(lambda: self.commitData.emit(combo))
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentText(index.data(Qt.ItemDataRole.EditRole))

    def setModelData(
        self,
        editor: QWidget,
        model: QAbstractItemModel,
        index: Index,
    ) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentText())
