"""A file's columns and what each is, however many there are."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import BulkAction, FixedValue, Meaning
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.opening import open_source
from refiner_desktop.ui.tabs.users.bulk.mapping_model import Place
from refiner_desktop.ui.tabs.users.bulk.mapping_step import MappingStep
from refiner_desktop.ui.tabs.users.bulk.mapping_table import MappingTable


@pytest.fixture
def table(qtbot):
    table = MappingTable("mapping", "Mapping")
    qtbot.addWidget(table)
    table.resize(700, 300)
    with qtbot.waitActive(table):
        table.show()
        table.activateWindow()
    return table


def _source(folder, *columns):
    path = folder / "users.csv"
    path.write_text("\n".join([",".join(columns), ",".join("x" for _ in columns)]), "utf-8")
    return open_source(path)


def _show(table, source, action=BulkAction.IDENTIFY):
    table.show_mapping(source, guess(source, action, {}))


def _click(table, row, place):
    where = table.visualRect(table.model().index(row, place)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QApplication.processEvents()


def _put(table, row, place, value):
    return table.model().setData(table.model().index(row, place), value)


def _text(table, row, place):
    return table.model().index(row, place).data()


def test_one_click_offers_the_meanings_of_the_action_and_a_choice_is_told(table, tmp_path, qtbot):
    _show(table, _source(tmp_path, "user_id", "plan"))
    table.offer(BulkAction.TRACK)
    _click(table, 1, Place.MEANING)
    (combo,) = table.findChildren(QComboBox)
    offered = {combo.itemText(at) for at in range(combo.count())}
    assert offered == {"ignore", "user id", "e-mail", "event name"}
    with qtbot.waitSignal(table.edited):
        combo.setCurrentText("event name")
        combo.activated.emit(combo.currentIndex())
    assert table.mapping.columns[1].meaning is Meaning.EVENT


def test_enter_edits_the_current_cell_and_letters_find_a_column(table, tmp_path):
    _show(table, _source(tmp_path, "user_id", "plan", "seats"))
    table.setCurrentIndex(table.model().index(0, Place.COLUMN))
    QTest.keyClicks(table, "se")
    assert table.currentIndex().row() == 2
    table.setCurrentIndex(table.model().index(2, Place.KEY))
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("seat_count")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert table.mapping.columns[2].key == "seat_count"


def test_a_known_trait_brings_its_type(table, tmp_path):
    _show(table, _source(tmp_path, "user_id", "plan"))
    table.set_known({"seats": TraitType.NUMBER})
    assert _put(table, 1, Place.KEY, "seats")
    assert table.mapping.columns[1].type is TraitType.NUMBER


def test_only_traits_have_a_name_and_a_type(table, tmp_path):
    _show(table, _source(tmp_path, "user_id", "plan"))
    assert not _put(table, 0, Place.KEY, "anything")
    assert _put(table, 1, Place.MEANING, "ignore")
    assert _text(table, 1, Place.KEY) == _text(table, 1, Place.TYPE) == ""
    assert _put(table, 1, Place.MEANING, "trait")
    assert _text(table, 1, Place.KEY) == "plan"


def test_a_fixed_value_is_added_typed_and_deleted_by_key(table, tmp_path):
    _show(table, _source(tmp_path, "user_id"))
    table.add_fixed(Meaning.EVENT)
    assert _put(table, 1, Place.VALUE, "signed_up")
    assert table.mapping.fixed == (FixedValue(Meaning.EVENT, "", TraitType.TEXT, "signed_up"),)
    table.setCurrentIndex(table.model().index(0, Place.COLUMN))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert len(table.mapping.columns) == 1
    table.setCurrentIndex(table.model().index(1, Place.COLUMN))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert table.mapping.fixed == ()


def test_thousands_of_columns_need_no_widget_each(table, tmp_path):
    _show(table, _source(tmp_path, "user_id", *(f"c{n}" for n in range(3_000))))
    assert len(table.mapping.columns) == 3_001
    assert not table.findChildren(QComboBox)


def test_names_and_samples_of_a_file_are_never_html(table, tmp_path):
    _show(table, _source(tmp_path, "user_id", "<b>c1</b>"))
    tip = table.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;c1" in tip


def test_the_step_says_what_is_typed_before_the_cell_is_left(qtbot, tmp_path):
    step = MappingStep(QWidget())
    qtbot.addWidget(step)
    step.resize(900, 300)
    with qtbot.waitActive(step):
        step.show()
        step.activateWindow()
    source = _source(tmp_path, "user_id", "plan")
    step.show_mapping(source, guess(source, BulkAction.IDENTIFY, {}))
    table = step.findChild(MappingTable)
    table.setCurrentIndex(table.model().index(1, Place.KEY))
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    QApplication.focusWidget().setText("tariff")
    assert step.mapping.columns[1].key == "tariff"


def test_matching_again_and_what_was_chosen_before_can_be_taken_back(qtbot, tmp_path):
    source = _source(tmp_path, "id", "plan")
    guessed = guess(source, BulkAction.IDENTIFY, {})
    step = MappingStep(QWidget())
    qtbot.addWidget(step)
    step.show_mapping(source, guessed)
    undo = step.findChild(QPushButton, "bulk.undo")
    assert undo.isHidden()
    table = step.findChild(MappingTable)
    table.model().setData(table.model().index(1, Place.MEANING), Meaning.IGNORE.value)
    chosen = step.mapping
    step.findChild(QCheckBox, "bulk.blank").click()
    step.replace(guessed)
    heard = []
    step.edited.connect(lambda: heard.append(step.mapping_so_far))
    undo.click()
    undo.click()
    assert heard == [replace(chosen, blank_empty=True), chosen]
    assert not step.findChild(QCheckBox, "bulk.blank").isChecked()
    undo.click()
    assert step.mapping == guessed
    assert undo.isHidden()


def test_nothing_of_another_files_mapping_comes_back(qtbot, tmp_path):
    step = MappingStep(QWidget())
    qtbot.addWidget(step)
    for columns in (("id", "plan"), ("id", "seats")):
        source = _source(tmp_path, *columns)
        step.show_mapping(source, guess(source, BulkAction.IDENTIFY, {}))
        assert step.findChild(QPushButton, "bulk.undo").isHidden()
        step.replace(replace(step.mapping, blank_empty=True))
