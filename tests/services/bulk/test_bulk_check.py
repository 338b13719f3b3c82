"""The dry run: what it counts, what it finds, and what it does not keep."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.api.policy import Limits
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.bulk.check import check
from refiner_desktop.services.bulk.findings import SHOWN, SHOWN_ALIKE, Finding, Level
from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import BulkAction, MappedColumn, Mapping, Meaning
from refiner_desktop.services.bulk.plan import HOLDS_KEY, BulkPlan, Stopped
from refiner_desktop.services.bulk.users import Likeness, Repeat, Users
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.opening import open_source


@pytest.fixture
def plan(tmp_path):
    def of(content, action=BulkAction.IDENTIFY, mapping=None):
        path = tmp_path / "users.csv"
        path.write_text(content)
        source = open_source(path)
        return BulkPlan(source, action, mapping or guess(source, action, {}), "s-1")

    return of


def test_rows_calls_and_users_are_counted(plan):
    found = check(plan("id,seats\nu-1,1\nu-2,2\nu-1,3\n,4\n"))
    assert (found.rows, found.calls, found.users) == (4, 3, 2)
    assert found.counts == {Level.SKIP: 1, Level.WARN: 1}
    assert found.fingerprint == plan("id,seats\nu-1,1\nu-2,2\nu-1,3\n,4\n").source.fingerprint()


def test_what_a_limit_costs_in_time_is_told(plan):
    apart = check(plan("id\n" + "".join(f"u-{n}\n" for n in range(8_000))))
    assert apart.seconds == 120
    crowd = check(plan("id,event\n" + "u-1,Seen\n" * 300, BulkAction.TRACK))
    assert crowd.seconds == 180


def test_the_same_user_again_is_a_warning_and_so_are_other_capitals(plan):
    found = check(plan("id,email\nu-1,\nu-2,\nU-1,\nu-1,\n,Ana@b.c\n,ana@B.c\n"))
    assert [(each.line, each.text) for each in found.findings] == [
        (4, "The user id differs from that of line 2 in capitals only."),
        (5, "The same user as in line 2: both rows are sent, one after the other."),
        (7, "The same user as in line 6: both rows are sent, one after the other."),
    ]
    assert found.users == 4


def test_a_user_may_have_many_events(plan):
    assert check(plan("id,event\nu-1,a\nu-1,b\n", BulkAction.TRACK)).findings == ()


def test_findings_come_with_what_stops_first(plan):
    found = check(plan("id,seats\nu-1,1\nu-1,1\n,1\n" + "u-9,2\n" * 60 + 'u-2,"1\n'))
    levels = [each.level for each in found.findings]
    assert levels == sorted(levels, key=list(Level).index)
    assert found.findings[0].level is Level.STOP
    assert found.findings[0].line == 65
    assert "never closes" in found.findings[0].text


def test_keys_are_looked_at_once_and_not_in_every_row(plan):
    columns = (
        MappedColumn("id", Meaning.USER_ID),
        MappedColumn("Plan", Meaning.TRAIT, "Plan"),
        MappedColumn("plan", Meaning.TRAIT, "plan"),
    )
    found = check(plan("id,Plan,plan\nu-1,a,b\nu-2,a,b\n", mapping=Mapping(columns)))
    assert [(each.line, each.column) for each in found.findings] == [(0, "Plan"), (0, "plan")]


@pytest.mark.parametrize(
    ("content", "text"),
    [("id\n", "The file has no rows."), ("id,seats\n,1\n,2\n", "No row can be sent.")],
)
def test_a_run_that_would_send_nothing_stops(plan, content, text):
    assert Finding(Level.STOP, 0, "", text) in check(plan(content)).findings


def test_a_mapping_with_problems_is_read_no_further(plan):
    found = check(plan("name\nAna\n"))
    assert (found.rows, found.counts) == (0, {Level.STOP: 1})
    assert "user id" in found.findings[0].text


def test_of_many_findings_the_first_are_kept_and_all_counted(plan):
    mapping = Mapping(
        (
            MappedColumn("id", Meaning.USER_ID),
            *(MappedColumn(f"n{n}", Meaning.TRAIT, f"n{n}", TraitType.NUMBER) for n in range(15)),
        )
    )
    header = "id," + ",".join(f"n{n}" for n in range(15)) + "\n"
    found = check(plan(header + ("u-1," + ",".join("x" * 15) + "\n") * 200, mapping=mapping))
    assert found.counts[Level.SKIP] == 15 * 200
    assert sum(each.column == "n0" for each in found.findings) == SHOWN_ALIKE
    assert len(found.findings) <= SHOWN


def test_unchanged_lines_are_neither_calls_nor_users(plan):
    found = check(plan("id,seats\nu-1,1\nu-2,2\n,3\n"), unchanged=frozenset({3, 4}))
    assert (found.rows, found.calls, found.users) == (3, 1, 1)
    assert found.unchanged == {3}


def test_a_file_in_which_nothing_changes_is_no_mistake(plan):
    found = check(plan("id\nu-1\n"), unchanged=frozenset({2}))
    assert (found.calls, found.findings) == (0, ())


def test_progress_is_told_and_stopping_stops(plan):
    heard = []
    content = "id\n" + "".join(f"u-{n}\n" for n in range(2_500))
    check(plan(content), on_progress=heard.append)
    assert heard == [1_000, 2_000, 2_500]
    with pytest.raises(Stopped):
        check(plan(content), lambda: bool(heard))


def test_a_file_that_is_gone_is_an_error_of_the_system(plan):
    gone = plan("id\nu-1\n")
    gone.source.path.unlink()
    with pytest.raises(FileNotFoundError):
        check(gone)


def test_a_large_file_takes_little_memory(plan):
    content = "id,email,note\n" + "".join(
        f"u-{n},u{n}@example.org,{'x' * 200}\n" for n in range(20_000)
    )
    large = plan(content)
    tracemalloc.start()
    check(large)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000 < len(content)


IDS = st.lists(st.sampled_from(["a", "A", "b", "B", "aa"]), max_size=12)


@given(ids=IDS)
def test_repeats_are_those_that_a_simple_count_finds(ids):
    users = Users()
    expected = []
    for line, user in enumerate(ids, start=1):
        users.add(line, {"id": user})
        folded = [earlier.casefold() for earlier in ids[: line - 1]]
        if user.casefold() in folded:
            first = folded.index(user.casefold()) + 1
            likeness = Likeness.SAME if ids[first - 1] == user else Likeness.OTHER_CASE
            expected.append(Repeat(line, first, likeness))
    assert list(users.repeats()) == expected
    assert users.different() == len(set(ids))
    assert users.most_rows() == max(map(ids.count, ids), default=0)


@pytest.mark.parametrize("rows", ["u-1,a@b.c\n,A@b.c\n", ",A@b.c\nu-1,a@b.c\n"])
def test_a_user_by_id_in_one_row_and_by_email_in_another_is_a_warning(plan, rows):
    found = check(plan("id,email\n" + rows + "u-2,d@e.f\n,g@h.i\n"))
    assert [each.line for each in found.findings] == [3]
    assert "Perhaps the same user as in line 2" in found.findings[0].text


def test_one_address_under_two_ids_is_a_warning_and_twice_under_one_id_is_another(plan):
    found = check(plan("id,email\nu-1,a@b.c\nu-2,A@b.c\nu-1,a@b.c\nu-3,\nu-4,\n")).findings
    assert [(each.line, "under another user id" in each.text) for each in found] == [
        (3, True),
        (4, False),
    ]


ROWS = st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["", "x@y", "X@y", "z@y"]))


@given(rows=st.lists(ROWS.filter(any), max_size=10))
def test_rows_that_share_an_address_only_are_those_that_a_simple_count_finds(rows):
    users = Users()
    expected = []
    for line, (user_id, email) in enumerate(rows, start=1):
        users.add(line, {"id": user_id, "email": email})
        alike = [
            number
            for number, (other_id, other) in enumerate(rows[: line - 1], start=1)
            if email and other.casefold() == email.casefold() and bool(other_id) != bool(user_id)
        ]
        expected += [Repeat(line, alike[0], Likeness.SAME_EMAIL)] if alike else []
    found = [each for each in users.repeats() if each.likeness is Likeness.SAME_EMAIL]
    assert found == expected


def test_a_row_that_holds_the_key_is_no_call(plan):
    key = Secret("a-very-secret-key")
    found = check(plan(f"id,plan\nu-1,{key.reveal()}\nu-2,pro\n"), mask=Mask(key))
    assert (found.calls, found.users) == (1, 1)
    assert [(each.line, each.level, each.text) for each in found.findings] == [
        (2, Level.SKIP, HOLDS_KEY)
    ]


def test_the_time_is_that_of_the_limits_in_force(plan):
    content = "id\n" + "".join(f"u-{n}\n" for n in range(120))
    assert check(plan(content), limits=Limits(per_key=60)).seconds == 120


def test_a_column_that_may_be_the_user_too_and_is_ignored_is_a_warning(plan):
    found = check(plan("customer_id,user_id,plan\n1,2,a\n"))
    assert [(each.column, each.level) for each in found.findings] == [("customer_id", Level.WARN)]
    assert "“user_id” is taken" in found.findings[0].text


def test_a_column_of_which_no_key_can_be_made_is_a_warning(plan):
    content = "id,名前\nu-1,Ana\n"
    assert [each.column for each in check(plan(content)).findings] == ["名前"]
    assert check(plan(content, BulkAction.ADD_TO_SEGMENT)).findings == ()


def test_a_text_under_a_date_key_that_refiner_reads_no_date_in_is_a_warning(plan):
    rows = "u-1,04/03/2026,4.3.2026\nu-2,2026-03-04,1767225600\nu-3,,soon\n"
    found = check(plan("id,created_at,Birth date\n" + rows))
    assert [(each.line, each.column, each.level) for each in found.findings] == [
        (2, "created_at", Level.WARN),
        (2, "Birth date", Level.WARN),
        (4, "Birth date", Level.WARN),
    ]
    assert "04/03/2026" in next(each.text for each in found.findings if each.line == 2)


def test_a_spreadsheets_error_skips_its_row_where_its_column_is_used(plan):
    found = check(plan("id,plan,!!\nu-1,#N/A,x\nu-2,pro,#REF!\n#NAME?,pro,x\n"))
    skipped = [(each.line, each.column) for each in found.findings if each.level is Level.SKIP]
    assert skipped == [(2, "plan"), (4, "id")]
    assert found.calls == 1


def test_a_finding_names_the_user_of_its_row(plan):
    found = check(plan("id,email,note\nu-1,no address,\n,a@b.c,#N/A\nu-2,,x\n,,y\nu-2,,z\nu-3\n"))
    assert [(each.level, each.line, each.user) for each in found.findings] == [
        (Level.SKIP, 2, "u-1"),
        (Level.SKIP, 3, "a@b.c"),
        (Level.SKIP, 5, ""),
        (Level.SKIP, 7, ""),
        (Level.WARN, 6, "u-2"),
    ]


def test_a_key_in_place_of_a_user_is_not_shown(plan):
    key = Secret("a-very-secret-key")
    found = check(plan(f"id\n{key.reveal()}\nu-2\n"), mask=Mask(key))
    assert key.reveal() not in repr(found.findings)
    assert found.findings[0].line == 2


def test_a_value_that_can_not_be_read_may_be_left_out_of_its_row(plan):
    content = "id,seats,plan\nu-1,many,pro\n"
    mapping = Mapping(
        (
            MappedColumn("id", Meaning.USER_ID),
            MappedColumn("seats", Meaning.TRAIT, "seats", TraitType.NUMBER),
            MappedColumn("plan", Meaning.TRAIT, "plan"),
        ),
        leave_out_unreadable=True,
    )
    wanted = plan(content, mapping=mapping)
    assert [row.payload for row in wanted.rows()] == [{"id": "u-1", "plan": "pro"}]
    found = check(wanted)
    assert [(each.level, each.column) for each in found.findings] == [(Level.WARN, "seats")]
    assert "“many” is left out" in found.findings[0].text
    assert found.calls == 1
