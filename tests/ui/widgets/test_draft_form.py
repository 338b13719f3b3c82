"""What a contact's attributes become in the form, and where problems are told."""

from PySide6.QtWidgets import QLabel, QLineEdit

from refiner_desktop.services.users.drafts import DraftProblem
from refiner_desktop.services.users.traits import Trait, TraitType
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.widgets import draft_form
from refiner_desktop.ui.widgets.draft_form import (
    TRAIT_TYPES,
    DraftForm,
    rows_of,
    traits_from,
    traits_of,
)
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

TEXT, NUMBER, YES_NO, DATE, DATE_TIME, EMPTY = TraitType


def test_values_keep_their_types():
    assert traits_from({"beta": True, "old": False, "seats": 12, "plan": "pro"}, {}) == (
        Trait("beta", YES_NO, "yes"),
        Trait("old", YES_NO, "no"),
        Trait("seats", NUMBER, "12"),
        Trait("plan", TEXT, "pro"),
    )


def test_texts_of_known_keys_become_what_they_are():
    known = {"seats": NUMBER, "beta": YES_NO, "born_at": DATE_TIME, "plan": NUMBER}
    moment = "2026-01-02T08:00:00.000000Z"
    given = {"seats": "12", "beta": "T", "born_at": moment, "plan": "pro"}
    assert traits_from(given, known) == (
        Trait("seats", NUMBER, "12"),
        Trait("beta", YES_NO, "yes"),
        Trait("born_at", DATE_TIME, moment),
        Trait("plan", TEXT, "pro"),
    )


def test_what_has_no_type_of_its_own_is_left_out():
    assert traits_from({"a": None, "b": ["x"], "c": {"d": 1}, "e": 1.5, "f": ""}, {}) == ()


def test_rows_and_traits_are_the_same(qtbot):
    table = KeyValueTable("traits", "Traits", TRAIT_TYPES, arrangeable=True)
    qtbot.addWidget(table)
    traits = (Trait("a", NUMBER, "1"), Trait("b", TEXT, "2", on=False))
    table.set_rows(rows_of(traits))
    assert traits_of(table) == traits


def test_problems_stand_at_their_field_and_name_the_line_that_a_person_sees(qtbot):
    form = DraftForm()
    qtbot.addWidget(form)
    edit, table = QLineEdit(), KeyValueTable("traits", "Traits", TRAIT_TYPES, arrangeable=True)
    form.add("user_id", "User id", edit)
    form.add("traits", "Traits", table)
    table.set_rows([KeyValue(type="text"), KeyValue("id", "text", "1")])
    form.show()
    problems = [DraftProblem("user_id", "Missing."), DraftProblem("traits", "Reserved.", 0)]
    form.show_problems(problems)
    said = [each.text() for each in form.findChildren(QLabel) if each.isVisible()]
    assert "Missing." in said
    assert "Row 2: Reserved." in said
    assert edit.property("wrong") == "true"
    assert edit.accessibleDescription() == "Missing."
    assert table.accessibleDescription() == "Row 2: Reserved."
    form.show_problems(())
    assert edit.accessibleDescription() == ""
    assert edit.property("wrong") == "false"


def test_who_is_brought_to_a_field_hears_what_is_wrong_in_it(qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(
        draft_form, "announce", lambda _about, text, **how: said.append((text, how))
    )
    form = DraftForm()
    qtbot.addWidget(form)
    form.add("email", "E-mail", QLineEdit())
    form.show_problems([DraftProblem("email", "This is not an e-mail address.")])
    form.focus("email")
    assert said == [("This is not an e-mail address.", {"urgent": True})]
