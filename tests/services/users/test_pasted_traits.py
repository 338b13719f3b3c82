"""Rows from a clipboard: JSON, lines, and columns of a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.users.drafts import IdentifyDraft
from refiner_desktop.services.users.pasted_traits import read_traits, read_user, trait_of
from refiner_desktop.services.users.traits import Trait, TraitType

TEXT, NUMBER, YES_NO, DATE, DATE_TIME, EMPTY = TraitType


def test_a_json_object_keeps_its_types_and_is_flattened_as_refiner_does():
    text = """{"plan": "pro", "seats": 12, "beta": true, "phone": null, "ratio": 1.5,
               "trial_ends_at": "2026-03-04T09:15:00Z", "address": {"city": "Oslo"},
               "code": "12"}"""
    assert read_traits(text, {}) == (
        Trait("plan", TEXT, "pro"),
        Trait("seats", NUMBER, "12"),
        Trait("beta", YES_NO, "yes"),
        Trait("phone", EMPTY, ""),
        Trait("ratio", TEXT, "1.5"),
        Trait("trial_ends_at", DATE_TIME, "2026-03-04T09:15:00Z"),
        Trait("address_city", TEXT, "Oslo"),
        Trait("code", TEXT, "12"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "plan: pro\nseats: 12\nbeta: yes\nborn_at: 1990-05-06\nsite: https://a.example/x",
        '"plan": "pro",\n"seats": 12,\n"beta": true,\n\nborn_at: 1990-05-06\nsite: https://a.example/x',
        "plan\tpro\r\nseats\t12\r\nbeta\tTRUE\r\nborn_at\t1990-05-06\r\nsite\thttps://a.example/x",
    ],
    ids=["lines", "lines of JSON", "columns"],
)
def test_lines_and_columns_get_the_types_that_their_values_look_like(text):
    assert read_traits(text, {}) == (
        Trait("plan", TEXT, "pro"),
        Trait("seats", NUMBER, "12"),
        Trait("beta", YES_NO, "yes"),
        Trait("born_at", DATE, "1990-05-06"),
        Trait("site", TEXT, "https://a.example/x"),
    )


def test_a_code_that_would_lose_its_zero_stays_text():
    assert read_traits("zip: 01234", {}) == (Trait("zip", TEXT, "01234"),)


def test_known_keys_bring_their_type_where_the_value_allows_it():
    known = {"zip": TEXT, "beta": YES_NO, "seats": NUMBER}
    rows = read_traits("zip\t1234\nbeta\tT\nseats\tmany", known)
    assert rows == (
        Trait("zip", TEXT, "1234"),
        Trait("beta", YES_NO, "yes"),
        Trait("seats", TEXT, "many"),
    )


@pytest.mark.parametrize(
    "text", ["", "pro", "plan pro\nseats 12", "https://a.example", "{not json", "[1, 2]", "a: 1\nb"]
)
def test_other_text_is_no_rows(text):
    assert read_traits(text, {}) is None


def test_a_whole_identify_call_is_told_apart():
    text = """{"id": "u-1", "email": "a@example.org", "plan": "pro",
               "account": {"id": "acme", "employees": 40}}"""
    assert read_user(text, {}, {}) == IdentifyDraft(
        "u-1",
        "a@example.org",
        (Trait("plan", TEXT, "pro"),),
        "acme",
        (Trait("employees", NUMBER, "40"),),
    )


def test_an_account_in_a_line_is_its_id():
    assert read_user("id: 7\naccount: acme", {}, {}) == IdentifyDraft("7", account_id="acme")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    rows = read_traits(text, {})
    assert rows is None or all(isinstance(row, Trait) for row in rows)


@given(st.integers() | st.text(max_size=20) | st.booleans() | st.none())
def test_any_value_that_is_read_can_be_sent(value):
    trait_of("some_key", value, {}).sent()


@pytest.mark.parametrize(
    "text",
    [
        "User ID: u-1\nEmail: a@example.org\nAccount ID: acme\nplan: pro",
        "ID\tu-1\nE-mail\ta@example.org\naccount\tacme\nplan\tpro",
        '{"user_id": "u-1", "Email": "a@example.org", "account_id": "acme", "plan": "pro"}',
    ],
)
def test_id_address_and_account_are_known_however_they_are_written(text):
    plan = (Trait("plan", TEXT, "pro"),)
    assert read_user(text, {}, {}) == IdentifyDraft("u-1", "a@example.org", plan, "acme")


def test_of_two_names_for_an_id_the_services_own_wins():
    draft = read_user('{"user_id": "other", "id": "u-1"}', {}, {})
    assert draft == IdentifyDraft("u-1", traits=(Trait("user_id", TEXT, "other"),))


def test_an_empty_text_of_json_blanks_its_trait_and_one_that_was_typed_does_not():
    assert read_traits('{"note": ""}', {}) == (Trait("note", EMPTY, ""),)
    assert read_traits("note:\nplan: pro", {})[0].unfilled


def test_a_day_that_is_pasted_is_a_date_whatever_its_key():
    [launch, price] = read_traits("launch: 2026-04-05\nprice: 7,5", {})
    assert (launch.type, launch.value) == (TraitType.DATE, "2026-04-05")
    assert (price.type, price.value) == (TraitType.TEXT, "7,5")
    [spoken] = read_traits('{"launch": "2026-04-05"}', {})
    assert spoken.type == TraitType.TEXT


def test_yes_and_no_are_read_in_any_form_where_the_key_is_known_to_take_them():
    known = {"active": TraitType.YES_NO}
    for text, said in (("T", "yes"), ("y", "yes"), ("FALSE", "no"), ("0", "no")):
        [trait] = read_traits(f"active: {text}", known)
        assert (trait.type, trait.value) == (TraitType.YES_NO, said)
