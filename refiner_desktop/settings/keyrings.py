"""The system's keyring: which one it is, what it keeps, and what went wrong with it.

Everything here blocks, the import included: `secrets` calls it from a thread.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

import keyring
from keyring import backend as backends
from keyring import core, errors
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.settings import secret_service
from refiner_desktop.settings.secrets import (
    KeyringDismissed,
    KeyringExposes,
    KeyringLied,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringTooLarge,
)

T = TypeVar("T")

MOST_COPIES = 3
"""How often a name is removed: two backends of one keyring may have kept an item of it each."""

_PLACES = {
    "keyring.backends.SecretService": secret_service.SOME_KEYRING,
    "keyring.backends.libsecret": secret_service.SOME_KEYRING,
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}

_TRUSTED = {*_PLACES, "keyrings.alt.Gnome", "keyrings.alt.Windows"}

_BY_STATUS: dict[int, type[KeyringProblem]] = {
    # Windows: an item too large is "bad stub data"; no logon session; cancelled.
    1783: KeyringTooLarge,
    1312: KeyringMissing,
    1223: KeyringDismissed,
    # macOS: data too large; no keychain (three ways); cancelled; no prompt allowed; not let in.
    -25302: KeyringTooLarge,
    -25291: KeyringMissing,
    -25294: KeyringMissing,
    -25307: KeyringMissing,
    -128: KeyringDismissed,
    -25308: KeyringLocked,
    -25293: KeyringLocked,
}


def find(service: str, agreed: Collection[str], abandoned: threading.Event) -> SystemKeyring:
    """Return the keyring of this system.

    Raises `KeyringMissing` where nothing would be kept, and `KeyringExposes` for a place that shows
    secrets to others and is not in `agreed`.
    """
    found = _look(keyring.get_keyring, agreed)
    if isinstance(found, KeyringProblem):
        found = _look(_afresh, agreed)
    if isinstance(found, KeyringProblem):
        raise found
    backend, place = found
    return SystemKeyring(backend, service, place, abandoned)


@dataclass(frozen=True)
class SystemKeyring:
    """What one backend of `keyring` keeps for a service. Every method may raise `KeyringProblem`.

    Once `abandoned` is set, nothing is changed any more.
    """

    backend: KeyringBackend
    service: str
    place: str
    abandoned: threading.Event
    mask: Mask = field(default_factory=Mask)

    def read(self, name: str) -> Secret | None:
        """Return what is kept under that name."""
        value = self._call(lambda: self.backend.get_password(self.service, name))
        return None if value is None else Secret(value)

    def write(self, name: str, secret: Secret) -> None:
        """Keep the secret and read it back; take away what came back instead.

        The read before it waits for a person to unlock the keyring, so that the write need not.
        """
        self.mask.learn(secret)
        before = self.read(name)
        if before == secret or self.abandoned.is_set():
            return
        self._call(lambda: self.backend.set_password(self.service, name, secret.reveal()))
        after = self.read(name)
        if after == secret:
            return
        if after != before:
            with contextlib.suppress(KeyringProblem):  # the lie is what there is to say
                self._clear(name)
        raise KeyringLied("the value read back differs from the one written", self.place)

    def remove(self, name: str) -> None:
        """Remove whatever is kept under that name, and see that it is gone."""
        if self.read(name) is not None and not self.abandoned.is_set():
            self._clear(name)

    def _clear(self, name: str) -> None:
        for _ in range(MOST_COPIES):
            self._call(lambda: self.backend.delete_password(self.service, name))
            if self.read(name) is None:
                return
        raise KeyringLied("what was to be forgotten is still there", self.place)

    def _call(self, work: Callable[[], T]) -> T:
        """Run `work`; raise a problem of ours, without the backend's frames: they hold secrets."""
        try:
            return work()
        except BaseException as exc:  # a panic in a Rust library is no Exception
            kind = _kind(exc, self.backend)
            detail = self.mask.text(f"{type(exc).__name__}: {exc}")
        raise kind(detail, self.place)


def _look(
    look: Callable[[], KeyringBackend], agreed: Collection[str]
) -> tuple[KeyringBackend, str] | KeyringProblem:
    """Return the backend that gets the writes and its place, or what there is to object to it."""
    try:
        found = _writer(look())
        place, exposes = _place(found), _exposes(found)
    except Exception as exc:  # whatever a backend raises that is loaded, or asked about itself
        return KeyringMissing(f"{type(exc).__name__}: {exc}")
    if isinstance(found, fail.Keyring | null.Keyring):
        return KeyringMissing("no keyring service is running")
    if exposes and place not in agreed:
        kind = f"{_module(found)}.{type(found).__qualname__}"
        return KeyringExposes(f"{kind} does not encrypt, or asks on a terminal", place)
    return found, place


def _afresh() -> KeyringBackend:
    """Find a keyring that was started after the last look, which `keyring` would never notice."""
    vars(backends.get_all_keyring).pop("saved_result", None)
    core.init_backend()
    return keyring.get_keyring()


def _writer(found: KeyringBackend) -> KeyringBackend:
    """Return what gets the writes: of a chain, the system's own keyring, else the first link.

    Readers of package registries' tokens come before it with a higher priority, and keep nothing.
    """
    if not isinstance(found, chainer.ChainerBackend):
        return found
    chain: list[KeyringBackend] = found.backends
    return next((link for link in chain if _module(link) in _PLACES), chain[0])


def _place(found: KeyringBackend) -> str:
    known = _PLACES.get(_module(found))
    if known == secret_service.SOME_KEYRING:
        return secret_service.owner()
    if path := getattr(found, "file_path", None):
        return f"the file {path}"
    return known or str(found.name)


def _exposes(found: KeyringBackend) -> bool:
    """Whether a backend may show secrets to others, or ask for its password on a terminal.

    Those of keyrings.alt do, but for two; of strangers, those that rate themselves as such.
    """
    bases = {cls.__module__ for cls in type(found).__mro__}
    if bases & _TRUSTED:
        return False
    alternative = any(module.startswith("keyrings.alt.") for module in bases)
    return alternative or not core.recommended(found)


def _kind(exc: BaseException, found: KeyringBackend) -> type[KeyringProblem]:
    """Tell what went wrong, from what the backend raised and what had been raised to it."""
    by_status = (_by_status(error) for error in (exc, exc.__cause__) if error)
    if kind := next(filter(None, by_status), None):
        return kind
    # The second is what strangers raise that only read, such as those for package registries.
    if isinstance(exc, errors.NoKeyringError | NotImplementedError):
        return KeyringMissing
    if str(exc) == "Cancelled by user":  # of KWallet, when it writes or removes
        return KeyringDismissed
    if _PLACES.get(_module(found)) == secret_service.SOME_KEYRING:
        return secret_service.kind(exc)
    if isinstance(exc, errors.KeyringLocked):
        # KWallet returns no handle only when its prompt was cancelled.
        return KeyringDismissed if _module(found).endswith(".kwallet") else KeyringLocked
    return KeyringProblem


def _by_status(error: BaseException) -> type[KeyringProblem] | None:
    for status in (getattr(error, "winerror", None), *error.args[:1]):
        if isinstance(status, int) and status in _BY_STATUS:
            return _BY_STATUS[status]
    return None


def _module(found: KeyringBackend) -> str:
    return type(found).__module__
