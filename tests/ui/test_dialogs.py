"""Questions show names from files and from the service: as they are."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from refiner_desktop.ui.dialogs import confirm

pytestmark = pytest.mark.anyio


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
