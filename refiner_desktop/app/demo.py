"""The built-in sandbox, wired to the window as Refiner's dashboard would wire the real service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from refiner_desktop.secret import Secret
from refiner_desktop.services.workbench import Workbench
from refiner_desktop.settings.settings import COLOURS, Environment

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
    """Starts the sandbox, connects to it, and lets it deliver webhooks to the listener."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self.sandbox: Sandbox | None = None

    async def connect(self) -> None:
        """Start the sandbox and make it the connected environment."""
        sandbox = self.sandbox = await asyncio.to_thread(_start)
        environment = Environment(
            id="demo", name="Demo", base_url=sandbox.base_url, colour=COLOURS[1], remember=False
        )
        await self._workbench.connection.connect(environment, Secret(sandbox.key))

    async def deliver(self) -> None:
        """Register the listener's hooks in the sandbox and let the first visitors come."""
        assert self.sandbox is not None, "connect first"
        for hook, trigger in zip(self._workbench.deliveries.hooks, TRIGGERS, strict=True):
            url, secret = self._workbench.deliveries.url(hook), hook.token.reveal()
            await asyncio.to_thread(self.sandbox.add_webhook, url, trigger=trigger, secret=secret)
        for _ in range(VISITORS):
            await asyncio.to_thread(self.sandbox.complete_survey)

    async def aclose(self) -> None:
        """Stop the sandbox and take its environment off the list."""
        if self.sandbox is not None:
            await asyncio.to_thread(self.sandbox.stop)
            await self._workbench.connection.leave("demo")


def _start() -> Sandbox:
    from refiner_desktop.sandbox.server import Sandbox

    sandbox = Sandbox(contacts=CONTACTS)
    sandbox.start()
    return sandbox
