"""Mappings: what stops a run before its file is read, and what is guessed from the columns."""

import msgspec
import pytest

from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import (
    BulkAction,
    FixedValue,
    MappedColumn,
    Mapping,
    Meaning,
    fitted,
    meanings_of,
    problems,
    warnings,
)
from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.sources.opening import open_source

USER = MappedColumn("id", Meaning.USER_ID)


def trait(key, type_=TraitType.TEXT, column=None):
    return MappedColumn(column or key, Meaning.TRAIT, key, type_)


def stopped(*columns, fixed=(), action=BulkAction.IDENTIFY):
    return " ".join(problems(Mapping(columns, fixed), action))


@pytest.fixture
def source(tmp_path):
    def write(content, name="users.csv"):
        path = tmp_path / name
        path.write_text(content)
        return open_source(path)

    return write


def guessed(source, action=BulkAction.IDENTIFY, known=None):
    mapping = guess(source, action, known or {})
    return {each.column: (each.meaning, each.key, each.type) for each in mapping.columns}


def test_a_mapping_without_a_user_stops():
    assert "user id or the e-mail" in stopped(trait("plan"))
    assert not stopped(USER)
    assert not stopped(MappedColumn("mail", Meaning.EMAIL))


def test_an_event_is_needed_to_track_and_may_be_fixed():
    assert "event name" in stopped(USER, action=BulkAction.TRACK)
    assert not stopped(USER, MappedColumn("e", Meaning.EVENT), action=BulkAction.TRACK)
    fixed = FixedValue(Meaning.EVENT, "", TraitType.TEXT, "Signed up")
    assert not stopped(USER, fixed=[fixed], action=BulkAction.TRACK)
    empty = FixedValue(Meaning.EVENT, "", TraitType.TEXT, " ")
    assert "is empty" in stopped(USER, fixed=[empty], action=BulkAction.TRACK)


def test_a_meaning_that_a_row_has_once_is_mapped_once():
    assert "“user id” is mapped 2 times" in stopped(USER, MappedColumn("b", Meaning.USER_ID))
    fixed = FixedValue(Meaning.ACCOUNT_ID, "", TraitType.TEXT, "acme")
    column = MappedColumn("account", Meaning.ACCOUNT_ID)
    assert "“account id” is mapped 2 times" in stopped(USER, column, fixed=[fixed])


def test_all_rows_are_not_the_same_user():
    fixed = FixedValue(Meaning.EMAIL, "", TraitType.TEXT, "ana@example.org")
    assert "the same user in every row" in stopped(USER, fixed=[fixed])


@pytest.mark.parametrize("action", [each for each in BulkAction if each != BulkAction.IDENTIFY])
def test_only_identify_sends_traits(action):
    assert "does not send it" in stopped(USER, trait("plan"), action=action)
    assert Meaning.TRAIT not in meanings_of(action)
    assert Meaning.EVENT not in meanings_of(BulkAction.IDENTIFY)


@pytest.mark.parametrize("key", ["", "email", "Account", "!!"])
def test_a_key_that_would_be_misread_stops_and_is_named_by_its_column(key):
    assert stopped(USER, trait(key, column="Spalte")).startswith("Spalte: ")


def test_a_key_that_is_there_twice_stops():
    fixed = FixedValue(Meaning.TRAIT, "plan", TraitType.TEXT, "pro")
    assert "twice" in stopped(USER, trait("plan"), trait("plan", column="plan (2)"))
    assert "twice" in stopped(USER, trait("plan"), fixed=[fixed])


def test_a_fixed_value_must_be_of_its_type():
    assert "yes or no" in stopped(
        USER, fixed=[FixedValue(Meaning.TRAIT, "trial", TraitType.YES_NO, "perhaps")]
    )
    assert not stopped(USER, fixed=[FixedValue(Meaning.TRAIT, "seats", TraitType.NUMBER, "12")])


def test_account_data_needs_the_account_id():
    name = MappedColumn("company", Meaning.ACCOUNT_TRAIT, "name")
    assert "account's id" in stopped(USER, name)
    assert not stopped(USER, name, MappedColumn("account", Meaning.ACCOUNT_ID))


def test_doubtful_keys_are_warnings_of_their_columns():
    columns = (
        USER,
        trait("plan"),
        trait("Plan"),
        trait("firstName"),
        trait("birthday", TraitType.DATE),
        trait("seats", TraitType.NUMBER),
    )
    found = dict(warnings(Mapping(columns)))
    assert set(found) == {"Plan", "firstName", "birthday"}
    assert "same as “plan”" in found["Plan"]
    assert "first_name" in found["firstName"]
    assert "_at" in found["birthday"]


def test_a_mapping_is_kept_as_json():
    fixed = FixedValue(Meaning.TRAIT, "source", TraitType.TEXT, "import")
    mapping = Mapping((USER, trait("seats", TraitType.NUMBER)), (fixed,), blank_empty=True)
    assert msgspec.json.decode(msgspec.json.encode(mapping), type=Mapping) == mapping


def test_a_mapping_is_laid_on_another_file_by_the_names_of_columns(source):
    fixed = FixedValue(Meaning.TRAIT, "source", TraitType.TEXT, "import")
    mapping = Mapping((USER, trait("plan", column="Plan"), trait("old")), (fixed,), True)
    on_it = fitted(mapping, source("new,PLAN,id\n"))
    assert on_it.columns == (MappedColumn("new"), trait("plan", column="PLAN"), USER)
    assert (on_it.fixed, on_it.blank_empty) == ((fixed,), True)


def test_columns_are_guessed_by_name_and_type(source):
    header = "User ID,E-Mail,First name,seats,trial,since,seen_at,Company ID,zip\n"
    row = "u-1,a@b.c,Ana,12,yes,2026-01-02,2026-01-02 10:00,acme,0123\n"
    assert guessed(source(header + row)) == {
        "User ID": (Meaning.USER_ID, "", TraitType.TEXT),
        "E-Mail": (Meaning.EMAIL, "", TraitType.TEXT),
        "First name": (Meaning.TRAIT, "first_name", TraitType.TEXT),
        "seats": (Meaning.TRAIT, "seats", TraitType.NUMBER),
        "trial": (Meaning.TRAIT, "trial", TraitType.YES_NO),
        "since": (Meaning.TRAIT, "since", TraitType.DATE),
        "seen_at": (Meaning.TRAIT, "seen_at", TraitType.DATE_TIME),
        "Company ID": (Meaning.ACCOUNT_ID, "", TraitType.TEXT),
        "zip": (Meaning.TRAIT, "zip", TraitType.TEXT),
    }


def test_numbers_that_refiner_keeps_none_of_are_guessed_as_text(source):
    found = guessed(source("id,rate,big\n1,0.5,9999999999\n2,2,1\n"))
    assert found["rate"][2] is found["big"][2] is TraitType.TEXT


def test_the_types_that_the_environment_has_go_before_the_looks(source):
    known = {"plan": TraitType.NUMBER, "since_at": TraitType.DATE_TIME, "camelCase": TraitType.TEXT}
    found = guessed(source("id,plan,since_at,camelCase\nu,pro,2026-01-02,3\n"), known=known)
    assert found["plan"] == (Meaning.TRAIT, "plan", TraitType.NUMBER)
    assert found["since_at"] == (Meaning.TRAIT, "since_at", TraitType.DATE)
    assert found["camelCase"] == (Meaning.TRAIT, "camelCase", TraitType.TEXT)


def test_of_several_columns_that_may_be_the_user_the_plainest_name_wins(source):
    found = guessed(source("customer_id,user_id,mail,E-Mail\n1,2,a@b.c,d@e.f\n"))
    assert found["user_id"][0] is Meaning.USER_ID
    assert found["customer_id"][0] is Meaning.IGNORE
    assert found["E-Mail"][0] is Meaning.EMAIL
    assert found["mail"][0] is Meaning.IGNORE


def test_unix_times_stay_numbers_under_a_key_that_holds_dates(source):
    known = {"created_at": TraitType.DATE_TIME}
    found = guessed(source("id,created_at\nu,1767225600\n"), known=known)
    assert found["created_at"] == (Meaning.TRAIT, "created_at", TraitType.NUMBER)


@pytest.mark.parametrize("word", ["NO", "no"])
def test_a_column_of_nothing_but_no_may_be_norway(source, word):
    found = guessed(source(f"id,country,trial\n1,{word},no\n2,{word},yes\n"))
    assert found["country"][2] is TraitType.TEXT
    assert found["trial"][2] is TraitType.YES_NO


def test_what_became_of_a_row_is_no_trait_when_it_is_imported_again(source):
    found = guessed(source("id,state,plan,line,state,status,reason\n1,CA,pro,2,failed,422,No.\n"))
    assert {name for name, used in found.items() if used[0] is not Meaning.IGNORE} == {
        "id", "state", "plan",
    }  # fmt: skip


def test_sentences_about_meanings_come_in_the_order_of_the_columns():
    columns = (USER, MappedColumn("e", Meaning.EVENT), MappedColumn("a", Meaning.ACCOUNT_ID))
    found = problems(Mapping((*columns, trait("plan"))), BulkAction.ADD_TO_SEGMENT)
    assert [text.split("”")[0] for text in found] == ["“event name", "“account id", "“trait"]


def test_a_guess_never_stops_a_run_that_has_a_user(source):
    header = "id,user_id,remote_id,plan,Plan,PLAN,uuid,account,api_key,!!,last_seen_at\n"
    mapping = guess(source(header), BulkAction.IDENTIFY, {})
    assert [each.meaning for each in mapping.columns].count(Meaning.USER_ID) == 1
    assert problems(mapping, BulkAction.IDENTIFY) == ()
    assert [column for column, _ in warnings(mapping)] == ["Plan", "PLAN"]


def test_data_of_an_account_without_its_id_is_ignored(source):
    assert guessed(source("id,account.name\n"))["account.name"][0] is Meaning.IGNORE


def test_columns_that_an_action_does_not_send_are_ignored(source):
    found = guessed(source("id,plan,event\n"), BulkAction.TRACK)
    assert found["plan"][0] is Meaning.IGNORE
    assert found["event"][0] is Meaning.EVENT
    assert guessed(source("id,event\n"), BulkAction.ADD_TO_SEGMENT)["event"][0] is Meaning.IGNORE


def test_contacts_as_refiner_sends_them_are_known(source):
    contact = {
        "uuid": "c-1",
        "remote_id": "u-1",
        "email": "ana@example.org",
        "display_name": "Ana",
        "first_seen_at": "2026-01-02T00:00:00.000000Z",
        "attributes": {"plan": "pro", "email": "ana@example.org", "form_views_count": "1"},
        "segments": [{"uuid": "s", "name": "Beta"}],
        "account": {
            "uuid": "a-1",
            "remote_id": "acme",
            "domain": None,
            "display_name": "Acme",
            "attributes": {"name": "Acme"},
        },
    }
    found = guessed(source(msgspec.json.encode(contact).decode(), "contacts.jsonl"))
    used = {name: value[:2] for name, value in found.items() if value[0] is not Meaning.IGNORE}
    assert used == {
        "remote_id": (Meaning.USER_ID, ""),
        "email": (Meaning.EMAIL, ""),
        "attributes.plan": (Meaning.TRAIT, "plan"),
        "account.remote_id": (Meaning.ACCOUNT_ID, ""),
        "account.attributes.name": (Meaning.ACCOUNT_TRAIT, "name"),
    }
