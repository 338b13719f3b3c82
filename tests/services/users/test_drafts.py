"""What the forms check before anything is sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.users.traits import NotThatType, Trait, TraitType

TEXT, NUMBER, YES_NO, DATE, DATE_TIME, EMPTY = TraitType


def _fields(draft, *, stops=True):
    return [(each.field, each.row) for each in draft.problems() if each.stops == stops]


def test_a_user_id_alone_is_enough():
    assert IdentifyDraft(user_id="u-1").problems() == ()


def test_an_email_alone_is_enough():
    assert TrackDraft(email="ana@example.org", event="opened").problems() == ()


def test_without_a_user_the_form_says_so_at_the_user_id():
    assert _fields(IdentifyDraft()) == [("user_id", None)]
    assert _fields(TrackDraft(event="opened")) == [("user_id", None)]


def test_an_event_needs_a_name():
    assert _fields(TrackDraft(user_id="u-1")) == [("event", None)]


def test_traits_are_sent_flat_with_their_types_and_the_account_nested():
    draft = IdentifyDraft(
        user_id="u-1042",
        email="ana@example.org",
        traits=(
            Trait("plan", TEXT, "pro"),
            Trait("seats", NUMBER, "12"),
            Trait("beta", YES_NO, "Yes"),
            Trait("created_at", DATE_TIME, "2026-01-02 08:00"),
            Trait("born_at", DATE, "1990-05-06"),
            Trait("old_plan", TEXT, "free", on=False),
            Trait("phone", EMPTY, ""),
        ),
        account_id="acme",
        account_traits=(Trait("employees", NUMBER, "40"),),
    )
    assert draft.problems() == ()
    assert draft.payload() == {
        "id": "u-1042",
        "email": "ana@example.org",
        "plan": "pro",
        "seats": 12,
        "beta": True,
        "created_at": "2026-01-02T08:00:00Z",
        "born_at": "1990-05-06",
        "phone": "",
        "account": {"id": "acme", "employees": 40},
    }


@pytest.mark.parametrize(
    "key", ["id", "email", "uuid", "account", "api_key", "Id", "Email", "apiKey"]
)
def test_a_reserved_key_is_refused_because_it_would_change_the_user(key):
    draft = IdentifyDraft(user_id="u-1", traits=(Trait(key, TEXT, "x"),))
    assert _fields(draft) == [("traits", 0)]
    assert draft.payload() == {"id": "u-1"}


def test_a_key_given_twice_is_refused_at_its_second_row():
    draft = IdentifyDraft(user_id="u", traits=(Trait("a", TEXT, "1"), Trait("a", TEXT, "2")))
    assert _fields(draft) == [("traits", 1)]


def test_account_data_without_an_account_id_is_refused():
    draft = IdentifyDraft(user_id="u-1", account_traits=(Trait("name", TEXT, "Acme"),))
    assert _fields(draft) == [("account_id", None)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (NUMBER, "1.5"),
        (NUMBER, ""),
        (NUMBER, "2147483648"),
        (YES_NO, "perhaps"),
        (DATE, "4 March"),
        (DATE, "2026-02-30"),
        (DATE, "2026-03-04 09:15"),
        (DATE_TIME, "0001-01-01T00:00:00+10:00"),
        (NUMBER, "1_000"),
        (NUMBER, "9" * 5_000),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused_and_left_out_of_the_preview(kind, value):
    draft = IdentifyDraft(user_id="u-1", traits=(Trait("some_at", kind, value),))
    assert _fields(draft) == [("traits", 0)]
    assert draft.payload() == {"id": "u-1"}


@pytest.mark.parametrize(
    "trait",
    [
        Trait("bio", TEXT, "x" * 256),
        Trait("birthday", DATE, "2026-01-01"),
        Trait("firstName", TEXT, "Ana"),
        Trait("phone", EMPTY, "123"),
        Trait("last_seen_at", DATE_TIME, "2026-01-01"),
    ],
)
def test_what_refiner_would_change_is_a_warning_and_can_be_sent(trait):
    draft = IdentifyDraft(user_id="u-1", traits=(trait,))
    assert _fields(draft) == []
    assert _fields(draft, stops=False) == [("traits", 0)]


def test_a_date_with_a_zone_is_sent_in_utc():
    assert Trait("x_at", DATE_TIME, "2026-03-04T10:00:00+02:00").sent() == "2026-03-04T08:00:00Z"


def test_a_day_alone_is_midnight_in_utc_where_a_time_is_wanted():
    assert Trait("x_at", DATE_TIME, "2026-03-04").sent() == "2026-03-04T00:00:00Z"


@given(st.sampled_from(list(TraitType)), st.text(max_size=40))
def test_any_text_is_either_sent_as_json_or_refused_in_words(kind, text):
    try:
        value = Trait("key", kind, text).sent()
    except NotThatType:
        return
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("key", "kept"),
    [("firstName", "first_name"), ("First name", "first_name"), ("HTTP-Code ", "http_code")],
)
def test_the_warning_about_a_key_names_what_refiner_would_make_of_it(key, kept):
    (problem,) = IdentifyDraft(user_id="u-1", traits=(Trait(key, TEXT, "x"),)).problems()
    assert f"“{kept}”" in problem.text
    assert not problem.stops


def test_two_keys_that_become_one_are_a_warning_at_the_second():
    traits = (Trait("firstName", TEXT, "a"), Trait("first_name", TEXT, "b"))
    (first, second) = IdentifyDraft(user_id="u", traits=traits).problems()
    assert (first.row, second.row) == (0, 1)
    assert "firstName" in second.text
    assert not second.stops


def test_a_key_of_signs_alone_stops_the_call():
    assert _fields(IdentifyDraft(user_id="u", traits=(Trait("???", TEXT, "x"),))) == [("traits", 0)]


def test_a_row_that_is_switched_off_is_neither_checked_nor_sent():
    off = Trait("id", TEXT, "x", on=False)
    draft = IdentifyDraft(user_id="u", traits=(off, Trait("", TEXT, "x")), account_traits=(off,))
    assert _fields(draft) == [("traits", 1)]
    assert draft.payload() == {"id": "u"}


def test_a_whole_number_with_zeros_behind_the_point_is_one():
    assert Trait("seats", NUMBER, " 12.0 ").sent() == 12


def test_a_key_without_a_value_is_not_sent_and_said():
    draft = IdentifyDraft(
        "u-1",
        traits=(
            Trait("plan", TEXT, " "),
            Trait("old", TEXT, "", on=False),
            Trait("note", EMPTY, ""),
        ),
        account_id="acme",
        account_traits=(Trait("name", TEXT, ""),),
    )
    assert draft.payload() == {"id": "u-1", "note": "", "account": {"id": "acme"}}
    said = draft.problems()
    assert [(each.field, each.row, each.stops, each.unfinished) for each in said] == [
        ("traits", 0, False, True),
        ("account_traits", 0, False, True),
    ]
    assert "Choose “empty”" in said[0].text


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("price", "7,5", "whole numbers only"),
        ("price", "-7.25", "whole numbers only"),
        ("launch_at", "05.04.2026", "no date to Refiner"),
        ("Birth date", "soon", "no date to Refiner"),
        ("launch", "05.04.2026", "write it like 2026-03-04"),
        ("launch", "5/4/26", "write it like 2026-03-04"),
        ("launch", "2026/04/05", "write it like 2026-03-04"),
        ("version", "1.2.3", ""),
        ("launch_at", "1767225600", ""),
        ("phone", "030.1234.567", ""),
    ],
)
def test_a_text_that_looks_like_a_date_or_a_number_is_hinted_at(key, value, said):
    problems = IdentifyDraft("u", traits=(Trait(key, TEXT, value),)).problems()
    assert not any(each.stops for each in problems)
    assert [said in each.text for each in problems] == [True] if said else not problems
