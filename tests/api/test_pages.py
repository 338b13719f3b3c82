"""Pages of a list are opened by one reader, whatever a few of their items hold."""

import json

import pytest

from refiner_desktop.api.errors import NotRefiner, UnreadableAnswer
from refiner_desktop.api.models import Contact
from refiner_desktop.api.pages import contact_page, page_of, page_of_one
from refiner_desktop.datasets.contacts import ContactSet

PAGES = [
    b'{"items": {"0": {"uuid": "a"}, "1": {"uuid": "b"}}}',
    rb'{"items": [{"uuid": "a"}, {"uuid": "b", "display_name": "cut \ud83d"}]}',
    b'{"items": [{"uuid": "a"}, {"uuid": "b", "attributes": {"x": 1e400}}]}',
    b'{"items": [{"uuid": "a"}, {"uuid": "b", "display_name": "bad \xff"}]}',
    b'{"items": null}',
]


@pytest.mark.parametrize("body", PAGES, ids=["object", "surrogate", "number", "bytes", "null"])
def test_what_the_client_takes_for_a_page_is_stored_as_one(body):
    page = contact_page(body)
    with ContactSet() as contacts:
        assert contacts.append(page.body) == len(page)
        assert contacts.unreadable == 0
        uuids = [contact["uuid"] for contact in contacts.rows(contacts.query())]
    assert uuids == [contact.uuid for contact in page.contacts] == ["a", "b"][: len(page)]


def test_half_an_emoji_leaves_the_rest_of_its_text():
    body = rb'{"items": [{"uuid": "a", "display_name": "\ud83e\udd86 and \ud83d, \\ud83d"}]}'
    assert page_of(Contact)(body).items[0].display_name == "🦆 and \ufffd, \\ud83d"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html>", NotRefiner),
        (b'{"items": 7}', UnreadableAnswer),
        (b'{"data": []}', UnreadableAnswer),
        (b'{"items": [{"uuid": "a"}', UnreadableAnswer),
    ],
)
def test_what_is_no_page_is_said_to_be_none(body, error):
    with pytest.raises(error):
        contact_page(body)


def test_a_page_of_one_keeps_the_bytes_that_came():
    sent = b'{ "uuid" : "a", "cookie_uuid": null }'
    page = page_of_one(sent)
    assert page.contact == sent
    assert json.loads(page.body)["items"] == [json.loads(sent)]
