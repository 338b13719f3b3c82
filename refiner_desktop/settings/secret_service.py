"""The Secret Service of a Linux desktop: who provides it, and what its errors mean."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from refiner_desktop.settings.secrets import (
    KeyringDismissed,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringTooLarge,
)

SOME_KEYRING = "the system keyring (Secret Service)"

_SECRETS = "org.freedesktop.secrets"
_TOO_MUCH = "org.freedesktop.DBus.Error.LimitsExceeded"
_PROMPTER = "org.gnome.keyring.SystemPrompter"
_BUS_SECONDS = 2.0

_GNOME = "GNOME Keyring"
_OWNERS = {
    "gnome-keyring": _GNOME,
    "kwalletd": "KWallet",
    "ksecretd": "KWallet",
    "keepassxc": "KeePassXC",
    "oo7-daemon": "oo7",
}


def owner() -> str:
    """Name the program that provides the service; the service itself where it can't be told."""
    try:
        # Linux cuts a program's name after 15 letters.
        program = Path(f"/proc/{_ask_bus('GetConnectionUnixProcessID', _SECRETS)}/comm").read_text()
    except Exception:  # no bus, no owner yet, or one outside of our sandbox
        return SOME_KEYRING
    return next((_OWNERS[start] for start in _OWNERS if program.startswith(start)), SOME_KEYRING)


def kind(exc: BaseException) -> type[KeyringProblem]:
    """Tell what an error means that was raised by keyring, SecretStorage or the bus."""
    from keyring import errors

    if isinstance(exc, errors.KeyringLocked):
        return _not_unlocked()
    try:
        from secretstorage import exceptions as storage
    except ImportError:  # beside libsecret it may be missing
        return KeyringProblem
    error = exc.__cause__ if isinstance(exc, errors.InitError) else exc
    if isinstance(error, storage.PromptDismissedException):
        return _not_unlocked()
    if isinstance(error, storage.LockedException):
        return KeyringLocked
    if isinstance(error, storage.SecretServiceNotAvailableException | OSError):
        return KeyringMissing
    return KeyringTooLarge if getattr(error, "name", "") == _TOO_MUCH else KeyringProblem


def _not_unlocked() -> type[KeyringProblem]:
    """Tell whether a person closed the prompt of an unlocking that just failed.

    It is called dismissed also where nothing could show it, as over SSH. GNOME Keyring has it shown
    by another program, which is still there a moment later; the others show their own.
    """
    place = owner()
    try:
        shown = _ask_bus("NameHasOwner", _PROMPTER) if place == _GNOME else place != SOME_KEYRING
    except Exception:  # the bus went away
        shown = False
    return KeyringDismissed if shown else KeyringLocked


def _ask_bus(question: str, name: str) -> Any:
    """Ask the session bus about the owner of a name. Raises what jeepney raises."""
    import secretstorage
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import Proxy  # type: ignore[import-untyped]

    with closing(secretstorage.dbus_init()) as bus:
        return getattr(Proxy(message_bus, bus, timeout=_BUS_SECONDS), question)(name)[0]
