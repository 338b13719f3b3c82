"""Every screen by keys alone, and for those who hear it."""

import pytest
from bulk_driving import open_file
from hearing import against_the_eye, nameless, round_trip
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)
from shiboken6 import isValid

from refiner_desktop.ui.shortcuts.fixed_keys import objection

pytestmark = pytest.mark.anyio

Key, Modifier = Qt.Key, Qt.KeyboardModifier

DIALOGS = (
    (1, "Contacts: Add a filter…"), (1, "Contacts: Choose columns…"),
    (1, "Contacts: Save view as…"), (1, "Contacts: Export the rows…"),
    (1, "Selected contacts: Add to a segment…"),
    (1, "Selected contacts: Delete…"), (3, "Console: Save the request as…"),
    (3, "Console: Variables…"), (3, "Console: Settings of the console…"),
    (4, "Webhooks: Settings of the listener…"), (4, "Webhooks: Add a hook…"),
    (4, "Webhooks: Send a sample…"), (4, "Webhooks: Export…"), (4, "Webhooks: Edit and replay…"),
    (0, "Connection: Remove the environment"), (0, "Application: Shortcuts"),
    (0, "Help: Diagnostics…"),
)  # fmt: skip


DETAIL_BUTTONS = {
    1: {"contacts.more", "contacts.delete"},
    4: {"webhooks.replay", "webhooks.detail.edit"},
}
"""By the place of their tab."""


def _entry(drive, name):
    return next(entry for entry in drive.window.registry if entry.name == name)


def _press(key, modifiers=Modifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


async def _activate(drive):
    """Make the window the active one, where no window system does."""
    drive.window.activateWindow()
    await drive.until(drive.window.isActiveWindow, "the window")


async def _with_rows(drive):
    """Show a contact, and a delivery of its own making."""
    drive.open_tab(1)
    await drive.until(lambda: drive.enabled("contacts.load"), "ready")
    drive.click("contacts.load")
    await drive.until(lambda: drive.rows("contacts.table") == 60, "contacts")
    drive.click_row("contacts.table", 1)
    drive.open_tab(4)
    drive.find("webhooks.port", QSpinBox).setValue(0)
    drive.click("webhooks.start")
    await drive.until(lambda: "Listening" in drive.status_bar(), "listening")
    drive.click("webhooks.sample")
    body = drive.find("webhooks.sample.body", QPlainTextEdit)
    await drive.until(lambda: bool(body.toPlainText()), "a sample")
    drive.click("webhooks.sample.post")
    await drive.until(lambda: drive.rows("webhooks.deliveries") > 0, "a delivery")
    drive.click("webhooks.sample.close")
    await _activate(drive)
    drive.click_row("webhooks.deliveries", 0)


def _pages(tab):
    """Yield each inner page in turn, brought to the front, with its title."""
    yield ""
    for pages in [each for each in tab.findChildren(QTabWidget) if each.isVisible()]:
        before = pages.currentIndex()
        for place in range(pages.count()):
            pages.setCurrentIndex(place)
            yield pages.tabText(place)
        pages.setCurrentIndex(before)


async def test_every_page_can_be_heard_and_gone_round(connected):
    found = []
    async with connected() as drive:
        window = drive.window
        await _with_rows(drive)
        for place, tab in enumerate(window.tabs):
            drive.open_tab(place)
            for title in _pages(tab):
                drive.find("environment.switch", QWidget).setFocus()
                stops = round_trip(window)
                missed = DETAIL_BUTTONS.get(place, set()) - {name for (name, _), _ in stops}
                found += [f"{place}: Tab never comes to {each}" for each in missed]
                inside = _inside(tab, stops)
                assert inside, place
                wrong = [*nameless(window), *against_the_eye(inside)]
                found += [f"{place} {title}: {each}" for each in wrong]
    assert found == []


async def test_every_dialog_can_be_heard_gone_round_and_left_by_esc(connected):
    found = []
    async with connected() as drive:
        await _with_rows(drive)
        for place, name in DIALOGS:
            await _activate(drive)
            drive.open_tab(place)
            _entry(drive, name).action.trigger()
            await drive.until(lambda: _has_focus(_opened(drive)), name)
            dialog = _opened(drive)
            if not (dialog.windowTitle() or dialog.accessibleName()):
                found.append(f"{name}: no title")
            stops = round_trip(dialog)
            first = min(range(len(stops)), key=lambda at: stops[at][1].topLeft().toTuple()[::-1])
            around = stops[first:] + stops[:first]  # a question begins at its safest button
            found += [f"{name}: {each}" for each in (*nameless(dialog), *against_the_eye(around))]
            for _ in range(3):  # out of a cell, out of a table, out of the dialog
                if isValid(dialog) and dialog.isVisible():
                    _press(Key.Key_Escape)
            await drive.until(lambda: _opened(drive) is None, f"{name} to leave")
    assert found == []


def _opened(drive):
    kinds = (QDialog, QFrame)
    windows = (each for each in drive.window.findChildren(QWidget) if each.isWindow())
    return next((each for each in windows if each.isVisible() and isinstance(each, kinds)), None)


def _has_focus(dialog):
    now = QApplication.focusWidget()
    return dialog is not None and now is not None and dialog.isAncestorOf(now)


async def test_the_menus_the_palette_and_a_new_environment_can_be_heard_and_left(connected):
    async with connected() as drive:
        window = drive.window
        await _activate(drive)
        menus = [menu for menu in window.findChildren(QMenu) if menu.actions()]
        assert len(menus) > 10
        said = [each.text() for menu in menus for each in menu.actions() if not each.isSeparator()]
        assert all(said)
        drive.find("environment.switch", QWidget).setFocus()
        drive.press(Key.Key_K, Modifier.ControlModifier)
        await drive.until(lambda: drive.visible("palette"), "the palette")
        assert nameless(drive.find("palette", QWidget)) == []
        _press(Key.Key_Escape)
        assert QApplication.focusWidget().objectName() == "environment.switch"
        _entry(drive, "Connection: Add an environment").action.trigger()
        assert window.tabs[0].isAncestorOf(QApplication.focusWidget())
        stops = round_trip(window)
        assert [*nameless(window), *against_the_eye(_inside(window.tabs[0], stops))] == []


async def test_every_step_of_a_bulk_run_can_be_heard_gone_round_and_asked_about(
    connected, tmp_path, heard
):
    file = tmp_path / "users.csv"
    file.write_text("id,email\n1,a@example.org\n2,no address\n")
    async with connected() as drive:
        window = drive.window
        await _activate(drive)
        await open_file(drive, file, columns=2)
        drive.click("bulk.check")
        await drive.until(lambda: any("1 row skipped" in each for each in heard), "the check")
        found = []
        for title in ("source", "mapping", "check", "run"):
            drive.find(f"bulk.step.{title}", QAbstractButton).click()
            drive.find("environment.switch", QWidget).setFocus()
            inside = _inside(window.tabs[2], round_trip(window))
            found += [f"{title}: {each}" for each in (*nameless(window), *against_the_eye(inside))]
        assert found == []
        drive.find("bulk.start", QWidget).setFocus()
        drive.click("bulk.start")
        await drive.until(lambda: _has_focus(_opened(drive)), "the question")
        assert nameless(_opened(drive)) == []
        await drive.answer("Start the run", word="Production")
        await drive.until(lambda: any("has ended" in each for each in heard), "the end")


async def test_a_curl_command_that_is_pasted_can_be_heard_and_gone_round(connected, heard):
    async with connected() as drive:
        window = drive.window
        await _activate(drive)
        drive.open_tab(3)
        path = drive.find("console.path", QLineEdit)
        path.setFocus()
        QApplication.clipboard().setText("curl -X POST https://api.refiner.io/v1/responses -d a=b")
        path.paste()
        assert heard
        stops = round_trip(window)
        assert [*nameless(window), *against_the_eye(_inside(window.tabs[3], stops))] == []


def _inside(tab, stops):
    area = tab.rect().translated(tab.mapTo(tab.window(), QPoint(0, 0)))
    return [stop for stop in stops if area.contains(stop[1].center())]


async def test_alt_5_leads_to_the_deliveries_from_outside_of_the_tabs_too(connected):
    async with connected() as drive:
        await _activate(drive)
        drive.find("environment.switch", QWidget).setFocus()
        _entry(drive, "Go: Show Webhooks").action.trigger()
        assert QApplication.focusWidget().objectName() == "webhooks.deliveries"


async def test_who_connects_hears_so_and_nothing_of_the_tabs_behind(connected, heard):
    async with connected() as drive:
        drive.open_tab(1)
        await drive.until(lambda: drive.enabled("contacts.load"), "ready")
        assert heard[-1].startswith("Connected to")
        assert not [each for each in heard if "answer" in each or "contacts" in each]
        drive.click("contacts.load")
        await drive.until(lambda: heard[-1] == "60 contacts", "heard")


async def test_chosen_keys_and_what_ran_last_are_there_after_a_restart(opened):
    async with opened() as drive:
        registry = drive.window.registry
        registry.set_keys(_entry(drive, "Application: Search actions"), QKeySequence("Ctrl+P"))
        await _activate(drive)
        drive.press(Key.Key_P, Modifier.ControlModifier)
        await drive.until(lambda: drive.visible("palette"), "the palette")
        drive.type_into_focus("show webhooks")
        _press(Key.Key_Return)
        await drive.until(lambda: not drive.window.tasks.running("remember actions"), "written")
    async with opened() as drive:
        await _activate(drive)
        drive.press(Key.Key_P, Modifier.ControlModifier)
        await drive.until(lambda: drive.visible("palette"), "the palette")
        assert "Show Webhooks" in drive.first_action()
        said = [each.text() for each in drive.window.findChildren(QPushButton)]
        assert "Search actions   Ctrl+P" in said


async def test_the_menus_give_the_keyboard_back_and_what_is_heard_are_the_words_on_screen(opened):
    async with opened() as drive:
        await _activate(drive)
        before = drive.find("connection.api_key", QLineEdit)
        before.setFocus()
        drive.press(Key.Key_F10, Modifier.NoModifier)
        await drive.until(lambda: QApplication.activePopupWidget() is not None, "a menu")
        QTest.keyClick(QApplication.activePopupWidget(), Key.Key_Escape)
        _press(Key.Key_Escape)
        assert QApplication.focusWidget() is before
        read_only = drive.find("connection.read_only", QCheckBox)
        assert _heard(read_only) == read_only.text()
        for name in ("connection.status", "contacts.status", "console.status"):
            status = drive.find(name, QLabel)
            assert _heard(status) == status.text()


def _heard(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


async def test_no_keys_mean_two_things_in_one_place(opened):
    async with opened() as drive:
        registry = drive.window.registry
        found = {entry.name: registry.rivals(entry, entry.keys) for entry in registry}
        assert {
            name: [each.name for each in rivals] for name, rivals in found.items() if rivals
        } == {}
        assert [entry.name for entry in registry if objection(entry, entry.usual)] == []
        assert "Users: Many from a file" in found, "not found by the title of its page"


def _greyed_without_a_word(drive):
    shown = [each for each in drive.window.registry if each.action.isVisible()]
    return [each.name for each in shown if not each.action.isEnabled() and not each.obstacle()]


async def test_what_cannot_be_done_now_says_why(connected):
    async with connected() as drive:
        assert _greyed_without_a_word(drive) == []
        await _with_rows(drive)
        assert _greyed_without_a_word(drive) == []


async def test_ctrl_f_reaches_the_filter_and_ctrl_return_sends_from_everywhere_in_a_tab(connected):
    async with connected() as drive:
        await _with_rows(drive)
        for place, names, found in (
            (1, ("contacts.load", "contacts.more", "contacts.delete"), "contacts.filter"),
            (4, ("webhooks.stop", "webhooks.replay", "webhooks.detail.more"), "webhooks.filter"),
        ):
            drive.open_tab(place)
            for name in names:
                drive.find(name, QWidget).setFocus()
                drive.press(Key.Key_F, Modifier.ControlModifier)
                assert QApplication.focusWidget().objectName() == found, name
        drive.open_tab(1)
        drive.find("contacts.detail.fields", QWidget).setFocus()
        drive.press(Key.Key_F, Modifier.ControlModifier)
        assert QApplication.focusWidget().objectName() == "contacts.detail.search"
        drive.open_tab(2)
        for title, missing in (("Identify one user", "identify"), ("Track one event", "track")):
            drive.open_page(title)
            drive.find("users.pages", QTabWidget).tabBar().setFocus()
            drive.press(Key.Key_Return, Modifier.ControlModifier)
            assert QApplication.focusWidget().objectName().startswith(missing), "nothing was sent"


async def test_return_goes_into_what_a_row_stands_for_and_esc_back_once_the_search_is_empty(
    connected,
):
    async with connected() as drive:
        await _with_rows(drive)
        for place, table, inside in (
            (4, "webhooks.deliveries", "webhooks.detail.pages"),
            (1, "contacts.table", "contacts.detail"),
        ):
            drive.open_tab(place)
            drive.find(table, QWidget).setFocus()
            _press(Key.Key_Return)
            assert drive.find(inside, QWidget).isAncestorOf(QApplication.focusWidget())
            _press(Key.Key_Escape)
            assert QApplication.focusWidget().objectName() == table
        _press(Key.Key_Return)
        search = drive.find("contacts.detail.search", QLineEdit)
        search.setFocus()
        drive.type_into_focus("plan")
        _press(Key.Key_Escape)
        assert (search.text(), QApplication.focusWidget()) == ("", search)
        _press(Key.Key_Escape)
        assert QApplication.focusWidget().objectName() == "contacts.table"


async def test_going_from_tab_to_tab_nothing_else_gets_the_focus_in_between(connected):
    async with connected() as drive:
        await _activate(drive)
        _entry(drive, "Go: Show Contacts").action.trigger()
        heard = []
        listening = QApplication.instance().focusChanged.connect(
            lambda _old, now: heard.append(now)
        )
        try:
            _entry(drive, "Go: Show Identify and Track").action.trigger()
            drive.press(Key.Key_K, Modifier.ControlModifier)
            drive.type_into_focus("show contacts")
            _press(Key.Key_Return)
        finally:
            QObject.disconnect(listening)
        assert drive.find("environment.switch", QWidget) not in heard
        assert drive.window.tabs[1].isAncestorOf(QApplication.focusWidget())
