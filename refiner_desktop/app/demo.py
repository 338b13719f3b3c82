"""The built-in sandbox, wired to the window as Refiner's dashboard would wire the real service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from refiner_desktop.secret import Secret
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.threads import whole
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.settings import COLOURS, Environment
from refiner_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from refiner_desktop.sandbox.server import Sandbox

CONTACTS = 2_000
VISITORS = 5
"""Visitors who answer a survey right away, so that there is something to look at."""

DEMO = "demo"
"""The id of the sandbox's environment."""

TRIGGERS: tuple[Literal["survey_completed", "segment_entered"], ...] = (
    "survey_completed",
    "segment_entered",
)
"""What the sandbox tells the first hook that watches it."""


class Demo:
    """Starts the sandbox when it is wanted, connects to it, and lets it deliver webhooks.

    Its environment leaves the list at the end, and the one that was current is so again.
    """

    def __init__(self, workbench: Workbench, port: int) -> None:
        self._workbench = workbench
        self._port = port
        self._before = ""
        self.sandbox: Sandbox | None = None

    async def open(self, window: MainWindow) -> None:
        """Let the window connect to the sandbox and load its contacts, and the webhooks flow."""
        first = self.sandbox is None
        if first:
            self._before = self._workbench.connection.environment.id
        sandbox = await whole(asyncio.to_thread(self._start))
        environment = Environment(
            id=DEMO,
            name="Demo",
            base_url=sandbox.base_url,
            colour=COLOURS["Green"],
            remember=False,
        )
        await self._workbench.connection.connect(environment, Secret(sandbox.key))
        window.contacts_tab.load()
        problem = await self._listen()
        if first:
            await asyncio.to_thread(self._let_visitors_come, sandbox)
        if problem is not None and self._workbench.hooks.tokens_last:
            raise problem

    async def aclose(self) -> None:
        """Stop the sandbox and take its environment off the list."""
        if self.sandbox is not None:
            await asyncio.to_thread(self.sandbox.stop)
            await self._workbench.environments.withdraw(DEMO, back_to=self._before)

    async def _listen(self) -> TokensNotKept | None:
        """Start the listener, if it is off; return what a person should know about its tokens.

        The sandbox is told the tokens that hold, whatever became of earlier ones.
        """
        try:
            if not self._workbench.listener.status.listening:
                await self._workbench.listener.start(self._port)
        except TokensNotKept as exc:
            return exc
        return None

    def _start(self) -> Sandbox:
        from refiner_desktop.sandbox.server import Sandbox

        if self.sandbox is None:
            sandbox = Sandbox(contacts=CONTACTS)
            sandbox.start()
            self.sandbox = sandbox
        return self.sandbox

    def _let_visitors_come(self, sandbox: Sandbox) -> None:
        from refiner_desktop.webhooks.delivery import Kind

        for trigger in TRIGGERS:
            watching = (hook for hook in self._workbench.hooks.hooks if hook.wants(Kind(trigger)))
            if (hook := next(watching, None)) is None:  # a person has removed it
                continue
            url, secret = self._workbench.listener.url(hook), hook.token.reveal()
            sandbox.add_webhook(url, trigger=trigger, secret=secret)
        for _ in range(VISITORS):
            sandbox.complete_survey()
