"""What a contact's attributes become in the form."""

from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.widgets.draft_form import trait_rows


def test_values_keep_their_types():
    rows = trait_rows({"beta": True, "old": False, "seats": 12, "plan": "pro", "note": ""})
    assert rows == [
        KeyValue("beta", "yes/no", "yes"),
        KeyValue("old", "yes/no", "no"),
        KeyValue("seats", "number", "12"),
        KeyValue("plan", "text", "pro"),
        KeyValue("note", "text", ""),
    ]


def test_what_has_no_type_of_its_own_is_left_out():
    assert trait_rows({"a": None, "b": ["x"], "c": {"d": 1}, "e": 1.5}) == []
