"""The window at its smallest, with text as large as people have it, and after a restart."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QTabWidget,
    QToolButton,
    QWidget,
)

from refiner_desktop.ui.theme import DARK
from refiner_desktop.ui.theme_actions import REMEMBER
from refiner_desktop.ui.widgets.data_table import CELL_PADDING
from refiner_desktop.ui.widgets.labels import ElidedLabel, WrappedLabel
from refiner_desktop.ui.widgets.window_header import WindowHeader

pytestmark = pytest.mark.anyio

SMALL = (1000, 700)
BORDERS, GAP = 4, 4


@pytest.fixture(params=[1.0, 1.5], ids=["100 %", "150 %"])
def text(request, qapp):
    """Let the text of the system be so large."""
    usual = qapp.font()
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * request.param)
    qapp.setFont(larger)
    yield request.param
    qapp.setFont(usual)


def _cut_off(window):
    """Return what is shown with less room than its words need."""
    kinds = (QLabel, QPushButton, QCheckBox, QToolButton)
    shown = [each for kind in kinds for each in window.findChildren(kind) if each.isVisible()]
    words = [each for each in shown if each.text() and not _may_be_cut(each)]
    return [f"{each.text()!r} ({each.objectName()})" for each in words if _is_cut(window, each)]


def _may_be_cut(widget):
    return isinstance(widget, ElidedLabel) or (isinstance(widget, QLabel) and widget.wordWrap())


def _is_cut(window, widget):
    width, height = _needed(widget)
    place = QRect(widget.mapTo(window, QPoint()), widget.size())
    outside = place.left() < 0 or place.right() > window.width()
    return outside or widget.width() < width or widget.height() < height


def _needed(widget):
    """Return the room for the words, and in a button for what is beside them and its border."""
    if not isinstance(widget, (QPushButton, QToolButton)):
        return widget.sizeHint().toTuple()
    words = widget.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, widget.text())
    icon = 0 if widget.icon().isNull() else widget.iconSize().width() + GAP
    arrow = 2 * GAP if widget.menu() else 0
    return words.width() + icon + arrow + BORDERS, words.height()


def _pages(root):
    """Turn through all inner pages of a tab, and yield what is open."""
    open_now = [each for each in root.findChildren(QTabWidget) if each.isVisible()]
    yield "itself"
    for pages in open_now:
        for place in range(pages.count()):
            if pages.isTabEnabled(place):
                pages.setCurrentIndex(place)
                yield pages.tabText(place)


async def test_no_words_are_cut_off_in_the_smallest_window(text, connected, tmp_path):
    users = tmp_path / "users.csv"
    users.write_text("user_id,email\nu-1,ana@example.org\n")
    async with connected() as drive:
        drive.window.resize(*SMALL)
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") > 0, "contacts")
        drive.click_row("contacts.table", 3)
        addresses = drive.column("contacts.table", "E-mail", 20)
        table = drive.find("contacts.table", QTableView)
        longest = max(map(table.fontMetrics().horizontalAdvance, addresses))
        room = table.viewport().width()
        assert table.columnWidth(0) >= min(longest + 2 * CELL_PADDING, room * 0.6)
        assert table.columnWidth(0) <= room * 0.8  # the next column is to be seen, too
        drive.open_tab(3)
        drive.write("console.path", "contacts?page_length=5")
        drive.click("console.send")
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")
        drive.open_tab(2)
        drive.open_page("Many from a file")
        drive.write("bulk.file", str(users))
        QTest.keyClick(drive.find("bulk.file", QWidget), Qt.Key.Key_Return)
        await drive.until(lambda: drive.visible("bulk.header"), "the file")
        cut = {}
        for tab in drive.window.tabs:
            drive.window.open_tab(tab)
            for page in _pages(tab):
                QApplication.sendPostedEvents()  # so that layouts are up to date
                if found := _cut_off(drive.window):
                    cut[type(tab).__name__, page] = found
        assert cut == {}
        assert drive.window.size().toTuple() == SMALL


async def test_the_connection_is_set_up_without_scrolling_sideways(text, connected):
    async with connected() as drive:
        drive.window.resize(*SMALL)
        QApplication.sendPostedEvents()
        page = drive.window.connection_tab.findChild(QScrollArea)
        assert page.horizontalScrollBar().maximum() == 0


async def test_no_page_is_behind_the_end_of_its_row_of_tabs(text, opened):
    async with opened() as drive:
        drive.window.resize(*SMALL)
        for tab in drive.window.tabs:
            drive.window.open_tab(tab)
            QApplication.sendPostedEvents()
            rows = [each.tabBar() for each in drive.window.findChildren(QTabWidget)]
            shown = [each for each in rows if each.isVisible()]
            assert [each.accessibleName() for each in shown if _is_cut(drive.window, each)] == []
        messages, header = drive.window.messages, drive.window.findChild(WindowHeader)
        messages.show_success("The user is identified.")
        place = header.search.mapTo(messages.parentWidget(), QPoint())
        assert messages.geometry().right() < place.x()  # the search is not covered
        drive.open_tab(3)
        QApplication.sendPostedEvents()
        request, answer = drive.find("console.split.answer", QSplitter).sizes()
        assert answer > 1.35 * request  # which is read, while the request is written once


async def test_the_window_comes_back_as_it_was_left(opened):
    async with opened() as drive:
        drive.window.resize(1000, 720)
        drive.open_tab(2)
        drive.open_page("Many from a file")
        drive.open_tab(4)
        splitter = drive.find("webhooks.split.detail", QSplitter)
        splitter.moveSplitter(splitter.sizes()[0] + 60, 1)
        divided = splitter.sizes()
        header = drive.find("webhooks.deliveries", QTableView).horizontalHeader()
        header.moveSection(header.visualIndex(2), 0)
        header.resizeSection(2, 177)
        for pages in ("webhooks.detail.pages", "console.request.pages"):
            drive.find(pages, QTabWidget).setCurrentIndex(1)
    async with opened() as drive:
        assert drive.window.size().toTuple() == (1000, 720)
        assert drive.find("tabs", QTabWidget).currentIndex() == 4
        assert drive.find("users.pages", QTabWidget).currentIndex() == 2
        assert drive.find("webhooks.split.detail", QSplitter).sizes() == divided
        header = drive.find("webhooks.deliveries", QTableView).horizontalHeader()
        assert (header.visualIndex(2), header.sectionSize(2)) == (0, 177)
        for pages in ("webhooks.detail.pages", "console.request.pages"):
            assert drive.find(pages, QTabWidget).currentIndex() == 1, pages


async def test_a_theme_that_was_chosen_is_there_at_once_and_after_a_restart(opened):
    async with opened() as drive:
        dark = next(each for each in drive.window.registry if each.title == "Dark theme")
        dark.action.trigger()
        assert drive.window.themes.theme is DARK
        assert dark.action.isChecked()
        await drive.until(lambda: not drive.window.tasks.running(REMEMBER), "it to be written")
    async with opened() as drive:
        assert drive.window.themes.theme is DARK
        checked = [each.title for each in drive.window.registry if each.action.isChecked()]
        assert "Dark theme" in checked


async def test_a_dialog_stays_on_the_screen_however_large_its_text_is(qapp, opened):
    usual = qapp.font()
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * 2)
    qapp.setFont(larger)
    try:
        async with opened() as drive:
            next(
                each for each in drive.window.registry if each.title == "Shortcuts"
            ).action.trigger()
            await drive.until(lambda: drive.question() is not None, "the sheet of keys")
            room = drive.window.screen().availableSize()
            assert drive.question().size().boundedTo(room) == drive.question().size()
            drive.question().reject()
    finally:
        qapp.setFont(usual)


async def test_a_question_with_hints_shows_every_line_of_them(text, opened):
    async with opened() as drive:
        drive.window.resize(*SMALL)
        for tab, name in ((4, "Webhooks: Settings of the listener…"), (4, "Webhooks: Add a hook…")):
            drive.open_tab(tab)
            next(each for each in drive.window.registry if each.name == name).action.trigger()
            await drive.until(lambda: drive.question() is not None, name)
            question = drive.question()
            hints = [each for each in question.findChildren(WrappedLabel) if each.isVisible()]
            screen = question.screen().availableSize().height()
            cut = [
                each.text() for each in hints if each.height() < each.heightForWidth(each.width())
            ]
            assert (cut, question.height() <= screen) == ([], True), name
            assert _cut_off(question) == []
            question.reject()


async def test_the_choices_of_contacts_keep_their_height_below_many_filters(text, opened):
    async with opened() as drive:
        drive.window.resize(*SMALL)
        drive.open_tab(1)
        drive.click("contacts.sql")
        QApplication.sendPostedEvents()
        for name in ("contacts.order_by", "contacts.filter", "contacts.expert"):
            field = drive.find(name, QWidget)
            assert field.height() >= field.sizeHint().height() - BORDERS, name
