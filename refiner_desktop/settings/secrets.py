"""Where keys and tokens are kept: the system's keyring, or this session's memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from refiner_desktop.secret import Secret

SERVICE = "Refiner Desktop"
PATIENCE_SECONDS = 30.0

T = TypeVar("T")


class KeyringProblem(Exception):
    """The keyring did not do what was asked. `place` names it where it is known."""

    def __init__(self, detail: str, place: str = "") -> None:
        super().__init__(detail)
        self.place = place


class KeyringMissing(KeyringProblem):
    """There is no keyring on this machine that keeps secrets."""


class KeyringLocked(KeyringProblem):
    """The keyring is locked, or the person dismissed its prompt."""


class KeyringSilent(KeyringProblem):
    """The keyring did not answer in time; it may still wait for a person to unlock it."""


class KeyringLied(KeyringProblem):
    """What was read back is not what was written."""


class SecretStore(Protocol):
    """Keeps secrets by name. Every method may raise a `KeyringProblem`."""

    lasting: bool

    async def place(self) -> str:
        """Say in words where secrets are kept."""

    async def load(self, name: str) -> Secret | None:
        """Return the secret, or None when nothing is kept under that name."""

    async def save(self, name: str, secret: Secret) -> None:
        """Keep the secret under that name, replacing an older one."""

    async def forget(self, name: str) -> None:
        """Remove the secret; fine when there is none."""


class MemoryStore:
    """Keeps secrets until the application ends."""

    lasting = False

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    async def place(self) -> str:
        return "this session only"

    async def load(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def save(self, name: str, secret: Secret) -> None:
        self._secrets[name] = secret

    async def forget(self, name: str) -> None:
        self._secrets.pop(name, None)


class KeyringStore:
    """Keeps secrets in the system's keyring, one item a name.

    `keyring` blocks, sometimes until a person unlocks it, so every call runs in a daemon thread:
    a prompt that nobody answers delays neither the window nor the end of the application.
    """

    lasting = True

    def __init__(self, service: str = SERVICE, patience: float = PATIENCE_SECONDS) -> None:
        self._service = service
        self._patience = patience

    async def place(self) -> str:
        return await self._ask(_place)

    async def load(self, name: str) -> Secret | None:
        return await self._ask(lambda: _load(self._service, name))

    async def save(self, name: str, secret: Secret) -> None:
        await self._ask(lambda: _save(self._service, name, secret))

    async def forget(self, name: str) -> None:
        await self._ask(lambda: _forget(self._service, name))

    async def _ask(self, question: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                return await _in_daemon_thread(question)
        except TimeoutError as exc:
            raise KeyringSilent(f"no answer within {self._patience:.0f} s") from exc


def _load(service: str, name: str) -> Secret | None:
    import keyring

    _place()
    with _KeyringErrors():
        value = keyring.get_password(service, name)
    return None if value is None else Secret(value)


def _save(service: str, name: str, secret: Secret) -> None:
    import keyring

    place = _place()
    with _KeyringErrors():
        keyring.set_password(service, name, secret.reveal())
        kept = keyring.get_password(service, name)
    if kept != secret.reveal():
        raise KeyringLied("the value read back differs from the one written", place)


def _forget(service: str, name: str) -> None:
    import keyring

    _place()
    with _KeyringErrors():
        if keyring.get_password(service, name) is not None:
            keyring.delete_password(service, name)


def _place() -> str:
    """Name the keyring in use. Raises `KeyringMissing` where nothing would keep a secret."""
    import keyring
    from keyring.backends import chainer, fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, chainer.ChainerBackend):
        backend = next(iter(backend.backends), backend)
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise KeyringMissing("no keyring service is running")
    module = type(backend).__module__.rpartition(".")[2]
    return _PLACES.get(module, str(backend.name))


_PLACES = {
    "SecretService": "the system keyring (Secret Service)",
    "libsecret": "the system keyring (libsecret)",
    "kwallet": "KWallet",
    "macOS": "the macOS Keychain",
    "Windows": "Windows Credential Manager",
}


class _KeyringErrors:
    """Turns keyring's own errors into ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, exc: BaseException | None, trace: object) -> None:
        from keyring import errors

        if isinstance(exc, errors.NoKeyringError):
            raise KeyringMissing(str(exc)) from exc
        if isinstance(exc, errors.KeyringLocked):
            raise KeyringLocked(str(exc)) from exc
        if isinstance(exc, Exception):
            raise KeyringProblem(f"{type(exc).__name__}: {exc}") from exc


async def _in_daemon_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread that neither cancellation nor the end of the program waits for."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(result)  # type: ignore[arg-type]
        else:
            answer.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as exc:
            error = exc
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return await answer
