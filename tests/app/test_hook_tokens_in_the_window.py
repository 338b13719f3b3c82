"""Tokens that nothing has kept: in a demo nobody notices, elsewhere a person is told."""

import asyncio
import sqlite3
from contextlib import closing

import httpx
import pytest
from fake_keyring import FakeKeyring, installed
from PySide6.QtWidgets import QSpinBox

from refiner_desktop.app import Options
from refiner_desktop.app.building import assemble
from refiner_desktop.app.demo import VISITORS
from refiner_desktop.app.driver import Driver

pytestmark = pytest.mark.anyio


def _verdicts(folder):
    with closing(sqlite3.connect(folder / "refiner.db")) as connection:
        return [verdict for (verdict,) in connection.execute("SELECT verdict FROM delivery")]


async def _listen(drive):
    drive.open_tab(4)
    drive.find("webhooks.port", QSpinBox).setValue(0)
    drive.click("webhooks.start")
    await drive.until(lambda: "Listening" in drive.status_bar(), "the listener")


async def _shown(drive, count):
    said = f"· {count} received"
    await drive.until(lambda: said in drive.status_bar(), said)


async def _start_demo(options, then):
    async with assemble(options) as application:
        application.window.show()
        drive = Driver(application.window)
        await _shown(drive, VISITORS)
        running = application.window.tasks.running
        await drive.until(lambda: not running("opening"), "the opening is done")
        await then(drive, application.demo.sandbox)
        assert "refused" not in drive.status_bar()
        assert "token" not in drive.window.messages.text()


@pytest.mark.parametrize("listen", [None, 0], ids=["demo", "demo and port"])
async def test_what_happens_in_a_demo_of_before_arrives_as_accepted(tmp_path, listen):
    async def answer_a_survey(drive, sandbox):
        before = len(_verdicts(tmp_path))
        await asyncio.to_thread(sandbox.complete_survey)  # it may enter a segment too
        await drive.until(lambda: len(_verdicts(tmp_path)) > before, "one more delivery")

    for start in (1, 2, 3):
        await _start_demo(Options(demo=True, data_dir=tmp_path, listen=listen), answer_a_survey)
        assert len(_verdicts(tmp_path)) > VISITORS * start
        assert set(_verdicts(tmp_path)) == {"accepted"}


async def test_a_demo_where_the_listener_starts_with_the_application_is_no_other(tmp_path):
    async def let_it_start_by_itself(drive, _):
        drive.open_tab(4)
        drive.click("webhooks.stop")
        await drive.until(lambda: "Listener off" in drive.status_bar(), "it is off")
        await _listen(drive)

    for _ in range(2):
        await _start_demo(Options(demo=True, data_dir=tmp_path), let_it_start_by_itself)
    assert _verdicts(tmp_path) == ["accepted"] * 2 * VISITORS


async def test_tokens_that_the_keyring_has_lost_are_told_with_what_to_do(opened, tmp_path):
    with installed(FakeKeyring()) as keyring:
        async with opened(secrets="keyring") as drive:
            await _listen(drive)
            before = drive.text("webhooks.token")
            await drive.until(lambda: len(keyring.items) == 2, "two tokens are kept")
        async with opened(secrets="keyring") as drive:
            await drive.until(lambda: "Listening" in drive.status_bar(), "it starts by itself")
            assert "token" not in drive.window.messages.text()
        keyring.items.clear()
        async with opened(secrets="keyring") as drive:
            said = drive.window.messages.text
            await drive.until(lambda: "The hooks have new tokens" in said(), "the sentence")
            assert "Paste the new tokens into Refiner" in said()
            assert "answered 401" in said()
            drive.open_tab(4)
            await drive.until(lambda: "Listening" in drive.status_bar(), "it listens all the same")
            url, now = drive.text("webhooks.url"), drive.text("webhooks.token")
            assert before not in (now, "")
            async with httpx.AsyncClient() as client:
                for token, status in ((before, 401), (now, 200)):
                    headers = {"Authorization": f"Bearer {token}"}
                    answer = await client.post(url, json={}, headers=headers)
                    assert answer.status_code == status
        async with opened(secrets="keyring") as drive:
            drive.open_tab(4)
            await drive.until(lambda: drive.text("webhooks.token") == now, "the new one is kept")
            await drive.until(lambda: "Listening" in drive.status_bar(), "it listens")
            assert "token" not in drive.window.messages.text()
