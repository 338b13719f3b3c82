"""What is left of a run: the list, its rows, files with what became of them, retries, mappings."""

import asyncio
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.datasets.exports.harmless import harmless
from refiner_desktop.secret import Secret
from refiner_desktop.services.bulk.mapping import (
    BulkAction,
    FixedValue,
    MappedColumn,
    Mapping,
    Meaning,
)
from refiner_desktop.services.bulk.saved_mappings import MappingUnnamed, SavedMappings
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.result_file import restored
from refiner_desktop.storage.bulk_mappings import BulkMappingStore
from refiner_desktop.storage.bulk_rows import RowOutcome, RowState, RunState

pytestmark = pytest.mark.anyio

HEADER = ("user_id", "email", "plan", "seats")


def _ignore(_progress):
    return None


def _lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
async def failed(bulk, begin, users, sandbox, journal):
    """A run of which one row is done, one was declined and one was skipped."""
    rows = [["u-1", "", "=1+1", "1"], ["u-2", "", 'a, "b"', "2"], ["", "", "lost", "3"]]
    run = await begin(users(rows))
    await bulk.go_on(run, _ignore)
    journal.note(run, [RowOutcome(2, RowState.FAILED, 422, "Refiner declined the call.")])
    return run


async def test_all_rows_are_written_with_their_columns_and_what_became_of_them(
    bulk, failed, tmp_path
):
    path, told = tmp_path / "results.csv", []
    assert await bulk.write_results(failed, path, (), lambda *done: told.append(done)) == 3
    header, *lines = _lines(path)
    assert header == [*HEADER, "line", "state", "status", "reason"]
    assert lines[0] == ["u-1", "", "'=1+1", "1", "2", "done", "200", ""]
    declined = ["failed", "422", "Refiner declined the call."]
    assert lines[1] == ["u-2", "", 'a, "b"', "2", "3", *declined]
    assert lines[2][:7] == ["", "", "lost", "3", "4", "skipped", ""]
    assert "user id" in lines[2][7]
    await asyncio.sleep(0)
    assert told[-1] == (3, 3)


async def test_failed_rows_alone_are_written_when_asked(bulk, failed, tmp_path):
    path = tmp_path / "failed.csv"
    assert await bulk.write_results(failed, path, {RowState.FAILED, RowState.SKIPPED}) == 2
    assert [line[0] for line in _lines(path)] == ["user_id", "u-2", ""]


async def test_a_ragged_row_is_written_under_the_columns_it_has(bulk, begin, users, tmp_path):
    path = users(2)
    with path.open("a", encoding="utf-8") as file:
        file.write("bulk-2,too,few\n")
    run = await begin(path)
    await bulk.go_on(run, _ignore)
    assert await bulk.write_results(run, tmp_path / "results.csv") == 3
    last = _lines(tmp_path / "results.csv")[-1]
    assert len(last) == 8
    assert last[4:6] == ["4", "skipped"]


async def test_breaking_off_leaves_no_file_and_the_old_one_as_it_was(
    bulk, begin, users, tmp_path, monkeypatch
):
    run = await begin(users(3_000))
    monkeypatch.setattr("refiner_desktop.services.bulk.results.PAGE_ROWS", 10)
    path = tmp_path / "results.csv"
    path.write_text("before")
    writing = asyncio.create_task(bulk.write_results(run, path))
    await asyncio.sleep(0.01)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


async def test_results_can_not_be_written_into_a_folder_that_is_gone(bulk, failed, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        await bulk.write_results(failed, tmp_path / "nowhere" / "results.csv")


async def test_failed_rows_alone_are_tried_again(bulk, failed, sandbox):
    sandbox.record.clear()
    assert await bulk.retry_failed(failed) == 1
    assert (await bulk.runs())[0].resumable
    assert await bulk.go_on(failed, _ignore) is True
    assert list(sandbox.record.users("POST", "/identify-user")) == ["u-2"]
    assert await bulk.retry_failed(failed) == 0
    assert (await bulk.runs())[0].state is RunState.DONE


async def test_runs_are_listed_with_their_counts_newest_first(bulk, begin, users, failed):
    second = await begin(users(2), BulkAction.ADD_TO_SEGMENT, "5a1d")
    newest, oldest = await bulk.runs()
    assert (newest.id, newest.action, newest.segment_uuid) == (
        second, BulkAction.ADD_TO_SEGMENT, "5a1d",
    )  # fmt: skip
    assert (oldest.id, oldest.total, oldest.settled, oldest.columns) == (failed, 3, 3, HEADER)
    assert oldest.counts[RowState.FAILED] == 1
    assert oldest.source.endswith("users.csv")
    await bulk.delete_run(second)
    assert [run.id for run in await bulk.runs()] == [failed]


async def test_rows_are_searched_and_picked_by_state(bulk, failed):
    assert [row.row for row in await bulk.rows(failed, search="lost")] == [3]
    assert [row.row for row in await bulk.rows(failed, [RowState.FAILED])] == [2]
    assert [row.row for row in await bulk.rows(failed, offset=1, limit=1)] == [2]


async def test_a_source_that_changed_is_noticed_and_one_that_is_gone_is_not_called_so(
    bulk, begin, users
):
    path = users(3)
    run = await begin(path)
    assert not await bulk.source_changed(run)
    users(4)
    assert await bulk.source_changed(run)
    path.unlink()
    assert not await bulk.source_changed(run)


async def test_mappings_are_saved_by_name_from_a_to_z(bulk, plan, users, database):
    mapping = plan(users(1)).mapping
    other = Mapping((MappedColumn("Plan", Meaning.TRAIT, "plan", TraitType.NUMBER),))
    await bulk.mappings.save(" shop ", mapping)
    await bulk.mappings.save("CRM", other)
    database.connection().execute("INSERT INTO bulk_mapping VALUES ('odd', '{')")
    assert list((await bulk.mappings.all()).items()) == [("CRM", other), ("shop", mapping)]
    await bulk.mappings.delete("CRM")
    assert list(await bulk.mappings.all()) == ["shop"]
    with pytest.raises(MappingUnnamed):
        await bulk.mappings.save(" ", mapping)


async def test_the_loaded_contacts_tell_which_traits_there_are(bulk, contacts):
    assert await bulk.known_traits() == {}
    await contacts.load(ContactChoice(), _ignore)
    known = await bulk.known_traits()
    assert known["plan"] is TraitType.TEXT
    assert known["seats"] is TraitType.NUMBER


async def test_a_results_file_keeps_the_columns_as_the_source_has_them(
    bulk, begin, users, tmp_path
):
    header = ("user_id", "First  Name", "Tel", "Tel", "")
    run = await begin(users([["u-1", "Ana", "1", "2", "3"]], header=header))
    await bulk.write_results(run, tmp_path / "results.csv")
    assert _lines(tmp_path / "results.csv")[0] == [*header, "line", "state", "status", "reason"]


async def test_a_results_file_can_be_mended_and_imported_again(bulk, begin, users, plan, tmp_path):
    header = ("user_id", "email", "phone", "=note", "state")
    first = plan(users([["u-1", "bad", "+49170", "a;=b", "CA"]], header=header))
    run = await begin(first.source.path)
    path = tmp_path / "results.csv"
    await bulk.write_results(run, path)
    assert "'+49170" in path.read_text()
    path.write_text(path.read_text("utf-8-sig").replace("bad", "ana@example.org"))
    [before], [again] = first.rows(), plan(path).rows()
    assert not again.problem
    assert again.payload == before.payload | {"email": "ana@example.org"}


@given(st.text(st.sampled_from("=+-@;,\t\n19a\uff1d ")))
def test_what_was_made_harmless_is_restored(text):
    assert restored(harmless(text)) == text


async def test_a_saved_mapping_keeps_no_key(bulk, sandbox, database, mask, tmp_path):
    mask.learn(Secret(sandbox.key))
    mappings = SavedMappings(BulkMappingStore(database), mask)
    source = FixedValue(Meaning.TRAIT, "source", TraitType.TEXT, "import")
    token = FixedValue(Meaning.TRAIT, "token", TraitType.TEXT, f"Bearer {sandbox.key}")
    columns = (MappedColumn("id", Meaning.USER_ID), MappedColumn(sandbox.key))
    await mappings.save(f"my {sandbox.key}", Mapping(columns, (token, source), True))
    [(name, kept)] = (await mappings.all()).items()
    assert kept.fixed == (source,)
    assert sandbox.key not in name
    _assert_nowhere(sandbox.key, database, tmp_path)


async def test_the_path_of_a_file_is_kept_without_a_key_in_it(
    begin, sandbox, database, users, tmp_path
):
    path = users(1)
    await begin(path.rename(tmp_path / f"{sandbox.key}.csv"))
    _assert_nowhere(sandbox.key, database, tmp_path)


def _assert_nowhere(key, database, folder):
    database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not any(key.encode() in file.read_bytes() for file in folder.glob("refiner.db*"))


async def test_the_check_counts_what_the_run_sends_also_where_a_row_holds_the_key(
    bulk, plan, users, sandbox
):
    planned = plan(users([["u-1", "", sandbox.key, "1"], ["u-2", "", "pro", "2"]]))
    check = await bulk.check(planned)
    run = await bulk.begin(planned, bulk.environment, check)
    assert check.calls == (await bulk.progress(run)).counts[RowState.WAITING] == 1
