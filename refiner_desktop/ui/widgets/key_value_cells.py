"""How the cells of a key-value table are painted and edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.models.key_value_model import KeyValueModel
from refiner_desktop.ui.steps import leaves_steps
from refiner_desktop.ui.widgets.cell_editors import DateEdit, KeyEdit
from refiner_desktop.ui.widgets.choice_delegate import ChoiceDelegate

CROSS_WIDTH = 26
"""Width of the place of the cross that removes a row, in pixels."""

YES, NO = "yes", "no"
_BEGUN_WITH = "begun_with"

OnKey = Callable[[QKeyEvent], bool]
"""Acts on a key that is about rows, not cells; says whether it was one."""


class CellDelegate(QStyledItemDelegate):
    """Edits a text. It is taken over with every letter; Esc brings back what was there before.

    `on_key` sees the keys that are typed into an editor first.
    """

    def __init__(self, model: KeyValueModel, on_key: OnKey, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._on_key = on_key

    def editor(self, parent: QWidget, index: Index) -> QLineEdit | QComboBox:
        """Return a new editor for a cell."""
        return QLineEdit(parent)

    def _commit(self, editor: QWidget) -> None:
        self.commitData.emit(editor)

    # Reimplemented Qt methods

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = self.editor(parent, index)
        editor.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        editor.setProperty(_BEGUN_WITH, index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QLineEdit):
            editor.textEdited.connect(lambda: self._commit(editor))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit) and editor.text() != text:  # or the cursor would jump
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if leaves_steps(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if self._on_key(event):
                return True
            if event.key() == Qt.Key.Key_Escape and isinstance(editor, QLineEdit):
                editor.setText(editor.property(_BEGUN_WITH))
                self._commit(editor)
        return super().eventFilter(editor, event)


class KeyDelegate(CellDelegate):
    """Edits a key, with the known ones to choose from."""

    def editor(self, parent: QWidget, index: Index) -> QLineEdit:
        edit = KeyEdit(self._model.known, parent)
        edit.completed.connect(lambda: self._commit(edit))
        return edit


class TypeDelegate(ChoiceDelegate):
    """Edits a type."""

    def __init__(self, choices: Sequence[str], on_key: OnKey, parent: QWidget) -> None:
        super().__init__(choices, parent)
        self._on_key = on_key

    # Reimplemented Qt methods

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._on_key(event)
        ):
            return True
        return super().eventFilter(editor, event)


class ValueDelegate(CellDelegate):
    """Edits a value as its type wants, and has a cross beside it that removes the row."""

    def __init__(
        self, model: KeyValueModel, on_key: OnKey, parent: QWidget, *, removes: bool
    ) -> None:
        super().__init__(model, on_key, parent)
        self._removes = removes

    def editor(self, parent: QWidget, index: Index) -> QLineEdit | QComboBox:
        match self._model.row(index.row()).type:
            case TraitType.YES_NO.value:
                return self._yes_or_no(parent)
            case TraitType.DATE.value | TraitType.DATE_TIME.value as kind:
                edit = DateEdit(kind == TraitType.DATE_TIME.value, parent)
                edit.picked.connect(lambda: self._commit(edit))
                return edit
            case _:
                return QLineEdit(parent)

    def is_on_cross(self, index: Index, place: QRect, x: int) -> bool:
        """Whether a point in the cell is on the cross."""
        return self._has_cross(index) and x > place.right() - CROSS_WIDTH

    def _has_cross(self, index: Index) -> bool:
        return self._removes and not self._model.is_new(index.row())

    def _yes_or_no(self, parent: QWidget) -> QComboBox:
        combo = QComboBox(parent)
        combo.addItems([YES, NO])
        combo.activated.connect(lambda: self._commit(combo))
        return combo

    # Reimplemented Qt methods

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not self._has_cross(index):
            super().paint(painter, option, index)
            return
        whole: QRect = option.rect
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        cross = whole.adjusted(whole.width() - CROSS_WIDTH, 0, 0, 0)
        painter.drawText(cross, Qt.AlignmentFlag.AlignCenter, "✕")
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        place: QRect = option.rect
        editor.setGeometry(place.adjusted(0, 0, -CROSS_WIDTH if self._has_cross(index) else 0, 0))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if self._has_cross(index):  # the text ends before the cross
            width = option.rect.width() - CROSS_WIDTH
            option.text = option.fontMetrics.elidedText(
                option.text, Qt.TextElideMode.ElideRight, max(width - 12, 0)
            )

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and self.is_on_cross(index, option.rect, event.position().toPoint().x())
        ):
            if event.type() == QEvent.Type.MouseButtonRelease:
                self._model.remove(index.row())
            return True
        return super().editorEvent(event, model, option, index)
