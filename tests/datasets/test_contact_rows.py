"""Single contacts are replaced and removed among the rows without moving the others."""

import json

import pytest

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.errors import NotAPage, RowGone

UUID = Column("uuid", "UUID")


@pytest.fixture
def contacts():
    with ContactSet() as opened:
        opened.append(page(*(contact(uuid, seats=str(n)) for n, uuid in enumerate("abcd"))))
        yield opened


def contact(uuid, **attributes):
    return {"uuid": uuid, "display_name": uuid.upper(), "attributes": attributes}


def page(*contacts):
    return json.dumps({"items": contacts}).encode()


def uuids(contacts, **query):
    order = contacts.query(**query)
    return "".join(row[0] for row in contacts.window(order, 0, len(order), [UUID]))


def test_a_replaced_contact_keeps_its_place_and_orders_from_before_show_it(contacts):
    before = contacts.query()
    replaced = contacts.replace(page(contact("b", seats="9", Ünïcode=[1])))
    assert replaced["attributes"] == {"seats": "9", "Ünïcode": [1]}
    assert contacts.row(int(before.ids[1])) == replaced
    assert uuids(contacts) == "abcd"
    assert len(contacts) == 4


def test_a_replaced_contact_is_sorted_and_found_by_what_it_is_now(contacts):
    contacts.replace(page(contact("a", seats="30", note="ÉTÉ")))
    assert uuids(contacts, sort=[SortKey("attributes.seats")]) == "bcda"
    assert uuids(contacts, filter_text="ete") == "a"
    assert {column.key: column.kind for column in contacts.columns()}["attributes.seats"] == (
        "number"
    )
    contacts.replace(page(contact("a", seats="many")))
    assert {column.key: column.kind for column in contacts.columns()}["attributes.seats"] == "text"


def test_a_contact_that_is_not_here_replaces_nothing(contacts):
    with pytest.raises(RowGone):
        contacts.replace(page(contact("e")))
    with pytest.raises(NotAPage):
        contacts.replace(b"<html>")
    assert uuids(contacts) == "abcd"


def test_removed_contacts_are_gone_and_may_come_again(contacts):
    before = contacts.query()
    assert contacts.remove(["b", "d", "b", "' OR 1=1 --", ""]) == 2
    assert (uuids(contacts), len(contacts)) == ("ac", 2)
    assert contacts.window(before, 1, 1, [UUID]) == [(None,)]
    contacts.append(page(contact("b")))
    assert (uuids(contacts), len(contacts)) == ("acb", 3)


def test_contacts_without_a_uuid_are_never_removed_by_one(contacts):
    contacts.append(page({"email": "nobody@example.org"}))
    assert contacts.remove([""]) == 0
    assert len(contacts) == 5


def test_many_rows_are_read_in_the_order_asked_for_without_those_that_are_gone(contacts):
    order = contacts.query().at([3, 0, 3, 1])
    contacts.remove(["a"])
    assert [row["uuid"] for row in contacts.rows(order)] == ["d", "d", "b"]
