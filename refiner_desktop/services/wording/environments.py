"""Environments, connections and keys."""

from __future__ import annotations

from refiner_desktop.services.environments.connection import AnotherEnvironment, NotConnected
from refiner_desktop.services.environments.environments import NameMissing, NameTaken
from refiner_desktop.services.environments.keys import NoKey
from refiner_desktop.services.wording import Wording
from refiner_desktop.settings.address import WrongAddress

ENVIRONMENTS: Wording = {
    NotConnected: (
        "Not connected.",
        "Connect an environment on the Connection tab first.",
    ),
    AnotherEnvironment: (
        "This belongs to another environment.",
        "Switch to that environment at the top of the window, then go on.",
    ),
    NameMissing: (
        "The environment has no name.",
        "Give it one, such as Production or Testing.",
    ),
    NameTaken: (
        "Another environment has this name already.",
        "Choose a name that tells them apart.",
    ),
    WrongAddress: (
        "The base URL is not an address that can be called.",
        "It looks like https://api.refiner.io/v1.",
    ),
    NoKey: (
        "There is no API key yet.",
        "Copy it in Refiner from Integrations > Rest API and paste it on the Connection tab.",
    ),
}
