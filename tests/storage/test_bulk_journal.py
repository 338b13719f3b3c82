"""The journal of bulk runs."""

from contextlib import closing
from datetime import UTC, datetime

import pytest

from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_mappings import BulkMappingStore
from refiner_desktop.storage.bulk_rows import BulkRow, BulkRun, RowOutcome, RowState, RunState
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.schema import STEPS

RUN = BulkRun(
    started_at=datetime(2026, 3, 4, 9, 15, tzinfo=UTC),
    action="add to segment",
    source="people.csv",
    source_hash="abc",
    columns=("E-mail", "Plan"),
    mapping='{"columns": []}',
    segment="5a1d",
    segment_name="Very  good customers",
    environment="Production",
)


@pytest.fixture
def journal(database):
    return BulkJournal(database)


def begin(journal, rows=10):
    run = journal.begin_run(RUN)
    journal.add_rows(run, (BulkRow(row, f'{{"id": "u-{row}"}}') for row in range(1, rows + 1)))
    journal.set_run_state(run, RunState.RUNNING)
    return run


def note(journal, run, state, *rows):
    journal.note(run, [RowOutcome(row, state) for row in rows])


def numbers(rows):
    return [row.row for row in rows]


def counts(journal, run):
    return journal.counts([run])[run]


def test_a_run_is_kept_with_all_that_is_needed_to_take_it_up_again(journal):
    number = begin(journal)
    run = journal.run(number)
    for field in ("started_at", "action", "source", "source_hash", "columns", "mapping", "segment"):
        assert getattr(run, field) == getattr(RUN, field)
    assert (run.id, run.state, run.reason) == (number, RunState.RUNNING, "")
    assert journal.run(number + 1) is None


def test_a_run_says_why_it_stopped_until_it_goes_on(journal):
    run = begin(journal)
    journal.set_run_state(run, RunState.PAUSED, "The key was revoked.")
    assert journal.run(run).reason == "The key was revoked."
    journal.set_run_state(run, RunState.RUNNING)
    assert journal.run(run).reason == ""


def test_a_row_is_kept_as_it_came_and_as_it_goes_out(journal):
    run = begin(journal, 0)
    row = BulkRow(3, "{}", RowState.SKIPPED, None, "no user", ("a,b", "", 'c "d"'), "too long", 5)
    journal.add_rows(run, [row])
    assert journal.rows(run) == [row]


def test_rows_wait_in_their_order_until_they_are_sent(journal):
    run = begin(journal, 12_000)
    assert counts(journal, run)[RowState.WAITING] == 12_000
    assert journal.waiting(run, limit=3) == [(1, "u-1"), (2, "u-2"), (3, "u-3")]
    note(journal, run, RowState.SENT, 1, 2, 3, 5)
    assert journal.waiting(run, limit=2) == [(4, "u-4"), (6, "u-6")]
    assert journal.waiting(run, after=6, limit=1) == [(7, "u-7")]


def test_a_row_that_waits_is_known_by_the_reference_that_counts_for_its_limit(journal):
    run = begin(journal, 0)
    rows = ['{"id": "u-1", "email": "a@example.org"}', '{"email": "b@example.org", "plan": "pro"}']
    journal.add_rows(run, (BulkRow(number, row) for number, row in enumerate(rows, 1)))
    assert journal.waiting(run, limit=9) == [(1, "u-1"), (2, "b@example.org")]


def test_outcomes_are_counted_by_state(journal):
    run, other = begin(journal), begin(journal, 2)
    journal.note(
        run,
        [
            RowOutcome(1, RowState.DONE, 200),
            RowOutcome(2, RowState.FAILED, 422, "no such segment"),
            RowOutcome(3, RowState.UNCHANGED),
            RowOutcome(4, RowState.SENT),
            RowOutcome(6, RowState.SKIPPED, error="no user"),
        ],
    )
    assert journal.counts([run, other]) == {
        run: dict.fromkeys(RowState, 1) | {RowState.WAITING: 5},
        other: dict.fromkeys(RowState, 0) | {RowState.WAITING: 2},
    }
    failed = BulkRow(2, '{"id": "u-2"}', RowState.FAILED, 422, "no such segment")
    assert journal.rows(run, [RowState.FAILED]) == [failed]


def test_rows_are_read_in_windows(journal):
    run = begin(journal)
    assert numbers(journal.rows(run, offset=3, limit=4)) == [4, 5, 6, 7]
    assert numbers(journal.rows(run, after=8)) == [9, 10]
    note(journal, run, RowState.SENT, 2, 4)
    note(journal, run, RowState.DONE, 6)
    assert numbers(journal.rows(run, [RowState.SENT], offset=1, limit=1)) == [4]
    assert numbers(journal.rows(run, [RowState.SENT, RowState.DONE])) == [2, 4, 6]


def test_rows_are_found_by_what_they_hold_their_error_or_their_line(journal):
    run = begin(journal, 30)
    journal.add_rows(run, [BulkRow(31, "{}", cells=("Zoë 100%", "x_y"), line=33)])
    journal.note(run, [RowOutcome(7, RowState.FAILED, 400, "Unknown segment")])
    assert numbers(journal.rows(run, search="u-12")) == [12]
    assert numbers(journal.rows(run, search="unknown")) == [7]
    assert numbers(journal.rows(run, search="33")) == [31]
    assert numbers(journal.rows(run, search="zoë 100%")) == [31]
    assert numbers(journal.rows(run, search="x%y")) == []
    assert numbers(journal.rows(run, [RowState.WAITING], search="7")) == [17, 27]


def test_runs_do_not_touch_each_other(journal):
    one, other = begin(journal), begin(journal)
    note(journal, one, RowState.SENT, *range(1, 11))
    journal.delete_run(one)
    assert counts(journal, other)[RowState.WAITING] == 10
    assert journal.rows(one) == []


def test_a_row_is_in_a_run_once(journal):
    run = begin(journal)
    with pytest.raises(Exception, match="UNIQUE"):
        journal.add_rows(run, [BulkRow(11, "{}"), BulkRow(3, "{}")])
    assert sum(counts(journal, run).values()) == 10


def test_sent_rows_wait_again_only_when_told_so(journal):
    run = begin(journal)
    note(journal, run, RowState.SENT, 1, 2)
    journal.note(run, [RowOutcome(1, RowState.DONE, 200)])
    assert journal.requeue(run, RowState.SENT) == 1
    assert journal.waiting(run, limit=1) == [(2, "u-2")]
    assert counts(journal, run)[RowState.DONE] == 1


def test_the_runs_of_an_environment_come_newest_first(journal):
    first, second = begin(journal, 1), begin(journal, 1)
    journal.begin_run(RUN)  # still being prepared
    assert [run.id for run in journal.runs("Production")] == [second, first]
    assert journal.runs("Testing") == []


def test_a_state_that_was_committed_is_there_for_a_database_opened_later(journal, database):
    run = begin(journal)
    note(journal, run, RowState.SENT, 1)
    other = Database.open(database.path)
    assert counts(BulkJournal(other), run)[RowState.SENT] == 1
    other.close()


def test_a_run_that_was_being_prepared_when_the_application_ended_is_deleted(journal, database):
    unfinished = journal.begin_run(RUN)
    journal.add_rows(unfinished, [BulkRow(1, "{}")])
    complete = begin(journal)
    again = BulkJournal(database)
    assert [run.id for run in again.runs("Production")] == [complete]
    assert again.rows(unfinished) == []


def test_a_deleted_run_gives_the_disk_its_room_back(journal, database):
    run = journal.begin_run(RUN)
    journal.add_rows(run, (BulkRow(row, "x" * 5_000) for row in range(1, 1_001)))

    def pages():
        return database.connection().execute("PRAGMA page_count").fetchone()[0]

    before = pages()
    journal.delete_run(run)
    assert pages() < before / 4


def test_mappings_are_kept_by_name(database):
    store = BulkMappingStore(database)
    store.put("CRM", "one")
    store.put("Shop", "two")
    store.put("CRM", "three")
    assert store.all() == {"CRM": "three", "Shop": "two"}
    store.delete("Shop")
    assert BulkMappingStore(database).all() == {"CRM": "three"}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("MÜLLER", [1]), ("müller", [1]), ('say "hi"', [2]), ("a\\b", [2]), ("STRASSE", [3]),
        ("über", [3]), ("%", []), ('"', [2]), ('","', []),
    ],
)  # fmt: skip
def test_rows_are_found_in_any_capitals_and_with_any_signs(journal, search, found):
    run = begin(journal, 0)
    texts = ["Müller", 'say "hi" a\\b', "Straße"]
    journal.add_rows(run, (BulkRow(n, "{}", cells=(text,)) for n, text in enumerate(texts, 1)))
    journal.note(run, [RowOutcome(3, RowState.FAILED, 400, "Über alles")])
    assert numbers(journal.rows(run, search=search)) == found


def test_runs_of_an_earlier_version_get_lines_and_the_names_of_their_segments(
    tmp_path, monkeypatch
):
    path = tmp_path / "earlier.db"
    now = next(n for n, step in enumerate(STEPS) if "segment_name" in step)
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:now])
    before = Database.open(path)
    for number, (source, segment) in enumerate([("a.csv", "5a1d Good ones"), ("b.jsonl", "")], 1):
        before.connection().execute(
            "INSERT INTO bulk_run (started_at, action, source, source_hash, mapping, environment,"
            " state, segment) VALUES ('2026-03-04T09:15:00Z', 'identify', ?, '', '{}', 'p', 'done',"
            " ?)",
            (source, segment),
        )
        before.connection().execute(
            "INSERT INTO bulk_row (run, row, state) VALUES (?, 7, 'done')", (number,)
        )
    before.close()
    monkeypatch.undo()
    with closing(Database.open(path)) as database:
        journal = BulkJournal(database)
        assert [row.line for run in (1, 2) for row in journal.rows(run)] == [8, 7]
        assert (journal.run(1).segment, journal.run(1).segment_name) == ("5a1d", "Good ones")
        assert (journal.run(2).segment, journal.run(2).segment_name) == ("", "")
