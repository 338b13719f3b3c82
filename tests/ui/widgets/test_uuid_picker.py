"""Surveys and segments chosen by name, letters or UUID."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from refiner_desktop.ui.widgets.uuid_picker import UuidPicker, WrongChoice

NPS = "5a1d7f70-17b1-11f1-8a10-2b3c4d5e6f70"
CSAT = "6a1d7f70-17b1-11f1-8a10-2b3c4d5e6f71"
TWIN = "7a1d7f70-17b1-11f1-8a10-2b3c4d5e6f72"
CHOICES = ((NPS, "NPS (web)"), (CSAT, "CSAT after onboarding"))


@pytest.fixture
def picker(qtbot):
    picker = UuidPicker("contacts.survey", "survey")
    qtbot.addWidget(picker)
    picker.offer(CHOICES)
    picker.show()
    return picker


def _type(picker, text):
    picker.lineEdit().setFocus()
    picker.lineEdit().selectAll()
    QTest.keyClicks(picker.lineEdit(), text)


def test_anything_is_meant_at_first_and_by_an_empty_field(picker):
    assert picker.uuid() == ""
    picker.lineEdit().clear()
    assert picker.uuid() == ""


def test_letters_within_a_name_are_enough_while_they_mean_one(picker):
    _type(picker, "ONBOARD")
    assert picker.uuid() == CSAT
    QTest.keyClick(picker.lineEdit(), Qt.Key.Key_Return)
    assert picker.currentText() == "CSAT after onboarding"
    assert picker.toolTip() == CSAT


def test_letters_that_mean_several_are_refused_in_a_sentence(picker):
    _type(picker, "s")
    with pytest.raises(WrongChoice, match="2 surveys"):
        picker.uuid()
    assert picker.property("wrong") == "true"


def test_a_name_that_nothing_has_is_refused_until_it_is_changed(picker):
    _type(picker, "churn")
    with pytest.raises(WrongChoice, match="no survey “churn”"):
        picker.uuid()
    _type(picker, "nps")
    assert picker.property("wrong") == "false"
    assert picker.uuid() == NPS


def test_a_pasted_uuid_is_taken_and_named_if_it_is_known(picker):
    _type(picker, f" {NPS.upper()} ")
    assert picker.uuid() == NPS
    picker.choose(TWIN)
    assert picker.uuid() == TWIN
    picker.offer((*CHOICES, (TWIN, "Churn")))
    assert picker.currentText() == "Churn"
    assert picker.uuid() == TWIN


def test_of_two_with_one_name_the_chosen_one_is_meant(picker):
    picker.offer((*CHOICES, (TWIN, "NPS (web)")))
    picker.choose(TWIN)
    assert picker.uuid() == TWIN
    picker.choose(NPS)
    assert picker.uuid() == NPS


def test_what_is_chosen_stays_when_others_are_offered(picker):
    picker.choose(CSAT)
    picker.offer(reversed(CHOICES))
    assert picker.uuid() == CSAT
    _type(picker, "half a na")
    picker.offer(CHOICES)
    assert picker.currentText() == "half a na"


def test_every_entry_says_its_uuid(picker):
    assert picker.itemData(1, Qt.ItemDataRole.ToolTipRole) == NPS
