"""What the next start says about the one before, and what is said of failures in between."""

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication

from refiner_desktop.app.opening import PAINTED
from refiner_desktop.app.unforeseen import unforeseen
from refiner_desktop.masking import Mask
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.services.support.session import Session

COMMAND = [sys.executable, "-m", "refiner_desktop", "--secrets", "memory", "--data-dir"]
LOG = "logs/refiner-desktop.log"


def ended_by(number, folder):
    """Start the application, end it by a signal once it is on the screen, return its status."""
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONFAULTHANDLER"}
    with subprocess.Popen([*COMMAND, str(folder)], env=bare) as process:
        log, deadline = folder / LOG, time.monotonic() + 30
        while not (log.exists() and PAINTED in log.read_text("utf-8")):
            assert time.monotonic() < deadline, "the window did not come"
            time.sleep(0.02)
        process.send_signal(number)
        return process.wait(30)


FAILING = """
import sys
from refiner_desktop.app import running

async def fail(window):
    raise LookupError("nobody foresaw this")

running._until_closed = fail
sys.exit(running.main(sys.argv[1:]))
"""


def next_start(folder):
    reports = CrashReports(folder / "crashes", folder / "logs", Mask())
    with Session(reports) as session:
        return session.crash


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals of this kind")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SIGKILL", "It was ended from outside"),
        ("SIGSEGV", "Fatal Python error: Segmentation fault"),
    ],
)
def test_a_process_that_was_cut_off_is_noticed_at_the_next_start(tmp_path, name, words):
    number = getattr(signal, name)
    assert ended_by(number, tmp_path) == -number
    crash = next_start(tmp_path)
    assert words in crash.text
    assert PAINTED in crash.text
    assert ("qasync" in crash.text) == (name == "SIGSEGV")  # the stack where it happened
    assert next_start(tmp_path) is None


def test_a_failure_that_ends_the_process_is_noticed_at_the_next_start(tmp_path):
    arguments = ("--secrets", "memory", "--data-dir", str(tmp_path))
    ended = subprocess.run([sys.executable, "-c", FAILING, *arguments], capture_output=True)
    assert ended.returncode == 1
    assert b"LookupError" in ended.stderr
    assert "LookupError: nobody foresaw this" in next_start(tmp_path).text


@pytest.mark.anyio
async def test_the_next_start_says_what_is_saved_and_shows_the_report(
    opened, tmp_path, monkeypatch
):
    with pytest.raises(LookupError):
        async with opened():
            raise LookupError("nobody foresaw this")
    folders = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: folders.append(url.toLocalFile()))
    async with opened() as drive:
        said = drive.window.messages.text()
        assert "ended unexpectedly" in said
        assert "each row of a bulk run" in said
        drive.click("message.offer")
        await drive.until(lambda: drive.question() is not None, "the report")
        drive.click("support.copy")
        drive.click("support.folder")
        drive.question().reject()
    assert "LookupError: nobody foresaw this" in QGuiApplication.clipboard().text()
    assert folders == [str(tmp_path / "data" / "crashes")]
    async with opened() as drive:
        assert drive.window.messages.text() == ""


@pytest.mark.anyio
async def test_a_damaged_file_is_not_called_saved(opened, tmp_path):
    with pytest.raises(LookupError):
        async with opened():
            raise LookupError
    (tmp_path / "data" / "refiner.db").write_bytes(b"no database at all")
    async with opened() as drive:
        assert "ended unexpectedly" in drive.window.messages.text()
        assert "bulk run" not in drive.window.messages.text()
        drive.window.messages.dismiss()
        assert "moved aside" in drive.window.messages.text()


class Unclean:
    def __del__(self):
        raise LookupError("nobody foresaw this")


def fail():
    raise LookupError("nobody foresaw this")


def fail_in_a_thread():
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def fail_on_the_loop():
    asyncio.get_running_loop().call_soon(fail)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "failing", [fail, fail_in_a_thread, fail_on_the_loop, Unclean], ids=lambda each: each.__name__
)
async def test_what_nobody_caught_is_told_with_a_report_and_the_window_goes_on(
    opened, failing, caplog
):
    async with opened() as drive:
        with unforeseen(drive.window.support.tell_of):
            QTimer.singleShot(0, lambda: failing() and None)
            said = drive.window.messages.text
            await drive.until(lambda: "The application goes on" in said(), "a message")
            drive.click("message.offer")
            await drive.until(lambda: drive.question() is not None, "the report")
            drive.question().reject()
    assert "nobody foresaw this" in caplog.text


@pytest.mark.anyio
async def test_a_task_that_fails_unforeseen_leaves_a_report_and_a_foreseen_one_none(
    opened, tmp_path
):
    async def fail_with(error):
        raise error

    async with opened() as drive:
        crashes = tmp_path / "data" / "crashes"
        said = drive.window.messages.text
        drive.window.tasks.start("work", fail_with(PermissionError(13, "no")))
        await drive.until(lambda: "may not open this file" in said(), "a message")
        assert not list(crashes.glob("report-*"))
        drive.window.tasks.start("work", fail_with(LookupError("nobody foresaw this")))
        await drive.until(lambda: "The application goes on" in said(), "a message")
        assert len(list(crashes.glob("report-*"))) == 1


@pytest.mark.anyio
async def test_without_room_for_a_report_the_failure_is_told_all_the_same(opened, tmp_path):
    async with opened() as drive:
        crashes = tmp_path / "data" / "crashes"
        (crashes / "running.txt").unlink()
        crashes.rmdir()
        crashes.write_text("a file in the place of the folder")
        drive.window.support.tell_of(LookupError("nobody foresaw this"))
        said = drive.window.messages.text
        await drive.until(lambda: "Something went wrong" in said(), "a message")
        assert not drive.visible("message.offer")


@pytest.mark.anyio
async def test_diagnostics_open_from_the_menu_and_are_copied_as_a_whole(opened):
    async with opened() as drive:
        logging.getLogger("refiner_desktop").warning("this came before")
        (diagnostics,) = (each for each in drive.window.registry if each.group == "Help")
        diagnostics.action.trigger()
        await drive.until(lambda: drive.question() is not None, "the dialog")
        await drive.until(lambda: drive.enabled("support.copy"), "what was found out")
        drive.click("support.copy")
        shown = drive.column("diagnostics.facts", "Value", 99)
        drive.question().reject()
    copied = QGuiApplication.clipboard().text()
    assert all(value in copied for value in shown)
    assert "Versions - Qt: 6." in copied
    assert "this came before" in copied


@pytest.mark.anyio
async def test_diagnostics_say_why_there_are_none(opened, tmp_path):
    async with opened() as drive:
        await drive.until(lambda: not drive.window.tasks.running("opening"), "the opening")
        with closing(sqlite3.connect(tmp_path / "data" / "refiner.db")) as connection:
            connection.execute("DROP TABLE send")
        drive.window.support.open_diagnostics()
        await drive.until(lambda: drive.question() is not None, "the dialog")
        dialog = drive.question()
        await drive.until(lambda: "can't be read" in drive.labels_in(dialog), "the reason")
        assert not drive.enabled("support.copy")
        dialog.reject()
