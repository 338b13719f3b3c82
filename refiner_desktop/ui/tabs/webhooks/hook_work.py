"""What is done with hooks: added, edited, removed, told where to pass deliveries on to."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from refiner_desktop.services.deliveries.commands import hook_command
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.tabs.webhooks.hook_dialog import HookDialog
from refiner_desktop.ui.tabs.webhooks.hook_panel import HookPanel, HookView
from refiner_desktop.ui.tabs.webhooks.replay_dialog import MaySend
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.hooks import Hook

CHANGE = "change a hook"


class HookWork(QObject):
    """`may_send` asks before anything goes to an address. Signals: `announced(text)`."""

    announced = Signal(str)

    def __init__(
        self,
        hooks: HooksService,
        panel: HookPanel,
        may_send: MaySend,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(panel)
        self._hooks = hooks
        self._panel = panel
        self._may_send = may_send
        self._tasks = tasks
        panel.add_requested.connect(self.add)
        panel.edit_requested.connect(lambda hook: tasks.start(CHANGE, self._edit(hook)))
        panel.remove_requested.connect(lambda hook: tasks.start(CHANGE, self._remove(hook)))
        panel.command_requested.connect(self.copy_command)
        panel.forward_changed.connect(
            lambda hook, url: tasks.start(CHANGE, self._pass_on(hook, url))
        )

    def copy_command(self, view: HookView) -> None:
        """Put a command on the clipboard that delivers to a hook, with its token."""
        QGuiApplication.clipboard().setText(hook_command(view.hook, view.url))
        said = ", with the token. Paste it into a terminal" if view.hook.token else ""
        self.announced.emit(f"A cURL command for {view.hook.name} is on the clipboard{said}.")

    def add(self) -> None:
        """Ask for another hook."""
        self._tasks.start(CHANGE, self._add())

    async def _add(self) -> None:
        draft, problems_of = self._hooks.draft(), self._hooks.problems
        dialog = HookDialog(self._panel, draft, problems_of, self._tasks, new=True)
        if await ask(dialog):
            hook = dialog.hook()
            await self._hooks.put(hook)
            self._panel.choose(hook.id)
            self.announced.emit(f"{hook.name} is there. Set it up in Refiner next.")

    async def _edit(self, hook: Hook) -> None:
        dialog = HookDialog(self._panel, hook, self._hooks.problems, self._tasks, new=False)
        if await ask(dialog):
            edited = dialog.hook()
            await self._hooks.put(edited)
            moved = (edited.path, edited.token) != (hook.path, hook.token)
            then = " Give Refiner its new URL and token." if moved else ""
            self.announced.emit(f"{edited.name} is saved.{then}")

    async def _remove(self, hook: Hook) -> None:
        question = f"Remove {hook.name}?"
        explanation = (
            "What Refiner sends to it is answered 404 from then on, and kept all the same. "
            "Deliveries that are here stay; its token is forgotten."
        )
        if await confirm(self._panel, question, explanation, "Remove"):
            await self._hooks.remove(hook.id)
            self.announced.emit(f"{hook.name} is removed.")

    async def _pass_on(self, hook: Hook, url: str) -> None:
        if not await self._may_send(url, self._panel):
            self._panel.take_back_forward()
            return
        await self._hooks.put(replace(hook, forward_to=url))
        self.announced.emit(
            f"{hook.name} are passed on to {url}." if url else f"{hook.name} stay here."
        )
