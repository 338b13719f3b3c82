"""Keys and tokens in the system's keyring, asked off the GUI thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from refiner_desktop.secret import Secret
from refiner_desktop.settings.secrets import KeyringSilent

if TYPE_CHECKING:
    from refiner_desktop.settings.keyrings import SystemKeyring

SERVICE = "Refiner Desktop"

PATIENCE_SECONDS = 120.0
"""Long enough for a person to find the prompt and type a master password."""

T = TypeVar("T")


class KeyringStore:
    """Keeps secrets in the system's keyring, one item a name.

    `keyring` blocks, sometimes until a person unlocks it, so every call runs in a daemon thread of
    its own: a prompt that nobody answers delays neither the window nor the end of the application.

    Calls take turns. One that is cancelled, or that waited `patience` seconds in vain, gives up its
    turn at once, so it can't hold up those after it; its thread lives on until the keyring answers,
    and then changes nothing, as all waiting for a person is done in a read before the change. Only
    where the keyring hangs in the very moment of writing can an abandoned write still be carried
    out: it keeps what the person gave last, under the name that it was given for.

    `agreed` are places that expose secrets, which the person agreed to.
    """

    lasting = True

    def __init__(
        self,
        service: str = SERVICE,
        patience: float = PATIENCE_SECONDS,
        agreed: Iterable[str] = (),
    ) -> None:
        self._service = service
        self._patience = patience
        self._agreed = frozenset(agreed)
        self._turn = asyncio.Lock()
        self._place = ""

    async def place(self) -> str:
        return await self._ask(lambda keyring: keyring.place)

    async def load(self, name: str) -> Secret | None:
        return await self._ask(lambda keyring: keyring.read(name))

    async def save(self, name: str, secret: Secret) -> None:
        await self._ask(lambda keyring: keyring.write(name, secret))

    async def forget(self, name: str) -> None:
        await self._ask(lambda keyring: keyring.remove(name))

    def agree_to(self, place: str) -> None:
        self._agreed |= {place}

    async def _ask(self, question: Callable[[SystemKeyring], T]) -> T:
        abandoned = threading.Event()

        def work() -> T:
            from refiner_desktop.settings import keyrings

            keyring = keyrings.find(self._service, self._agreed, abandoned)
            self._place = keyring.place
            return question(keyring)

        async with self._turn:
            try:
                async with asyncio.timeout(self._patience):
                    return await _in_daemon_thread(work)
            except TimeoutError:
                detail = f"no answer within {self._patience:g} s"
                raise KeyringSilent(detail, self._place) from None
            finally:
                abandoned.set()


async def _in_daemon_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread that neither cancellation nor the end of the program waits for."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(outcome: Callable[[], None]) -> None:
        if not answer.done():
            outcome()

    def run() -> None:
        try:
            outcome = partial(answer.set_result, work())
        except BaseException as exc:
            outcome = partial(answer.set_exception, exc)
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return await answer
