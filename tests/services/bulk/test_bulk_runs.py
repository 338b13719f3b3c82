"""Bulk runs: each row's state is known, none is sent twice, all can be taken up again."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from refiner_desktop.api.errors import KeyUnknown, ReadOnly
from refiner_desktop.api.queries import ContactQuery, UserReference
from refiner_desktop.secret import Secret
from refiner_desktop.services.bulk.beginning import SourceChanged
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.environments.connection import AnotherEnvironment
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import BulkRun, RowOutcome, RowState, RunState
from refiner_desktop.storage.database import StorageUnavailable

pytestmark = pytest.mark.anyio

EVENTS = ("user_id", "event")


def _ignore(_progress):
    return None


async def _counts(bulk, run):
    counts = (await bulk.progress(run)).counts
    return {state.value: count for state, count in counts.items() if count}


async def _until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_every_row_arrives_once_and_is_done(bulk, begin, users, arrived, journal):
    run = await begin(users(50))
    assert await bulk.go_on(run, _ignore) is True
    assert sorted(arrived()) == sorted(f"bulk-{number}" for number in range(50))
    assert await _counts(bulk, run) == {"done": 50}
    assert journal.run(run).state is RunState.DONE


async def test_rows_are_sent_as_they_were_mapped(bulk, begin, users, connected):
    run = await begin(users([["bulk-1", "b@example.org", "pro", "12"]]))
    await bulk.go_on(run, _ignore)
    contact = await connected.client.contact(UserReference(id="bulk-1"))
    assert contact.email == "b@example.org"
    assert (contact.attributes["plan"], contact.attributes["seats"]) == ("pro", "12")


async def test_rows_that_can_not_be_sent_are_skipped_with_a_reason(bulk, begin, users, arrived):
    rows = [["bulk-1", "", "pro", "12"], ["", "", "pro", "1"], ["bulk-2", "no address", "", "3"]]
    run = await begin(users(rows))
    await bulk.go_on(run, _ignore)
    assert arrived() == ["bulk-1"]
    rows = await bulk.rows(run)
    assert [row.state.value for row in rows] == ["done", "skipped", "skipped"]
    assert "user id" in rows[1].error
    assert "e-mail" in rows[2].error


async def test_users_are_put_into_a_segment_and_taken_out(bulk, begin, users, connected):
    segment = next(each for each in await bulk.segments() if each.is_manual)
    path = users([["seg-1"], ["seg-2"]], header=["user_id"])

    async def members():
        page = await connected.client.contacts(ContactQuery(segment_uuid=segment.uuid))
        return {contact.remote_id for contact in page.contacts}

    run = await begin(path, BulkAction.ADD_TO_SEGMENT, segment.uuid)
    await bulk.go_on(run, _ignore)
    assert {"seg-1", "seg-2"} <= await members()
    run = await begin(path, BulkAction.REMOVE_FROM_SEGMENT, segment.uuid)
    await bulk.go_on(run, _ignore)
    assert not {"seg-1", "seg-2"} & await members()


async def test_rows_that_would_change_nothing_are_told_and_not_sent(bulk, begin, users, sandbox):
    path = users(5)
    await bulk.go_on(await begin(path), _ignore)
    sandbox.record.clear()
    users([[f"bulk-{n}", "", "free" if n == 3 else "pro", str(n)] for n in range(5)])
    run = await begin(path, compare=True)
    await bulk.go_on(run, _ignore)
    assert await _counts(bulk, run) == {"done": 1, "unchanged": 4}
    assert list(sandbox.record.users("POST", "/identify-user")) == ["bulk-3"]


async def test_the_rows_of_one_user_go_out_one_after_the_other_in_their_order(
    bulk, begin, users, sandbox, connected
):
    sandbox.faults.latency(0.02, path="/identify-user")
    rows = [["ana", "", "pro", str(n)] if n % 3 else [f"u-{n}", "", "", ""] for n in range(9)]
    run = await begin(users(rows))
    await bulk.go_on(run, _ignore)
    contact = await connected.client.contact(UserReference(id="ana"))
    assert contact.attributes["seats"] == "8"
    assert await _counts(bulk, run) == {"done": 9}


async def test_a_user_with_many_rows_holds_up_nobody_else(bulk, begin, users, arrived):
    rows = [["ana", "opened"]] * 60 + [[f"u-{n}", "opened"] for n in range(60)]
    run = await begin(users(rows, header=EVENTS), BulkAction.TRACK)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    began = asyncio.get_running_loop().time()
    await _until(lambda: len({*arrived("/track-event")}) == 61)
    assert asyncio.get_running_loop().time() - began < 3  # the rows of ana take half a minute
    bulk.pause()
    assert await going is False
    assert (await _counts(bulk, run)).keys() == {"done", "waiting"}


async def test_progress_is_told_with_rate_and_time_left(bulk, begin, users, sandbox):
    sandbox.faults.latency(0.05, path="/identify-user")
    told = []
    run = await begin(users(60))
    await bulk.go_on(run, told.append)
    assert (told[0].counts[RowState.WAITING], told[0].settled) == (60, 0)
    assert (told[-1].counts[RowState.DONE], told[-1].settled, told[-1].total) == (60, 60, 60)
    assert all(progress.total == 60 for progress in told)
    middle = told[len(told) // 2]
    assert middle.rate > 1
    assert middle.seconds_left == pytest.approx(
        middle.counts[RowState.WAITING] / middle.rate, rel=0.01
    )


async def test_a_paused_run_settles_its_calls_and_goes_on_where_it_was(
    bulk, begin, users, sandbox, arrived, journal
):
    sandbox.faults.latency(0.1, path="/identify-user")
    run = await begin(users(64))
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await _until(arrived)
    bulk.pause()
    assert await going is False
    assert journal.run(run).state is RunState.PAUSED
    counts = await _counts(bulk, run)
    assert counts.keys() == {"done", "waiting"}
    sandbox.faults.clear()
    assert await bulk.go_on(run, _ignore) is True
    assert sorted(arrived()) == sorted(f"bulk-{number}" for number in range(64))


async def test_a_run_that_is_broken_off_waits_for_its_calls_and_loses_none(
    bulk, begin, users, sandbox, arrived, journal
):
    sandbox.faults.latency(0.2, path="/track-event")
    rows = [[f"u-{n}", "opened"] for n in range(64)]
    run = await begin(users(rows, header=EVENTS), BulkAction.TRACK)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await _until(lambda: (journal.counts([run])[run])[RowState.SENT])
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert journal.run(run).state is RunState.PAUSED
    counts = await _counts(bulk, run)
    assert counts.keys() == {"done", "waiting"}
    assert len(arrived("/track-event")) == counts["done"]


async def test_a_call_that_does_not_end_in_time_leaves_its_outcome_unknown(
    bulk, begin, users, sandbox, journal, monkeypatch
):
    monkeypatch.setattr("refiner_desktop.services.bulk.run.SETTLE_SECONDS", 0.1)
    sandbox.faults.latency(5, path="/track-event")
    run = await begin(users([["u-1", "opened"]], header=EVENTS), BulkAction.TRACK)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await _until(lambda: (journal.counts([run])[run])[RowState.SENT])
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert await _counts(bulk, run) == {"sent": 1}


async def test_a_run_goes_to_no_other_environment(bulk, begin, users, connected, sandbox, arrived):
    run = await begin(users(3))
    other = Environment(name=connected.environment.name, base_url=sandbox.base_url)
    await connected.connect(other, Secret(sandbox.key))
    assert await bulk.runs() == []
    with pytest.raises(AnotherEnvironment):
        await bulk.go_on(run, _ignore)
    assert not arrived()


async def test_a_run_goes_where_it_was_confirmed_for(bulk, plan, users, connected, sandbox):
    confirmed, planned = bulk.environment, plan(users(3))
    check = await bulk.check(planned)
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connected.connect(other, Secret(sandbox.key))
    run = await bulk.begin(planned, confirmed, check)
    with pytest.raises(AnotherEnvironment):
        await bulk.go_on(run, _ignore)


async def test_nothing_is_begun_or_taken_up_where_nothing_may_be_sent(
    bulk, plan, begin, users, connected, arrived
):
    path = users(3)
    run = await begin(path)
    connected.adopt(msgspec.structs.replace(bulk.environment, read_only=True))
    check = await bulk.check(plan(path))
    with pytest.raises(ReadOnly):
        await bulk.begin(plan(path), bulk.environment, check)
    with pytest.raises(ReadOnly):
        await bulk.go_on(run, _ignore)
    assert not arrived()


async def test_a_run_stops_when_its_environment_becomes_read_only(
    bulk, begin, users, connected, sandbox, journal
):
    sandbox.faults.latency(0.05, path="/identify-user")
    run = await begin(users(200))
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await _until(lambda: journal.counts([run])[run][RowState.DONE])
    connected.adopt(msgspec.structs.replace(bulk.environment, read_only=True))
    with pytest.raises(ReadOnly):
        await going
    assert (await _counts(bulk, run)).keys() == {"done", "waiting"}
    assert "read-only" in (await bulk.runs())[0].reason


async def test_disconnecting_in_mid_run_pauses_it_and_loses_no_row(
    bulk, begin, users, connected, sandbox, journal
):
    sandbox.faults.latency(0.5, path="/identify-user")
    run = await begin(users(40))
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await asyncio.sleep(0.2)
    await connected.disconnect()
    assert await going is False
    assert await _counts(bulk, run) == {"waiting": 40}
    assert journal.run(run).state is RunState.PAUSED


async def test_disconnecting_leaves_events_on_their_way_unknown(
    bulk, begin, users, connected, sandbox, arrived
):
    sandbox.faults.latency(0.5, path="/track-event")
    rows = [[f"u-{n}", "opened"] for n in range(40)]
    run = await begin(users(rows, header=EVENTS), BulkAction.TRACK)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await asyncio.sleep(0.2)
    await connected.disconnect()
    assert await going is False
    counts = await _counts(bulk, run)
    assert counts.keys() == {"sent", "waiting"}
    await asyncio.sleep(0.6)  # the sandbox has done with what reached it
    assert 0 < len(arrived("/track-event")) <= counts["sent"]


async def test_a_run_whose_rows_were_not_all_written_is_never_offered(
    bulk, plan, users, database, journal
):
    planned = plan(users(20_000))
    check = await bulk.check(planned)
    beginning = asyncio.create_task(bulk.begin(planned, bulk.environment, check))
    await asyncio.sleep(0.05)
    beginning.cancel()
    await asyncio.gather(beginning, return_exceptions=True)
    assert await bulk.runs() == []
    left = journal.begin_run(  # as a kill leaves it
        BulkRun(
            started_at=datetime.now(UTC), action="identify", source="", source_hash="",
            environment="",
        )
    )  # fmt: skip
    assert BulkJournal(database).run(left) is None


async def test_a_file_that_changed_since_it_was_checked_is_not_run(bulk, plan, users):
    planned = plan(users(3))
    check = await bulk.check(planned)
    users(4)
    with pytest.raises(SourceChanged):
        await bulk.begin(planned, bulk.environment, check)
    assert await bulk.runs() == []


async def test_a_row_that_holds_the_key_is_neither_sent_nor_kept(
    bulk, begin, users, sandbox, arrived, journal, database
):
    rows = [["u-1", "", sandbox.key, "1"], ["u-2", "", "pro", "2"]]
    run = await begin(users(rows))
    await bulk.go_on(run, _ignore)
    assert arrived() == ["u-2"]
    assert "API key" in journal.rows(run, [RowState.SKIPPED])[0].error
    text = str(database.connection().execute("SELECT * FROM bulk_row").fetchall())
    assert sandbox.key not in text


async def test_traits_named_like_parameters_of_other_calls_are_sent(bulk, begin, users):
    path = users([["u-1", "2026-01-01", "beta", "1"]], header=["id", "date", "tags", "form_uuid"])
    run = await begin(path)
    assert await bulk.go_on(run, _ignore)
    assert await _counts(bulk, run) == {"done": 1}


async def test_an_event_whose_outcome_is_unknown_is_sent_again_only_when_asked(
    bulk, begin, users, arrived, journal
):
    rows = [[f"u-{n}", "opened"] for n in range(4)]
    run = await begin(users(rows, header=EVENTS), BulkAction.TRACK)
    journal.note(run, [RowOutcome(2, RowState.SENT)])  # as a kill between call and answer does
    assert await bulk.go_on(run, _ignore) is True
    assert sorted(arrived("/track-event")) == ["u-0", "u-2", "u-3"]
    assert await _counts(bulk, run) == {"done": 3, "sent": 1}
    assert await bulk.go_on(run, _ignore) is True
    assert len(arrived("/track-event")) == 3
    assert await bulk.requeue_unknown(run) == 1
    assert await bulk.go_on(run, _ignore) is True
    assert sorted(arrived("/track-event")) == ["u-0", "u-1", "u-2", "u-3"]


async def test_a_user_whose_outcome_is_unknown_is_sent_again(bulk, begin, users, arrived, journal):
    run = await begin(users(4))
    journal.note(run, [RowOutcome(2, RowState.SENT)])
    await bulk.go_on(run, _ignore)
    assert len(arrived()) == 4
    assert await _counts(bulk, run) == {"done": 4}


async def test_a_key_that_is_revoked_in_mid_run_stops_it_and_loses_no_row(
    bulk, begin, users, sandbox, journal, connected
):
    sandbox.faults.latency(0.05, path="/identify-user")
    run = await begin(users(200))
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await _until(lambda: sandbox.record.users("POST", "/identify-user"))
    key = sandbox.regenerate_key()
    with pytest.raises(KeyUnknown):
        await going
    counts = await _counts(bulk, run)
    assert counts.keys() == {"done", "waiting"}
    (summary,) = await bulk.runs()
    assert (summary.state, summary.resumable) == (RunState.PAUSED, True)
    assert "does not know this key" in summary.reason
    await connected.connect(bulk.environment, Secret(key))
    assert await bulk.go_on(run, _ignore) is True
    confirmed = sandbox.record.users("POST", "/identify-user")
    assert sorted(confirmed) == sorted(f"bulk-{n}" for n in range(200))
    assert set(confirmed.values()) == {1}
    assert (await bulk.runs())[0].reason == ""


async def test_a_cancelled_run_skips_what_waits_and_is_over(bulk, begin, users, sandbox, journal):
    sandbox.faults.latency(0.05, path="/identify-user")
    run = await begin(users(100))
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await _until(lambda: journal.counts([run])[run][RowState.SENT])
    await bulk.cancel(run)
    assert await going is False
    counts = await _counts(bulk, run)
    assert counts.keys() == {"done", "skipped"}
    (summary,) = await bulk.runs()
    assert (summary.state, summary.resumable) == (RunState.CANCELLED, False)


async def test_the_journal_holds_what_will_be_sent_so_the_file_may_go(bulk, begin, users, arrived):
    path = users(3)
    run = await begin(path)
    path.unlink()
    await bulk.go_on(run, _ignore)
    assert len(arrived()) == 3


async def test_a_second_run_waits_for_the_first(bulk, begin, users, sandbox, arrived):
    sandbox.faults.latency(0.05, path="/identify-user")
    first, second = await begin(users(30)), await begin(users([["late", "", "", ""]]))
    both = asyncio.gather(bulk.go_on(first, _ignore), bulk.go_on(second, _ignore))
    assert await both == [True, True]
    assert arrived()[-1] == "late"


@pytest.fixture
def disk(monkeypatch):
    """A disk that refuses to write states while they are in `full`."""

    class Disk:
        full = frozenset()

    note = BulkJournal.note

    def note_if_there_is_room(self, run, outcomes):
        if Disk.full.intersection(outcome.state for outcome in outcomes):
            raise StorageUnavailable(Path("refiner.db"), "database or disk is full")
        note(self, run, outcomes)

    monkeypatch.setattr(BulkJournal, "note", note_if_there_is_room)
    return Disk


async def test_a_journal_that_can_not_be_written_stops_the_run_before_the_calls(
    bulk, begin, users, arrived, disk
):
    run = await begin(users(40))
    disk.full = {RowState.SENT}
    with pytest.raises(StorageUnavailable):
        await bulk.go_on(run, _ignore)
    assert not arrived()
    assert await _counts(bulk, run) == {"waiting": 40}
    assert "could not be written" in (await bulk.runs())[0].reason
    disk.full = frozenset()
    assert await bulk.go_on(run, _ignore) is True
    assert len(arrived()) == 40


async def test_answers_that_could_not_be_written_down_are_not_forgotten(
    bulk, begin, users, arrived, disk
):
    rows = [[f"u-{n}", "opened"] for n in range(60)]
    run = await begin(users(rows, header=EVENTS), BulkAction.TRACK)
    disk.full = {RowState.DONE}
    with pytest.raises(StorageUnavailable):
        await bulk.go_on(run, _ignore)
    counts = await _counts(bulk, run)
    assert counts.keys() == {"sent", "waiting"}
    disk.full = frozenset()
    assert await bulk.go_on(run, _ignore) is True
    assert sorted(arrived("/track-event")) == sorted(f"u-{n}" for n in range(60))
    assert await _counts(bulk, run) == {"done": 60}


async def test_a_busy_user_holds_up_nobody_else_whatever_the_capitals_of_the_address(
    bulk, begin, users, sandbox
):
    rows = [[f"User{n}@X.org", "opened"] for _ in range(8) for n in range(24)]
    rows += [[f"other{n}@x.org", "opened"] for n in range(60)]
    run = await begin(users(rows, header=("email", "event")), BulkAction.TRACK)
    going = asyncio.create_task(bulk.go_on(run, lambda progress: None))
    async with asyncio.timeout(4):
        while sum(call.user.startswith("other") for call in sandbox.record.calls) < 60:
            await asyncio.sleep(0.02)
    bulk.pause()
    assert await going is False


async def test_rows_of_one_address_go_one_after_the_other_whatever_their_capitals(
    bulk, begin, users, sandbox
):
    rows = [["Ünal@X.org", "", "1"], ["ünal@x.ORG", "", "2"], ["ÜNAL@x.org", "", "3"]]
    run = await begin(users(rows, header=("email", "plan", "seats")))
    sandbox.faults.latency(0.2, path="/identify-user", times=1)
    await bulk.go_on(run, lambda progress: None)
    assert arrivals(sandbox) == ["Ünal@X.org", "ünal@x.ORG", "ÜNAL@x.org"]


def arrivals(sandbox):
    return [call.user for call in sandbox.record.to("POST", "/identify-user")]
