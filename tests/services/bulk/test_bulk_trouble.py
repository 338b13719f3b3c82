"""A service that declines, fails, drops, is slow, asks to wait or is gone."""

import asyncio
import time

import pytest

from refiner_desktop.api.errors import ConnectionFailed, ServerFailed
from refiner_desktop.sandbox.behaviour import Limits
from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.pool import WORKERS
from refiner_desktop.services.bulk.trouble import Trouble
from refiner_desktop.storage.bulk_rows import RowState, RunState

pytestmark = pytest.mark.anyio

EVENTS = ("user_id", "event")


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    monkeypatch.setattr("refiner_desktop.services.bulk.run.AGAIN_SECONDS", (0.02, 0.04, 0.08))
    monkeypatch.setattr("refiner_desktop.services.bulk.trouble.FIRST_PAUSE", 0.02)


@pytest.fixture
def run_of(bulk, begin, users):
    """Begin a run of so many rows, each of another user."""

    async def run_of(count, action=BulkAction.IDENTIFY):
        rows = [[f"u-{n}", "opened"] for n in range(count)]
        return await begin(users(rows, header=EVENTS), action)

    return run_of


@pytest.fixture
def settle(bulk):
    async def settle(run):
        assert await bulk.go_on(run, lambda progress: None) is True
        return {state: count for state, count in (await bulk.progress(run)).counts.items() if count}

    return settle


async def test_rows_that_refiner_declines_fail_and_the_run_goes_on(bulk, begin, users, settle):
    path = users([[f"u-{n}"] for n in range(60)], header=["id"])
    run = await begin(path, BulkAction.ADD_TO_SEGMENT, segment="none")
    assert await settle(run) == {RowState.FAILED: 60}
    row = (await bulk.rows(run))[0]
    assert row.status == 404
    assert "Refiner has nothing by that name." in row.error


async def test_a_failure_that_does_not_pass_fails_its_row(bulk, run_of, settle, sandbox):
    sandbox.faults.status(500, path="/identify-user", times=1)
    run = await run_of(3)
    assert await settle(run) == {RowState.DONE: 2, RowState.FAILED: 1}
    (failed,) = await bulk.rows(run, [RowState.FAILED])
    assert failed.status == 500


@pytest.mark.parametrize("trouble", ["dropped", "dropped late", "502", "503", "cut", "proxy"])
async def test_users_come_through_a_passing_failure(run_of, settle, sandbox, trouble):
    hit = {"path": "/identify-user", "times": 20}
    match trouble:
        case "dropped" | "dropped late":
            sandbox.faults.drop(**hit, processed=trouble == "dropped late")
        case "cut":
            sandbox.faults.truncate(**hit)
        case "proxy":
            sandbox.faults.html(**hit)
        case status:
            sandbox.faults.status(int(status), **hit)
    assert await settle(await run_of(60)) == {RowState.DONE: 60}


async def test_a_row_that_fails_again_and_again_fails(bulk, run_of, settle, sandbox):
    run = await run_of(3)
    sandbox.faults.drop(path="/identify-user", times=12)
    assert await settle(run) == {RowState.FAILED: 3}
    assert "hung up without an answer" in (await bulk.rows(run))[0].error
    assert await bulk.retry_failed(run) == 3
    assert await settle(run) == {RowState.DONE: 3}


async def test_an_event_that_may_have_arrived_is_not_sent_again(
    bulk, run_of, settle, sandbox, arrived
):
    sandbox.faults.drop(path="/track-event", times=3, processed=True)
    run = await run_of(30, BulkAction.TRACK)
    assert await settle(run) == {RowState.DONE: 27, RowState.SENT: 3}
    assert len(arrived("/track-event")) == 30
    unknown = await bulk.rows(run, [RowState.SENT])
    assert all(row.error for row in unknown)


async def test_an_event_that_was_turned_away_is_sent_again(run_of, settle, sandbox):
    sandbox.faults.status(503, path="/track-event", times=5)
    sandbox.faults.status(429, path="/track-event", times=1, retry_after=0)
    assert await settle(await run_of(30, BulkAction.TRACK)) == {RowState.DONE: 30}
    assert set(sandbox.record.users("POST", "/track-event").values()) == {1}


async def test_a_slow_service_is_waited_for(run_of, settle, sandbox):
    sandbox.faults.latency(0.3, path="/identify-user")
    assert await settle(await run_of(WORKERS + 1)) == {RowState.DONE: WORKERS + 1}


async def test_a_service_that_is_gone_pauses_the_run_and_fails_few_rows(
    bulk, run_of, settle, sandbox
):
    run = await run_of(150)
    sandbox.faults.drop(path="/identify-user")
    with pytest.raises(ConnectionFailed):
        await bulk.go_on(run, lambda progress: None)
    (summary,) = await bulk.runs()
    assert (summary.state, summary.resumable) == (RunState.PAUSED, True)
    assert "hung up without an answer" in summary.reason
    assert summary.counts[RowState.WAITING] == 150
    sandbox.faults.clear()
    assert await settle(run) == {RowState.DONE: 150}


async def test_a_service_that_fails_for_good_pauses_the_run(bulk, run_of, sandbox):
    run = await run_of(500)
    sandbox.faults.status(500, path="/identify-user")
    with pytest.raises(ServerFailed):
        await bulk.go_on(run, lambda progress: None)
    counts = (await bulk.progress(run)).counts
    assert counts[RowState.FAILED] < WORKERS
    assert counts[RowState.WAITING] > 500 - WORKERS


async def test_a_service_that_is_gone_leaves_few_events_unknown(bulk, run_of, sandbox):
    run = await run_of(500, BulkAction.TRACK)
    sandbox.faults.drop(path="/track-event")
    with pytest.raises(ConnectionFailed):
        await bulk.go_on(run, lambda progress: None)
    counts = (await bulk.progress(run)).counts
    assert counts[RowState.SENT] < 2 * WORKERS
    assert counts[RowState.WAITING] == 500 - counts[RowState.SENT]


async def test_the_wait_that_the_service_asks_for_is_kept_by_all(run_of, sandbox, bulk):
    run = await run_of(200)
    told = []
    sandbox.faults.status(429, path="/identify-user", times=10, retry_after=1)
    await bulk.go_on(run, told.append)
    calls = sandbox.record.to("POST", "/identify-user")
    refused = [call.at for call in calls if call.status == 429]
    assert len(refused) == 10
    in_between = [call for call in calls if refused[-1] + 0.2 < call.at < refused[0] + 0.9]
    assert in_between == []
    assert max(progress.held_seconds for progress in told) == pytest.approx(1, abs=0.5)
    assert told[-1].counts[RowState.DONE] == 200


async def test_a_pause_need_not_wait_for_the_service(run_of, sandbox, bulk):
    run = await run_of(60)
    sandbox.faults.status(429, path="/identify-user", retry_after=60)
    going = asyncio.create_task(bulk.go_on(run, lambda progress: None))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    bulk.pause()
    assert await going is False
    assert time.monotonic() - began < 1
    assert (await bulk.progress(run)).counts[RowState.WAITING] == 60


async def test_a_user_who_is_refused_alone_holds_up_nobody_else(bulk, begin, users, sandbox):
    rows = [["ana", "opened"], *([f"u-{n}", "opened"] for n in range(40))]
    run = await begin(users(rows, header=EVENTS))
    sandbox.faults.status(429, path="/identify-user", times=1, retry_after=3)
    began = time.monotonic()
    done = []
    await bulk.go_on(run, lambda progress: done.append((time.monotonic(), progress)))
    others = next(at for at, progress in done if progress.counts[RowState.DONE] == 40)
    assert others - began < 2.5
    assert time.monotonic() - began >= 2.9


@pytest.fixture
def sandbox():
    with Sandbox(contacts=20, limits=Limits(per_key=None)) as started:
        yield started


def test_two_refused_users_are_taken_for_the_whole_service():
    trouble = Trouble()
    trouble.refused("ana", 30)
    trouble.refused("ana", 30)
    assert trouble.seconds_left == 0
    trouble.refused("bob", 30)
    assert trouble.seconds_left == pytest.approx(30, abs=1)


def test_one_answer_ends_a_row_of_failures():
    trouble = Trouble()
    for _ in range(WORKERS - 1):
        trouble.failed()
    assert not trouble.lasting
    trouble.answered()
    trouble.failed()
    assert not trouble.lasting
    assert not trouble.hopeless


def test_a_service_that_refuses_without_asking_for_time_is_left_alone_longer_and_longer():
    trouble, waits = Trouble(), []
    for _ in range(4):
        waits.append(trouble.refused("ana", 0))
        trouble.refused("bob", 0)
        time.sleep(trouble.seconds_left + 0.001)
    assert waits == [0.02, 0.04, 0.08, 0.16]
    trouble.answered()
    assert trouble.refused("ana", 0) == 0.02
    assert trouble.refused("ana", 30) == 30


async def test_a_429_that_asks_for_no_time_is_not_answered_with_a_storm(
    run_of, bulk, sandbox, monkeypatch
):
    monkeypatch.setattr("refiner_desktop.services.bulk.trouble.FIRST_PAUSE", 1.0)
    run = await run_of(60)
    sandbox.faults.status(429, path="/identify-user", retry_after=0)
    going = asyncio.create_task(bulk.go_on(run, lambda progress: None))
    await asyncio.sleep(0.9)
    bulk.pause()
    assert await going is False
    assert len(sandbox.record.calls) <= WORKERS + 5
