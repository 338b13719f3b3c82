"""What lists say whose records could not be read."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from PySide6.QtWidgets import QLabel, QTableView

from refiner_desktop.services.requests.draft import EMPTY
from refiner_desktop.ui.tabs.console import answer_view, history_panel
from refiner_desktop.ui.tabs.users import send_list
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.run_step import RunStep
from refiner_desktop.ui.tabs.users.bulk.step_bar import Step

pytestmark = pytest.mark.anyio

TABLES = ("exchange", "send", "bulk_run")


@contextmanager
def _unreadable(data_dir):
    """Take the records away for a while, as a file does that is damaged."""
    _rename(data_dir, "{0} RENAME TO away_{0}")
    try:
        yield
    finally:
        _rename(data_dir, "away_{0} RENAME TO {0}")


def _rename(data_dir, change):
    with closing(sqlite3.connect(data_dir / "refiner.db")) as connection:
        for table in TABLES:
            connection.execute(f"ALTER TABLE {change.format(table)}")
        connection.commit()


def _said(drive, name):
    return drive.find(name, QTableView).findChild(QLabel).text()


async def test_lists_that_could_not_be_read_are_not_called_empty_and_are_read_again(
    opened, tmp_path
):
    async with opened() as drive:
        bulk = drive.window.users_tab.bulk_page

        async def says(name, text):
            await drive.until(lambda: _said(drive, name) == text, f"{name}: {text}")

        await says("console.history", history_panel.NONE_YET)
        await says("identify.history", send_list.NONE_YET)
        await says("bulk.runs", words.NO_RUNS)
        with _unreadable(tmp_path / "data"):
            drive.write("console.history.search", "a")
            drive.write("identify.history.search", "a")
            bulk.findChild(RunStep).refresh()
            await says("console.history", history_panel.UNREAD)
            await says("identify.history", send_list.UNREAD)
            await says("bulk.runs", words.UNREAD_RUNS)
        drive.write("console.history.search", "b")
        drive.write("identify.history.search", "")
        drive.open_tab(2)
        drive.open_page("Many from a file")
        bulk.show_step(Step.RUN)
        await says("console.history", history_panel.NONE_FOUND)
        await says("identify.history", send_list.NONE_YET)
        await says("bulk.runs", words.NO_RUNS)


async def test_an_answer_that_can_not_be_brought_back_says_so_and_how_to_get_another(
    connected, tmp_path
):
    async with connected() as drive:
        drive.open_tab(3)
        tab = drive.window.console_tab
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: drive.rows("console.history") == 1, "the call")
        tab._opened.open(EMPTY, anew=True)
        tab._calls._shown.clear()  # as after a restart
        body = drive.window.console_tab._answer._body.pane.view
        with _unreadable(tmp_path / "data"):
            tab._strip.step(-1)
            assert body._placeholder == answer_view.BRINGING_BACK
            await drive.until(lambda: body._placeholder == answer_view.UNREAD, "the failure")
        tab._answers.show_own()
        await drive.until(lambda: "subscription" in body.text(), "the answer")
