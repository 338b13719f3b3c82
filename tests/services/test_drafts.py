"""What the forms check before anything is sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.drafts import IdentifyDraft, NotThatType, TrackDraft, Trait, TraitType

TEXT, NUMBER, YES_NO, DATE, EMPTY = TraitType


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
            Trait("created_at", DATE, "2026-01-02 08:00"),
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
        "phone": "",
        "account": {"id": "acme", "employees": 40},
    }


@pytest.mark.parametrize("key", ["id", "email", "uuid", "account", "api_key"])
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
    ],
)
def test_what_refiner_would_change_is_a_warning_and_can_be_sent(trait):
    draft = IdentifyDraft(user_id="u-1", traits=(trait,))
    assert _fields(draft) == []
    assert _fields(draft, stops=False) == [("traits", 0)]


def test_a_date_with_a_zone_is_sent_in_utc():
    assert Trait("x_at", DATE, "2026-03-04T10:00:00+02:00").sent() == "2026-03-04T08:00:00Z"


@given(st.sampled_from(list(TraitType)), st.text(max_size=40))
def test_any_text_is_either_sent_as_json_or_refused_in_words(kind, text):
    try:
        value = Trait("key", kind, text).sent()
    except NotThatType:
        return
    assert json.loads(json.dumps(value)) == value
