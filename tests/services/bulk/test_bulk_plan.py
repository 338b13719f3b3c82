"""Plans: what is sent for each row, and why a row is not sent."""

import pytest

from refiner_desktop.services.bulk.findings import Level
from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import (
    BulkAction,
    FixedValue,
    MappedColumn,
    Mapping,
    Meaning,
)
from refiner_desktop.services.bulk.plan import BulkPlan, Stopped
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.opening import open_source

CONTENT = """\
id,email,plan,seats,since_at,account,company
u-1, ana@example.org ,pro,12,2026-01-02,acme,Acme
u-2,,,,,,
,ben@example.org,free,,,,
"""


@pytest.fixture
def planned(tmp_path):
    def rows(content=CONTENT, action=BulkAction.IDENTIFY, mapping=None, **options):
        path = tmp_path / "users.csv"
        path.write_text(content)
        source = open_source(path)
        mapping = mapping or Mapping(
            (
                MappedColumn("id", Meaning.USER_ID),
                MappedColumn("email", Meaning.EMAIL),
                MappedColumn("plan", Meaning.TRAIT, "plan"),
                MappedColumn("seats", Meaning.TRAIT, "seats", TraitType.NUMBER),
                MappedColumn("since_at", Meaning.TRAIT, "since_at", TraitType.DATE),
                MappedColumn("account", Meaning.ACCOUNT_ID),
                MappedColumn("company", Meaning.ACCOUNT_TRAIT, "name"),
            ),
            **options,
        )
        return list(BulkPlan(source, action, mapping, "s-1").rows())

    return rows


def payloads(rows):
    return [row.payload for row in rows]


def test_rows_become_what_identify_takes(planned):
    rows = planned()
    assert payloads(rows) == [
        {
            "id": "u-1",
            "email": "ana@example.org",
            "plan": "pro",
            "seats": 12,
            "since_at": "2026-01-02",
            "account": {"id": "acme", "name": "Acme"},
        },
        {"id": "u-2"},
        {"email": "ben@example.org", "plan": "free"},
    ]
    assert not any(row.findings for row in rows)
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 3), (3, 4)]
    assert rows[0].cells[1] == " ana@example.org "


def test_empty_cells_blank_traits_where_that_is_wished(planned):
    rows = planned(blank_empty=True)
    assert rows[1].payload == {"id": "u-2", "plan": "", "seats": "", "since_at": ""}


def test_fixed_values_are_in_every_row(planned):
    fixed = (
        FixedValue(Meaning.TRAIT, "source", TraitType.TEXT, "import"),
        FixedValue(Meaning.TRAIT, "old", TraitType.EMPTY, ""),
    )
    assert [(row["source"], row["old"]) for row in payloads(planned(fixed=fixed))] == [
        ("import", "")
    ] * 3


def test_events_hold_nothing_but_user_and_name(planned):
    fixed = (FixedValue(Meaning.EVENT, "", TraitType.TEXT, "Signed up"),)
    columns = (
        MappedColumn("id", Meaning.USER_ID),
        *map(MappedColumn, "email plan s a b c".split()),
    )
    rows = planned(action=BulkAction.TRACK, mapping=Mapping(columns, fixed))
    assert payloads(rows)[:2] == [
        {"id": "u-1", "event": "Signed up"},
        {"id": "u-2", "event": "Signed up"},
    ]
    assert rows[2].problem == "id: Give a user id or an e-mail address."


def test_segments_are_told_of_one_reference_alone(planned):
    columns = (MappedColumn("id", Meaning.USER_ID), MappedColumn("email", Meaning.EMAIL))
    content = "id,email\nu-1,ana@example.org\n,ben@example.org\nu-3,odd\n"
    assert payloads(planned(content, BulkAction.ADD_TO_SEGMENT, Mapping(columns))) == [
        {"id": "u-1", "segment_uuid": "s-1"},
        {"email": "ben@example.org", "segment_uuid": "s-1"},
        {"id": "u-3", "segment_uuid": "s-1"},
    ]


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (",,pro,1,,,", "id", "Give a user id or an e-mail address."),
        (" ,,pro,1,,,", "id", "Give a user id"),
        ("u-1,ana,pro,1,,,", "email", "not an e-mail address"),
        ("u-1,a@b..c,pro,1,,,", "email", "not an e-mail address"),
        ("u-1,,pro,a dozen,,,", "seats", "“a dozen”: Write a whole number"),
        ("u-1,,pro,1.5,,,", "seats", "“1.5”: Write a whole number"),
        ("u-1,,pro,1,2026-02-30,,", "since_at", "“2026-02-30”: Write a day"),
        ("u-1,,pro,1,03/04/2026,,", "since_at", "Write a day"),
        ("u-1,,pro,1,,,Acme", "", "Account data needs the account's id"),
        ("u-1,,pro", "", "This row has 3 cells, the table 7 columns."),
    ],
)
def test_a_row_that_can_not_be_sent_says_where_and_why(planned, row, column, text):
    [found] = planned("id,email,plan,seats,since_at,account,company\n" + row + "\n")
    [finding] = found.findings
    assert (finding.level, finding.line, finding.column) == (Level.SKIP, 2, column)
    assert text in finding.text
    assert text in found.problem


def test_a_long_text_is_sent_with_a_warning(planned):
    [row] = planned(f"id,email,plan,seats,since_at,account,company\nu-1,,{'x' * 300},,,,\n")
    assert row.problem == ""
    assert row.warnings == ("plan: Refiner may cut texts after 255 characters; this has 300.",)
    assert len(row.payload["plan"]) == 300


def test_a_long_id_is_sent_with_a_warning(planned):
    [row] = planned(f"id,email,plan,seats,since_at,account,company\n{'u' * 256},,,,,,\n")
    assert [each.column for each in row.findings] == ["id"]
    assert row.payload == {"id": "u" * 256}


def test_of_a_long_fixed_value_the_rows_say_nothing(planned):
    fixed = (FixedValue(Meaning.TRAIT, "note", TraitType.TEXT, "x" * 300),)
    assert not any(row.findings for row in planned(fixed=fixed))


def test_a_plan_stops_when_asked_to(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("id\nu-1\nu-2\n")
    source = open_source(path)
    plan = BulkPlan(source, BulkAction.IDENTIFY, guess(source, BulkAction.IDENTIFY, {}))
    with pytest.raises(Stopped):
        list(plan.rows(lambda: True))


def test_a_plan_for_a_segment_names_it(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("id\nu-1\n")
    source = open_source(path)
    mapping = guess(source, BulkAction.ADD_TO_SEGMENT, {})
    assert BulkPlan(source, BulkAction.ADD_TO_SEGMENT, mapping).problems() == (
        "Choose the segment.",
    )
    assert BulkPlan(source, BulkAction.ADD_TO_SEGMENT, mapping, "s-1").problems() == ()
