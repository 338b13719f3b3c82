"""The keys to choose from come from the contacts that are loaded."""

import pytest

from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.users.known_traits import known_account_traits, known_traits
from refiner_desktop.services.users.traits import COMPUTED, TraitType

pytestmark = pytest.mark.anyio


async def test_loaded_contacts_tell_their_keys_and_types(connected):
    contacts = ContactsService(connected)
    await contacts.load(ContactChoice(limit=None), lambda _progress: None)
    columns = await contacts.columns()
    await contacts.aclose()
    known = known_traits(columns)
    assert known["plan"] is TraitType.TEXT
    assert TraitType.NUMBER in known.values()
    assert TraitType.DATE_TIME in known.values()
    assert not COMPUTED & known.keys()
    assert "email" not in known
    assert not known.keys() & {"attributes.plan", "account.attributes.plan"}
    assert known_account_traits(columns)
