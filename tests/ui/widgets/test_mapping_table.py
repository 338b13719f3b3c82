"""A file's columns and their meanings, however many there are."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from refiner_desktop.services.bulk_plan import BulkAction, Meaning, guess_meanings
from refiner_desktop.services.bulk_source import open_source
from refiner_desktop.ui.widgets.mapping_table import MappingTable


@pytest.fixture
def table(qtbot):
    table = MappingTable("mapping", "Mapping")
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    table.activateWindow()
    qtbot.waitActive(table)
    return table


def _source(path: Path, columns: int):
    names = ["user_id", *(f"<b>c{n}</b>" for n in range(1, columns))]
    path.write_text("\n".join([",".join(names), ",".join("x" * columns)]), "utf-8")
    return open_source(path)


def _show(table, source):
    table.show_source(source, guess_meanings(source.columns, BulkAction.IDENTIFY))


def test_a_meaning_is_chosen_by_mouse_and_keyboard_and_told(table, tmp_path, qtbot):
    _show(table, _source(tmp_path / "a.csv", 3))
    place = table.visualRect(table.model().index(1, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()
    (combo,) = table.findChildren(QComboBox)
    with qtbot.waitSignal(table.edited):
        combo.setCurrentText(Meaning.IGNORE.value)
        combo.activated.emit(combo.currentIndex())
    assert table.meanings()[:2] == (Meaning.USER_ID, Meaning.IGNORE)


def test_thousands_of_columns_need_no_widget_each(table, tmp_path):
    _show(table, _source(tmp_path / "wide.csv", 3_000))
    assert len(table.meanings()) == 3_000
    assert not table.findChildren(QComboBox)


def test_names_and_samples_of_a_file_are_never_html(table, tmp_path):
    _show(table, _source(tmp_path / "a.csv", 2))
    tip = table.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;c1" in tip
