"""Keyrings that do not keep or return a key."""

from __future__ import annotations

from refiner_desktop.services.wording import Wording
from refiner_desktop.settings import secrets

KEYRINGS: Wording = {
    secrets.KeyringProblem: (
        "The keyring did not keep or return the key.",
        "Try again, or untick “Remember the key” to keep it for this session only.",
    ),
    secrets.KeyringMissing: (
        "This system has no keyring to keep the key in.",
        "The key is used for this session only. Start a keyring and connect again, or untick "
        "“Remember the key”.",
    ),
    secrets.KeyringLocked: (
        "The keyring is locked.",
        "Unlock it and connect again, or untick “Remember the key” and paste the key.",
    ),
    secrets.KeyringDismissed: (
        "The keyring stayed locked: its prompt was closed.",
        "Connect again and type its password, or untick “Remember the key” and paste the key.",
    ),
    secrets.KeyringTooLarge: (
        "The key is too long for this keyring.",
        "Check that only the key was pasted; it is used for this session only.",
    ),
    secrets.KeyringExposes: (
        "This keyring keeps secrets where other programs can read them.",
        "The key is used for this session only, unless you agree to keep it there.",
    ),
    secrets.KeyringSilent: (
        "The keyring does not answer.",
        "Its prompt may be behind another window. Connect again, or untick “Remember the key” "
        "and paste the key.",
    ),
    secrets.KeyringLied: (
        "The keyring did not do what it said.",
        "Do not rely on it: untick “Remember the key”, or choose another keyring.",
    ),
}
