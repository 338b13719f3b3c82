"""The steps of the tour: each does something with mouse and keys, and checks what it led to."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from refiner_desktop.app.building import Application
from refiner_desktop.app.driver import Driver
from refiner_desktop.ui.amounts import number

EVENT = "upgrade_clicked"
"""The sandbox has a segment of users who did this."""

FILE_ROWS = 120
NEWCOMER = "tour-1042"
PLACE = 4
"""The row of the contact that is looked at."""


class CheckFailed(Exception):
    """The window does not show what this step should have led to."""


class Step(NamedTuple):
    """What is done, and in words what is checked; `take` raises `CheckFailed`."""

    name: str
    checked: str
    take: Callable[[], Awaitable[None]]


class TourSteps:
    """The main job on the sandbox, from the first start to the replay of a webhook."""

    def __init__(self, application: Application) -> None:
        self._demo = application.demo
        self._window = application.window
        self._drive = Driver(application.window)

    @property
    def all(self) -> tuple[Step, ...]:
        """The steps in their order."""
        return (
            Step(
                "first start",
                "three steps lead to a connection, a fourth way to the sandbox",
                self._begin,
            ),
            Step("refused key", "a wrong key is told, and what to do", self._be_refused),
            Step("connect", "a typed key opens the project, with its usage", self._connect),
            Step("load contacts", "the table has the rows that were asked for", self._load),
            Step("sort", "the addresses stand in order", self._sort),
            Step("filter", "every row contains the word", self._filter),
            Step("look at one contact", "the detail shows the row's address", self._look),
            Step("identify", "the answer names a contact, a segment entry follows", self._identify),
            Step("compare", "a changed trait is told from what stays", self._compare),
            Step("track", "the answer is ok, a segment entry follows", self._track),
            Step("many from a file", "every row of the file arrives", self._send_file),
            Step("call the API", "the answer has status 200 and a body", self._call),
            Step("fetch all pages", "the table has every item of the list", self._fetch_all),
            Step(
                "see the webhooks", "the delivery that our call caused is in the list", self._watch
            ),
            Step(
                "replay a webhook", "the same bytes arrive again, marked as a replay", self._replay
            ),
            Step("search actions", "the palette finds an action by its letters", self._search),
        )

    async def _begin(self) -> None:
        drive = self._drive
        drive.open_tab(0)
        await drive.until(lambda: drive.enabled("connection.connect"), "the form")
        if drive.visible("connection.try"):  # not where somebody has been connected before
            steps = ("Get a key", "Paste it", "Connect")
            said = drive.labels_in(self._window.connection_tab)
            _check(all(step in said for step in steps), "the three steps are not there")

    async def _be_refused(self) -> None:
        drive = self._drive
        self._window.connection_tab.try_sandbox()
        await drive.until(lambda: "received" in drive.status_bar(), "the listener listens")
        await drive.until(lambda: "Connected to" in drive.text("connection.status"), "connected")
        drive.click("connection.forget")
        await drive.until(lambda: "Not connected" in drive.text("connection.status"), "forgotten")
        drive.write("connection.api_key", str(UUID(int=0)))
        drive.click("connection.connect")
        refused = "Refiner does not know this key."
        await drive.until(lambda: refused in drive.text("connection.status"), "refused")

    async def _connect(self) -> None:
        drive = self._drive
        drive.write("connection.api_key", self._key())
        drive.click("connection.connect")
        await drive.until(lambda: "Connected to" in drive.text("connection.status"), "connected")
        await drive.until(lambda: "Tracked users" in drive.labels_in(self._window), "the usage")
        self._window.messages.dismiss()

    async def _load(self) -> None:
        drive = self._drive
        drive.open_tab(1)
        await drive.until(
            lambda: "contacts" in drive.text("contacts.status"), "the demo has loaded"
        )
        drive.write("contacts.limit", "All")
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") > 1_000, "rows come")
        await drive.until(lambda: drive.enabled("contacts.load"), "the load ends")
        await drive.until(lambda: drive.text("contacts.status").endswith("contacts"), "the total")
        rows = drive.rows("contacts.table")
        said = drive.text("contacts.status")
        _check(said == f"{number(rows)} contacts", "the status counts the rows")

    async def _sort(self) -> None:
        drive = self._drive
        drive.click_header("contacts.table", "E-mail")
        await drive.until(lambda: _in_order(drive.column("contacts.table", "E-mail", 20)), "order")

    async def _filter(self) -> None:
        drive = self._drive
        word = drive.column("contacts.table", "E-mail", 1)[0].split("@")[0]
        before = drive.rows("contacts.table")
        drive.write("contacts.filter", word)
        await drive.until(lambda: 0 < drive.rows("contacts.table") < before, "fewer rows")
        await drive.until(lambda: drive.column("contacts.table", "E-mail", 1) != [""], "cells")
        found = drive.column("contacts.table", "E-mail", 1)[0]
        _check(word in found, f"{found} does not contain {word}")

    async def _look(self) -> None:
        drive = self._drive
        drive.write("contacts.filter", "")
        await drive.until(lambda: drive.rows("contacts.table") > PLACE, "all rows again")
        await drive.until(lambda: all(drive.column("contacts.table", "E-mail", PLACE)), "cells")
        drive.click_row("contacts.table", PLACE)
        address = drive.column("contacts.table", "E-mail", PLACE + 1)[PLACE]
        await drive.until(lambda: address in drive.texts_in("contacts.detail"), "the detail")

    async def _identify(self) -> None:
        drive = self._drive
        drive.open_tab(2)
        drive.open_page("Identify one user")
        drive.write("identify.user_id", NEWCOMER)
        drive.write("identify.email", "ana.tour@example.org")
        await drive.write_rows("identify.traits", (("name", "Ana Tour"), ("plan", "pro")))
        drive.write("identify.account_id", "acme")
        await drive.until(lambda: '"plan"' in drive.text("identify.preview"), "the preview")
        drive.click("identify.send")
        await drive.until(lambda: "contact_uuid" in drive.text("identify.result"), "the answer")
        page = self._window.users_tab.identify_page
        await drive.until(lambda: "entered a segment" in drive.labels_in(page), "the webhook")

    async def _compare(self) -> None:
        drive = self._drive
        await drive.write_rows("identify.traits", (("name", "Ana Tour"), ("plan", "free")))
        drive.click("identify.compare")
        await drive.until(lambda: drive.rows("identify.changes") > 0, "the changes")
        effects = dict(
            zip(
                drive.column("identify.changes", "Key", 9),
                drive.column("identify.changes", "Change", 9),
                strict=True,
            )
        )
        _check(effects.get("plan") == "changed", "the plan does not count as changed")
        _check(effects.get("name") == "unchanged", "the name does not count as unchanged")

    async def _track(self) -> None:
        drive = self._drive
        drive.open_page("Track one event")
        drive.write("track.user_id", NEWCOMER)
        drive.write("track.event", EVENT)
        drive.click("track.send")
        await drive.until(lambda: "ok" in drive.text("track.result"), "the answer")
        page = self._window.users_tab.track_page
        await drive.until(lambda: "entered a segment" in drive.labels_in(page), "the webhook")

    async def _send_file(self) -> None:
        drive = self._drive
        drive.open_page("Many from a file")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trials.csv"
            path.write_text(_users(FILE_ROWS), "utf-8")
            drive.write("bulk.file", str(path))
            QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
            await drive.until(lambda: drive.rows("bulk.mapping") == 4, "the columns")
            drive.click("bulk.check")
            await drive.until(lambda: "Press Start" in drive.text("bulk.status"), "the check")
            drive.click("bulk.start")
            await drive.answer("Start the run")
            done = f"{FILE_ROWS} done"
            await drive.until(lambda: done in drive.text("bulk.status"), "the end of the run")
        self._window.activateWindow()  # the question had the keyboard
        await drive.until(self._window.isActiveWindow, "the keyboard")

    async def _call(self) -> None:
        drive = self._drive
        drive.open_tab(3)
        drive.choose("console.method", "GET")
        drive.write("console.path", "contact")
        await drive.write_rows("console.query", (("id", NEWCOMER),))
        drive.click("console.send")
        await drive.until(lambda: "200" in drive.text("console.status"), "status 200")
        _check(NEWCOMER in drive.text("console.response"), "the answer is another contact")
        await drive.until(lambda: drive.rows("console.history") > 0, "the history")

    async def _fetch_all(self) -> None:
        drive = self._drive
        drive.write("console.path", "segments?page_length=1")
        await drive.write_rows("console.query", (("page", "1"),))
        drive.click("console.send")
        await drive.until(lambda: "items" in drive.text("console.response"), "the first page")
        drive.open_page("Table")
        drive.click("console.pages.fetch")
        await drive.until(lambda: "All here" in drive.text("console.pages.status"), "all pages")
        await drive.until(lambda: drive.rows("console.table") > 1, "their items")

    async def _watch(self) -> None:
        drive = self._drive
        drive.open_tab(4)
        drive.write("webhooks.filter", "Ana Tour")

        def users() -> list[str]:
            return drive.column("webhooks.deliveries", "User", 5)

        await drive.until(lambda: "Ana Tour" in users(), "the delivery")
        drive.click_row("webhooks.deliveries", users().index("Ana Tour"))
        await drive.until(lambda: NEWCOMER in drive.text("webhooks.detail"), "the payload")

    async def _replay(self) -> None:
        drive = self._drive
        rows = drive.rows("webhooks.deliveries")
        drive.click("webhooks.replay")
        await drive.until(lambda: drive.rows("webhooks.deliveries") > rows, "the replay")

        def note() -> list[str]:
            return drive.column("webhooks.deliveries", "Note", 1)

        await drive.until(lambda: note() == ["replay"], "its mark")
        drive.click_row("webhooks.deliveries", 0)
        await drive.until(lambda: NEWCOMER in drive.text("webhooks.detail"), "the same payload")

    async def _search(self) -> None:
        drive = self._drive
        drive.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        await drive.until(lambda: drive.visible("palette"), "the palette")
        drive.type_into_focus("listener")
        await drive.until(lambda: "listener" in drive.first_action().casefold(), "an action")

    def _key(self) -> str:
        if self._demo.sandbox is None:
            raise CheckFailed("there is no sandbox to connect to")
        return self._demo.sandbox.key


def _users(count: int) -> str:
    rows = (f"trial-{n},trial{n}@example.org,pro,{n}" for n in range(1, count + 1))
    return "\n".join(("user_id,email,plan,seats", *rows))


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise CheckFailed(problem)


def _in_order(texts: list[str]) -> bool:
    folded = [text.casefold() for text in texts]
    return len(folded) > 1 and all(folded) and folded == sorted(folded)
