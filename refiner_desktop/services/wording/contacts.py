"""What is done to contacts, and their views."""

from __future__ import annotations

from refiner_desktop.services.contacts.targets import AnotherContact, NoReference
from refiner_desktop.services.contacts.views import ViewNameTaken, ViewUnnamed
from refiner_desktop.services.wording import Wording

CONTACTS: Wording = {
    NoReference: (
        "This contact has neither a user id nor an e-mail address.",
        "Segments take contacts by these alone: identify it first.",
    ),
    AnotherContact: (
        "Refiner took another contact with the same user id or e-mail address.",
        "Look in Refiner which one is in the segment now.",
    ),
    ViewUnnamed: (
        "The view has no name.",
        "Give it one, such as Trials that end soon.",
    ),
    ViewNameTaken: (
        "Another view has this name already.",
        "Choose a name that tells them apart.",
    ),
}
