"""What a person does on the bulk page, in a few words."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView, QToolButton


def open_page(drive):
    drive.open_tab(2)
    drive.open_page("Many from a file")


async def open_file(drive, path, columns=4):
    open_page(drive)
    drive.write("bulk.file", str(path))
    QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
    await drive.until(lambda: drive.rows("bulk.mapping") == columns, "the columns")
    return drive.column("bulk.mapping", "Meaning", columns)


async def start_and_agree(drive):
    drive.click("bulk.start")
    await drive.answer("Start the run", word="Production")


def states(drive):
    return drive.column("bulk.rows", "State", 100)


def choose_action(drive, title):
    action = drive.find("bulk.action", QComboBox)
    action.setCurrentIndex(action.findText(title))


def choose_from_menu(drive, name, title):
    menu = drive.find(name, QToolButton).menu()
    menu.aboutToShow.emit()
    next(each for each in menu.actions() if each.text() == title).trigger()


def sent(sandbox, path="/identify-user"):
    return sandbox.record.to("POST", path)


def mean(drive, row, meaning):
    """Say what a column of the file is."""
    mapping = drive.find("bulk.mapping", QTableView).model()
    assert mapping.setData(mapping.index(row, 1), meaning)
