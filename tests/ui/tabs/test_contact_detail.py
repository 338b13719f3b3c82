"""Contacts as they should be, and as they should not."""

import pytest
from PySide6.QtWidgets import QTableView

from refiner_desktop.ui.tabs.contacts.contact_detail import ContactDetail


@pytest.fixture
def detail(qtbot):
    detail = ContactDetail()
    qtbot.addWidget(detail)
    return detail


def _fields(detail):
    model = detail.findChild(QTableView, "contacts.detail.fields").model()
    return {
        model.index(row, 0).data(): model.index(row, 1).data() for row in range(model.rowCount())
    }


def test_every_field_has_a_line(detail):
    detail.show_contact(
        {
            "email": "ana@example.org",
            "remote_id": None,
            "segments": [{"name": "Beta"}, {"name": "All"}],
            "attributes": {"seats": 12},
            "account": {"remote_id": "acme", "attributes": {"plan": "pro"}},
        }
    )
    assert _fields(detail) == {
        "email": "ana@example.org",
        "remote_id": "",
        "segments": "Beta, All",
        "attributes.seats": "12",
        "account.remote_id": "acme",
        "account.attributes.plan": "pro",
    }


@pytest.mark.parametrize(
    ("contact", "field", "shown"),
    [
        ({"display_name": 123}, "display_name", "123"),
        ({"segments": ["a", {"uuid": "u"}, None, 7]}, "segments", "a, u, , 7"),
        ({"segments": "a"}, "segments", "a"),
        ({"account": "acme"}, "account", "acme"),
        ({"account": []}, "account", "[]"),
        ({"attributes": ["x"]}, "attributes", '["x"]'),
        ({"email": ["x"]}, "email", '["x"]'),
    ],
)
def test_an_odd_contact_is_shown_too(detail, contact, field, shown):
    detail.show_contact(contact)
    assert _fields(detail)[field] == shown


def test_a_long_name_needs_no_room(detail):
    before = detail.minimumSizeHint().width()
    detail.show_contact({"display_name": "x" * 400, "email": "y" * 400})
    assert detail.minimumSizeHint().width() <= before
