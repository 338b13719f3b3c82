"""Requests of the console: their files, variables and bodies."""

from __future__ import annotations

from refiner_desktop.services.requests.curl import NotCurl
from refiner_desktop.services.requests.file_names import WrongName
from refiner_desktop.services.requests.json_format import NotJson
from refiner_desktop.services.requests.request_file import RequestUnreadable
from refiner_desktop.services.requests.saved import ChangedOnDisk, RequestNameTaken
from refiner_desktop.services.requests.variables import SecretVariable, WrongVariable
from refiner_desktop.services.wording import Wording

REQUESTS: Wording = {
    NotCurl: (
        "This is no curl command that can be read.",
        "Copy the whole command, from curl to its end; the details say what is missing.",
    ),
    NotJson: (
        "The body is no JSON yet.",
        "Mend the mistake that the details name, then format it.",
    ),
    RequestUnreadable: (
        "The file is no saved request.",
        "Open it in an editor: the details say what is wrong with it.",
    ),
    RequestNameTaken: (
        "There is something of this name already.",
        "Choose another name or another folder.",
    ),
    ChangedOnDisk: (
        "Another program has changed this saved request.",
        "Save it anyway to replace what is there, or save it under another name.",
    ),
    WrongName: (
        "This can't be the name of a file.",
        "Choose a name that every system takes; the details say why.",
    ),
    WrongVariable: (
        "This can't be a variable.",
        "Give it a name of letters, digits and underscores.",
    ),
    SecretVariable: (
        "A variable must not hold a key or token.",
        "The environment's key is added to each call by itself; take it out of the value.",
    ),
}
