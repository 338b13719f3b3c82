"""Drives the window as a person does: by clicks and keys on widgets found by their names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QTableView,
    QTabWidget,
    QWidget,
)

from refiner_desktop.ui.main_window import MainWindow
from refiner_desktop.ui.widgets.text_view import TextView

POLL_SECONDS = 0.02
PATIENCE_SECONDS = 30.0

W = TypeVar("W", bound=QWidget)


class Driver:
    """Finds widgets by objectName, acts on them, reads what they show, and waits for conditions."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def find(self, name: str, kind: type[W]) -> W:
        """Return a widget by its objectName. Raises `LookupError`."""
        found = self.window.findChild(kind, name)
        if found is None:
            raise LookupError(f"there is no {kind.__name__} named {name}")
        return found

    async def until(
        self, holds: Callable[[], bool], what: str, patience: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until a condition holds. Raises `TimeoutError` with `what` was waited for."""
        try:
            async with asyncio.timeout(patience):
                while not holds():  # noqa: ASYNC110  (what a widget shows has no event)
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            said = self.window.messages.text()
            raise TimeoutError(f"waited in vain for: {what}. {said}".strip()) from None

    # Acting

    def open_tab(self, place: int) -> None:
        """Click a tab of the window."""
        self._click_tab(self.find("tabs", QTabWidget), place)

    def open_page(self, title: str) -> None:
        """Click a page of the tab that is open, by its title, with or without a count behind it."""
        for tabs in self.window.findChildren(QTabWidget):
            titles = [tabs.tabText(at).rstrip("0123456789 •") for at in range(tabs.count())]
            if tabs.isVisible() and title in titles:
                self._click_tab(tabs, titles.index(title))
                return
        raise LookupError(f"there is no page “{title}”")

    def click(self, name: str) -> None:
        """Click a button."""
        QTest.mouseClick(self.find(name, QAbstractButton), Qt.MouseButton.LeftButton)

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a list by its text, as its letters typed on the keyboard would."""
        combo = self.find(name, QComboBox)
        combo.setFocus()
        QTest.keyClicks(combo, text)

    def write(self, name: str, text: str) -> None:
        """Replace the text of a field by typing."""
        widget = self.find(name, QWidget)
        edit = widget.lineEdit() if isinstance(widget, QComboBox) else widget
        assert isinstance(edit, QLineEdit)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClicks(edit, text)

    async def write_rows(self, name: str, rows: Iterable[tuple[str, str]]) -> None:
        """Type keys and values into a key-value table, cell after cell."""
        table = self.find(name, QTableView)
        value_column = table.model().columnCount() - 1
        for row, (key, value) in enumerate(rows):
            for column, text in ((0, key), (value_column, value)):
                self._write_cell(table, row, column, text)
                await asyncio.sleep(POLL_SECONDS)  # the closed editor leaves at the next turn

    def click_header(self, name: str, title: str) -> None:
        """Click the header of a column."""
        table = self.find(name, QTableView)
        header = table.horizontalHeader()
        column = _titles(table).index(title)
        table.scrollTo(table.model().index(0, column))
        place = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def click_row(self, name: str, row: int) -> None:
        """Click the first cell of a row."""
        table = self.find(name, QTableView)
        index = table.model().index(row, table.columnAt(4))
        place = table.visualRect(index).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Press a key of the window."""
        QTest.keyClick(self.window, key, modifiers)

    async def answer(self, button: str, word: str = "") -> str:
        """Wait for a question, type the word it wants, click a button; return what it said."""
        await self.until(lambda: self.question() is not None, "a question")
        question = self.question()
        assert question is not None
        said = self.labels_in(question)
        if word:
            edit = question.findChild(QLineEdit)
            assert edit is not None
            QTest.keyClicks(edit, word)
        choices = {each.text(): each for each in question.findChildren(QPushButton)}
        QTest.mouseClick(choices[button], Qt.MouseButton.LeftButton)
        await self.until(lambda: self.question() is not question, "the question to leave")
        self.window.activateWindow()  # where no window system does
        return said

    def question(self) -> QDialog | None:
        """Return the dialog that is open, if there is one."""
        dialogs = self.window.findChildren(QDialog)
        return next((each for each in dialogs if each.isVisible()), None)

    def type_into_focus(self, text: str) -> None:
        """Type into the field that has the focus."""
        focused = QApplication.focusWidget()
        if focused is None:
            raise LookupError("no field has the focus")
        QTest.keyClicks(focused, text)

    # Reading

    def text(self, name: str) -> str:
        """Return the text of a label, button, field or text view."""
        widget = self.find(name, QWidget)
        assert isinstance(widget, QLabel | QLineEdit | QAbstractButton | TextView)
        return widget.text()

    def enabled(self, name: str) -> bool:
        """Whether a widget takes input."""
        return self.find(name, QWidget).isEnabled()

    def visible(self, name: str) -> bool:
        """Whether a widget is on the screen."""
        return self.find(name, QWidget).isVisible()

    def rows(self, name: str) -> int:
        """Return how many rows a table has."""
        return self.find(name, QAbstractItemView).model().rowCount()

    def column(self, name: str, title: str, count: int) -> list[str]:
        """Return the first cells of a column, as they are shown."""
        table = self.find(name, QTableView)
        titles = _titles(table)
        if title not in titles:
            return []
        model, column = table.model(), titles.index(title)
        shown = range(min(count, model.rowCount()))
        return [str(model.index(row, column).data() or "") for row in shown]

    def labels_in(self, widget: QWidget) -> str:
        """Return the texts of all visible labels inside a widget."""
        return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())

    def texts_in(self, name: str) -> str:
        """Return the texts of all visible labels inside a named widget."""
        return self.labels_in(self.find(name, QWidget))

    def status_bar(self) -> str:
        """Return what the status bar says."""
        return self.labels_in(self.window.statusBar())

    def first_action(self) -> str:
        """Return the action that Enter would run in the palette."""
        lists = self.find("palette", QWidget).findChildren(QListView)
        return str(lists[0].currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) or "")

    def _click_tab(self, tabs: QTabWidget, place: int) -> None:
        bar = tabs.tabBar()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())

    def _write_cell(self, table: QTableView, row: int, column: int, text: str) -> None:
        place = table.visualRect(table.model().index(row, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        editor = QApplication.focusWidget()
        if not isinstance(editor, QLineEdit):
            raise LookupError(f"no editor opened in row {row}")  # noqa: TRY004
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)


def _titles(table: QTableView) -> list[str]:
    model = table.model()
    columns = range(model.columnCount())
    return [str(model.headerData(at, Qt.Orientation.Horizontal) or "") for at in columns]
