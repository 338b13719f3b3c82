"""Running work: one task a name, cancelled by its successor, loud when it fails."""

import asyncio

import pytest

from refiner_desktop.ui.task_runner import TaskRunner

pytestmark = pytest.mark.anyio


@pytest.fixture
def runner(qapp):
    return TaskRunner()


async def _forever():
    await asyncio.Event().wait()


async def test_a_second_start_of_a_name_cancels_the_first(runner):
    ended = []

    async def work(number):
        try:
            await asyncio.sleep(10 if number == 1 else 0)
        except asyncio.CancelledError:
            ended.append(f"{number} cancelled")
            raise
        ended.append(f"{number} done")

    runner.start("load", work(1))
    await asyncio.sleep(0)
    runner.start("load", work(2))
    await asyncio.sleep(0.05)
    assert ended == ["1 cancelled", "2 done"]
    assert not runner.running("load")


async def test_a_failure_is_reported_with_its_exception(runner, caplog):
    failures = []
    runner.failed.connect(failures.append)

    async def work():
        raise LookupError("gone")

    runner.start("load", work())
    await asyncio.sleep(0.02)
    assert [str(failure) for failure in failures] == ["gone"]
    assert "load failed" in caplog.text


async def test_a_cancelled_task_is_no_failure(runner):
    failures = []
    runner.failed.connect(failures.append)
    runner.start("load", _forever())
    await asyncio.sleep(0)
    runner.cancel("load")
    await runner.aclose()
    assert failures == []


async def test_only_labelled_tasks_are_shown(runner):
    runner.start("load", _forever(), label="Loading")
    runner.start("rows 0", _forever())
    assert runner.labels() == {"load": "Loading"}
    await runner.aclose()
    assert runner.labels() == {}


async def test_closing_waits_until_every_task_has_cleaned_up(runner):
    cleaned = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.02)
            cleaned.append(True)

    runner.start("one", work())
    runner.start("two", work())
    await asyncio.sleep(0)
    await runner.aclose()
    assert cleaned == [True, True]


async def test_a_newer_task_begins_only_when_the_older_one_has_cleaned_up(runner):
    story = []

    async def older():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.03)
            story.append("older ended")

    async def newer():
        story.append("newer began")

    runner.start("run", older())
    await asyncio.sleep(0)
    runner.start("run", newer())
    assert runner.running("run")
    await asyncio.sleep(0.1)
    assert story == ["older ended", "newer began"]


async def test_a_cancelled_task_counts_as_running_until_it_has_ended(runner):
    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.03)

    runner.start("run", work())
    await asyncio.sleep(0)
    runner.cancel("run")
    assert runner.running("run")
    await asyncio.sleep(0.1)
    assert not runner.running("run")


async def test_many_starts_in_one_turn_run_the_last_and_warn_of_nothing(runner):
    ran = []

    async def work(number):
        ran.append(number)

    for number in range(5):
        runner.start("run", work(number))
    await asyncio.sleep(0.05)
    assert ran == [4]


async def test_after_closing_nothing_starts(runner):
    ran = []

    async def work():
        ran.append(True)

    await runner.aclose()
    runner.start("run", work())
    await asyncio.sleep(0.02)
    assert ran == []


async def test_a_task_ends_in_its_own_way_where_it_has_one(runner):
    asked = []

    def give_way():
        asked.append(True)
        return True

    runner.start("run", _forever(), label="Sending", give_way=give_way)
    await asyncio.sleep(0)
    runner.cancel("run")
    await asyncio.sleep(0.02)
    assert asked == [True]
    assert runner.running("run")
    await runner.aclose()  # which waits for nobody
    assert not runner.running("run")


async def test_a_task_that_does_not_give_way_is_cancelled(runner):
    runner.start("run", _forever(), give_way=lambda: False)
    await asyncio.sleep(0)
    runner.cancel()
    await asyncio.sleep(0.02)
    assert not runner.running("run")


async def test_work_that_is_asked_for_in_its_last_moment_is_done_once_more(runner):
    to_do, done = ["first"], []

    async def work():
        done.extend(to_do)
        to_do.clear()
        if done == ["first"]:
            asyncio.get_running_loop().call_soon(ask_late)

    def ask_late():
        assert runner.running("keep")
        to_do.append("late")
        runner.ensure("keep", work)

    runner.ensure("keep", work)
    await asyncio.sleep(0.02)
    assert done == ["first", "late"]
    assert not runner.running("keep")


async def test_work_that_is_asked_for_often_while_it_runs_is_done_once_more(runner):
    begun = []

    async def work():
        begun.append(None)
        await asyncio.sleep(0.01)

    for _ in range(5):
        runner.ensure("keep", work)
    await asyncio.sleep(0.1)
    assert len(begun) == 2


async def test_what_is_cancelled_is_not_done_once_more(runner):
    begun = []

    async def work():
        begun.append(None)
        await _forever()

    runner.ensure("keep", work)
    await asyncio.sleep(0)
    runner.ensure("keep", work)
    runner.cancel("keep")
    await asyncio.sleep(0.02)
    assert len(begun) == 1
    assert not runner.running("keep")
