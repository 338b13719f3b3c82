"""What is done with keys: connecting by them, keeping, checking, copying and forgetting them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.secret import Secret
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.settings.secrets import KeyringExposes
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.dialogs import confirm, confirm_by_word
from refiner_desktop.ui.tabs.connection.key_clipboard import KeyClipboard
from refiner_desktop.ui.task_runner import TaskRunner

CONNECT, SAVE, COPY = "connect", "save", "copy"
"""Names of the tasks; each may wait for the keyring."""

EXPOSED_WORDS = "plain text"


class KeyWork(QObject):
    """Does with keys what a person asks for, each in a task of the tab.

    A keyring that would show a key to other programs refuses it; a person may agree to that.
    Signals: `taken(environment_id)` before what was typed for an environment is put to use,
    `kept(environment_id)` when it has been, or has failed; `refusal_changed()`;
    `announced(text)` for the message bar.
    """

    taken = Signal(str)
    kept = Signal(str)
    refusal_changed = Signal()
    announced = Signal(str)

    def __init__(
        self,
        window: QWidget,
        environments: EnvironmentsService,
        connection: ConnectionService,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._environments = environments
        self._connection = connection
        self._tasks = tasks
        self._clipboard = KeyClipboard(self)
        self._taken_id = ""
        self._refusal: KeyringExposes | None = None
        tasks.failed.connect(self._on_failed)

    @property
    def is_refused(self) -> bool:
        """Whether the keyring has refused the key that was to be kept last."""
        return self._refusal is not None

    @property
    def is_connecting(self) -> bool:
        """Whether the service is being asked what a key opens."""
        return self._tasks.running(CONNECT)

    def connect_to(self, environment: Environment, key: Secret) -> None:
        """Save an environment and connect it; an empty key means the remembered one."""
        self._take(environment)
        work = self._connect_to(environment, key)
        self._tasks.start(CONNECT, work, label=f"Connecting {environment.name}")

    def switch_to(self, environment: Environment) -> None:
        """Make another environment the one in use and connect it where its key is at hand."""
        self._take(environment)
        work = self._connection.switch(environment)
        self._tasks.start(CONNECT, work, label=f"Opening {environment.name}")

    def save(self, environment: Environment, key: Secret) -> None:
        """Keep an environment and its key without connecting."""
        self._take(environment)
        self._tasks.start(SAVE, self._save(environment, key))

    def check(self) -> None:
        """Ask again what the key opens."""
        self._tasks.start(CONNECT, self._check(), label="Checking the connection")

    def forget(self) -> None:
        """Remove the key of the environment in use."""
        self._tasks.start(CONNECT, self._forget(), label="Forgetting the key")

    def copy(self) -> None:
        """Ask, and put the key on the clipboard for a minute."""
        self._tasks.start(COPY, self._copy())

    def take_back(self) -> None:
        """Clear the clipboard if a copied key is still on it."""
        self._clipboard.take_back()

    def keep_exposed(self) -> None:
        """Ask, and keep the refused key where other programs can read it."""
        if self._refusal is not None:
            self._tasks.start(SAVE, self._keep_exposed(self._refusal))

    def _take(self, environment: Environment) -> None:
        """Know from now on whose key a keyring may refuse."""
        self.taken.emit(environment.id)
        self._taken_id = environment.id
        self._show_refusal(None)

    async def _connect_to(self, environment: Environment, key: Secret) -> None:
        try:
            await self._connection.connect(environment, key)
        finally:
            if self._connection.status.connected:
                self.kept.emit(environment.id)
        self.announced.emit(f"Connected to {environment.name}.")

    async def _save(self, environment: Environment, key: Secret) -> None:
        try:
            await self._environments.save(environment, key)
        finally:
            self.kept.emit(environment.id)
        self.announced.emit(f"{environment.name} is saved.")

    async def _check(self) -> None:
        await self._connection.check()
        self.announced.emit("The connection works.")

    async def _forget(self) -> None:
        environment = self._connection.environment
        await self._connection.forget()
        self.kept.emit(environment.id)
        self.announced.emit(f"The key of {environment.name} is forgotten. Paste it to connect.")

    async def _copy(self) -> None:
        question = f"Copy the API key of “{self._connection.environment.name}”?"
        explanation = "Every program can read the clipboard. It is cleared after a minute."
        if await confirm(self._window, question, explanation, "Copy the key"):
            self._clipboard.lend(await self._connection.key())
            self.announced.emit("The key is on the clipboard for a minute.")

    async def _keep_exposed(self, refusal: KeyringExposes) -> None:
        question = f"Keep the key in {refusal.place}, where other programs can read it?"
        explanation = "This keyring stores secrets in plain text, in a file of your account."
        if await confirm_by_word(
            self._window, question, explanation, EXPOSED_WORDS, "Keep it there"
        ):
            await self._environments.keep_exposed(self._taken_id, refusal.place)
            self._refusal = None
            self.announced.emit(f"The key is kept in {refusal.place}.")

    def _on_failed(self, error: Exception) -> None:
        self._show_refusal(error if isinstance(error, KeyringExposes) else None)

    def _show_refusal(self, refusal: KeyringExposes | None) -> None:
        self._refusal = refusal
        self.refusal_changed.emit()
