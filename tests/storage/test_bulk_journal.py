"""The journal of bulk runs."""

import pytest

from refiner_desktop.storage.bulk import BulkJournal, BulkRow, RowOutcome, RowState, RunState
from refiner_desktop.storage.database import Database


@pytest.fixture
def database(tmp_path):
    database = Database.open(tmp_path / "refiner.db")
    yield database
    database.close()


@pytest.fixture
def journal(database):
    return BulkJournal(database)


def begin(journal, rows=10):
    run = journal.begin_run(
        "identify",
        source="people.csv",
        source_hash="abc",
        mapping={"E-mail": "email"},
        environment="Production",
    )
    journal.add_rows(run, (BulkRow(row, f'{{"id": {row}}}') for row in range(1, rows + 1)))
    journal.set_run_state(run, RunState.RUNNING)
    return run


def test_a_run_is_kept_with_all_that_is_needed_to_take_it_up_again(journal):
    run = journal.run(begin(journal))
    assert (run.action, run.source, run.source_hash) == ("identify", "people.csv", "abc")
    assert (run.mapping, run.environment) == ({"E-mail": "email"}, "Production")
    assert run.state is RunState.RUNNING
    assert journal.run(run.id + 1) is None


def test_rows_wait_in_their_order_until_they_are_sent(journal):
    run = begin(journal, 12_000)
    assert journal.counts(run)[RowState.WAITING] == 12_000
    first = journal.waiting(run, 3)
    assert first == [BulkRow(row, f'{{"id": {row}}}') for row in (1, 2, 3)]
    journal.mark_sent(run, (row.row for row in first))
    assert [row.row for row in journal.waiting(run, 2)] == [4, 5]


def test_outcomes_are_counted_by_state(journal):
    run = begin(journal)
    journal.mark_sent(run, range(1, 6))
    journal.finish(run, 1, RowState.DONE, 200)
    journal.finish_many(
        run,
        [
            RowOutcome(2, RowState.FAILED, 422, "no such segment"),
            RowOutcome(3, RowState.UNCHANGED),
            RowOutcome(6, RowState.SKIPPED, error="no user"),
        ],
    )
    assert journal.counts(run) == {
        RowState.WAITING: 4,
        RowState.SENT: 2,
        RowState.DONE: 1,
        RowState.UNCHANGED: 1,
        RowState.FAILED: 1,
        RowState.SKIPPED: 1,
    }
    assert journal.rows(run, RowState.FAILED) == [
        BulkRow(2, '{"id": 2}', RowState.FAILED, 422, "no such segment")
    ]


def test_rows_are_read_in_windows(journal):
    run = begin(journal)
    assert [row.row for row in journal.rows(run, offset=3, limit=4)] == [4, 5, 6, 7]
    journal.mark_sent(run, [2, 4, 6])
    window = journal.rows(run, RowState.SENT, offset=1, limit=1)
    assert [row.row for row in window] == [4]


def test_runs_do_not_touch_each_other(journal):
    one, other = begin(journal), begin(journal)
    journal.mark_sent(one, range(1, 11))
    assert journal.counts(other)[RowState.WAITING] == 10


def test_rows_that_were_skipped_from_the_start_do_not_wait(journal):
    run = begin(journal, 0)
    journal.add_rows(run, [BulkRow(1, "", RowState.SKIPPED, error="no user"), BulkRow(2, "{}")])
    assert [row.row for row in journal.waiting(run, 9)] == [2]


def test_a_row_is_in_a_run_once(journal):
    run = begin(journal)
    with pytest.raises(Exception, match="UNIQUE"):
        journal.add_rows(run, [BulkRow(11, "{}"), BulkRow(3, "{}")])
    assert sum(journal.counts(run).values()) == 10


def test_sent_rows_wait_again_only_when_told_so(journal):
    run = begin(journal)
    journal.mark_sent(run, [1, 2])
    journal.finish(run, 1, RowState.DONE, 200)
    assert journal.requeue(run, RowState.SENT) == 1
    assert journal.waiting(run, 1)[0].row == 2
    assert journal.counts(run)[RowState.DONE] == 1


def test_unfinished_runs_are_those_to_be_taken_up_again(journal):
    running, paused, done, cancelled = (begin(journal, 1) for _ in range(4))
    for run, state in (
        (paused, RunState.PAUSED),
        (done, RunState.DONE),
        (cancelled, RunState.CANCELLED),
    ):
        journal.set_run_state(run, state)
    assert [run.id for run in journal.unfinished_runs()] == [paused, running]
    assert [run.id for run in journal.runs()] == [cancelled, done, paused, running]


def test_a_state_that_was_committed_is_there_for_a_database_opened_later(journal, database):
    run = begin(journal)
    journal.mark_sent(run, [1])
    other = Database.open(database.path)
    assert BulkJournal(other).counts(run)[RowState.SENT] == 1
    other.close()


def test_a_run_that_was_being_prepared_when_the_application_ended_is_deleted(journal, database):
    unfinished = journal.begin_run("x", source="", source_hash="", mapping={}, environment="")
    journal.add_rows(unfinished, [BulkRow(1, "{}")])
    complete = begin(journal)
    again = BulkJournal(database)
    assert [run.id for run in again.runs()] == [complete]
    assert again.rows(unfinished) == []
