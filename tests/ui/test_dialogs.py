"""Questions show names from files and from the service: as they are."""

import asyncio

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget

from refiner_desktop.ui.dialogs import confirm

pytestmark = pytest.mark.anyio


async def _asked(parent, **how):
    asked = asyncio.create_task(confirm(parent, "Send?", "", "Send", **how))
    while not parent.findChildren(QMessageBox):
        await asyncio.sleep(0)
    return asked, parent.findChildren(QMessageBox)[-1]


async def test_enter_turns_away_unless_a_person_has_just_asked_for_it():
    for by_enter in (False, True):
        parent = QWidget()
        asked, box = await _asked(parent, by_enter=by_enter)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert await asked is by_enter


async def test_the_key_that_has_opened_a_question_does_not_answer_it():
    parent = QWidget()
    asked, box = await _asked(parent, by_enter=True)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
    )
    QApplication.sendEvent(box.defaultButton(), held)
    assert not asked.done()
    assert box.isVisible()
    box.reject()
    assert not await asked


async def test_no_text_of_a_question_is_html():
    parent = QWidget()
    asked = asyncio.create_task(confirm(parent, "<b>Send?</b>", "<img src='x'>", "Send"))
    while not parent.findChildren(QMessageBox):
        await asyncio.sleep(0.01)
    (box,) = parent.findChildren(QMessageBox)
    texts = [each for each in box.findChildren(QLabel) if each.text()]
    assert len(texts) == 2
    assert {each.textFormat() for each in texts} == {Qt.TextFormat.PlainText}
    box.reject()
    assert not await asked
