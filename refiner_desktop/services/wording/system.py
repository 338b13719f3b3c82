"""What has no words of its own: what the system refused, and mistakes of ours."""

from __future__ import annotations

from refiner_desktop.services.wording import Wording

SYSTEM: Wording = {
    FileNotFoundError: (
        "There is no such file.",
        "Check its path, or choose it with the button.",
    ),
    PermissionError: (
        "You may not open this file, or not write to its folder.",
        "Change the permissions, or choose another file or folder.",
    ),
    OSError: (
        "The system refused.",
        "The details say why.",
    ),
    ValueError: (
        "This can't be sent as it is.",
        "Look for a value that is missing or that no server takes.",
    ),
    BaseException: (
        "Something went wrong in Refiner Desktop itself.",
        "The log file tells more.",
    ),
}
