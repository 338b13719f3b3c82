"""What an identify call would change in a contact."""

import pytest

from refiner_desktop.api.models import Account, Contact
from refiner_desktop.services.contacts.changes import Effect, compare, is_same

NEW, CHANGED, UNCHANGED, UNTOUCHED = Effect

ANA = Contact(
    uuid="c-1",
    remote_id="u-1",
    email="ana@example.org",
    attributes={
        "plan": "free",
        "seats": "12",
        "beta": "T",
        "first_name": "Ana",
        "created_at": "2026-01-02T08:00:00.000000Z",
        "phone": None,
        "city": "Oslo",
    },
    account=Account(remote_id="acme", attributes={"employees": "40", "domain": "acme.example"}),
)


def _effects(payload, contact=ANA):
    return {each.key: each.effect for each in compare(payload, contact).changes}


def test_every_key_is_told_apart():
    payload = {
        "id": "u-1",
        "email": "ana@example.org",
        "plan": "pro",
        "seats": 12,
        "beta": True,
        "firstName": "Ana",
        "created_at": "2026-01-02T08:00:00Z",
        "phone": "1",
    }
    assert _effects(payload) == {
        "id": UNCHANGED,
        "email": UNCHANGED,
        "plan": CHANGED,
        "seats": UNCHANGED,
        "beta": UNCHANGED,
        "firstName": UNCHANGED,
        "created_at": UNCHANGED,
        "phone": NEW,
        "city": UNTOUCHED,
        "account.id": UNTOUCHED,
        "account.employees": UNTOUCHED,
        "account.domain": UNTOUCHED,
    }


def test_a_change_says_from_what_to_what():
    (change,) = (c for c in compare({"id": "u-1", "plan": "pro"}, ANA).changes if c.key == "plan")
    assert (change.before, change.after) == ("free", "pro")


def test_blanking_changes_what_is_there_and_nothing_else():
    effects = _effects({"id": "u-1", "plan": "", "phone": ""})
    assert (effects["plan"], effects["phone"]) == (CHANGED, UNCHANGED)


def test_an_unknown_user_is_all_new():
    comparison = compare({"id": "u-9", "plan": "pro"}, None)
    assert [change.effect for change in comparison.changes] == [NEW, NEW]
    assert (comparison.contact, comparison.counts) == (None, {NEW: 2})


def test_of_another_account_only_the_move_is_known():
    effects = _effects({"id": "u-1", "account": {"id": "other", "employees": 40}})
    assert effects["account.id"] is CHANGED
    assert effects["account.employees"] is NEW
    assert "account.domain" not in effects


def test_the_same_account_is_compared_key_by_key():
    effects = _effects({"id": "u-1", "account": {"id": "acme", "employees": 41}})
    assert effects["account.id"] is UNCHANGED
    assert effects["account.employees"] is CHANGED
    assert effects["account.domain"] is UNTOUCHED


@pytest.mark.parametrize(
    ("sent", "kept", "same"),
    [
        (True, "T", True),
        (True, "true", True),
        (False, "F", True),
        (True, "F", False),
        (12, "12", True),
        (12, 12, True),
        (0, None, False),
        ("", None, True),
        ("2026-01-02", "2026-01-02T00:00:00.000000Z", True),
        ("2026-01-02T08:00:00Z", "2026-01-02 08:00:00", True),
        ("pro", "Pro", False),
        (1767225600, "2026-01-01T00:00:00.000000Z", True),
        (1767225601, "2026-01-01T00:00:00.000000Z", False),
    ],
)
def test_values_are_the_same_whatever_they_are_kept_as(sent, kept, same):
    assert is_same(sent, kept) is same
