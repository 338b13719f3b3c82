"""A run whose process is killed again and again: all rows arrive, no confirmed one twice."""

import asyncio
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from refiner_desktop.sandbox.behaviour import Limits
from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.pool import WORKERS
from refiner_desktop.storage.bulk_rows import RowState

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL"),
]

ROWS = 2_000
KILLS = 4
FEWER = 800
"""Rows enough for the kills: what follows them is the same for any number."""

EVENTS = ("user_id", "event")


@pytest.fixture
def sandbox():
    with Sandbox(contacts=20, limits=Limits(per_key=None)) as started:
        yield started


@pytest.fixture
def go_on(bulk, database, sandbox):
    """Go on with a run in a process that is killed after some seconds, or comes to its end."""
    environment = msgspec.json.encode(bulk.environment).decode()
    command = [sys.executable, str(Path(__file__).with_name("bulk_process.py"))]

    def go_on(run, killed_after=None):
        arguments = [str(database.path), environment, sandbox.key, str(run)]
        with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"going\n"
            if killed_after is None:
                assert process.wait(60) == 0
                return
            try:
                process.wait(killed_after)
            except subprocess.TimeoutExpired:
                process.kill()

    return go_on


@pytest.fixture
def kill_often(go_on, sandbox, journal):
    """Kill a run at random moments; check after each that nothing confirmed came again."""

    async def kill_often(run, path, rows=ROWS):
        unknown, confirmed = Counter(), set()
        for _ in range(KILLS):
            before = len(sandbox.record.calls)
            await asyncio.to_thread(go_on, run, random.uniform(0.03, 0.2))
            await asyncio.sleep(0.05)  # the sandbox has done with what reached it
            again = [c.user for c in sandbox.record.calls[before:] if c.path == path]
            assert confirmed.isdisjoint(again)
            confirmed = {_user(row) for row in journal.rows(run, [RowState.DONE])}
            sent = {_user(row) for row in journal.rows(run, [RowState.SENT])}
            assert len(sent - unknown.keys()) <= WORKERS
            unknown.update(sent)
        assert unknown, "every kill came between two calls"
        assert 0 < len(confirmed) < rows
        return confirmed, unknown

    return kill_often


def _user(row):
    return msgspec.json.decode(row.payload)["id"]


async def test_users_all_arrive_and_no_confirmed_one_twice(
    begin, users, go_on, kill_often, sandbox, journal
):
    sandbox.faults.latency(0.005, path="/identify-user")
    run = await begin(users(ROWS))
    confirmed, unknown = await kill_often(run, "/identify-user")
    before = sandbox.record.users("POST", "/identify-user")
    await asyncio.to_thread(go_on, run)
    arrived = sandbox.record.users("POST", "/identify-user")
    assert arrived.keys() == {f"bulk-{number}" for number in range(ROWS)}
    assert confirmed.isdisjoint(arrived - before)
    assert {user for user, times in arrived.items() if times > 1} <= unknown.keys()
    assert journal.counts([run])[run][RowState.DONE] == ROWS


async def test_events_arrive_once_and_the_unknown_ones_again_only_when_asked(
    bulk, begin, users, go_on, kill_often, sandbox, journal
):
    sandbox.faults.latency(0.005, path="/track-event")
    rows = [[f"u-{number}", "opened"] for number in range(FEWER)]
    run = await begin(users(rows, header=EVENTS), BulkAction.TRACK)
    _, unknown = await kill_often(run, "/track-event", FEWER)
    await asyncio.to_thread(go_on, run)
    arrived = sandbox.record.users("POST", "/track-event")
    assert set(arrived.values()) == {1}
    counts = journal.counts([run])[run]
    assert counts[RowState.SENT] == len(unknown)
    assert counts[RowState.DONE] == FEWER - len(unknown)
    assert await bulk.requeue_unknown(run) == len(unknown)
    await asyncio.to_thread(go_on, run)
    arrived = sandbox.record.users("POST", "/track-event")
    assert len(arrived) == FEWER
    assert {user for user, times in arrived.items() if times > 1} <= unknown.keys()
