"""The built-in sandbox, wired to the window as Refiner's dashboard would wire the real service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from refiner_desktop.secret import Secret
from refiner_desktop.services.threads import whole
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.settings import COLOURS, Environment
from refiner_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from refiner_desktop.sandbox.server import Sandbox

CONTACTS = 2_000
VISITORS = 5
"""Visitors who answer a survey right away, so that there is something to look at."""

TRIGGERS: tuple[Literal["survey_completed", "segment_entered"], ...] = (
    "survey_completed",
    "segment_entered",
)
"""What the two first hooks watch, in their order."""


class Demo:
    """Starts the sandbox, connects to it, and lets it deliver webhooks to the listener.

    Its environment leaves the list at the end, and the one that was current is so again.
    """

    def __init__(self, workbench: Workbench, port: int) -> None:
        self._workbench = workbench
        self._port = port
        self._before = workbench.connection.environment
        self.sandbox: Sandbox | None = None

    async def open(self, window: MainWindow) -> None:
        """Let the window connect to the sandbox and load its contacts, and the webhooks flow."""
        sandbox = await whole(asyncio.to_thread(self._start))
        environment = Environment(
            id="demo", name="Demo", base_url=sandbox.base_url, colour=COLOURS[1], remember=False
        )
        await self._workbench.connection.connect(environment, Secret(sandbox.key))
        window.contacts_tab.load()
        await self._workbench.deliveries.start(self._port)
        await asyncio.to_thread(self._let_visitors_come, sandbox)

    async def aclose(self) -> None:
        """Stop the sandbox and take its environment off the list."""
        if self.sandbox is not None:
            await asyncio.to_thread(self.sandbox.stop)
            await self._workbench.connection.remove("demo", back_to=self._before.id)

    def _start(self) -> Sandbox:
        from refiner_desktop.sandbox.server import Sandbox

        sandbox = Sandbox(contacts=CONTACTS)
        sandbox.start()
        self.sandbox = sandbox
        return sandbox

    def _let_visitors_come(self, sandbox: Sandbox) -> None:
        for hook, trigger in zip(self._workbench.deliveries.hooks, TRIGGERS, strict=True):
            url, secret = self._workbench.deliveries.url(hook), hook.token.reveal()
            sandbox.add_webhook(url, trigger=trigger, secret=secret)
        for _ in range(VISITORS):
            sandbox.complete_survey()
