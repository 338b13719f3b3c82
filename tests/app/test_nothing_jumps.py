"""While a slow server is waited for, what a person aims at stays where it is."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QSpinBox, QWidget

pytestmark = pytest.mark.anyio

SLOW = 0.08
CONTROLS = {
    0: ("name", "base_url", "api_key", "connect", "save", "copy_key", "forget", "status"),
    1: ("survey", "search", "limit", "load", "stop", "filter", "table", "export", "detail"),
    2: ("user_id", "send", "preview", "result", "contact"),
    3: ("method", "path", "send", "cancel", "query", "filter", "response"),
    4: ("port", "start", "stop", "hooks", "filter", "deliveries", "detail"),
}
PAGES = ("connection", "contacts", "identify", "console", "webhooks")


@asynccontextmanager
async def _nothing_moves(drive, names):
    """Look at every turn of the loop where the controls are, until the block ends."""
    before, moved = {}, {}

    def look():
        QApplication.sendPostedEvents()  # so that layouts are up to date
        for name in names:
            widget = drive.find(name, QWidget)
            place = widget.mapTo(drive.window, QPoint()) if widget.isVisible() else None
            if before.setdefault(name, place) != place:
                moved[name] = (before[name], place)

    async def watch():
        while True:
            look()
            await asyncio.sleep(0.01)

    look()
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
    look()
    assert moved == {}


def _is_connected(drive):
    return drive.text("connection.status").startswith("Connected")


def _of(tab, page=""):
    return [f"{page or PAGES[tab]}.{name}" for name in CONTROLS[tab]]


async def test_no_control_moves_while_a_slow_server_is_waited_for(connected, sandbox):
    async with connected() as drive:
        drive.window.resize(1366, 768)
        sandbox.faults.latency(SLOW)
        async with _nothing_moves(drive, _of(0)):
            drive.click("connection.connect")
            await drive.until(
                lambda: not drive.text("connection.status").startswith("Connected"), "begun"
            )
            await drive.until(
                lambda: drive.text("connection.status").startswith("Connected"), "again"
            )
        drive.open_tab(1)
        async with _nothing_moves(drive, _of(1)):
            drive.click("contacts.load")
            await drive.until(lambda: drive.enabled("contacts.load"), "contacts")
            await drive.until(lambda: any(drive.column("contacts.table", "User id", 1)), "cells")
            drive.click_row("contacts.table", 0)
            drive.write("contacts.filter", drive.column("contacts.table", "User id", 1)[0])
            await drive.until(lambda: " of " in drive.text("contacts.status"), "fewer")
        drive.open_tab(2)
        for page, title in (("identify", "Identify one user"), ("track", "Track one event")):
            drive.open_page(title)
            drive.write(f"{page}.user_id", "u-new")
            if page == "track":
                drive.write("track.event", "Signed up")
            await drive.until(lambda page=page: "u-new" in drive.text(f"{page}.preview"), "preview")
            async with _nothing_moves(drive, _of(2, page)):
                drive.click(f"{page}.send")
                await drive.until(lambda page=page: "ok" in drive.text(f"{page}.result"), "answer")
        drive.open_tab(3)
        drive.write("console.path", "contacts?page_length=5")
        async with _nothing_moves(drive, _of(3)):
            drive.click("console.send")
            await drive.until(lambda: "200" in drive.text("console.status"), "status 200")
        drive.open_tab(4)
        async with _nothing_moves(drive, _of(4)):
            drive.find("webhooks.port", QSpinBox).setValue(0)
            drive.click("webhooks.start")
            await drive.until(lambda: "Listening" in drive.status_bar(), "listening")
            drive.click("webhooks.stop")
            await drive.until(lambda: "off" in drive.status_bar(), "off")
