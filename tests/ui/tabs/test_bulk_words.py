"""What is said about checks and runs."""

from datetime import UTC, datetime

from refiner_desktop.services.bulk.check import BulkCheck, Compared
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.storage.bulk_rows import RowState, RunState
from refiner_desktop.ui.tabs.users.bulk.words import (
    check_sentence,
    earlier_run,
    run_action,
    run_title,
)


def _check(users, action=BulkAction.IDENTIFY, compared=None):
    return BulkCheck(users, users, users, (), {}, 1.0, "x", action=action, compared=compared)


def test_users_become_active_and_a_single_one_becomes_it():
    assert "Up to 2 users become active this month" in check_sentence(_check(2))
    assert "Up to 1 user becomes active this month" in check_sentence(_check(1))


def test_nobody_is_billed_for_leaving_a_segment():
    said = check_sentence(_check(2, BulkAction.REMOVE_FROM_SEGMENT))
    assert "Up to 2 users will leave the segment" in said
    assert "bill" not in said


def test_adding_to_a_segment_creates_those_whom_refiner_does_not_know():
    assert "are created" in check_sentence(_check(2, BulkAction.ADD_TO_SEGMENT))
    assert "created" not in check_sentence(_check(2, BulkAction.REMOVE_FROM_SEGMENT))


def test_a_comparison_counts_what_is_new_changed_and_unchanged():
    said = check_sentence(_check(5, compared=Compared(3, 2, frozenset({4}))))
    assert "3 new, 2 changed, 1 unchanged" in said


def test_runs_with_a_segment_are_told_apart_by_its_name_and_by_what_they_do():
    started = datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
    counts = dict.fromkeys(RowState, 0) | {RowState.DONE: 2}
    given = ("/a/seg.csv", (), "5a1d", RunState.DONE, "", counts, "x", "Beta")
    added = RunSummary(1, started, BulkAction.ADD_TO_SEGMENT, *given)
    removed = RunSummary(2, started, BulkAction.REMOVE_FROM_SEGMENT, *given)
    assert (run_action(added), run_action(removed)) == ("add to “Beta”", "remove from “Beta”")
    assert "each to a segment “Beta”" in run_title(added)
    assert earlier_run(added).startswith("Earlier run")
