"""Contacts that leave their table as a file."""

import pytest

from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.handover import Handover
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.rows.view import RowFilter

pytestmark = pytest.mark.anyio


def ignore(done, total):
    pass


async def test_the_files_are_gone_with_the_application(connected, tmp_path):
    contacts = ContactsService(connected)
    await contacts.load(ContactChoice(limit=5), lambda progress: None)
    order = await contacts.order(RowFilter(), ())
    handover = Handover(contacts, tmp_path / "handover")
    path = await handover.write(order, ignore)
    assert len(path.read_bytes().splitlines()) == 5
    await handover.aclose()
    assert not (tmp_path / "handover").exists()
    await contacts.aclose()


async def test_closing_without_a_file_is_nothing(connected, tmp_path):
    await Handover(ContactsService(connected), tmp_path / "handover").aclose()
    assert not (tmp_path / "handover").exists()
