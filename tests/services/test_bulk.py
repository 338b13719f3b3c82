"""Bulk runs: checked first, each row's state known, none sent twice."""

import asyncio
import csv
import json

import pytest

from refiner_desktop.api.errors import KeyUnknown
from refiner_desktop.secret import Secret
from refiner_desktop.services.bulk import BulkService
from refiner_desktop.services.bulk_plan import BulkAction, BulkPlan, Meaning, guess_meanings
from refiner_desktop.services.bulk_source import SourceUnreadable, open_source
from refiner_desktop.services.connection import AnotherEnvironment
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.bulk import BulkJournal, RowState, RunState

pytestmark = pytest.mark.anyio

IDENTIFY, TRACK = BulkAction
HEADER = ["user_id", "email", "plan", "seats"]
MEANINGS = (Meaning.USER_ID, Meaning.EMAIL, Meaning.TRAIT, Meaning.TRAIT_NUMBER)


@pytest.fixture
def journal(database):
    return BulkJournal(database)


@pytest.fixture
def bulk(connected, journal, mask):
    return BulkService(connected, journal, mask)


@pytest.fixture
def write(tmp_path):
    def write(rows, header=HEADER):
        path = tmp_path / "users.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


def _users(count):
    return [[f"bulk-{number}", "", "pro", str(number)] for number in range(count)]


def _plan(path, action=IDENTIFY, meanings=MEANINGS):
    return BulkPlan(open_source(path), action, meanings)


def _ignore(_progress):
    return None


def _arrived(sandbox, path="/identify-user"):
    return [call.user for call in sandbox.record.calls if call.path == path]


async def test_every_row_arrives_once_and_is_done(bulk, sandbox, write, journal):
    run = await bulk.begin(_plan(write(_users(50))), bulk.environment)
    await bulk.go_on(run, _ignore)
    assert sorted(_arrived(sandbox)) == sorted(row[0] for row in _users(50))
    assert (await bulk.progress(run)).counts[RowState.DONE] == 50
    assert journal.run(run).state is RunState.DONE


async def test_rows_are_sent_as_they_were_mapped(bulk, sandbox, write, connected):
    run = await bulk.begin(
        _plan(write([["bulk-1", "b@example.org", "pro", "12"]])), bulk.environment
    )
    await bulk.go_on(run, _ignore)
    from refiner_desktop.api.queries import UserReference

    contact = await connected.client.contact(UserReference(id="bulk-1"))
    assert contact.email == "b@example.org"
    assert (contact.attributes["plan"], contact.attributes["seats"]) == ("pro", "12")


async def test_rows_that_can_not_be_sent_are_skipped_with_a_reason(bulk, write, sandbox):
    rows = [["bulk-1", "", "pro", "12"], ["", "", "pro", "1"], ["bulk-2", "", "", "many"]]
    plan = _plan(write(rows))
    check = await bulk.check(plan)
    assert (check.rows, check.skipped, check.users, check.calls) == (3, 2, 1, 1)
    run = await bulk.begin(plan, bulk.environment)
    await bulk.go_on(run, _ignore)
    assert _arrived(sandbox) == ["bulk-1"]
    rows = await bulk.rows(run, 10)
    assert [(row.row, row.state.value) for row in rows] == [
        (1, "done"), (2, "skipped"), (3, "skipped"),
    ]  # fmt: skip
    assert "user id" in rows[1].error
    assert "whole number" in rows[2].error


async def test_a_row_that_refiner_declines_fails_alone(bulk, write, sandbox):
    sandbox.faults.status(500, path="/identify-user", times=1)
    run = await bulk.begin(_plan(write(_users(3))), bulk.environment)
    await bulk.go_on(run, _ignore)
    counts = (await bulk.progress(run)).counts
    assert (counts[RowState.DONE], counts[RowState.FAILED]) == (2, 1)
    assert (await bulk.rows(run, 1))[0].status == 500


async def test_a_paused_run_settles_its_calls_and_goes_on_where_it_was(
    bulk, write, sandbox, journal
):
    sandbox.faults.latency(0.1, path="/identify-user")
    run = await bulk.begin(_plan(write(_users(64))), bulk.environment)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await asyncio.sleep(0.15)
    bulk.pause()
    assert await going is False
    assert journal.run(run).state is RunState.PAUSED
    assert (await bulk.unfinished()).id == run
    counts = (await bulk.progress(run)).counts
    assert 0 < counts[RowState.DONE] < 64
    assert counts[RowState.SENT] == 0
    sandbox.faults.clear()
    assert await bulk.go_on(run, _ignore) is True
    assert sorted(_arrived(sandbox)) == sorted(row[0] for row in _users(64))


async def test_a_run_that_is_broken_off_can_be_taken_up_again(bulk, write, sandbox, journal):
    sandbox.faults.latency(0.1, path="/identify-user")
    run = await bulk.begin(_plan(write(_users(64))), bulk.environment)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await asyncio.sleep(0.15)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert journal.run(run).state is RunState.PAUSED
    sandbox.faults.clear()
    await bulk.go_on(run, _ignore)
    assert set(_arrived(sandbox)) == {row[0] for row in _users(64)}
    assert (await bulk.progress(run)).counts[RowState.DONE] == 64


async def test_a_run_goes_to_no_other_environment(bulk, write, connected, sandbox):
    run = await bulk.begin(_plan(write(_users(3))), bulk.environment)
    other = Environment(name=connected.environment.name, base_url=sandbox.base_url)
    await connected.connect(other, Secret(sandbox.key))
    assert await bulk.unfinished() is None
    with pytest.raises(AnotherEnvironment):
        await bulk.go_on(run, _ignore)
    assert not _arrived(sandbox)


async def test_disconnecting_in_mid_run_pauses_it_and_loses_no_row(
    bulk, write, connected, sandbox, journal
):
    sandbox.faults.latency(0.2, path="/identify-user")
    run = await bulk.begin(_plan(write(_users(40))), bulk.environment)
    going = asyncio.create_task(bulk.go_on(run, _ignore))
    await asyncio.sleep(0.1)
    await connected.disconnect()
    assert await going is False
    assert (await bulk.progress(run)).counts[RowState.FAILED] == 0
    assert journal.run(run).state is RunState.PAUSED


async def test_a_run_whose_rows_were_not_all_written_is_never_offered(
    bulk, write, database, journal
):
    plan = _plan(write(_users(40_000)))
    beginning = asyncio.create_task(bulk.begin(plan, bulk.environment))
    await asyncio.sleep(0.05)
    beginning.cancel()
    await asyncio.gather(beginning, return_exceptions=True)
    assert journal.runs() == []
    left = journal.begin_run("identify", source="x", source_hash="", mapping={}, environment="e")
    assert journal.unfinished_runs() == []  # as a kill leaves it
    assert BulkJournal(database).run(left) is None


async def test_traits_named_like_parameters_of_other_calls_are_sent(bulk, write, sandbox):
    path = write([["u-1", "2026-01-01", "beta", "1"]], header=["id", "date", "tags", "form_uuid"])
    meanings = (Meaning.USER_ID, Meaning.TRAIT, Meaning.TRAIT, Meaning.TRAIT)
    run = await bulk.begin(_plan(path, IDENTIFY, meanings), bulk.environment)
    assert await bulk.go_on(run, _ignore)
    assert (await bulk.progress(run)).counts[RowState.DONE] == 1


async def test_an_event_whose_outcome_is_unknown_is_not_sent_again(bulk, write, sandbox, journal):
    meanings = (Meaning.USER_ID, Meaning.EMAIL, Meaning.EVENT, Meaning.IGNORE)
    rows = [[f"bulk-{n}", "", "opened", ""] for n in range(4)]
    run = await bulk.begin(_plan(write(rows), TRACK, meanings), bulk.environment)
    journal.mark_sent(run, [2])  # as a kill between call and answer leaves it
    await bulk.go_on(run, _ignore)
    assert sorted(_arrived(sandbox, "/track-event")) == ["bulk-0", "bulk-2", "bulk-3"]
    assert (await bulk.progress(run)).counts[RowState.SENT] == 1


async def test_a_user_whose_outcome_is_unknown_is_sent_again(bulk, write, sandbox, journal):
    run = await bulk.begin(_plan(write(_users(4))), bulk.environment)
    journal.mark_sent(run, [2])
    await bulk.go_on(run, _ignore)
    assert len(_arrived(sandbox)) == 4
    assert (await bulk.progress(run)).counts[RowState.DONE] == 4


async def test_a_key_that_is_revoked_stops_the_run_and_loses_no_row(bulk, write, sandbox, journal):
    run = await bulk.begin(_plan(write(_users(40))), bulk.environment)
    sandbox.regenerate_key()
    with pytest.raises(KeyUnknown):
        await bulk.go_on(run, _ignore)
    counts = (await bulk.progress(run)).counts
    assert counts[RowState.FAILED] == 0
    assert counts[RowState.WAITING] == 40
    assert journal.run(run).state is RunState.PAUSED


async def test_a_cancelled_run_is_not_offered_again(bulk, write, sandbox):
    run = await bulk.begin(_plan(write(_users(5))), bulk.environment)
    await bulk.cancel(run)
    assert await bulk.unfinished() is None
    assert (await bulk.progress(run)).counts[RowState.SKIPPED] == 5
    assert not _arrived(sandbox)


async def test_the_journal_holds_what_will_be_sent_so_the_file_may_go(bulk, write, sandbox):
    path = write(_users(3))
    run = await bulk.begin(_plan(path), bulk.environment)
    path.unlink()
    await bulk.go_on(run, _ignore)
    assert len(_arrived(sandbox)) == 3


def test_columns_are_matched_by_their_names():
    assert guess_meanings(("User_ID", "E-Mail", "plan"), IDENTIFY) == (
        Meaning.USER_ID, Meaning.EMAIL, Meaning.TRAIT,
    )  # fmt: skip
    assert guess_meanings(("id", "event", "plan"), TRACK)[2] is Meaning.IGNORE


def test_a_plan_without_a_user_or_event_says_what_is_missing(write):
    path = write(_users(1))
    nothing = (Meaning.IGNORE,) * 4
    assert "user id" in _plan(path, IDENTIFY, nothing).problems()[0]
    assert any("event" in text for text in _plan(path, TRACK, MEANINGS).problems())
    twice = (Meaning.USER_ID, Meaning.USER_ID, Meaning.IGNORE, Meaning.IGNORE)
    assert any("Two columns" in text for text in _plan(path, IDENTIFY, twice).problems())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found(tmp_path, encoding, delimiter):
    path = tmp_path / "users.csv"
    lines = [["user_id", "name"], ["u-1", "Zoë"], ["u-2", "Ünal"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    source = open_source(path)
    assert source.columns == ("user_id", "name")
    assert [cells for _, cells in source.rows()] == [("u-1", "Zoë"), ("u-2", "Ünal")]


def test_a_character_cut_by_the_end_of_the_sample_does_not_change_the_encoding(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("name\n" + "é" * 40_000 + "\n", encoding="utf-8")
    assert open_source(path).encoding == "utf-8-sig"


def test_a_late_letter_with_an_accent_is_read_in_its_encoding(tmp_path):
    path = tmp_path / "users.csv"
    path.write_bytes(b"name\n" + b"Ann\n" * 40_000 + "José\n".encode("cp1252"))
    *_, (_, last) = open_source(path).rows()
    assert last == ("José",)


async def test_a_run_goes_where_it_was_confirmed_for(bulk, write, connected, sandbox):
    confirmed = bulk.environment
    other = Environment(name="Other", base_url=sandbox.base_url)
    await connected.connect(other, Secret(sandbox.key))
    run = await bulk.begin(_plan(write(_users(3))), confirmed)
    with pytest.raises(AnotherEnvironment):
        await bulk.go_on(run, _ignore)
    assert not _arrived(sandbox)


def test_ragged_lines_are_as_wide_as_the_header(write):
    source = open_source(write([["u-1"], ["u-2", "a", "b", "c", "d", "e"]]))
    assert [len(cells) for _, cells in source.rows()] == [4, 4]


@pytest.mark.parametrize("content", [b"", b"\n\n", b",,,\n1,2,3\n"])
def test_a_file_without_column_names_is_refused_in_words(tmp_path, content):
    path = tmp_path / "users.csv"
    path.write_bytes(content)
    with pytest.raises(SourceUnreadable, match="column"):
        open_source(path)


def test_a_directory_or_a_missing_file_is_an_os_error(tmp_path):
    for path in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(OSError, match=str(tmp_path)):
            open_source(path)


def test_payloads_in_the_journal_are_the_json_that_is_sent(write):
    (row,) = _plan(write([["u-1", "", "pro", "12"]])).rows()
    assert json.loads(json.dumps(row.payload)) == {"id": "u-1", "plan": "pro", "seats": 12}
