"""A keyring that is as slow, locked, small, open or dishonest as a test wants it."""

import threading
from contextlib import contextmanager

import keyring
from keyring import core, errors
from keyring.backend import KeyringBackend
from keyring.errors import PasswordSetError


class CredentialError(Exception):
    """What pywin32 raises, with the number that Windows gave."""

    def __init__(self, winerror, function, text):
        super().__init__(winerror, function, text)
        self.winerror = winerror


class FakeKeyring(KeyringBackend):
    """Keeps passwords in `items`, by service and name.

    Every call waits for `seconds` or until `answer()`, then raises what `error` makes, if anything.
    A lying one keeps another value than it is given, a dropping one keeps none, one with `room` for
    so many characters refuses more as Windows does. Every attribute can be changed at any time.
    """

    name = "Fake Keyring"
    priority = 5
    viable = False  # keyring itself never chooses it

    def __init__(self, *, seconds=0.0, error=None, lies=False, drops=False, room=None):
        super().__init__()
        self.items = {}
        self.seconds = seconds
        self.error = error
        self.lies = lies
        self.drops = drops
        self.room = room
        self.calls = []
        self.threads = []
        self._answer = threading.Event()

    @classmethod
    def locked(cls):
        return cls(error=lambda: errors.KeyringLocked("Failed to unlock the collection!"))

    @classmethod
    def dismissed(cls):
        """Its prompt is closed by the person, in the words of KWallet."""
        return cls(error=lambda: PasswordSetError("Cancelled by user"))

    @classmethod
    def failing(cls, text="D-Bus went away"):
        return cls(error=lambda: RuntimeError(text))

    def answer(self):
        """Let every waiting call go on, and later ones not wait."""
        self._answer.set()

    def get_password(self, service, username):
        self._work("get", username)
        return self.items.get((service, username))

    def set_password(self, service, username, password):
        self._work("set", username)
        if self.room is not None and len(password) > self.room:
            raise CredentialError(1783, "CredWrite", "The stub received bad data")
        if not self.drops:
            self.items[service, username] = password[::-1] + "?" if self.lies else password

    def delete_password(self, service, username):
        self._work("delete", username)
        if (service, username) not in self.items:
            raise errors.PasswordDeleteError("No such password!")
        del self.items[service, username]

    def _work(self, verb, name):
        self.calls.append((verb, name))
        self.threads.append(threading.current_thread())
        self._answer.wait(self.seconds)
        if self.error:
            raise self.error()


class ExposingKeyring(FakeKeyring):
    """Rates itself as not recommended, as those do that keep plain text."""

    name = "Open Fake Keyring"
    priority = 0.5


@contextmanager
def installed(backend):
    """Make `backend` the keyring of this process; put the former one back, leave no thread."""
    before, look = keyring.get_keyring(), core.init_backend
    keyring.set_keyring(backend)
    core.init_backend = lambda: None  # to look for another keyring finds the same
    try:
        yield backend
    finally:
        core.init_backend = look
        keyring.set_keyring(before)
        if isinstance(backend, FakeKeyring):
            backend.answer()
            for thread in {*backend.threads} - {threading.current_thread()}:
                thread.join(5)
