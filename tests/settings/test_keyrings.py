"""Which keyring gets a secret, whether it may, and what its errors mean."""

import threading

import keyring
import pytest
from fake_keyring import CredentialError, ExposingKeyring, FakeKeyring, installed
from jeepney import DBusAddress, DBusErrorResponse, new_error, new_method_call
from keyring import errors
from keyring.backends import SecretService, Windows, chainer, kwallet, macOS
from keyrings.alt.file import EncryptedKeyring, PlaintextKeyring
from keyrings.alt.multi import MultipartKeyringWrapper
from keyrings.alt.Windows import EncryptedKeyring as WindowsFileKeyring
from secretstorage import exceptions as storage

from refiner_desktop.settings import secrets
from refiner_desktop.settings.keyrings import SystemKeyring, find
from refiner_desktop.settings.secret_service import SOME_KEYRING


@pytest.fixture(autouse=True)
def _no_bus(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")


def found(backend, agreed=()):
    with installed(backend):
        return find("Refiner Desktop", agreed, threading.Event())


class Chain(chainer.ChainerBackend):
    """Tries these instead of all that are installed."""

    backends = ()

    def __init__(self, *backends):
        super().__init__()
        self.backends = list(backends)


class TokenReader(FakeKeyring):
    """Reads the tokens of a package registry, and keeps none."""

    def set_password(self, service, username, password):
        raise NotImplementedError  # as the real ones do


def test_of_a_chain_the_systems_own_keyring_is_used_and_named():
    own = Windows.WinVaultKeyring()
    chosen = found(Chain(TokenReader(), own, ExposingKeyring()))
    assert chosen.backend is own
    assert chosen.place == "Windows Credential Manager"


def test_of_a_chain_of_strangers_the_first_is_used():
    first = TokenReader()
    chosen = found(Chain(first, FakeKeyring()))
    assert chosen.backend is first
    with pytest.raises(secrets.KeyringMissing):
        chosen.write("env", secrets.Secret("a key of some length"))


@pytest.mark.parametrize(
    ("backend", "place"),
    [
        (SecretService.Keyring, SOME_KEYRING),
        (kwallet.DBusKeyring, "KWallet"),
        (Windows.WinVaultKeyring, "Windows Credential Manager"),
        (macOS.Keyring, "macOS Keychain"),
    ],
)
def test_each_system_has_a_name_for_its_keyring(backend, place):
    assert found(backend()).place == place


def test_a_plain_text_file_is_refused_by_its_path_and_used_once_agreed(tmp_path):
    backend = PlaintextKeyring()
    backend.file_path = str(tmp_path / "open.cfg")
    with pytest.raises(secrets.KeyringExposes) as caught:
        found(backend)
    assert caught.value.place == f"the file {tmp_path / 'open.cfg'}"
    chosen = found(backend, agreed=[caught.value.place])
    chosen.write("env", secrets.Secret("the key"))
    assert chosen.read("env") == secrets.Secret("the key")
    chosen.remove("env")
    assert chosen.read("env") is None


@pytest.mark.parametrize(
    "backend",
    [
        EncryptedKeyring.__new__(EncryptedKeyring),  # its own start needs a library of ciphers
        MultipartKeyringWrapper(PlaintextKeyring()),
        ExposingKeyring(),
    ],
    ids=["asks on a terminal", "wraps another", "not recommended"],
)
def test_what_may_not_be_safe_is_refused(backend):
    with pytest.raises(secrets.KeyringExposes):
        found(backend)


def test_a_file_that_windows_encrypts_needs_no_agreement():
    assert found(WindowsFileKeyring()).backend.filename == "wincrypto_pass.cfg"


def test_a_configured_keyring_that_can_not_be_loaded_is_a_missing_one(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    with pytest.raises(secrets.KeyringMissing, match="ModuleNotFoundError"):
        find("Refiner Desktop", (), threading.Event())


def test_a_keyring_that_fails_to_describe_itself_is_a_missing_one():
    class Broken(FakeKeyring):
        @property
        def name(self):
            raise RuntimeError("no settings")

    with pytest.raises(secrets.KeyringMissing, match="no settings"):
        found(Broken())


def _caused(error, cause):
    error.__cause__ = cause
    return error


def _mac(status):
    return _caused(errors.KeyringError("Can't get password"), Exception(status, "Unknown Error"))


def _bus_error(name):
    call = new_method_call(DBusAddress("/", "a.name"), "Ask")
    return DBusErrorResponse(new_error(call, f"org.freedesktop.DBus.Error.{name}"))


_MAC_DENIED = _caused(
    errors.KeyringLocked("Can't store"), Exception(-128, "Keychain Access Denied")
)
_DISMISSED = storage.PromptDismissedException("Prompt dismissed.")


@pytest.mark.parametrize(
    ("backend", "error", "problem"),
    [
        (FakeKeyring, errors.KeyringLocked("locked"), secrets.KeyringLocked),
        (FakeKeyring, errors.NoKeyringError("none"), secrets.KeyringMissing),
        (FakeKeyring, ValueError(["odd"]), secrets.KeyringProblem),
        (FakeKeyring, OSError(28, "No space left on device"), secrets.KeyringProblem),
        (Windows.WinVaultKeyring, CredentialError(1783, "", ""), secrets.KeyringTooLarge),
        (Windows.WinVaultKeyring, CredentialError(1312, "", ""), secrets.KeyringMissing),
        (Windows.WinVaultKeyring, CredentialError(1223, "", ""), secrets.KeyringDismissed),
        (Windows.WinVaultKeyring, CredentialError(5, "", ""), secrets.KeyringProblem),
        (macOS.Keyring, _MAC_DENIED, secrets.KeyringDismissed),
        (macOS.Keyring, _mac(-25308), secrets.KeyringLocked),
        (macOS.Keyring, _mac(-25293), secrets.KeyringLocked),
        (macOS.Keyring, _mac(-25302), secrets.KeyringTooLarge),
        (macOS.Keyring, _mac(-25307), secrets.KeyringMissing),
        (macOS.Keyring, _mac(-67030), secrets.KeyringProblem),
        (kwallet.DBusKeyring, errors.KeyringLocked("Failed"), secrets.KeyringDismissed),
        (
            kwallet.DBusKeyring,
            errors.PasswordSetError("Cancelled by user"),
            secrets.KeyringDismissed,
        ),
        (SecretService.Keyring, errors.KeyringLocked("Failed"), secrets.KeyringLocked),
        (SecretService.Keyring, _DISMISSED, secrets.KeyringLocked),
        (SecretService.Keyring, storage.LockedException("locked"), secrets.KeyringLocked),
        (SecretService.Keyring, FileNotFoundError(2, "bus"), secrets.KeyringMissing),
        (SecretService.Keyring, _bus_error("LimitsExceeded"), secrets.KeyringTooLarge),
        (SecretService.Keyring, _bus_error("Failed"), secrets.KeyringProblem),
        (SecretService.Keyring, RuntimeError("odd"), secrets.KeyringProblem),
        (
            SecretService.Keyring,
            _caused(errors.InitError("Failed"), storage.SecretServiceNotAvailableException("gone")),
            secrets.KeyringMissing,
        ),
        (
            SecretService.Keyring,
            _caused(errors.InitError("Failed"), _DISMISSED),
            secrets.KeyringLocked,
        ),
    ],
)
def test_each_error_of_a_backend_has_its_meaning(backend, error, problem, monkeypatch):
    def fails(service, name):
        raise error

    ring = SystemKeyring(backend(), "Refiner Desktop", "somewhere", threading.Event())
    monkeypatch.setattr(ring.backend, "get_password", fails)
    with pytest.raises(secrets.KeyringProblem) as caught:
        ring.read("env")
    assert type(caught.value) is problem
    assert caught.value.place == "somewhere"
